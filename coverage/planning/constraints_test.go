package planning_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
)

// Where nothing can be planned, the error names the constraint, the value and
// what to do, before anything is computed.
func TestConstraintsThatCannotBeKept(t *testing.T) {
	fix := func(all ...int) func(*planning.PlanQuery) {
		return func(q *planning.PlanQuery) {
			for _, i := range all {
				q.Candidates[i].Fixed = true
			}
		}
	}
	tests := []struct {
		name   string
		change func(*planning.PlanQuery)
		field  string
		// says are parts of the text.
		says []string
	}{
		{"no candidates", func(q *planning.PlanQuery) { q.Candidates = nil }, "candidates", []string{"none"}},
		{"fixed and forbidden", func(q *planning.PlanQuery) { q.Candidates[2].Fixed, q.Candidates[2].Forbidden = true, true }, "candidates", []string{"c2", "fixed and forbidden"}},
		{"outside of the terrain", func(q *planning.PlanQuery) { q.Candidates[3].Position = orb.Point{-60, -10} }, "candidates", []string{"c3", "-10.0000, -60.0000", "outside of the terrain"}},
		{"all forbidden", func(q *planning.PlanQuery) {
			for i := range q.Candidates {
				q.Candidates[i].Forbidden = true
			}
		}, "candidates", []string{"none of 9", "forbidden"}},
		{"all too near to a radar that stands", func(q *planning.PlanQuery) { q.MinSpacingM = 300e3 }, "candidates", []string{"none of 9", "300 km"}},
		{"more radars than candidates", func(q *planning.PlanQuery) { q.MaxCount = 10 }, "max_count", []string{"10 radars", "only 9 of 9", "at most 9"}},
		{"more radars than may be built", func(q *planning.PlanQuery) { q.MaxCount, q.Candidates[0].Forbidden = 9, true }, "max_count", []string{"9 radars", "only 8 of 9"}},
		{"more radars than stand apart of a fixed one", func(q *planning.PlanQuery) {
			q.MaxCount, q.MinSpacingM, q.Candidates[4].Fixed = 2, 100e3, true
			q.Radars = nil
		}, "max_count", []string{"2 radars", "only 1 of 9"}},
		{"a budget below the cheapest", func(q *planning.PlanQuery) { q.BudgetUSD, q.Candidates[7].CostUSD = 100e3, 200e3 }, "budget_usd", []string{"100000", "c7", "200000"}},
		{"a budget below the fixed", func(q *planning.PlanQuery) { q.BudgetUSD = 1.5e6; fix(1, 2)(q) }, "budget_usd", []string{"2000000", "1500000"}},
		{"more fixed than may be built", fix(0, 1, 2, 3), "max_count", []string{"4 candidates", "at most 3"}},
		{"more fixed of a model than may be built", func(q *planning.PlanQuery) {
			q.Candidates[1].ModelID, q.Candidates[2].ModelID = "m", "m"
			q.ModelLimits = map[string]int{"m": 1}
			fix(1, 2)(q)
		}, "models", []string{"model m", "1"}},
		{"fixed too near to each other", func(q *planning.PlanQuery) { q.Radars = nil; q.MinSpacingM = 40e3; fix(0, 1)(q) }, "min_spacing_km", []string{"c1", "c0", "27.4", "40"}},
		{"fixed too near to a radar that stands", func(q *planning.PlanQuery) { q.MinSpacingM = 40e3; fix(4)(q) }, "min_spacing_km", []string{"c4", "there"}},
		{"fixed where a radar stands", func(q *planning.PlanQuery) { q.Radars[0].Position = q.Candidates[4].Position; fix(4)(q) }, "min_spacing_km", []string{"c4", "there", "0 km", "0.001"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := planFor([]radar.Radar{site("there", off(valley, 0.05, 0.05), 30e3)}, spread(3, 0.25, 30e3), 3, agl(300))
			tt.change(&q)
			_, err := planner(andes(120)).Plan(context.Background(), q, func(planning.Progress) { t.Error("something was computed") })
			var constraint *planning.ConstraintError
			if !errors.As(err, &constraint) || constraint.Field != tt.field {
				t.Fatalf("error %v, want one of %s", err, tt.field)
			}
			for _, part := range tt.says {
				if !strings.Contains(constraint.Reason, part) {
					t.Errorf("%q does not say %q", constraint.Reason, part)
				}
			}
		})
	}
}

// What can be kept is kept.
func TestConstraintsAreKept(t *testing.T) {
	m := andes(120)
	t.Run("spacing, from radars that stand and from each other", func(t *testing.T) {
		there, broken := site("there", off(valley, 0.02, 0), 30e3), site("broken", off(valley, 0.5, 0.5), 30e3)
		broken.InService = false
		q := planFor([]radar.Radar{there, broken}, spread(5, 0.25, 20e3), 0, agl(300))
		q.MinSpacingM = 30e3
		got := plan(t, m, q)
		stand := []radar.Radar{there}
		for _, i := range built(got) {
			for _, r := range stand {
				if d := earth.DistanceM(r.Position, q.Candidates[i].Position); d < q.MinSpacingM {
					t.Errorf("%s stands %.1f km from %s", q.Candidates[i].ID, d/1e3, r.ID)
				}
			}
			stand = append(stand, q.Candidates[i].Radar)
		}
		// The middle one and its four neighbours stand too near to the radar in service,
		// and none counts as too near to the other.
		if got.Considered.Excluded != 5 || got.Considered.Searched != 20 {
			t.Errorf("%+v, want 5 excluded", got.Considered)
		}
	})
	t.Run("one at a place", func(t *testing.T) {
		q := planFor(nil, spread(2, 0.3, 20e3), 0, agl(3000))
		twin := q.Candidates[0]
		twin.ID, twin.RangeM = "twin", 30e3
		q.Candidates = append(q.Candidates, twin)
		if got := built(plan(t, m, q)); len(got) != 4 || slices.Contains(got, 0) {
			t.Errorf("built %v, want the twin in place of 0", got)
		}
	})
	t.Run("budget, models and count", func(t *testing.T) {
		q := planFor(nil, spread(3, 0.3, 20e3), 0, agl(300))
		for i := range q.Candidates {
			q.Candidates[i].ModelID = []string{"a", "b"}[i%2]
		}
		q.BudgetUSD, q.ModelLimits = 4.5e6, map[string]int{"a": 1, "c": 0}
		got := plan(t, m, q)
		ofA := 0
		for _, i := range built(got) {
			ofA += 1 - i%2
		}
		if len(got.Steps) != 4 || ofA > 1 || got.Steps[3].CostUSD != 4e6 {
			t.Errorf("built %v, %d of model a, for %v US dollars", built(got), ofA, got.Steps[len(got.Steps)-1].CostUSD)
		}
	})
	t.Run("forbidden and fixed", func(t *testing.T) {
		q := planFor(nil, spread(3, 0.3, 20e3), 2, agl(300))
		q.Candidates[8].Fixed = true
		free := built(plan(t, m, q))[1]
		q.Candidates[free].Forbidden = true
		got := plan(t, m, q)
		if b := built(got); b[0] != 8 || b[1] == free || got.Considered.Excluded != 1 {
			t.Errorf("built %v, %+v", b, got.Considered)
		}
	})
	t.Run("discs need no terrain", func(t *testing.T) {
		q := planFor(nil, spread(2, 0.3, 20e3), 1, agl(300))
		q.Candidates[1].Position = orb.Point{-60, -10}
		q.Reach = sight.Disc
		if got := built(plan(t, m, q)); len(got) != 1 {
			t.Errorf("built %v", got)
		}
	})
}
