package planning_test

import (
	"context"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"go.uber.org/goleak"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// No test of this package may leave a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	compositePath = "../../../shared/data/peru_composite_15s_int16.tif"
	sierraPath    = "../../../shared/data/srtm3_sierra_nevada"
)

// shorter is for what takes long under the race detector: short under -short,
// and full otherwise.
func shorter[T any](full, short T) T {
	if testing.Short() {
		return short
	}
	return full
}

// formula is an elevation model that is computed, NaN where it is missing.
type formula struct {
	lattice terrain.Lattice
	heightM func(lonDeg, latDeg float64) float64
}

func (f *formula) Info() terrain.Info {
	return terrain.Info{Name: "made-up mountains", Identity: "test:1", SpacingArcsec: 3600 / f.lattice.PerDegLat}
}

func (f *formula) Lattice() terrain.Lattice { return f.lattice }

func (f *formula) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	g, err := terrain.NewWindow(f.lattice, l)
	if err != nil {
		return nil, err
	}
	part := l.Intersect(f.lattice)
	for r := range part.Rows {
		row := g.RowM(part.Row0 + r - g.Row0)[part.Col0-g.Col0:]
		for c := range part.Cols {
			row[c] = float32(f.heightM(part.Lon(c), part.Lat(r)))
		}
	}
	return g, ctx.Err()
}

// andes is 4° × 4° of mountains around 70° W 10° S: valleys of some 10 km, and
// ridges of up to 2800 m between them.
func andes(perDeg int) *formula {
	n := float64(perDeg)
	return &formula{
		lattice: terrain.Lattice{PerDegLon: n, PerDegLat: n, Col0: 108 * perDeg, Row0: 98 * perDeg, Cols: 4*perDeg + 1, Rows: 4*perDeg + 1},
		heightM: func(lonDeg, latDeg float64) float64 {
			return 1400 + 900*math.Sin(31*lonDeg+2*math.Sin(9*latDeg))*math.Cos(23*latDeg) + 500*math.Sin(7*lonDeg-5*latDeg)
		},
	}
}

// valley is where the radars of most tests stand, or near it.
var valley = orb.Point{-70.03, -10.02}

func off(at orb.Point, eastDeg, northDeg float64) orb.Point {
	return orb.Point{at.Lon() + eastDeg, at.Lat() + northDeg}
}

// site returns a radar in service with few limits.
func site(id string, at orb.Point, rangeM float64) radar.Radar {
	return radar.Radar{ID: id, Position: at, MastM: 15, InService: true, Limits: radar.Limits{
		RangeM: rangeM, MinElevationDeg: -10, MaxElevationDeg: 30, HeightLimitAMSLM: radar.NoHeightLimit}}
}

// around is a box whose sides lie the given degrees from a place.
func around(at orb.Point, deg float64) orb.MultiPolygon {
	sw, ne := off(at, -deg, -deg), off(at, deg, deg)
	return orb.MultiPolygon{{{sw, {ne.Lon(), sw.Lat()}, ne, {sw.Lon(), ne.Lat()}, sw}}}
}

func agl(m float64) altitude.Altitude  { return altitude.Altitude{Reference: altitude.AGL, Value: m} }
func amsl(m float64) altitude.Altitude { return altitude.Altitude{Reference: altitude.AMSL, Value: m} }

// query asks for single coverage by the terrain's reach.
func query(radars ...radar.Radar) coverage.Query {
	return coverage.Query{Radars: radars, Reach: sight.Terrain, K: earth.StandardK, MinRadars: 1}
}

func planner(m terrain.Model) *planning.Planner {
	return &planning.Planner{Engine: &coverage.Engine{Terrain: m}}
}
