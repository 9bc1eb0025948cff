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
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/store"
	"github.com/canopyradar/canopy/terrain/terraintest"
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
		m := terraintest.Real(b, compositePath)
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
	if _, err := store.Import(context.Background(), dir, store.Job{Sources: []terrain.Model{terraintest.Real(b, compositePath)}}); err != nil {
		b.Fatal(err)
	}
	return terraintest.Real(b, dir)
}

// BenchmarkCheckPoints asks one worker about points over Peru, 300 m up: off
// kept surfaces, and along rays.
func BenchmarkCheckPoints(b *testing.B) {
	m := stored(b)
	q := query(scenario(b, "four-modern").Radars...)
	q.ResolutionArcsec = 15
	e := &coverage.Engine{Terrain: m, Surfaces: ample(), Walked: coverage.NewWalked(128 << 20), Workers: 1}
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

// overPlain stand eleven radars of 400 km in the middle of the terrain that make
// bench-peers NETWORK=1 makes.
var overPlain = []orb.Point{
	{-69, -13}, {-71.9, -11.1}, {-70.1, -10.2}, {-67.7, -10.4}, {-66.2, -11.6}, {-65.9, -13.8},
	{-66.8, -15.6}, {-68.8, -16.1}, {-70.9, -15.7}, {-72.1, -13.9}, {-70.4, -12.2},
}

const largePath = "../.cache/andes-1-large.tif"

// BenchmarkAgain finds the gaps of eleven radars of 400 km at eight altitudes: for
// the first time, at one other altitude, at eight others, and with one of the
// radars moved, in turn. It reports medians, and what the others take of the
// first. Profiles tell them apart: go tool pprof -tagfocus=ask=moved.
func BenchmarkAgain(b *testing.B) {
	for _, bb := range []struct {
		name     string
		arcsec   float64
		at       []orb.Point
		terrain  func(*testing.B) terrain.Model
		airspace orb.MultiPolygon
		keptB    int64
	}{
		{"terrain=store-15s/airspace=peru", 15, overPeru, stored, airspaceOf(b, "peru"), 1 << 30},
		{"terrain=andes-3s/airspace=box", 3, overPlain, func(b *testing.B) terrain.Model { return terraintest.Real(b, largePath) },
			orb.MultiPolygon{{{{-73.55, -17.55}, {-64.45, -17.55}, {-64.45, -8.45}, {-73.55, -8.45}, {-73.55, -17.55}}}}, 4 << 30},
	} {
		b.Run(bb.name, func(b *testing.B) {
			a := again{terrain: bb.terrain(b), keptB: bb.keptB, times: map[string][]time.Duration{}}
			a.query = coverage.GapQuery{Query: query(), Airspace: bb.airspace, MinAreaM2: 25e6, ToleranceM: -1}
			for i, at := range bb.at {
				a.query.Radars = append(a.query.Radars, site(fmt.Sprint("r", i), at, 400e3, upTo20Deg))
			}
			a.query.ResolutionArcsec = bb.arcsec
			a.run(b)
		})
	}
}

// again asks the same engine again.
type again struct {
	terrain terrain.Model
	keptB   int64
	query   coverage.GapQuery
	times   map[string][]time.Duration
}

func (a *again) engine() *coverage.Engine {
	return &coverage.Engine{Terrain: a.terrain, Surfaces: surfaces.New(a.keptB, nil)}
}

func (a *again) run(b *testing.B) {
	eight := []float64{500, 1000, 1500, 2000, 3000, 5000, 7000, 10000}
	kept := a.engine()
	a.at(eight, 0)
	a.ask(b, "", kept)
	clear(a.times)
	for i := 0; b.Loop(); i++ {
		a.ask(b, "first", a.engine())
		moved := &a.query.Radars[i%len(a.query.Radars)]
		moved.Position = east(moved.Position, 1e-4)
		a.ask(b, "moved", kept)
		a.at(eight, i%100+1)
		a.ask(b, "altitudes", kept)
		a.at(eight[i%4:][:1], i%100+2)
		a.ask(b, "altitude", kept)
		a.at(eight, i%100+1)
	}
	for name, each := range a.times {
		b.ReportMetric(median(each).Seconds()*1e3, name+"-ms")
		if name != "first" {
			b.ReportMetric(median(each).Seconds()/median(a.times["first"]).Seconds(), name+"/first")
		}
	}
}

// at has so many heights above ground asked for, moved by some metres.
func (a *again) at(heightsM []float64, byM int) {
	a.query.Altitudes = nil
	for _, aglM := range heightsM {
		a.query.Altitudes = append(a.query.Altitudes, agl(aglM+float64(byM)))
	}
}

func (a *again) ask(b *testing.B, name string, e *coverage.Engine) {
	pprof.Do(context.Background(), pprof.Labels("ask", name), func(ctx context.Context) {
		start := time.Now()
		if _, err := e.FindGaps(ctx, a.query); err != nil {
			b.Fatal(err)
		}
		a.times[name] = append(a.times[name], time.Since(start))
	})
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
