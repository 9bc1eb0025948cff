package planning

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/siting"
	"github.com/canopyradar/canopy/terrain"
)

// OnePlaceM is how near to each other radars are at one place, of which only one
// can be built, whatever the spacing.
const OnePlaceM = 1

// spacingM is how far apart radars must stand.
func (c *Constraints) spacingM() float64 { return max(c.MinSpacingM, OnePlaceM) }

// eligible returns the candidates that may be built, those that are fixed first,
// or a *ConstraintError where nothing can be planned. ground is the extent of the
// terrain.
func (q *PlanQuery) eligible(ground terrain.Lattice) ([]int, error) {
	if len(q.Candidates) == 0 {
		return nil, &ConstraintError{"candidates", "there are none: name some, or have them searched for in a larger area"}
	}
	var fixed []int
	for i := range q.Candidates {
		c := &q.Candidates[i]
		switch {
		case c.Fixed && c.Forbidden:
			return nil, &ConstraintError{"candidates", fmt.Sprintf("%s is fixed and forbidden at once: drop one of them", c.ID)}
		case q.Reach != sight.Disc && !c.Forbidden && !ground.Bound().Contains(c.Position):
			return nil, &ConstraintError{"candidates", fmt.Sprintf("%s at %.4f, %.4f stands outside of the terrain: move or drop it, or load terrain there",
				c.ID, c.Position.Lat(), c.Position.Lon())}
		case c.Fixed:
			fixed = append(fixed, i)
		}
	}
	if err := q.checkFixed(fixed); err != nil {
		return nil, err
	}
	free := q.free(fixed)
	return slices.Concat(fixed, free), q.checkFree(fixed, free)
}

// free returns the candidates that may be built and need not be.
func (q *PlanQuery) free(fixed []int) (free []int) {
	standing := q.standing()
	for _, i := range fixed {
		standing = append(standing, q.Candidates[i].Radar)
	}
	for i := range q.Candidates {
		c := &q.Candidates[i]
		tooNear := func(r radar.Radar) bool { return nearer(r.Position, c.Position, q.spacingM()) }
		if !c.Fixed && !c.Forbidden && !slices.ContainsFunc(standing, tooNear) {
			free = append(free, i)
		}
	}
	return free
}

// standing are the radars in service.
func (q *PlanQuery) standing() (standing []radar.Radar) {
	for _, r := range q.Radars {
		if r.InService {
			standing = append(standing, r)
		}
	}
	return standing
}

// nearer reports whether two places lie nearer to each other than a distance in
// metres. A degree of latitude is 110.57 km or more.
func nearer(a, b orb.Point, distanceM float64) bool {
	return math.Abs(a.Lat()-b.Lat())*110.5e3 < distanceM && earth.DistanceM(a, b) < distanceM
}

// checkFixed refuses fixed candidates that cannot all be built.
func (q *PlanQuery) checkFixed(fixed []int) error {
	standing := q.standing()
	built := map[string]int{}
	cost := 0.0
	for _, i := range fixed {
		c := &q.Candidates[i]
		for _, r := range standing {
			if nearer(r.Position, c.Position, q.spacingM()) {
				return &ConstraintError{"min_spacing_km", fmt.Sprintf("fixed candidate %s stands %.3g km from %s, %.3g are asked for: move it, or ask for less",
					c.ID, earth.DistanceM(r.Position, c.Position)/1e3, r.ID, q.spacingM()/1e3)}
			}
		}
		standing = append(standing, c.Radar)
		built[c.ModelID]++
		if limit, limited := q.ModelLimits[c.ModelID]; limited && built[c.ModelID] > limit {
			return &ConstraintError{"models", fmt.Sprintf("more fixed candidates are of model %s than the %d that may be built: allow for more, or fix fewer", c.ModelID, limit)}
		}
		cost += c.CostUSD
	}
	if q.MaxCount > 0 && len(fixed) > q.MaxCount {
		return &ConstraintError{"max_count", fmt.Sprintf("%d candidates are fixed, and at most %d may be built: allow for more, or fix fewer", len(fixed), q.MaxCount)}
	}
	if cost > q.BudgetUSD {
		return &ConstraintError{"budget_usd", fmt.Sprintf("the fixed candidates cost %.0f US dollars together, which is over the budget of %.0f: allow for more, or fix fewer", cost, q.BudgetUSD)}
	}
	return nil
}

// checkFree refuses a plan for which there are too few candidates, or none that
// can be paid for.
func (q *PlanQuery) checkFree(fixed, free []int) error {
	buildable := len(fixed) + len(free)
	if buildable == 0 {
		return &ConstraintError{"candidates", fmt.Sprintf("none of %d may be built, as they are forbidden or nearer than %.3g km to radars in service: name others",
			len(q.Candidates), q.spacingM()/1e3)}
	}
	if q.MaxCount > buildable {
		return &ConstraintError{"max_count", fmt.Sprintf("%d radars are asked for, and only %d of %d candidates may be built: ask for at most %d, or add candidates",
			q.MaxCount, buildable, len(q.Candidates), buildable)}
	}
	if len(fixed) > 0 {
		return nil
	}
	cheapest := slices.MinFunc(free, func(a, b int) int { return cmp.Compare(q.Candidates[a].CostUSD, q.Candidates[b].CostUSD) })
	if c := &q.Candidates[cheapest]; c.CostUSD > q.BudgetUSD {
		return &ConstraintError{"budget_usd", fmt.Sprintf("%.0f US dollars buy no candidate, the cheapest of which, %s, costs %.0f: allow for that", q.BudgetUSD, c.ID, c.CostUSD)}
	}
	return nil
}

// newProblem returns what is to be solved, with some of the candidates as sites, but
// for what they see.
func (q *PlanQuery) newProblem(candidates []int) *siting.Problem {
	p := &siting.Problem{CountWeights: q.Objective.CountWeights, Sites: make([]siting.Site, len(candidates)), MaxCount: q.MaxCount, Budget: q.BudgetUSD}
	if p.MaxCount == 0 {
		p.MaxCount = len(candidates)
	}
	groups := map[string]int{}
	for _, model := range slices.Sorted(maps.Keys(q.ModelLimits)) {
		groups[model] = len(p.GroupLimits)
		p.GroupLimits = append(p.GroupLimits, q.ModelLimits[model])
	}
	for s, i := range candidates {
		c := &q.Candidates[i]
		group, limited := groups[c.ModelID]
		if !limited {
			group = -1
		}
		p.Sites[s] = siting.Site{Cost: c.CostUSD, Group: group, Fixed: c.Fixed}
		for earlier, k := range candidates[:s] {
			if nearer(c.Position, q.Candidates[k].Position, q.spacingM()) {
				p.Conflicts = append(p.Conflicts, [2]int{earlier, s})
			}
		}
	}
	return p
}
