package airstrip_test

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airstrip"
)

// Whatever comes in is either refused or found again, and no search is upset
// by a place that is not on the earth.
func FuzzIndex(f *testing.F) {
	f.Add(-74.0, -12.0, 180.0, 90.0, 0.0, 0.0, 1e6)
	f.Add(math.NaN(), 0.0, math.Inf(1), -91.0, math.NaN(), math.Inf(-1), math.NaN())
	f.Fuzz(func(t *testing.T, lon1, lat1, lon2, lat2, fromLon, fromLat, radiusM float64) {
		x, err := airstrip.NewIndex([]airstrip.Airstrip{strip("1", lon1, lat1), strip("2", lon2, lat2)})
		valid := math.Abs(lon1) <= 180 && math.Abs(lat1) <= 90 && math.Abs(lon2) <= 180 && math.Abs(lat2) <= 90
		if valid != (err == nil) {
			t.Fatalf("positions are valid: %v, but %v", valid, err)
		}
		if err != nil {
			return
		}
		from := orb.Point{fromLon, fromLat}
		hits := x.Nearest(from, 2, nil)
		onEarth := math.Abs(fromLon) <= 180 && math.Abs(fromLat) <= 90
		if (len(hits) == 2) != onEarth {
			t.Fatalf("%d hits from %v", len(hits), from)
		}
		for _, h := range x.Within(from, radiusM, nil) {
			if h.DistanceM > radiusM || !slices.Contains(hits, h) {
				t.Fatalf("%v within %v m of %v", h, radiusM, from)
			}
		}
	})
}
