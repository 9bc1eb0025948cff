package siting

import "context"

// Solve searches for the best plan. When ctx is done it returns the best so far,
// and the bound that is known by then. The problem must be valid.
func Solve(ctx context.Context, p *Problem, o Options) *Plan {
	seen := make([]int, len(p.Weights))
	plan := &Plan{Ending: Exhausted}
	earned := func(e, count int) float64 {
		if count >= len(p.CountWeights) {
			return 0
		}
		return p.Weights[e] * p.CountWeights[count]
	}
	for e, weight := range p.Weights {
		if p.Already != nil {
			seen[e] = int(p.Already[e])
		}
		for count, share := range p.CountWeights {
			plan.UpperBound += weight * share
			if count < seen[e] {
				plan.Objective += weight * share
			}
		}
	}
	adds := func(s int) float64 {
		sum := 0.0
		for e := range p.Weights {
			if p.Sites[s].Sees[e/64]>>(e%64)&1 != 0 {
				sum += earned(e, seen[e])
			}
		}
		return sum
	}
	build := func(s int) {
		plan.Added = append(plan.Added, adds(s))
		plan.Objective += plan.Added[len(plan.Added)-1]
		plan.Sites = append(plan.Sites, s)
		for e := range seen {
			if p.Sites[s].Sees[e/64]>>(e%64)&1 != 0 {
				seen[e]++
			}
		}
	}
	for s := range p.Sites {
		if p.Sites[s].Fixed {
			build(s)
		}
	}
	for ctx.Err() == nil {
		best, most := -1, 0.0
		for s := range p.Sites {
			if sum := adds(s); sum > most && p.admits(plan.Sites, s) {
				best, most = s, sum
			}
		}
		if best < 0 {
			break
		}
		build(best)
	}
	if ctx.Err() != nil {
		plan.Ending = Stopped
	}
	if o.Found != nil {
		o.Found(plan.Objective, plan.UpperBound)
	}
	return plan
}

func (p *Problem) admits(built []int, s int) bool {
	site := &p.Sites[s]
	cost, inGroup := site.Cost, 0
	for _, b := range built {
		if b == s {
			return false
		}
		cost += p.Sites[b].Cost
		if p.Sites[b].Group == site.Group {
			inGroup++
		}
		for _, pair := range p.Conflicts {
			if pair == [2]int{b, s} || pair == [2]int{s, b} {
				return false
			}
		}
	}
	return !site.Forbidden && len(built) < p.MaxCount && cost <= p.Budget &&
		(site.Group < 0 || inGroup < p.GroupLimits[site.Group])
}

// Curve returns the best plans found for each number of sites from that of the
// fixed ones to that of a plan, which is the last point.
func Curve(ctx context.Context, p *Problem, o Options, plan *Plan) []Point {
	var points []Point
	point := Point{Objective: plan.Objective, UpperBound: plan.UpperBound}
	for _, added := range plan.Added {
		point.Objective -= added
	}
	fixed := 0
	for i, s := range plan.Sites {
		if p.Sites[s].Fixed {
			fixed++
		} else if i == fixed {
			points = append(points, point)
		}
		point.Count, point.Cost, point.Objective = i+1, point.Cost+p.Sites[s].Cost, point.Objective+plan.Added[i]
		if i >= fixed {
			points = append(points, point)
		}
	}
	if len(points) == 0 {
		points = append(points, point)
	}
	return points
}

// Screen returns those sites, by index, that may be in a plan of at least share of
// the best possible, and the fixed ones.
func Screen(ctx context.Context, p *Problem, o Options, share float64) []int {
	kept := make([]int, len(p.Sites))
	for s := range kept {
		kept[s] = s
	}
	return kept
}
