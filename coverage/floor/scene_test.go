package floor_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// scene is a radar and the ground around it.
type scene struct {
	site   *sight.Site
	ground *terrain.Grid
	// col and row are the post nearest to the radar, as shapes count them.
	col, row int
}

// shape is the height of the ground at the post so many columns east and rows
// south of the one nearest to the radar.
type shape func(east, south int) float64

func sea(int, int) float64 { return 0 }

// posts numbers posts by how many there are in a degree.
func posts(perDeg float64) terrain.Lattice {
	return terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg}
}

// radarAt is a radar at sea level with hardly a limit.
func radarAt(at orb.Point, rangeM, mastM float64) *sight.Site {
	site := sight.NewSite(radar.Radar{ID: "test", Position: at, MastM: mastM, InService: true, Limits: radar.Limits{
		RangeM: rangeM, MinElevationDeg: -10, MaxElevationDeg: 90, HeightLimitAMSLM: radar.NoHeightLimit,
	}}, 0, earth.StandardK)
	return &site
}

// build lays the shape around a site, on margin more posts than it needs.
func build(tb testing.TB, site *sight.Site, l terrain.Lattice, margin int, z shape) *scene {
	tb.Helper()
	w, err := floor.Window(site, l)
	if err != nil {
		tb.Fatal(err)
	}
	g := terrain.NewGrid(w.Sub(-margin, -margin, w.Cols+2*margin, w.Rows+2*margin))
	s := &scene{site: site, ground: g,
		col: int(math.Round(g.Col(site.Position.Lon()))), row: int(math.Round(g.Row(site.Position.Lat())))}
	for r := range g.Rows {
		for c := range g.RowM(r) {
			g.RowM(r)[c] = float32(z(c-s.col, r-s.row))
		}
	}
	return s
}

func (s *scene) compute(tb testing.TB, reach sight.Reach, workers int) *surface {
	tb.Helper()
	computed, err := floor.Compute(context.Background(), s.site, reach, floor.Land{Ground: s.ground.View()}, workers)
	if err != nil {
		tb.Fatal(err)
	}
	return above(computed, s.ground.View())
}

// surface is one with its floors in metres above mean sea level, NaN where
// there is none.
type surface struct {
	*floor.Surface
	FloorAMSLM []float32
}

// above puts a surface on its ground, whose missing posts are at sea level.
func above(s *floor.Surface, ground *terrain.View) *surface {
	land := make([]float32, s.Posts())
	ground.CopyTo(land, s.Lattice)
	for i, a := range s.Floor {
		if land[i] != land[i] {
			land[i] = 0
		}
		land[i] += float32(a.M())
	}
	return &surface{s, land}
}

// at is a post of a surface.
type at struct {
	row, col int
	place    orb.Point
	// path is the geodesic from the radar.
	path earth.Geodesic
	// east and south count as shapes do.
	east, south int
	floorM      float64
}

// each calls f for every post whose row and column are multiples of stride.
func (s *scene) each(surface *surface, stride int, f func(p at)) {
	for r := 0; r < surface.Rows; r += stride {
		for c := 0; c < surface.Cols; c += stride {
			place := orb.Point{surface.Lon(c), surface.Lat(r)}
			f(at{
				row: r, col: c, place: place, path: earth.Inverse(s.site.Position, place),
				east:   c + surface.Col0 - s.ground.Col0 - s.col,
				south:  r + surface.Row0 - s.ground.Row0 - s.row,
				floorM: float64(surface.FloorAMSLM[r*surface.Cols+c]),
			})
		}
	}
}

// rough is rolling ground of the seed's own, with a step of up to 60 m from
// any post to the next.
func rough(seed uint64) shape {
	random := rand.New(rand.NewPCG(seed, 0))
	phase := func() float64 { return 2 * math.Pi * random.Float64() }
	a, b, c, d := phase(), phase(), phase(), phase()
	return func(east, south int) float64 {
		x, y := float64(east), float64(south)
		spike := rand.New(rand.NewPCG(seed, uint64(uint32(east))<<32|uint64(uint32(south)))).Float64()
		return 600 + 300*math.Sin(x/17+a)*math.Cos(y/23+b) + 150*math.Sin(x/7+y/5+c)*math.Sin(y/11+d) + 30*spike
	}
}

// shorter is for what takes long under the race detector: short under -short,
// full otherwise.
func shorter(full, short int) int {
	if testing.Short() {
		return short
	}
	return full
}

func isNaN32(x float32) bool { return x != x }
