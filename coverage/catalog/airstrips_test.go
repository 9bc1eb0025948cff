package catalog_test

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/earth"
)

func TestAirstripCounts(t *testing.T) {
	tests := []struct {
		name string
		keep func(*airstrip.Airstrip) bool
		want int
	}{
		{"all", func(*airstrip.Airstrip) bool { return true }, 209},
		{"closed", func(a *airstrip.Airstrip) bool { return a.Status == airstrip.Closed }, 25},
		{"active", func(a *airstrip.Airstrip) bool { return a.Status == airstrip.Active }, 184},
		{"small airports", func(a *airstrip.Airstrip) bool { return a.Kind == "small_airport" }, 144},
		{"medium airports", func(a *airstrip.Airstrip) bool { return a.Kind == "medium_airport" }, 22},
		{"large airports", func(a *airstrip.Airstrip) bool { return a.Kind == "large_airport" }, 9},
		{"heliports", func(a *airstrip.Airstrip) bool { return a.Kind == "heliport" }, 9},
		{"of no known kind", func(a *airstrip.Airstrip) bool { return a.Kind == "" }, 25},
		{"without an elevation", func(a *airstrip.Airstrip) bool { return math.IsNaN(a.ElevationAMSLM) }, 12},
		{"with a doubtful one", func(a *airstrip.Airstrip) bool { return a.ElevationDoubtful && a.Note != "" }, 7},
		{"with a runway length", func(a *airstrip.Airstrip) bool { return a.LengthM > 0 }, 55},
		{"dated and sourced", func(a *airstrip.Airstrip) bool { return a.AsOf != "" && a.Source != "" }, 209},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for _, a := range catalog.Default().Airstrips().All() {
				if tt.keep(a) {
					n++
				}
			}
			if n != tt.want {
				t.Errorf("got %d, want %d", n, tt.want)
			}
		})
	}
}

func TestAnAirstripInFull(t *testing.T) {
	a, ok := catalog.Default().Airstrips().ByID("SPIM")
	if !ok {
		t.Fatal("Lima's airport is missing")
	}
	// 113 ft, and 11 506 ft for the longer of two runways.
	if a.ElevationAMSLM != 34.4 || a.LengthM != 3507 {
		t.Errorf("%v m high, %v m long", a.ElevationAMSLM, a.LengthM)
	}
	if a.Name != "Jorge Chávez International Airport" || a.Region != "Lima" || a.Municipality != "Lima" {
		t.Errorf("unexpected names: %+v", a)
	}
}

func TestRegionsAreDepartments(t *testing.T) {
	var names []string
	for _, d := range catalog.Default().Departments() {
		names = append(names, d.Name)
	}
	for _, a := range catalog.Default().Airstrips().All() {
		if !slices.Contains(names, a.Region) {
			t.Errorf("%s lies in %q, which is no department", a.ID, a.Region)
		}
	}
}

// A coarse outline loses some of the strips on the shore and on the borders,
// but a swapped or mistyped coordinate would lie far away.
func TestAirstripsLieInPeru(t *testing.T) {
	const toleranceDeg = 0.1
	peru := area(t, "peru").Area
	for _, a := range catalog.Default().Airstrips().All() {
		if planar.MultiPolygonContains(peru, a.Position) {
			continue
		}
		if d := planar.DistanceFrom(peru, a.Position); d > toleranceDeg {
			t.Errorf("%s (%s) lies %.2f° outside of Peru", a.ID, a.Name, d)
		}
	}
}

func TestNearestAirstripOfTheBuiltInList(t *testing.T) {
	pichari := orb.Point{-73.829, -12.519}
	hits := catalog.Default().Airstrips().Nearest(pichari, 3, func(a *airstrip.Airstrip) bool {
		return a.Status == airstrip.Active
	})
	if len(hits) != 3 {
		t.Fatalf("got %d hits, want 3", len(hits))
	}
	for _, h := range hits {
		if d := earth.DistanceM(pichari, h.Airstrip.Position); d != h.DistanceM || d > 100e3 {
			t.Errorf("%s at %.0f m, %.0f m by itself", h.Airstrip.ID, h.DistanceM, d)
		}
	}
}
