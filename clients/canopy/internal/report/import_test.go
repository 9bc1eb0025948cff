package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/canopyradar/canopy/clients/canopy/internal/report"
)

func TestImport(t *testing.T) {
	page := &report.Page{Width: 80}
	page.Import(&report.Import{
		Into: "./peru", Written: 700, Kept: 1, Posts: 10_000_000, SpacingArcsec: 3, OverviewArcsec: []float64{15, 30},
		Box: [4]float64{-86, -23, -64, 5}, SmallVoids: 1, PostsFilled: 40, PostsMissing: 100_000, PostsSea: 1, SizeB: 42 << 20,
		Warnings: []string{"holds sea depths"},
	})
	var b strings.Builder
	if _, err := page.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	const want = `terrain store ./peru
tiles     700 tiles written, 1 as they were
posts     10,000,000, every 3″
box       west -86, south -23, east -64, north 5
coarser   every 15″, 30″, by mean and by maximum
voids     100,000 posts missing, 1.0 %; 40 posts filled, <0.1 %, in 1 small void
          (interpolated from the rim); 1 post of sea
size      42.0 MiB on disk

Warnings
! holds sea depths
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}
