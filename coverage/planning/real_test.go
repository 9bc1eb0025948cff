package planning_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/siting"
	"github.com/canopyradar/canopy/coverage/siting/sitingtest"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

// realCase is a plan over real terrain, with the airports within as candidates.
type realCase struct {
	airspace string
	count    int
	change   func(q *planning.PlanQuery)
}

func realCases() []realCase {
	same := func(*planning.PlanQuery) {}
	return []realCase{
		{"vraem", 2, same},
		{"peru/madre-de-dios", 3, same},
		{"peru/ucayali", 4, same},
		{"peru/cusco", 4, func(q *planning.PlanQuery) { q.Objective.CountWeights = []float64{1, 0.5} }},
		{"peru/loreto", 6, func(q *planning.PlanQuery) { q.MinSpacingM = 150e3 }},
		{"peru/san-martin", 3, func(q *planning.PlanQuery) { q.Objective.Altitudes[0].Weight = 5 }},
		{"peru/junin", 5, func(q *planning.PlanQuery) {
			for i := range q.Candidates {
				q.Candidates[i].CostUSD = 10e6 + float64(i%5)*4e6
			}
			q.MaxCount, q.BudgetUSD = 0, 71e6
		}},
		{"peru/puno", 4, func(q *planning.PlanQuery) { q.Candidates[0].Fixed, q.Candidates[1].Forbidden = true, true }},
		{"amazon", 11, func(q *planning.PlanQuery) { q.Radars = nil }},
		{"amazon", 6, func(q *planning.PlanQuery) {
			q.Objective.Airstrips = planning.Airstrips{All: catalog.Default().Airstrips().All(), MaxAGLM: 300, WeightKM2: 2000}
		}},
	}
}

// TestAgainstHiGHS holds plans over real terrain, and their bounds, to those of a
// solver of mixed integer programs.
func TestAgainstHiGHS(t *testing.T) {
	if testing.Short() {
		t.Skip("HiGHS takes minutes")
	}
	m := terraintest.Real(t, compositePath)
	for _, c := range realCases() {
		q := peru(t, 200, c.count)
		area, err := catalog.Default().Airspace(c.airspace)
		if err != nil {
			t.Fatal(err)
		}
		q.Airspace, q.ResolutionArcsec = area.Area, 60
		c.change(&q)
		t.Run(fmt.Sprintf("%s/%d", c.airspace, c.count), func(t *testing.T) {
			p, err := planner(m).Problem(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			plan := siting.Solve(t.Context(), p, siting.Options{Workers: 2, Gap: 0.001})
			sitingtest.Hold(t, p, plan, time.Minute)
		})
	}
}
