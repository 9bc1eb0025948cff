package coverage_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/store"
)

// BenchmarkFindGaps asks for all that `canopy gaps` asks for, of Peru in the
// four altitudes of the scenario.
func BenchmarkFindGaps(b *testing.B) {
	c := catalog.Default()
	s := scenario(b, "four-modern")
	q := coverage.GapQuery{Query: query(s.Radars...), Airspace: airspaceOf(b, s.AirspaceID), Altitudes: s.Altitudes,
		Airstrips: c.Airstrips().All(), MinAreaM2: 25e6, ToleranceM: -1}
	for _, d := range c.Departments() {
		q.Departments = append(q.Departments, d.Area)
	}
	b.Run("terrain=composite-15s/radars=4/cells=14M", func(b *testing.B) {
		m := realTerrain(b, compositePath)
		b.ReportAllocs()
		for b.Loop() {
			findGaps(b, m, q)
		}
	})
	b.Run("terrain=srtm30/radars=4/cells=3M", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			findGaps(b, demonstration(), q)
		}
	})
}

// stored imports the composite into a store, as who asks often would.
func stored(b *testing.B) terrain.Model {
	dir := filepath.Join(b.TempDir(), "store")
	if _, err := store.Import(context.Background(), dir, store.Job{Sources: []terrain.Model{realTerrain(b, compositePath)}}); err != nil {
		b.Fatal(err)
	}
	return realTerrain(b, dir)
}

// BenchmarkCheckPoints asks one worker about points over Peru, 300 m up: off
// kept surfaces, and along rays.
func BenchmarkCheckPoints(b *testing.B) {
	m := stored(b)
	q := query(scenario(b, "four-modern").Radars...)
	q.ResolutionArcsec = 15
	e := &coverage.Engine{Terrain: m, Surfaces: ample(), Workers: 1}
	fill(b, e, q)
	middle := orb.Point{-74, -9}
	for _, bb := range []struct {
		from   string
		points int
	}{{"surfaces", 1_000_000}, {"surfaces", 10_000}, {"rays", 1000}} {
		b.Run(fmt.Sprintf("from=%s/terrain=store-15s/radars=4/points=%d", bb.from, bb.points), func(b *testing.B) {
			asked := coverage.PointQuery{Query: q, WithoutLooks: bb.from == "surfaces"}
			for _, p := range scattered(bb.points, middle, 5) {
				asked.Points = append(asked.Points, coverage.Point{Position: p, Altitude: agl(300)})
			}
			b.ReportAllocs()
			for b.Loop() {
				r, err := e.CheckPoints(context.Background(), asked)
				if err != nil || asked.WithoutLooks != (r.SpacingArcsec > 0) {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*float64(bb.points)/b.Elapsed().Seconds(), "points/s")
		})
	}
}

// BenchmarkAgain finds the gaps of eleven radars of 400 km over Peru: for the
// first time, with one of them moved, and at another altitude.
func BenchmarkAgain(b *testing.B) {
	m := stored(b)
	q := coverage.GapQuery{Query: query(), Airspace: airspaceOf(b, "peru"), Altitudes: usualBands[:1], MinAreaM2: 25e6, ToleranceM: -1}
	for i := range 11 {
		at := orb.Point{-70.5 - 0.6*float64(i), -14.5 + float64(i)}
		q.Radars = append(q.Radars, site(fmt.Sprint("r", i), at, 400e3))
	}
	q.ResolutionArcsec = 15
	ask := func(b *testing.B, e *coverage.Engine) {
		if _, err := e.FindGaps(context.Background(), q); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("asked=first/terrain=store-15s/radars=11", func(b *testing.B) {
		for b.Loop() {
			ask(b, &coverage.Engine{Terrain: m, Surfaces: ample()})
		}
	})
	e := &coverage.Engine{Terrain: m, Surfaces: ample()}
	ask(b, e)
	b.Run("asked=one-moved/terrain=store-15s/radars=11", func(b *testing.B) {
		for b.Loop() {
			q.Radars[5].Position = east(q.Radars[5].Position, 1e-4)
			ask(b, e)
		}
	})
	b.Run("asked=other-altitude/terrain=store-15s/radars=11", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			q.Altitudes = []altitude.Altitude{agl(float64(300 + i%1000))}
			ask(b, e)
		}
	})
}
