package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/canopyradar/canopy/clients/canopy/internal/report"
)

func TestFetch(t *testing.T) {
	page := &report.Page{Width: 80}
	page.Fetch(&report.Fetch{
		Source: "Copernicus DEM GLO-90", Area: "Peru and 400 km around it", Into: "./peru", Licence: "produced by someone",
		Tiles: 1512, Imported: 12, Fetched: 100, Sea: 1, FetchB: 5 << 30, StoreB: 9 << 30, FreeB: 70 << 30, Time: 25 * time.Minute,
		Warnings: []string{"two squares are missing"},
	})
	var b strings.Builder
	if _, err := page.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	const want = `Copernicus DEM GLO-90 for Peru and 400 km around it
tiles     1,512 (12 imported, 100 downloaded already), and 1 square of sea
download  5,120.0 MiB, about 25 min at the rate that the list of tiles came with
          (an estimate)
store     9,216.0 MiB in ./peru, with 71,680.0 MiB free
licence   produced by someone

Warnings
! two squares are missing
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestFetchTimes(t *testing.T) {
	tests := []struct {
		time time.Duration
		want string
	}{
		{time.Millisecond, "about 1 s"}, {89 * time.Second, "about 89 s"}, {10 * time.Minute, "about 10 min"}, {2 * time.Hour, "about 2.0 h"},
	}
	for _, tt := range tests {
		page := &report.Page{Width: 100}
		page.Fetch(&report.Fetch{FetchB: 1, Time: tt.time})
		var b strings.Builder
		if _, err := page.WriteTo(&b); err != nil || !strings.Contains(b.String(), tt.want+" at the rate") {
			t.Errorf("%v: no %q in %s", tt.time, tt.want, b.String())
		}
	}
}
