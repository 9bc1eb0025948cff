package coverage_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// step changes one thing about a query, or asks for what was asked before.
func step(random *rand.Rand, q *coverage.GapQuery) string {
	r := &q.Radars[random.IntN(len(q.Radars))]
	switch random.IntN(12) {
	case 9:
		r.Position = east(r.Position, 0.002)
		return "moved a little"
	case 10:
		q.MinAreaM2 = []float64{0, 1e6, 10e6}[random.IntN(3)]
		return "smallest gap"
	case 0, 1, 11:
		r.Position = orb.Point{valley.Lon() + 0.2*random.Float64() - 0.1, valley.Lat() + 0.3*random.Float64() - 0.15}
		return "moved"
	case 2:
		r.InService = !r.InService
		return "in and out of service"
	case 3:
		r.MinElevationDeg, r.MaxElevationDeg = []float64{-10, 0, 0, 1}[random.IntN(4)], 3+20*random.Float64()
		return "another beam"
	case 4:
		q.MinRadars = 1 + random.IntN(2)
		return "coverage count"
	case 5:
		q.Airspace = []orb.MultiPolygon{around(valley, 0.2), around(east(valley, 0.1), 0.15)}[random.IntN(2)]
		return "airspace"
	case 6:
		q.Reach = []sight.Reach{sight.Terrain, sight.Horizon, sight.Disc}[random.IntN(3)]
		return "reach"
	}
	q.Altitudes = nil
	for range 1 + random.IntN(3) {
		q.Altitudes = append(q.Altitudes, []altitude.Altitude{agl(2000 * random.Float64()), amsl(5000 * random.Float64()), flightLevel100}[random.IntN(3)])
	}
	return "altitudes"
}

// Whatever is kept, and whatever had to leave, the answer is the same to the
// last bit as that of an engine that keeps nothing.
func TestWhatIsKeptChangesNoAnswer(t *testing.T) {
	const seed = 20151231
	voids := holed(valley.Lon() + 0.15)
	for _, tt := range []struct {
		name    string
		terrain terrain.Model
		cacheB  int64
		arcsec  float64
	}{
		{"ground that is read", voids, 1 << 30, 15},
		{"ground that is viewed", viewable(t, voids), 1 << 30, 15},
		{"averaged", voids, 1 << 30, 30},
		{"little room", andes(), 400e3, 15},
	} {
		t.Run(tt.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			e := &coverage.Engine{Terrain: tt.terrain, Surfaces: surfaces.New(tt.cacheB, nil)}
			q := exactGaps(query(), around(valley, 0.2), agl(300))
			q.Bracket, q.Departments = true, []orb.MultiPolygon{around(east(valley, 0.05), 0.1)}
			q.ResolutionArcsec, q.MinAreaM2 = tt.arcsec, 1e6
			for i := range 4 {
				q.Radars = append(q.Radars, site(fmt.Sprint("r", i), east(valley, 0.05*float64(i)), 15e3, upTo20Deg))
			}
			for i := range shorter(60, 8) {
				what := step(random, &q)
				got, err := e.FindGaps(context.Background(), q)
				if err != nil {
					t.Fatal(err)
				}
				want := findGaps(t, tt.terrain, q)
				if text(got) != text(want) || fmt.Sprintf("%+v", got.Strictest) != fmt.Sprintf("%+v", want.Strictest) {
					t.Fatalf("seed %d, step %d, %s: another answer", seed, i, what)
				}
				if size := e.Surfaces.Stats().SizeB; size > tt.cacheB {
					t.Fatalf("%d bytes are kept, %d are allowed", size, tt.cacheB)
				}
			}
		})
	}
}

// Another altitude reads no ground that is kept.
func TestAnotherAltitudeReadsNothing(t *testing.T) {
	m := &watched{formula: andes()}
	e := &coverage.Engine{Terrain: m, Surfaces: ample()}
	q := exactGaps(query(site("r", valley, 15e3)), around(valley, 0.2), agl(300))
	for range 2 {
		m.largest()
		if _, err := e.FindGaps(context.Background(), q); err != nil {
			t.Fatal(err)
		}
		q.Altitudes = []altitude.Altitude{agl(500)}
	}
	if posts := m.largest(); posts > 4 {
		t.Errorf("%d posts are read at once", posts)
	}
}
