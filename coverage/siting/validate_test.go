package siting_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/coverage/siting"
)

// three sites: two see an element each, and the third sees all.
func three() *siting.Problem {
	return &siting.Problem{
		Weights: []float64{1, 2, 4}, CountWeights: []float64{1},
		Sites: []siting.Site{
			{Sees: siting.Set{1}, Cost: 1, Group: -1}, {Sees: siting.Set{2}, Cost: 1, Group: 0}, {Sees: siting.Set{7}, Cost: 3, Group: 0},
		},
		MaxCount: 3, Budget: math.Inf(1), GroupLimits: []int{2},
	}
}

func TestProblemsWithoutMuchToDecide(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *siting.Problem)
		sites  string
		earns  float64
	}{
		"as it is":            {func(*siting.Problem) {}, "[2]", 7},
		"nothing to see":      {func(p *siting.Problem) { p.Weights = []float64{0, 0, 0} }, "[]", 0},
		"no elements":         {func(p *siting.Problem) { p.Weights = nil; p.Sites = nil }, "[]", 0},
		"no sites":            {func(p *siting.Problem) { p.Sites = nil }, "[]", 0},
		"none may be built":   {func(p *siting.Problem) { p.MaxCount = 0 }, "[]", 0},
		"none is affordable":  {func(p *siting.Problem) { p.Budget = 0.5 }, "[]", 0},
		"two are affordable":  {func(p *siting.Problem) { p.Budget = 2 }, "[1 0]", 3},
		"the best forbidden":  {func(p *siting.Problem) { p.Sites[2].Forbidden = true }, "[1 0]", 3},
		"none of the group":   {func(p *siting.Problem) { p.GroupLimits[0] = 0 }, "[0]", 1},
		"all is seen already": {func(p *siting.Problem) { p.Already = []uint8{1, 1, 9} }, "[]", 7},
		"fixed, so it stays":  {func(p *siting.Problem) { p.Sites[0].Fixed = true; p.MaxCount = 2 }, "[0 2]", 7},
		"a foe of the fixed":  {func(p *siting.Problem) { p.Sites[0].Fixed = true; p.Conflicts = [][2]int{{0, 2}} }, "[0 1]", 3},
	} {
		p := three()
		c.change(p)
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		plan := siting.Solve(t.Context(), p, siting.Options{Workers: 1})
		if got := fmt.Sprint(plan.Sites); got != c.sites || plan.Objective != c.earns || plan.Ending != siting.Proven {
			t.Errorf("%s: %s earns %v of at most %v (%v), not %s and %v", name, got, plan.Objective, plan.UpperBound, plan.Ending, c.sites, c.earns)
		}
		checkCurve(t, p, plan, siting.Curve(t.Context(), p, siting.Options{Workers: 1}, plan))
	}
}

func TestSenselessProblemsAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *siting.Problem)
		says   string
	}{
		"negative weight":     {func(p *siting.Problem) { p.Weights[1] = -1 }, "weights[1]: -1; give"},
		"weight that is none": {func(p *siting.Problem) { p.Weights[0] = math.NaN() }, "weights[0]: NaN; give"},
		"no count weights":    {func(p *siting.Problem) { p.CountWeights = nil }, "count_weights: there is none"},
		"rising":              {func(p *siting.Problem) { p.CountWeights = []float64{1, 2} }, "count_weights[1]: 2; give"},
		"too few counts":      {func(p *siting.Problem) { p.Already = make([]uint8, 2) }, "already: 2 counts for 3 elements"},
		"too many words":      {func(p *siting.Problem) { p.Sites[1].Sees = make(siting.Set, 2) }, "sites[1].sees: 2 words"},
		"sees too far":        {func(p *siting.Problem) { p.Sites[1].Sees = siting.Set{8} }, "sites[1].sees: has elements beyond"},
		"for nothing":         {func(p *siting.Problem) { p.Sites[0].Cost = 0 }, "sites[0].cost: 0; give"},
		"unknown group":       {func(p *siting.Problem) { p.Sites[0].Group = 1 }, "sites[0].group: 1; there are 1"},
		"fixed and forbidden": {func(p *siting.Problem) { p.Sites[0].Fixed, p.Sites[0].Forbidden = true, true }, "sites[0]: fixed and forbidden"},
		"conflict with none":  {func(p *siting.Problem) { p.Conflicts = [][2]int{{0, 3}} }, "conflicts[0]: [0 3]; give two"},
		"fixed foes":          {func(p *siting.Problem) { fixAll(p); p.Conflicts = [][2]int{{0, 1}} }, "conflicts[0]: both sites 0 and 1 are fixed"},
		"too many fixed":      {func(p *siting.Problem) { fixAll(p); p.MaxCount = 2 }, "max_count: 2; 3 sites are fixed"},
		"fixed beyond budget": {func(p *siting.Problem) { fixAll(p); p.Budget = 4 }, "budget: 4; the fixed sites cost 5"},
		"fixed beyond limits": {func(p *siting.Problem) { fixAll(p); p.GroupLimits[0] = 1 }, "group_limits[0]: 1; 2 of its sites"},
	} {
		p := three()
		c.change(p)
		if err := p.Validate(); err == nil || !strings.HasPrefix(err.Error(), c.says) {
			t.Errorf("%s: %v, not %q", name, err, c.says)
		}
	}
}

func fixAll(p *siting.Problem) {
	for s := range p.Sites {
		p.Sites[s].Fixed = true
	}
}
