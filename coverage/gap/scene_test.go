package gap_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Scenes have one radar whose height limit is 1500 m, over ground of 0 m and
// plateaus of 1000 m. A kilometre above the ground it sees the ground, and the
// plateaus are gaps.
const (
	limitAMSLM   = 1500
	plateauAMSLM = 1000
)

var (
	kilometre = altitude.Altitude{Reference: altitude.AGL, Value: 1000}
	amsl      = func(m float64) altitude.Altitude {
		return altitude.Altitude{Reference: altitude.AMSL, Value: m}
	}
)

// drawn returns the network of a drawing: # for a plateau, . for low ground, -
// for low ground outside of the airspace.
func drawn(t *testing.T, drawing string, altitudes ...altitude.Altitude) *network.Network {
	t.Helper()
	lines := strings.Fields(drawing)
	l := rastertest.Lattice(len(lines[0]), len(lines))
	inside := rastertest.Mask(l, func(col, row int) bool { return lines[row][col] != '-' })
	high := rastertest.Mask(l, func(col, row int) bool { return lines[row][col] == '#' })
	return plateaus(t, inside, high, altitudes...)
}

// plateaus returns the network of a scene whose plateaus are the cells of a
// mask. Without altitudes it is looked at a kilometre above the ground.
func plateaus(t *testing.T, inside, high *raster.Mask, altitudes ...altitude.Altitude) *network.Network {
	t.Helper()
	if altitudes == nil {
		altitudes = []altitude.Altitude{kilometre}
	}
	ground := terrain.NewGrid(high.Lattice)
	for i := range ground.ElevationM {
		ground.ElevationM[i] = 0
		if high.Has(i%high.Cols, i/high.Cols) {
			ground.ElevationM[i] = plateauAMSLM
		}
	}
	return look(t, ground, inside, seeAll(t, ground), altitudes...)
}

// look returns the network of one surface.
func look(t *testing.T, ground *terrain.Grid, inside *raster.Mask, s *floor.Surface, altitudes ...altitude.Altitude) *network.Network {
	t.Helper()
	n := network.New(network.Scene{Ground: ground.View(), Inside: inside, Altitudes: altitudes, MinRadars: 1, Reach: s.Reach})
	if err := n.Look(context.Background(), []network.Layer{{Surface: s}}, 0, inside.Rows, 2); err != nil {
		t.Fatal(err)
	}
	return n
}

// seeAll returns the surface of a radar in the middle of a ground, just beside
// a post, that reaches over all of it.
func seeAll(t *testing.T, ground *terrain.Grid) *floor.Surface {
	t.Helper()
	l := ground.Lattice
	middle := orb.Point{l.Lon(l.Cols/2) + 0.3/l.PerDegLon, l.Lat(l.Rows/2) + 0.3/l.PerDegLat}
	site := sight.NewSite(radar.Radar{Position: middle, MastM: 15, InService: true, Limits: radar.Limits{
		RangeM: 30e3 + earth.DistanceM(l.Bound().Min, l.Bound().Max), MinElevationDeg: -10, MaxElevationDeg: 89,
		HeightLimitAMSLM: limitAMSLM,
	}}, 100, earth.StandardK)
	window, err := floor.Window(&site, l)
	if err != nil {
		t.Fatal(err)
	}
	s, err := floor.Compute(context.Background(), &site, sight.Horizon, floor.Land{Ground: enlarge(ground, window).View()}, 2)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// enlarge returns a window of which nothing else than a ground is known.
func enlarge(ground *terrain.Grid, window terrain.Lattice) *terrain.Grid {
	g := terrain.NewGrid(window)
	part := window.Intersect(ground.Lattice)
	for r := range part.Rows {
		from := ground.RowM(part.Row0 + r - ground.Row0)[part.Col0-ground.Col0:]
		copy(g.RowM(part.Row0 + r - g.Row0)[part.Col0-g.Col0:], from[:part.Cols])
	}
	return g
}

// find returns the gaps of the first band.
func find(t *testing.T, f *gap.Finder) gap.Band {
	t.Helper()
	return findAll(t, f)[0]
}

func findAll(t *testing.T, f *gap.Finder) []gap.Band {
	t.Helper()
	bands, err := f.Find(context.Background(), 2)
	if err != nil {
		t.Fatal(err)
	}
	return bands
}

// cellM2 is the area of a cell of a row, without the package's own sums.
func cellM2(l terrain.Lattice, row int) float64 {
	half := 0.5 / l.PerDegLat
	return earth.CellAreaM2(l.Lat(row)-half, l.Lat(row)+half, 1/l.PerDegLon)
}

// near compares areas: corners are rounded to 1e-7°, of cells 1/240° wide.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-4*math.Max(math.Abs(a), math.Abs(b)) }

// sums compares sums of the same cells in another order.
func sums(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }
