package coverage_test

import (
	"context"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/catalog"
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

// BenchmarkCheckPoints reports the time a point, each looked at by one radar
// over some 280 km of terrain.
func BenchmarkCheckPoints(b *testing.B) {
	const points = 1000
	m := realTerrain(b, compositePath)
	var asked []coverage.Point
	for _, p := range scattered(points, orb.Point{-69.2282, -12.6131}, 2.5) {
		asked = append(asked, coverage.Point{Position: p, Altitude: agl(300)})
	}
	e := &coverage.Engine{Terrain: m}
	q := query(scenario(b, catalog.DefaultScenarioID).Radars...)
	b.Run("terrain=composite-15s/points=1000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := e.CheckPoints(context.Background(), q, asked); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/points, "ns/point")
	})
}
