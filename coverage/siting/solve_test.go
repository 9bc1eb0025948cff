package siting_test

import (
	"math/rand/v2"
	"testing"

	"github.com/canopyradar/canopy/coverage/siting"
	"github.com/canopyradar/canopy/coverage/siting/sitingtest"
)

// near is what rounding may differ by: sums of the same numbers in another order.
func near(a, b float64) bool { return a-b < 1e-7*(1+b) && b-a < 1e-7*(1+b) }

// TestSmallProblemsAreSolved: all plans are tried.
func TestSmallProblemsAreSolved(t *testing.T) {
	for seed := range uint64(600) {
		p := sitingtest.Chance(rand.New(rand.NewPCG(seed, 1)), 11)
		if err := p.Validate(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		plan := siting.Solve(t.Context(), p, siting.Options{Workers: 2})
		checkPlan(t, p, plan)
		best := sitingtest.Best(p)
		if !near(plan.Objective, best) || !near(plan.UpperBound, best) || plan.UpperBound < best*(1-1e-12) || plan.Ending != siting.Proven {
			t.Errorf("seed %d: found %v with the bound %v (%v), and the best is %v", seed, plan.Objective, plan.UpperBound, plan.Ending, best)
		}
		if t.Failed() {
			break
		}
	}
}

// TestFewSitesAreProven: for up to 25 sites no plan is left in doubt.
func TestFewSitesAreProven(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 10))
		p := sitingtest.Chance(random, 25)
		if seed%2 == 0 {
			p = sitingtest.Plane(random, 25, 900, 0.1+0.3*random.Float64(), 0.2*random.Float64())
			p.MaxCount = 1 + random.IntN(24)
		}
		plan := siting.Solve(t.Context(), p, siting.Options{Workers: 2})
		checkPlan(t, p, plan)
		if plan.Ending != siting.Proven || !near(plan.UpperBound, plan.Objective) {
			t.Errorf("seed %d: %v of at most %v (%v)", seed, plan.Objective, plan.UpperBound, plan.Ending)
		}
	}
}

// checkPlan checks all that is true of any plan.
func checkPlan(t *testing.T, p *siting.Problem, plan *siting.Plan) {
	t.Helper()
	if err := sitingtest.Broken(p, plan.Sites); err != nil {
		t.Errorf("the plan %v: %v", plan.Sites, err)
	}
	if earned := sitingtest.Earned(p, plan.Sites); !near(plan.Objective, earned) {
		t.Errorf("the plan is said to earn %v, and earns %v", plan.Objective, earned)
	}
	if plan.UpperBound < plan.Objective {
		t.Errorf("the bound %v is below the objective %v", plan.UpperBound, plan.Objective)
	}
	free := false
	for i, s := range plan.Sites {
		before, with := sitingtest.Earned(p, plan.Sites[:i]), sitingtest.Earned(p, plan.Sites[:i+1])
		if !near(with-before, plan.Added[i]) {
			t.Errorf("site %d is said to add %v, and adds %v", s, plan.Added[i], with-before)
		}
		if free && p.Sites[s].Fixed {
			t.Errorf("the fixed site %d comes after others", s)
		}
		if free = !p.Sites[s].Fixed; !free {
			continue
		}
		for _, later := range plan.Sites[i+1:] {
			if other := sitingtest.Earned(p, append(append([]int{}, plan.Sites[:i]...), later)) - before; other > plan.Added[i]+1e-7*(1+before) {
				t.Errorf("site %d adds %v and comes before site %d, which adds %v there", s, plan.Added[i], later, other)
			}
		}
	}
}
