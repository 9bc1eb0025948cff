package planning_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
)

// stopping asks for a plan that takes a while, with a fixed and a forbidden
// candidate.
func stopping() planning.PlanQuery {
	q := planFor([]radar.Radar{site("there", off(valley, 0.2, 0.3), 40e3)}, spread(6, 0.2, 40e3), 6, agl(300), agl(1000), amsl(4000))
	q.Airspace = around(valley, 0.9)
	q.Candidates[9].Fixed, q.Candidates[20].Forbidden = true, true
	q.Objective.CountWeights = []float64{1, 0.5}
	q.Objective.Airstrips = strips(valley, off(valley, 0.3, 0.1))
	q.MinSpacingM = 30e3
	return q
}

// checkValid checks what every plan keeps to, however it ended.
func checkValid(t *testing.T, q *planning.PlanQuery, p *planning.Plan) {
	t.Helper()
	b := built(p)
	if !slices.Contains(b, 9) || slices.Contains(b, 20) || len(b) > q.MaxCount {
		t.Errorf("built %v, want 9, not 20, and at most %d", b, q.MaxCount)
	}
	if !(p.ObjectiveKM2 >= 0 && p.ObjectiveKM2 <= p.UpperBoundKM2 && p.UpperBoundKM2 <= p.PossibleKM2) {
		t.Errorf("objective %v km², bound %v, possible %v", p.ObjectiveKM2, p.UpperBoundKM2, p.PossibleKM2)
	}
	if len(p.Sites) != len(b)+1 || len(p.Curve) == 0 || p.SpacingArcsec != 15 || p.Considered.Demand == 0 {
		t.Errorf("%d sites, a curve of %d points, posts %v″ apart, %+v", len(p.Sites), len(p.Curve), p.SpacingArcsec, p.Considered)
	}
}

