// Package executortest holds executors of sweeps to what an engine on its own
// answers.
package executortest

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Start returns an engine on Terrain, with nothing kept yet, for whose executor so
// many workers work until the test ends; 0 for one that has none, and two
// goroutines.
type Start func(t *testing.T, workers int) *coverage.Engine

// Run asks questions of engines with 1, 2 and 8 workers. Each must answer as an
// engine without any does, to the last bit, and have its sweeps done by them.
func Run(t *testing.T, start Start) {
	alone := answers(t, &coverage.Engine{Terrain: Terrain(), Workers: 2})
	for _, workers := range []int{1, 2, 8} {
		t.Run(fmt.Sprintf("%d workers", workers), func(t *testing.T) {
			e := start(t, workers)
			counting := &counting{Executor: e.Executor}
			e.Executor = counting
			got := answers(t, e)
			for name, want := range alone {
				if !reflect.DeepEqual(got[name], want) {
					t.Errorf("%s: another answer with workers:\n%s\nthan without:\n%s", name, beginning(got[name]), beginning(want))
				}
			}
			if counting.floors.Load() == 0 || counting.seen.Load() == 0 {
				t.Errorf("%d floors and %d sweeps of candidates went to workers: nothing was tested", counting.floors.Load(), counting.seen.Load())
			}
		})
	}
}

// beginning is enough of an answer to know it by.
func beginning(answer any) string { return fmt.Sprintf("%.600s", fmt.Sprintf("%+v", answer)) }

// counting counts the tasks of an executor.
type counting struct {
	coverage.Executor
	floors, seen atomic.Int64
}

func (c *counting) Floors(ctx context.Context, tasks []coverage.Task) error {
	c.floors.Add(int64(len(tasks)))
	return c.Executor.Floors(ctx, tasks)
}

func (c *counting) Seen(ctx context.Context, tasks []coverage.Task, targets []coverage.Target, use func(int, []coverage.Sighted) error) error {
	c.seen.Add(int64(len(tasks)))
	return c.Executor.Seen(ctx, tasks, targets, use)
}

// answers asks everything that has sweeps done.
func answers(t *testing.T, e *coverage.Engine) map[string]any {
	t.Helper()
	ctx, all := t.Context(), map[string]any{}
	must := func(name string, answer any, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = answer
	}
	gaps, err := e.FindGaps(ctx, Gaps())
	must("gaps", gaps, err)
	coarse := Gaps()
	coarse.ResolutionArcsec, coarse.Bracket = 30, true
	bracket, err := e.FindGaps(ctx, coarse)
	must("gaps on coarser terrain and on its maxima", bracket, err)
	floors, err := floorRows(ctx, e)
	must("floors", floors, err)
	p := planning.Planner{Engine: e}
	criticality, err := p.Criticality(ctx, Criticality())
	must("criticality", criticality, err)
	plan, err := p.Plan(ctx, Plan(), nil)
	must("plan", plan, err)
	strict := network(2)
	strict.StrictTerrain = true
	strict.Radars[1].Position = orb.Point{-71.9, -10}
	_, err = e.EachSeen(ctx, strict, Targets(), func(int, []uint64) error { return nil })
	must("refusal of missing terrain", fmt.Sprint(err), nil)
	return all
}

func floorRows(ctx context.Context, e *coverage.Engine) (rows [][]int16, err error) {
	q := network(3)
	q.MinRadars = 2
	f, err := e.Floor(ctx, q)
	if err != nil {
		return nil, err
	}
	for r := range f.Rows {
		row := make([]int16, f.Cols)
		if err := f.Floor.Row(r, row); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, f.Floor.Close()
}

// Terrain is 4° × 4° of mountains around 70° W 10° S, made up, with posts every
// 15″: valleys of some 10 km, and ridges of up to 2800 m between them.
func Terrain() terrain.Model {
	return &mountains{terrain.Lattice{PerDegLon: 240, PerDegLat: 240, Col0: 108 * 240, Row0: 98 * 240, Cols: 4*240 + 1, Rows: 4*240 + 1}}
}

type mountains struct{ lattice terrain.Lattice }

func (m *mountains) Info() terrain.Info {
	return terrain.Info{Name: "made-up mountains", Identity: "executortest:1", SpacingArcsec: 15}
}

func (m *mountains) Lattice() terrain.Lattice { return m.lattice }

func (m *mountains) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	g, err := terrain.NewWindow(m.lattice, l)
	if err != nil {
		return nil, err
	}
	part := l.Intersect(m.lattice)
	for r := range part.Rows {
		row := g.RowM(part.Row0 + r - g.Row0)[part.Col0-g.Col0:]
		for c := range part.Cols {
			lon, lat := part.Lon(c), part.Lat(r)
			row[c] = float32(1400 + 900*math.Sin(31*lon+2*math.Sin(9*lat))*math.Cos(23*lat) + 500*math.Sin(7*lon-5*lat))
		}
	}
	return g, ctx.Err()
}

