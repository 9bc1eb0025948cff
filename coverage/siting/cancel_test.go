package siting_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/canopyradar/canopy/coverage/siting"
	"github.com/canopyradar/canopy/coverage/siting/sitingtest"
)

var noEnd = context.Background()

// TestStoppedSearches: whenever a search is stopped, there is a plan and a bound,
// and soon.
func TestStoppedSearches(t *testing.T) {
	p := sitingtest.Plane(rand.New(rand.NewPCG(8, 5)), 300, 90_000, 0.2, 0.05)
	p.MaxCount, p.Sites[3].Fixed = 11, true
	// Long enough for a machine that is busy with other tests.
	const soon = 2 * time.Second
	for _, after := range []time.Duration{0, 1, 5, 20, 50, 100, 200, 400, 800} {
		after *= time.Millisecond
		ctx, cancel := context.WithTimeout(t.Context(), after)
		told := 0.0
		begin := time.Now()
		plan := siting.Solve(ctx, p, siting.Options{Workers: 2, Found: func(objective, upperBound float64) {
			if objective < told*(1-1e-12) || upperBound < objective {
				t.Errorf("told of %v of at most %v after %v", objective, upperBound, told)
			}
			told = objective
		}})
		took := time.Since(begin)
		cancel()
		t.Logf("stopped after %v, ended after %v with %v of at most %v", after, took, plan.Objective, plan.UpperBound)
		if took > after+soon {
			t.Errorf("stopped after %v, ended after %v", after, took)
		}
		if plan.Ending != siting.Stopped {
			t.Errorf("a search that was stopped after %v ended otherwise: %v", after, plan.Ending)
		}
		if plan.Objective < told*(1-1e-12) { // a sum in another order
			t.Errorf("told of %v, the plan earns %v", told, plan.Objective)
		}
		checkPlan(t, p, plan)
	}
}

// TestWhatIsLeftOfStoppedCurvesAndScreenings is still true.
func TestWhatIsLeftOfStoppedCurvesAndScreenings(t *testing.T) {
	p := sitingtest.Plane(rand.New(rand.NewPCG(9, 6)), 60, 2500, 0.2, 0)
	p.MaxCount = 8
	plan := siting.Solve(noEnd, p, siting.Options{Workers: 2, Gap: 0.05})
	ctx, cancel := context.WithCancel(noEnd)
	cancel()
	checkCurve(t, p, plan, siting.Curve(ctx, p, siting.Options{Workers: 2}, plan))
	if kept := siting.Screen(ctx, p, siting.Options{Workers: 2}, 0.9); len(kept) != len(p.Sites) {
		t.Errorf("a screening that knows nothing keeps %d of %d sites", len(kept), len(p.Sites))
	}
}
