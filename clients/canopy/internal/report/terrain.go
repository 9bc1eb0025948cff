package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
)

// Terrain writes which elevation model is loaded.
func (p *Page) Terrain(r *canopyv1.GetTerrainResponse) {
	t := r.GetTerrain()
	p.line(p.Style.bold(t.GetName()))
	p.line("posts     every " + arcsec(t.GetSpacingArcsec()) + fmt.Sprintf(", %d × %d", r.GetColumns(), r.GetRows()))
	p.line("box       " + box(r.GetBoundingBox()))
	p.line("identity  " + t.GetIdentity())
	if t.GetSource() != "" {
		p.paragraph("source    ", t.GetSource())
	}
	if t.GetLicence() != "" {
		p.paragraph("licence   ", t.GetLicence())
	}
	p.contents(r.GetContents(), float64(r.GetColumns())*float64(r.GetRows()))
	p.warnings(r.GetWarnings())
}

// contents writes what a model of some posts holds, if anybody has counted.
func (p *Page) contents(c *canopyv1.TerrainContents, posts float64) {
	if c == nil {
		return
	}
	if all := c.GetOverviewArcsec(); len(all) > 0 {
		p.line("coarser   every " + strings.Join(arcsecs(all), ", ") + ", kept beside it")
	}
	p.paragraph("contents  ", strings.Join([]string{
		postText(c.GetMissingPosts(), posts, "missing"), postText(c.GetFilledPosts(), posts, "filled (small voids, interpolated)"),
		postText(c.GetSeaPosts(), posts, "sea"),
	}, "; "))
	p.line("size      " + bytes(c.GetSizeBytes()) + " on disk")
	for i, text := range sourceTexts(c.GetSources()) {
		prefix := "made of   "
		if i > 0 {
			prefix = "          "
		}
		p.paragraph(prefix, text)
	}
}

func arcsecs(all []float64) []string {
	texts := make([]string, len(all))
	for i, v := range all {
		texts[i] = arcsec(v)
	}
	return texts
}

func postText(n int64, posts float64, what string) string {
	if n == 0 {
		return "no posts " + what
	}
	return fmt.Sprintf("%s %s, %s", count(int(n), "post", "posts"), what, percent(float64(n)/posts))
}

// sourceTexts writes files of one source and licence as one.
func sourceTexts(files []*canopyv1.TerrainSource) []string {
	type origin struct{ source, licence string }
	names := map[origin][]string{}
	var order []origin
	for _, f := range files {
		from := origin{f.GetSource(), f.GetLicence()}
		if names[from] == nil {
			order = append(order, from)
		}
		names[from] = append(names[from], f.GetName())
	}
	var texts []string
	for _, from := range order {
		text := count(len(names[from]), "file", "files") + ": " + abridged(names[from])
		text += "; source " + cmp.Or(from.source, "unknown") + "; licence " + cmp.Or(from.licence, "unknown")
		texts = append(texts, text)
	}
	return texts
}

// abridged names the first and the last of many.
func abridged(names []string) string {
	if last := len(names) - 1; last > 2 {
		return names[0] + " to " + names[last]
	}
	return strings.Join(names, ", ")
}

// Extent writes how much of an area the elevation model knows.
func (p *Page) Extent(r *canopyv1.GetTerrainExtentResponse) {
	t := r.GetTerrain()
	p.line(p.Style.bold(t.GetName()) + ", posts every " + arcsec(t.GetSpacingArcsec()))
	p.line("area      " + area(r.GetAreaKm2()) + " km²")
	if r.GetMissingAreaKm2() == 0 {
		p.line("missing   nothing")
	} else {
		p.line(fmt.Sprintf("missing   %s km², %s of it", area(r.GetMissingAreaKm2()), percent(r.GetMissingShare())))
		p.missing(r.GetMissing())
	}
	p.warnings(r.GetWarnings())
}

func (p *Page) missing(parts []*canopyv1.MissingTerrain) {
	t := &table{columns: []column{
		{header: "MISSING km²", right: true}, {header: "WEST", right: true}, {header: "SOUTH", right: true},
		{header: "EAST", right: true}, {header: "NORTH", right: true},
	}}
	for _, m := range parts {
		b := m.GetBoundingBox()
		t.add(area(m.GetAreaKm2()), degrees(b.GetWestDeg()), degrees(b.GetSouthDeg()), degrees(b.GetEastDeg()), degrees(b.GetNorthDeg()))
	}
	p.blank()
	p.table(t)
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }

// Floor writes what an exported floor is.
func (p *Page) Floor(s *canopyv1.FloorSummary, path string) {
	p.line(fmt.Sprintf("%s: %d × %d posts, %s, metres AMSL, EPSG:4326", path, s.GetColumns(), s.GetRows(), bytes(s.GetGeotiffBytes())))
	for _, r := range s.GetRadars() {
		p.line(fmt.Sprintf("%s at %s, antenna at %s AMSL, %s", r.GetRadarId(), words.Place(r.GetPosition()), words.Metres(r.GetAntennaAmslM()), words.State(r.GetState())))
	}
	p.warnings(s.GetWarnings())
	p.basis(s.GetProvenance())
}

func bytes(n int64) string {
	const mib = 1 << 20
	if n < mib {
		return words.Grouped(float64(n), 0) + " bytes"
	}
	return words.Grouped(float64(n)/mib, 1) + " MiB"
}