// A plan that is cancelled ends within a second, well, whenever that happens.
func TestCancelledPlansAreValid(t *testing.T) {
	q := stopping()
	m := andes(240)
	events := 0
	whole, err := planner(m).Plan(context.Background(), q, func(planning.Progress) { events++ })
	if err != nil {
		t.Fatal(err)
	}
	checkValid(t, &q, whole)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	moments := []int{1, 2, 3, events / 2, events - 1}
	for range 10 {
		moments = append(moments, 1+random.IntN(events-1))
	}
	for _, moment := range moments {
		t.Run(fmt.Sprintf("seed %d, event %d of %d", seed, moment, events), func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			n, at := 0, time.Time{}
			got, err := planner(m).Plan(ctx, q, func(planning.Progress) {
				if n++; n == moment {
					at = time.Now()
					cancel()
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if took := time.Since(at); took > time.Second {
				t.Errorf("it ended %v later", took)
			}
			if got.Ending != planning.Stopped || got.Criticality != nil {
				t.Errorf("ending %v, criticality %v; want it stopped", got.Ending, got.Criticality)
			}
			checkValid(t, &q, got)
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	got, err := planner(m).Plan(ctx, q, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkValid(t, &q, got)
	if len(got.Steps) != 1 || got.Existing.CoveredM2 != nil || got.UpperBoundKM2 != got.PossibleKM2 {
		t.Errorf("%d steps, %v m² covered, bound %v of %v km²; want the fixed one, not measured", len(got.Steps), got.Existing.CoveredM2, got.UpperBoundKM2, got.PossibleKM2)
	}
}

// Time that is up ends the search, and what was found is measured.
func TestTimeLimit(t *testing.T) {
	q := stopping()
	q.TimeLimit = time.Nanosecond
	got := plan(t, andes(240), q)
	checkValid(t, &q, got)
	if got.Ending != planning.TimeLimit || len(got.Steps) != 1 || got.Criticality == nil {
		t.Errorf("ending %v, %d steps, criticality %v", got.Ending, len(got.Steps), got.Criticality)
	}
	checkStage(t, &got.Steps[0].Stage, gapsWith(t, andes(240), q, 9))
	q.TimeLimit = time.Hour
	if got := plan(t, andes(240), q); got.Ending == planning.TimeLimit || len(got.Steps) != 6 {
		t.Errorf("ending %v, %d steps", got.Ending, len(got.Steps))
	}
}

// When time is up amid sweeps, on coarse terrain or not, the plan is one of the
// candidates that were swept by then, and achieves what it says.
func TestTimeLimitAmidSweeps(t *testing.T) {
	for _, budget := range []int{0, 600_000} {
		q := stopping()
		q.TimeLimit = time.Second
		late := func(p planning.Progress) {
			if p.Swept == 12 {
				time.Sleep(q.TimeLimit + q.TimeLimit/5)
			}
		}
		e := &coverage.Engine{Terrain: andes(240), BudgetPosts: budget}
		got, err := (&planning.Planner{Engine: e}).Plan(context.Background(), q, late)
		if err != nil {
			t.Fatal(err)
		}
		checkValid(t, &q, got)
		if got.Ending != planning.TimeLimit || len(got.Steps) < 3 || got.Considered.Searched != 0 {
			t.Errorf("ending %v, %d steps, %+v; want some of those swept", got.Ending, len(got.Steps), got.Considered)
		}
		q.TimeLimit = 0
		q.MaxCount = len(got.Steps)
		for _, i := range built(got) {
			q.Candidates[i].Fixed = true
		}
		if want := plan(t, andes(240), q); math.Abs(got.ObjectiveKM2-want.ObjectiveKM2) > 1e-6 {
			t.Errorf("objective %v km², but %v if the same is fixed", got.ObjectiveKM2, want.ObjectiveKM2)
		}
	}
}

// Progress goes on, from one phase to the next.
func TestProgressOfPlans(t *testing.T) {
	q := stopping()
	var all []planning.Progress
	if _, err := planner(andes(240)).Plan(context.Background(), q, func(p planning.Progress) { all = append(all, p) }); err != nil {
		t.Fatal(err)
	}
	phases := map[planning.Phase]bool{}
	for i, p := range all {
		phases[p.Phase] = true
		if i > 0 && (p.Share < all[i-1].Share || p.Phase < all[i-1].Phase) {
			t.Errorf("%+v follows %+v", p, all[i-1])
		}
		if known := p.ObjectiveKM2 == p.ObjectiveKM2; known && p.Phase < planning.Searching || p.Doing == "" {
			t.Errorf("%+v", p)
		}
	}
	last := all[len(all)-1]
	if len(phases) < 3 || last.Share != 1 || last.Phase != planning.Measuring || math.IsNaN(last.ObjectiveKM2) {
		t.Errorf("phases %v, the last %+v", phases, last)
	}
}

// The same question has the same plan, whoever works on it, and whatever is kept.
func TestPlansAreTheSame(t *testing.T) {
	q := stopping()
	var want string
	for i, e := range []*coverage.Engine{{Workers: 1}, {Workers: 2}, {Workers: 7}, {Workers: 1, MemoryB: 64 << 20}} {
		e.Terrain = andes(240)
		p, err := (&planning.Planner{Engine: e}).Plan(context.Background(), q, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(p.Steps, p.Existing, p.ObjectiveKM2, p.UpperBoundKM2, p.PossibleKM2, p.Ending, p.Curve, p.Gaps, p.Considered)
		if i == 0 {
			want = got
		} else if got != want {
			t.Errorf("%d workers, %d bytes: another plan than with 1 worker:\n%.1000s\n%.1000s", e.Workers, e.MemoryB, got, want)
		}
	}
}

// What the engine refuses, a plan refuses.
func TestPlansFailAsTheEngineDoes(t *testing.T) {
	tests := []struct {
		name   string
		change func(*planning.PlanQuery)
		want   any
	}{
		{"an odd resolution", func(q *planning.PlanQuery) { q.ResolutionArcsec = 17 }, new(*coverage.ResolutionError)},
		{"an airspace between posts", func(q *planning.PlanQuery) { q.Airspace = around(off(valley, 0.0001, 0.0001), 0.0001) }, new(*coverage.AirspaceError)},
		{"nothing counts", func(q *planning.PlanQuery) {
			q.Objective.Airstrips.All = nil
			q.Objective.Zones = []planning.Zone{{Name: "all", Area: q.Airspace}}
		}, new(*coverage.AirspaceError)},
		{"missing terrain", func(q *planning.PlanQuery) {
			q.StrictTerrain = true
			q.Candidates[0].Position = off(valley, -1.9, 0)
		}, new(*coverage.MissingTerrainError)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := stopping()
			tt.change(&q)
			if _, err := planner(andes(240)).Plan(context.Background(), q, nil); !errors.As(err, tt.want) {
				t.Errorf("error %v, want a %T", err, tt.want)
			}
		})
	}
}

// A budget that allows for all candidates on coarser terrain alone is said where
// the query leaves the resolution open.
func TestResolutionOfPlans(t *testing.T) {
	tests := []struct {
		name                         string
		askedArcsec                  float64
		budgetPosts, maxPosts        int
		wantArcsec, wantScreenArcsec float64
		warned                       bool
	}{
		{"all fits", 0, 0, 0, 15, 0, false},
		{"candidates are screened", 0, 600_000, 0, 15, 30, false},
		{"the network is too much", 0, 150_000, 0, 30, 60, true},
		{"the airspace is too much", 0, 0, 150_000, 30, 0, true},
		{"asked for", 30, 0, 0, 30, 0, false},
		{"asked for, and screened", 15, 150_000, 0, 15, 60, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := stopping()
			q.ResolutionArcsec = tt.askedArcsec
			e := &coverage.Engine{Terrain: andes(240), BudgetPosts: tt.budgetPosts, MaxPosts: tt.maxPosts}
			got, err := (&planning.Planner{Engine: e}).Plan(context.Background(), q, nil)
			if err != nil {
				t.Fatal(err)
			}
			warned := slices.ContainsFunc(got.Warnings, func(w coverage.Warning) bool { return w.ID == "terrain.resolution" })
			if got.SpacingArcsec != tt.wantArcsec || got.Considered.ScreeningSpacingArcsec != tt.wantScreenArcsec || warned != tt.warned {
				t.Errorf("posts %v″ apart, screened on %v″, warnings %v; want %v, %v", got.SpacingArcsec, got.Considered.ScreeningSpacingArcsec, got.Warnings, tt.wantArcsec, tt.wantScreenArcsec)
			}
		})
	}
}
