package report

import (
	"fmt"
	"strconv"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
)

// Import is what an import of terrain did, and what the store holds now.
type Import struct {
	// Into is the folder of the store.
	Into string
	// Written and Kept are tiles, those of coarser versions included.
	Written, Kept int
	// Posts are those of the store, every SpacingArcsec; Box is west, south,
	// east and north in degrees.
	Posts          int64
	SpacingArcsec  float64
	OverviewArcsec []float64
	Box            [4]float64
	// SmallVoids have PostsFilled; PostsMissing and PostsSea are others that
	// no file knows.
	SmallVoids, PostsFilled, PostsMissing, PostsSea int64
	// SizeB is what the store takes, in bytes.
	SizeB    int64
	Warnings []string
}

// Import writes what an import did.
func (p *Page) Import(i *Import) {
	p.line(p.Style.bold("terrain store " + i.Into))
	p.line(fmt.Sprintf("tiles     %s, %s as they were", count(i.Written, "tile written", "tiles written"), words.Grouped(float64(i.Kept), 0)))
	p.line("posts     " + words.Grouped(float64(i.Posts), 0) + ", every " + arcsec(i.SpacingArcsec))
	p.line("box       " + box(&canopyv1.BoundingBox{WestDeg: i.Box[0], SouthDeg: i.Box[1], EastDeg: i.Box[2], NorthDeg: i.Box[3]}))
	if len(i.OverviewArcsec) > 0 {
		p.line("coarser   every " + strings.Join(arcsecs(i.OverviewArcsec), ", ") + ", by mean and by maximum")
	}
	p.paragraph("voids     ", strings.Join(i.voids(), "; "))
	p.line("size      " + bytes(i.SizeB) + " on disk")
	var warnings []*canopyv1.Warning
	for n, text := range i.Warnings {
		warnings = append(warnings, &canopyv1.Warning{WarningId: strconv.Itoa(n), Message: text})
	}
	p.warnings(warnings)
}

func (i *Import) voids() []string {
	parts := []string{postText(i.PostsMissing, float64(i.Posts), "missing")}
	if i.PostsFilled > 0 {
		parts = append(parts, postText(i.PostsFilled, float64(i.Posts), "filled")+
			", in "+count(int(i.SmallVoids), "small void", "small voids")+" (interpolated from the rim)")
	}
	if i.PostsSea > 0 {
		parts = append(parts, count(int(i.PostsSea), "post", "posts")+" of sea")
	}
	return parts
}