// site is the i-th place of some that follow each other in rows, from the middle
// of the terrain on.
func site(i int) orb.Point {
	return orb.Point{-70.4 + 0.16*float64(i%6), -10.4 + 0.19*float64(i/6)}
}

func radarAt(i int) radar.Radar {
	return radar.Radar{ID: fmt.Sprintf("site-%d", i), Position: site(i), MastM: 15, InService: true, Limits: radar.Limits{
		RangeM: 40e3, MinElevationDeg: -10, MaxElevationDeg: 30, HeightLimitAMSLM: radar.NoHeightLimit,
	}}
}

// network are some radars, of which one looks in some directions alone.
func network(radars int) coverage.Query {
	q := coverage.Query{Reach: sight.Terrain, K: earth.StandardK, MinRadars: 1, ResolutionArcsec: 15}
	for i := range radars {
		q.Radars = append(q.Radars, radarAt(7*i))
	}
	q.Radars[0].Sector, q.Radars[0].K = &radar.Sector{FromDeg: 300, ToDeg: 200}, 1.25
	return q
}

// airspace is around the radars.
func airspace() orb.MultiPolygon { return box(-70.6, -10.6, -69.3, -9.3) }

func box(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
}

func altitudes() []altitude.Altitude {
	return []altitude.Altitude{{Reference: altitude.AGL, Value: 300}, {Reference: altitude.AMSL, Value: 3000}}
}

// Gaps asks for those of five radars.
func Gaps() coverage.GapQuery {
	return coverage.GapQuery{Query: network(5), Airspace: airspace(), Altitudes: altitudes(), ToleranceM: -1}
}

// Criticality asks for that of four radars.
func Criticality() planning.CriticalityQuery {
	return planning.CriticalityQuery{Query: network(4), Airspace: airspace(), Altitudes: altitudes(), Availabilities: []float64{0.9, 0.8, 1, 0.5}}
}

// Plan asks for three of 33 candidates beside a radar that stands, in a small area
// around that: to choose is not what is tested, and slow under the race detector.
func Plan() planning.PlanQuery {
	q := planning.PlanQuery{
		Query: network(1), Airspace: box(-70.5, -10.5, -70.3, -10.3),
		Objective:   planning.Objective{CountWeights: []float64{1, 0.5}},
		Constraints: planning.Constraints{MaxCount: 3, BudgetUSD: math.Inf(1)},
	}
	for _, a := range altitudes() {
		q.Objective.Altitudes = append(q.Objective.Altitudes, planning.WeightedAltitude{Altitude: a, Weight: 1})
	}
	for i := 1; i <= 33; i++ {
		q.Candidates = append(q.Candidates, planning.Candidate{Radar: radarAt(i), CostUSD: 1e6})
	}
	return q
}

// Targets are points over the radars' places.
func Targets() (all []coverage.Target) {
	for i := range 36 {
		for _, a := range altitudes() {
			all = append(all, coverage.Target{Point: coverage.Point{Position: site(i), Altitude: a}, OrLower: i%2 == 0})
		}
	}
	return all
}

// Sightings has an engine find out what the candidates of Plan see of Targets, and
// returns it by candidate.
func Sightings(ctx context.Context, e *coverage.Engine) ([][]uint64, error) {
	q := network(1)
	for _, c := range Plan().Candidates {
		q.Radars = append(q.Radars, c.Radar)
	}
	all := make([][]uint64, len(q.Radars))
	var mu sync.Mutex
	_, err := e.EachSeen(ctx, q, Targets(), func(radar int, seen []uint64) error {
		mu.Lock()
		defer mu.Unlock()
		all[radar] = seen
		return nil
	})
	return all, err
}
