package sight_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// home is a post of posts: the meeting of column 0 and row 0.
var home = orb.Point{-70, -12}

// posts numbers posts 15 arc-seconds apart.
var posts = terrain.Lattice{PerDegLon: 240, PerDegLat: 240}

// flatland is a radar at sea level with hardly a limit.
func flatland(rangeM, mastM float64) sight.Site {
	return sight.NewSite(radar.Radar{ID: "test", Position: home, MastM: mastM, InService: true, Limits: radar.Limits{
		RangeM: rangeM, MinElevationDeg: -10, MaxElevationDeg: 90, HeightLimitAMSLM: radar.NoHeightLimit,
	}}, 0, earth.StandardK)
}

// around returns the ground around a site: heightM gives the height of the
// post so many columns east and rows south of home.
func around(site *sight.Site, heightM func(east, south int) float64) *terrain.Grid {
	g := terrain.NewGrid(posts.Cover(earth.BoundAround(site.Position, site.RangeM), 2))
	homeCol, homeRow := int(math.Round(g.Col(home.Lon()))), int(math.Round(g.Row(home.Lat())))
	for r := range g.Rows {
		for c := range g.RowM(r) {
			g.RowM(r)[c] = float32(heightM(c-homeCol, r-homeRow))
		}
	}
	return g
}

func sea(int, int) float64 { return 0 }

// post is the place so many columns east and rows south of home.
func post(east, south float64) orb.Point {
	return orb.Point{home.Lon() + east/240, home.Lat() - south/240}
}

func expectNear(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if got == want || math.Abs(got-want) <= tolerance {
		return
	}
	t.Errorf("%s: %v, want %v within %v", what, got, want, tolerance)
}
