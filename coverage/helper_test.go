package coverage_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"go.uber.org/goleak"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

// No test of this package may leave a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	compositePath = "../../shared/data/peru_composite_15s_int16.tif"
	sierraTile    = "../../shared/data/srtm3_sierra_nevada/N37W119.hgt"
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
	info    terrain.Info
}

func (f *formula) Info() terrain.Info       { return f.info }
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

// andes is 6° × 6° of mountains around 70° W 10° S, with posts 15 arc-seconds
// apart: valleys of some 10 km, and ridges of up to 2800 m between them.
func andes() *formula {
	return &formula{
		lattice: terrain.Lattice{PerDegLon: 240, PerDegLat: 240, Col0: 107 * 240, Row0: 97 * 240, Cols: 6*240 + 1, Rows: 6*240 + 1},
		heightM: func(lonDeg, latDeg float64) float64 {
			return 1400 + 900*math.Sin(31*lonDeg+2*math.Sin(9*latDeg))*math.Cos(23*latDeg) + 500*math.Sin(7*lonDeg-5*latDeg)
		},
		info: terrain.Info{Name: "made-up mountains", Identity: "test:1", SpacingArcsec: 15},
	}
}

// valley is where the radars of most tests stand, or near it.
var valley = orb.Point{-70.03, -10.02}

// site returns a radar in service with few limits, so that a test names those
// that it is about.
func site(id string, at orb.Point, rangeM float64, changes ...func(*radar.Radar)) radar.Radar {
	r := radar.Radar{ID: id, Position: at, MastM: 15, InService: true, Limits: radar.Limits{
		RangeM: rangeM, MinElevationDeg: -10, MaxElevationDeg: 89, HeightLimitAMSLM: radar.NoHeightLimit}}
	for _, change := range changes {
		change(&r)
	}
	return r
}

func outOfService(r *radar.Radar) { r.InService = false }

func east(at orb.Point, deg float64) orb.Point { return orb.Point{at.Lon() + deg, at.Lat()} }

// box is an airspace with straight sides.
func box(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
}

// around is a box whose sides lie the given degrees from a place.
func around(at orb.Point, deg float64) orb.MultiPolygon {
	return box(at.Lon()-deg, at.Lat()-deg, at.Lon()+deg, at.Lat()+deg)
}

func agl(m float64) altitude.Altitude  { return altitude.Altitude{Reference: altitude.AGL, Value: m} }
func amsl(m float64) altitude.Altitude { return altitude.Altitude{Reference: altitude.AMSL, Value: m} }

var flightLevel100 = altitude.Altitude{Reference: altitude.FlightLevel, Value: 100}

// query asks for single coverage by the terrain's reach.
func query(radars ...radar.Radar) coverage.Query {
	return coverage.Query{Radars: radars, Reach: sight.Terrain, K: earth.StandardK, MinRadars: 1}
}

// exactGaps asks for all gaps, with the edges of their cells.
func exactGaps(q coverage.Query, area orb.MultiPolygon, altitudes ...altitude.Altitude) coverage.GapQuery {
	return coverage.GapQuery{Query: q, Airspace: area, Altitudes: altitudes}
}

func findGaps(t testing.TB, m terrain.Model, q coverage.GapQuery) *coverage.GapResult {
	t.Helper()
	e := &coverage.Engine{Terrain: m}
	result, err := e.FindGaps(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func coveredShare(b gap.Band) float64 { return b.CoveredM2 / b.AirspaceM2 }

// shares are the covered shares of a result, band by band.
func shares(r *coverage.GapResult) []float64 {
	var out []float64
	for _, b := range r.Bands {
		out = append(out, coveredShare(b))
	}
	return out
}

func scenario(t testing.TB, id string) catalog.Scenario {
	t.Helper()
	s, err := catalog.Default().Scenario(id)
	if err != nil {
		t.Fatal(err)
	}
	s.Radars = slices.Clone(s.Radars)
	return s
}

func airspaceOf(t testing.TB, id string) orb.MultiPolygon {
	t.Helper()
	a, err := catalog.Default().Airspace(id)
	if err != nil {
		t.Fatal(err)
	}
	return a.Area
}

// withRange returns radars whose range is changed; 0 leaves it.
func withRange(radars []radar.Radar, rangeM float64) []radar.Radar {
	radars = slices.Clone(radars)
	for i := range radars {
		if rangeM > 0 {
			radars[i].RangeM = rangeM
		}
	}
	return radars
}

func warningIDs(b coverage.Basis) []string {
	var ids []string
	for _, w := range b.Warnings {
		ids = append(ids, w.ID)
	}
	return ids
}

func demonstration() terrain.Model { return srtm30.Model() }
