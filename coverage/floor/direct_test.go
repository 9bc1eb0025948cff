package floor_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
)

// Altitudes that the sweep gives are those of its floors above ground, but for
// rounding: over rough ground and sea, with missing posts, below every limit.
func TestComputeAltitudes(t *testing.T) {
	var random *rand.Rand
	rough := func(int, int) float64 {
		switch {
		case random.IntN(100) == 0:
			return math.NaN()
		case random.IntN(3) == 0:
			return -200
		}
		return 800 * random.Float64() * random.Float64()
	}
	sites := map[string]func(*sight.Site){
		"no limits":     func(*sight.Site) {},
		"on a post":     func(s *sight.Site) { s.Position = orb.Point{-72, -12} },
		"height limit":  func(s *sight.Site) { s.HeightLimitAMSLM = 5000 },
		"beam":          func(s *sight.Site) { s.MinElevationDeg, s.MaxElevationDeg = 0.3, 25 },
		"blind circle":  func(s *sight.Site) { s.MinRangeM, s.MaxElevationDeg = 9e3, 30 },
		"sector":        func(s *sight.Site) { s.Sector = &radar.Sector{FromDeg: 45, ToDeg: 300} },
		"on a mountain": func(s *sight.Site) { s.GroundAMSLM = 6000 },
	}
	for name, limit := range sites {
		t.Run(name, func(t *testing.T) {
			site := radarAt(orb.Point{-71.98765, -12.34567}, 60e3, 400)
			limit(site)
			random = rand.New(rand.NewPCG(3, 4))
			land := floor.Land{Ground: build(t, site, posts(240), 0, rough).ground.View()}
			got, err := floor.ComputeAltitudes(context.Background(), site, land, 2)
			if err != nil {
				t.Fatal(err)
			}
			s, err := floor.Compute(context.Background(), site, sight.Terrain, land, 2)
			if err != nil {
				t.Fatal(err)
			}
			if got.Lattice != s.Lattice || got.PostsInRange != s.PostsInRange || got.Missing != s.Missing {
				t.Errorf("%v, %d posts, %v; want %v, %d, %v", got.Lattice, got.PostsInRange, got.Missing, s.Lattice, s.PostsInRange, s.Missing)
			}
			wantAltitudes(t, got, above(s, land.Ground))
		})
	}
}

func wantAltitudes(t *testing.T, got *floor.Altitudes, want *surface) {
	t.Helper()
	seen, sides := 0, 0
	for i, z := range got.AMSLM {
		want := float64(want.FloorAMSLM[i])
		none := !(want <= math.MaxInt16)
		switch {
		case z == floor.NoAltitude && none:
		case (z == floor.NoAltitude) != none:
			sides++
		case math.Abs(float64(z)-want) > 1.5:
			t.Fatalf("post %d: %d m, want %v m", i, z, want)
		default:
			seen++
		}
	}
	if seen < 100 || sides > seen/1000 {
		t.Errorf("%d floors, and %d posts have one or not", seen, sides)
	}
}
