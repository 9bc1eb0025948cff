package coverage_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/radar"
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

// overPeru stand eleven radars of 400 km: on the coast, on the hills of the
// civil ones, and in the plain.
var overPeru = []orb.Point{
	{-69.2282, -12.6131}, {-74.5743, -8.3779}, {-73.309, -3.785}, {-74.5356, -11.3254}, {-81.2541, -4.5766}, {-77.1143, -12.0219},
	{-78.41, -7.09}, {-74.19, -13.34}, {-71.49, -14.05}, {-71.6, -16.5}, {-70.51, -3.91},
}

// upTo20Deg gives a radar the beam of most of the catalogue's.
func upTo20Deg(r *radar.Radar) {
	r.MinElevationDeg, r.MaxElevationDeg, r.HeightLimitAMSLM = 0, 20, 30480
}

// BenchmarkAgain finds the gaps of eleven radars of 400 km over Peru at eight
// altitudes: for the first time, at one other altitude, at eight others, and with
// one of the radars moved, in turn. It reports medians, and what the others take
// of the first. Profiles tell them apart: go tool pprof -tagfocus=ask=moved.
func BenchmarkAgain(b *testing.B) {
	m := stored(b)
	q := coverage.GapQuery{Query: query(), Airspace: airspaceOf(b, "peru"), MinAreaM2: 25e6, ToleranceM: -1}
	for i, at := range overPeru {
		q.Radars = append(q.Radars, site(fmt.Sprint("r", i), at, 400e3, upTo20Deg))
	}
	q.ResolutionArcsec = 15
	at := func(heightsM []float64, byM int) {
		q.Altitudes = nil
		for _, aglM := range heightsM {
			q.Altitudes = append(q.Altitudes, agl(aglM+float64(byM)))
		}
	}
	eight := []float64{500, 1000, 1500, 2000, 3000, 5000, 7000, 10000}
	times := map[string][]time.Duration{}
	ask := func(name string, e *coverage.Engine) {
		pprof.Do(context.Background(), pprof.Labels("ask", name), func(ctx context.Context) {
			start := time.Now()
			if _, err := e.FindGaps(ctx, q); err != nil {
				b.Fatal(err)
			}
			times[name] = append(times[name], time.Since(start))
		})
	}
	b.Run("terrain=store-15s/radars=11/altitudes=8", func(b *testing.B) {
		e := &coverage.Engine{Terrain: m, Surfaces: ample()}
		at(eight, 0)
		ask("", e)
		clear(times)
		for i := 0; b.Loop(); i++ {
			ask("first", &coverage.Engine{Terrain: m, Surfaces: ample()})
			q.Radars[i%11].Position = east(q.Radars[i%11].Position, 1e-4)
			ask("moved", e)
			at(eight, i%100+1)
			ask("altitudes", e)
			at(eight[i%4:][:1], i%100+2)
			ask("altitude", e)
			at(eight, i%100+1)
		}
		for name, each := range times {
			b.ReportMetric(median(each).Seconds()*1e3, name+"-ms")
			if name != "first" {
				b.ReportMetric(median(each).Seconds()/median(times["first"]).Seconds(), name+"/first")
			}
		}
	})
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
