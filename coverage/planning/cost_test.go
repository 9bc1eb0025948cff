package planning_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
)

// row are radars of 40 km, from west to east.
func row(n int) (radars []radar.Radar) {
	for i := range n {
		radars = append(radars, site(fmt.Sprint("r", i), off(valley, 0.1*float64(i), 0), 40e3))
	}
	return radars
}

func planOf(candidates []radar.Radar) *planning.PlanQuery {
	q := &planning.PlanQuery{Query: query(), Airspace: around(valley, 0.3), Constraints: planning.Constraints{MaxCount: 2, BudgetUSD: math.Inf(1)}}
	q.Objective = planning.Objective{Altitudes: []planning.WeightedAltitude{{Altitude: agl(300), Weight: 1}}, CountWeights: []float64{1}}
	for _, r := range candidates {
		q.Candidates = append(q.Candidates, planning.Candidate{Radar: r, CostUSD: 1})
	}
	return q
}

// TestPlansCostTheirSweeps: each candidate is swept once, where none is screened,
// and the gaps of what is planned are measured beside that.
func TestPlansCostTheirSweeps(t *testing.T) {
	p := planner(andes(120))
	q := planOf(row(6))
	cost, err := q.Cost(p.Engine)
	if err != nil {
		t.Fatal(err)
	}
	var swept atomic.Int64
	ctx := coverage.WithTally(context.Background(), func(posts int) { swept.Add(int64(posts)) })
	if _, err := p.Plan(ctx, *q, func(planning.Progress) {}); err != nil {
		t.Fatal(err)
	}
	if share := float64(swept.Load()) / cost.SweptPosts; share < math.Pi/4*0.9 || share > 2*math.Pi/4 {
		t.Errorf("%d posts are swept, %v were estimated", swept.Load(), cost.SweptPosts)
	}
	twice, err := planOf(row(12)).Cost(p.Engine)
	if ratio := twice.SweptPosts / cost.SweptPosts; err != nil || math.Abs(ratio-2) > 0.05 || twice.MemoryB <= cost.MemoryB {
		t.Errorf("twice the candidates: %+v beside %+v, %v", twice, cost, err)
	}
}

// TestCostsOfSiting beside those of the same gaps.
func TestCostsOfSiting(t *testing.T) {
	e := planner(andes(120)).Engine
	gaps := coverage.GapQuery{Query: query(row(1)...), Airspace: around(valley, 0.3), Altitudes: []altitude.Altitude{agl(300)}}
	alone, err := e.GapCost(gaps)
	if err != nil {
		t.Fatal(err)
	}
	criticality := planning.CriticalityQuery{Query: gaps.Query, Airspace: gaps.Airspace, Altitudes: gaps.Altitudes}
	if c, err := criticality.Cost(e); err != nil || c != alone {
		t.Errorf("criticality: %+v, %v, want %+v", c, err, alone)
	}
	if c, err := planning.SuggestCost(e, gaps, row(4)); err != nil || math.Abs(c.SweptPosts/alone.SweptPosts-5) > 0.1 {
		t.Errorf("suggestions of four candidates for one radar: %+v, %v, beside %+v", c, err, alone)
	}
	gaps.ResolutionArcsec = 31
	criticality.ResolutionArcsec = 31
	plan := planOf(row(2))
	plan.ResolutionArcsec = 31
	for name, cost := range map[string]func() (coverage.Cost, error){
		"suggestions": func() (coverage.Cost, error) { return planning.SuggestCost(e, gaps, row(2)) },
		"criticality": func() (coverage.Cost, error) { return criticality.Cost(e) },
		"plan":        func() (coverage.Cost, error) { return plan.Cost(e) },
	} {
		if _, err := cost(); !errors.As(err, new(*coverage.ResolutionError)) {
			t.Errorf("%s on posts that cannot be had: %v", name, err)
		}
	}
}

// TestCostOfCandidates: to look around airstrips costs what is there, and no more
// than all of the area.
func TestCostOfCandidates(t *testing.T) {
	e := planner(andes(1200)).Engine
	strips := func(n int) (all []*airstrip.Airstrip) {
		for i := range n {
			all = append(all, &airstrip.Airstrip{ID: fmt.Sprint(i), Position: off(valley, 0.01*float64(i), 0)})
		}
		return all
	}
	all := e.AreaCost(around(valley, 1).Bound()).Posts
	for _, tt := range []struct {
		name   string
		strips []*airstrip.Airstrip
		nearM  float64
		least  float64
		most   float64
	}{
		{"airstrips alone", strips(50), 0, 50, 50},
		{"around one", strips(1), 10e3, 40_000, 60_000},
		{"around one that lies elsewhere", []*airstrip.Airstrip{{ID: "x", Position: orb.Point{10, 50}}}, 10e3, 1, 1},
		{"around many", strips(50), 50e3, all, all},
	} {
		q := planning.CandidateQuery{Within: around(valley, 1), Airstrips: tt.strips, NearAccessM: tt.nearM}
		if c := q.Cost(e); c.Posts < tt.least || c.Posts > tt.most {
			t.Errorf("%s: %v posts, want %v to %v", tt.name, c.Posts, tt.least, tt.most)
		}
	}
}
