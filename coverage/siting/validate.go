package siting

import (
	"fmt"
	"math"
	"math/bits"
)

// Validate returns an error that names what makes the problem senseless, and nil
// where there is a plan: that of the fixed sites alone, which may be none.
func (p *Problem) Validate() error {
	for _, check := range []func() error{p.validateDemand, p.validateSites, p.validateConflicts, p.validateFixed} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (p *Problem) validateDemand() error {
	for e, weight := range p.Weights {
		if !(weight >= 0) || math.IsInf(weight, 1) {
			return fmt.Errorf("weights[%d]: %v; give a finite number from 0 on", e, weight)
		}
	}
	if len(p.CountWeights) == 0 {
		return fmt.Errorf("count_weights: there is none; give 1 for what the first to see an element earns")
	}
	before := math.MaxFloat64
	for i, weight := range p.CountWeights {
		if !(weight >= 0 && weight <= before) {
			return fmt.Errorf("count_weights[%d]: %v; give numbers from 0 on, none larger than the one before", i, weight)
		}
		before = weight
	}
	if p.Already != nil && len(p.Already) != len(p.Weights) {
		return fmt.Errorf("already: %d counts for %d elements; give one for each, or none at all", len(p.Already), len(p.Weights))
	}
	return nil
}

func (p *Problem) validateSites() error {
	words := (len(p.Weights) + 63) / 64
	for i := range p.Sites {
		s := &p.Sites[i]
		switch {
		case len(s.Sees) != words:
			return fmt.Errorf("sites[%d].sees: %d words for %d elements; give %d", i, len(s.Sees), len(p.Weights), words)
		case len(p.Weights)%64 != 0 && bits.Len64(s.Sees[words-1]) > len(p.Weights)%64:
			return fmt.Errorf("sites[%d].sees: has elements beyond the %d that there are; clear their bits", i, len(p.Weights))
		case !(s.Cost > 0) || math.IsInf(s.Cost, 1):
			return fmt.Errorf("sites[%d].cost: %v; give a finite number above 0", i, s.Cost)
		case s.Group >= len(p.GroupLimits):
			return fmt.Errorf("sites[%d].group: %d; there are %d group limits", i, s.Group, len(p.GroupLimits))
		case s.Fixed && s.Forbidden:
			return fmt.Errorf("sites[%d]: fixed and forbidden at once; leave it at one of them", i)
		}
	}
	return nil
}

func (p *Problem) validateConflicts() error {
	for i, pair := range p.Conflicts {
		for _, s := range pair {
			if s < 0 || s >= len(p.Sites) || pair[0] == pair[1] {
				return fmt.Errorf("conflicts[%d]: %v; give two of the %d sites", i, pair, len(p.Sites))
			}
		}
		if p.Sites[pair[0]].Fixed && p.Sites[pair[1]].Fixed {
			return fmt.Errorf("conflicts[%d]: both sites %d and %d are fixed; free one of them", i, pair[0], pair[1])
		}
	}
	return nil
}

func (p *Problem) validateFixed() error {
	count, cost := 0, 0.0
	ofGroup := make([]int, len(p.GroupLimits))
	for i := range p.Sites {
		if s := &p.Sites[i]; s.Fixed {
			count++
			cost += s.Cost
			if s.Group >= 0 {
				ofGroup[s.Group]++
			}
		}
	}
	if count > p.MaxCount {
		return fmt.Errorf("max_count: %d; %d sites are fixed: allow more, or free some", p.MaxCount, count)
	}
	if !affords(p.Budget, cost) {
		return fmt.Errorf("budget: %v; the fixed sites cost %v: allow more, or free some", p.Budget, cost)
	}
	for g, limit := range p.GroupLimits {
		if ofGroup[g] > limit {
			return fmt.Errorf("group_limits[%d]: %d; %d of its sites are fixed: allow more, or free some", g, limit, ofGroup[g])
		}
	}
	return nil
}

// affords tells whether the budget covers a cost. Sums of the same costs in
// another order differ by rounding, which must not decide.
func affords(budget, cost float64) bool { return cost <= budget+1e-9*math.Abs(budget) }
