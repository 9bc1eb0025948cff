package sitingtest

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/canopyradar/canopy/coverage/siting"
)

// Earned is what these sites earn, with those that are there already, counted
// element by element.
func Earned(p *siting.Problem, sites []int) float64 {
	sum := 0.0
	for e, weight := range p.Weights {
		count := 0
		if p.Already != nil {
			count = int(p.Already[e])
		}
		for _, s := range sites {
			count += int(p.Sites[s].Sees[e/64] >> (e % 64) & 1)
		}
		for _, share := range p.CountWeights[:min(count, len(p.CountWeights))] {
			sum += weight * share
		}
	}
	return sum
}

// Broken returns which constraint these sites break, and nil for none.
func Broken(p *siting.Problem, sites []int) error {
	cost, ofGroup := 0.0, make([]int, len(p.GroupLimits))
	for s := range p.Sites {
		site, built := &p.Sites[s], slices.Contains(sites, s)
		switch {
		case site.Fixed && !built:
			return fmt.Errorf("site %d is fixed and not built", s)
		case site.Forbidden && built:
			return fmt.Errorf("site %d is forbidden and built", s)
		case built:
			cost += site.Cost
			if site.Group >= 0 {
				ofGroup[site.Group]++
			}
		}
	}
	for _, pair := range p.Conflicts {
		if slices.Contains(sites, pair[0]) && slices.Contains(sites, pair[1]) {
			return fmt.Errorf("sites %v are in conflict and built", pair)
		}
	}
	for g, limit := range p.GroupLimits {
		if ofGroup[g] > limit {
			return fmt.Errorf("group %d has %d sites built, of %d allowed", g, ofGroup[g], limit)
		}
	}
	if len(sites) > p.MaxCount || cost > p.Budget*(1+1e-9) {
		return fmt.Errorf("%d sites for %v are built, of %d for %v allowed", len(sites), cost, p.MaxCount, p.Budget)
	}
	return nil
}

// Best is the most that any plan earns, found by trying all of them; -1 if there is
// no plan.
func Best(p *siting.Problem) float64 {
	best := -1.0
	for built := range uint32(1) << len(p.Sites) {
		var sites []int
		for left := built; left != 0; left &= left - 1 {
			sites = append(sites, bits.TrailingZeros32(left))
		}
		if Broken(p, sites) == nil {
			best = max(best, Earned(p, sites))
		}
	}
	return best
}
