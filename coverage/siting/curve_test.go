package siting_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/canopyradar/canopy/coverage/siting"
	"github.com/canopyradar/canopy/coverage/siting/sitingtest"
)

// checkCurve checks all that is true of any curve.
func checkCurve(t *testing.T, p *siting.Problem, plan *siting.Plan, points []siting.Point) {
	t.Helper()
	fixed := 0
	for i := range p.Sites {
		if p.Sites[i].Fixed {
			fixed++
		}
	}
	if len(points) != len(plan.Sites)-fixed+1 {
		t.Fatalf("%d points for %d sites, %d of them fixed", len(points), len(plan.Sites), fixed)
	}
	for i, point := range points {
		if point.Count != fixed+i || point.UpperBound < point.Objective {
			t.Errorf("point %d: %+v", i, point)
		}
		if i > 0 && (point.Objective < points[i-1].Objective || point.UpperBound < points[i-1].UpperBound) {
			t.Errorf("the curve falls from %+v to %+v", points[i-1], point)
		}
	}
	if last := points[len(points)-1]; last.Objective != plan.Objective || last.UpperBound != plan.UpperBound {
		t.Errorf("the last point is %+v, the plan earns %v of at most %v", last, plan.Objective, plan.UpperBound)
	}
}

// TestCurvesOfSmallProblems: all plans are tried for each number of sites.
func TestCurvesOfSmallProblems(t *testing.T) {
	for seed := range uint64(150) {
		p := sitingtest.Chance(rand.New(rand.NewPCG(seed, 7)), 10)
		plan := siting.Solve(t.Context(), p, siting.Options{Workers: 1})
		points := siting.Curve(t.Context(), p, siting.Options{Workers: 1}, plan)
		checkCurve(t, p, plan, points)
		for _, point := range points {
			fewer := *p
			fewer.MaxCount = point.Count
			if best := sitingtest.Best(&fewer); point.UpperBound < best-1e-9*(1+best) || point.Objective > best+1e-9*(1+best) || point.Objective < 0.9*best {
				t.Errorf("seed %d: %+v, and the best is %v", seed, point, best)
			}
		}
		if t.Failed() {
			return
		}
	}
}

// TestScreeningKeepsTheBest: of each site that it drops, the best plan with it is
// worse than the share.
func TestScreeningKeepsTheBest(t *testing.T) {
	const share = 0.9
	dropped := 0
	for seed := range uint64(150) {
		p := sitingtest.Chance(rand.New(rand.NewPCG(seed, 8)), 9)
		best := sitingtest.Best(p)
		kept := siting.Screen(t.Context(), p, siting.Options{Workers: 1}, share)
		if !slices.IsSorted(kept) {
			t.Errorf("seed %d: %v is in no order", seed, kept)
		}
		for s := range p.Sites {
			if slices.Contains(kept, s) || p.Sites[s].Forbidden {
				continue
			}
			forced := *p
			forced.Sites = slices.Clone(p.Sites)
			forced.Sites[s].Fixed = true
			dropped++
			if with := sitingtest.Best(&forced); p.Sites[s].Fixed || with > share*best*(1+1e-9) {
				t.Errorf("seed %d: site %d is dropped, and a plan with it earns %v of %v", seed, s, with, best)
			}
		}
	}
	if dropped < 100 {
		t.Errorf("only %d sites were dropped", dropped)
	}
}
