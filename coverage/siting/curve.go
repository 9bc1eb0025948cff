package siting

import (
	"cmp"
	"context"
	"slices"
)

// Curve returns the best plans found for each number of sites from that of the
// fixed ones to that of a plan, which is the last point. The more sites, the more a
// plan earns, and the higher is the bound. When ctx is done, what is left of the
// curve is made of the plan's own order.
func Curve(ctx context.Context, p *Problem, o Options, plan *Plan) []Point {
	points := p.ownPoints(plan)
	last := len(points) - 1
	if in := reduce(ctx, p, o.Workers); in != nil && last > 1 {
		in.bend(ctx, points, in.numbers(plan.Sites[len(plan.Sites)-last:]))
	}
	for i := 1; i < last; i++ {
		if before := points[i-1]; points[i].Objective < before.Objective {
			points[i].Objective, points[i].Cost = before.Objective, before.Cost
		}
		points[i].UpperBound = max(points[i].UpperBound, points[i].Objective)
	}
	return points
}

// ownPoints is the curve of a plan's own order, under its own bound. Nothing can be
// had but the fixed sites for as many sites as they are.
func (p *Problem) ownPoints(plan *Plan) []Point {
	point := Point{}
	for e, weight := range p.Weights {
		point.Objective += weight * p.earns(p.already(e))
	}
	var points []Point
	for i, s := range plan.Sites {
		if !p.Sites[s].Fixed {
			points = append(points, point)
		}
		point = Point{Count: i + 1, Cost: point.Cost + p.Sites[s].Cost, Objective: point.Objective + plan.Added[i], UpperBound: plan.UpperBound}
	}
	point.Objective = plan.Objective
	points = append(points, point)
	points[0].UpperBound = points[0].Objective
	points[len(points)-1].UpperBound = plan.UpperBound
	return points
}

// numbers are those that sites of a problem have here.
func (in *instance) numbers(origins []int) []int {
	numbers := make([]int, len(origins))
	for i, origin := range origins {
		numbers[i], _ = slices.BinarySearch(in.origin, origin)
	}
	return numbers
}

// bend betters the points between the first and the last, from above: prices for
// one site more are good ones to begin with, and so are the sites but one.
func (in *instance) bend(ctx context.Context, points []Point, sites []int) {
	const steps, firstSteps = 60, 600 // as the first prices are not yet good ones
	last := len(points) - 1
	c := newChoice(in)
	c.become(sites)
	s := &search{in: in, best: c}
	x := newExplorer(in, c.value)
	x.in.workers = in.workers
	at, cost := s.firstPrices(x.relaxation), points[0].Cost
	for k := last - 1; k > 0 && ctx.Err() == nil; k-- {
		in.maxCount, x.in.maxCount = k, k
		c.keepBest(ctx, k, sites[:k])
		x.relaxation.selection = newSelection(x.in)
		d := x.relaxation.descend(at, make([]verdict, len(in.origin)), in.base+c.value)
		if k == last-1 {
			d.steps(ctx, firstSteps, in.base+c.value)
		}
		d.steps(ctx, steps, in.base+c.value)
		x.choice.become(nil)
		x.round(ctx, d.average)
		if x.choice.polish(ctx); x.choice.value > c.value {
			c.become(x.choice.built)
		}
		if found := in.base + c.value; found <= points[last].Objective && found > points[k].Objective {
			points[k].Objective, points[k].Cost = found, cost+c.cost
		}
		points[k].UpperBound, at = min(d.least, points[k+1].UpperBound), d.best
	}
	for k := last - 1; k > 0; k-- {
		points[k].UpperBound = min(points[k].UpperBound, points[k+1].UpperBound)
	}
}

// keepBest leaves k of the built sites and exchanges them for better ones, or
// builds others if they, exchanged, are better.
func (c *choice) keepBest(ctx context.Context, k int, others []int) {
	for len(c.built) > k {
		c.drop(slices.MinFunc(c.built, func(a, b int) int { return cmp.Compare(c.loss(a), c.loss(b)) }))
	}
	c.polish(ctx)
	kept, value := slices.Clone(c.built), c.value
	c.become(others)
	if c.polish(ctx); c.value <= value {
		c.become(kept)
	}
}
