package siting

import (
	"container/heap"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// Solve searches for the best plan. When ctx is done it returns the best so far,
// and the bound that is known by then. The problem must be valid.
func Solve(ctx context.Context, p *Problem, o Options) *Plan {
	in := reduce(ctx, p, o.Workers)
	if in == nil {
		return p.unsearched()
	}
	s := newSearch(in, o)
	s.run(ctx)
	return s.plan(ctx, p)
}

// search is a search for the best plan.
type search struct {
	in      *instance
	options Options
	best    *choice
	bound   float64
	// closed is the largest bound of the nodes that were left as they hold nothing
	// better.
	closed float64
	opened int
	// told is what Found was told last.
	toldValue, toldBound float64
}

func newSearch(in *instance, o Options) *search {
	return &search{in: in, options: o, best: newChoice(in), bound: in.total}
}

func (s *search) run(ctx context.Context) {
	s.best = constructed(ctx, s.in)
	s.tell()
	s.best.polish(ctx)
	s.tell()
	root := s.root(ctx)
	s.perturb(ctx, root)
	s.grow(ctx, root, s.effort())
}

// value is what the best plan earns, with what stands.
func (s *search) value() float64 { return s.in.base + s.best.value }

// enough is the bound that proves the best plan to be the best possible.
func (s *search) enough() float64 {
	return s.value() + 1e-9*s.in.total + 2*s.in.rounding()
}

func (s *search) proven() bool {
	return s.bound-s.value() <= s.options.Gap*s.bound || s.bound <= s.enough()
}

func (s *search) done(ctx context.Context) bool { return s.proven() || ctx.Err() != nil }

// tell tells Found what is new: a better plan, or a bound lower by a share that is
// worth a word.
func (s *search) tell() {
	const share = 1e-4
	value, bound := s.value(), max(s.value(), s.bound)
	if s.options.Found == nil || value <= s.toldValue && bound > s.toldBound*(1-share) {
		return
	}
	s.toldValue, s.toldBound = value, bound
	s.options.Found(value, bound)
}

// improve takes sites as the best plan if they earn more.
func (s *search) improve(sites []int, value float64) {
	if value > s.best.value {
		s.best.become(sites)
		s.tell()
	}
}

// root bounds the whole problem, and rules out sites that no better plan has.
func (s *search) root(ctx context.Context) *node {
	d := s.descend(ctx)
	verdicts := slices.Clone(d.verdicts)
	for i := range verdicts {
		if d.forced(i) <= s.enough() {
			verdicts[i] = excluded
		}
	}
	return &node{verdicts: verdicts, bound: s.bound, prices: d.best}
}

// mayReach tells which sites can be in a plan of at least share of the best found.
func (s *search) mayReach(ctx context.Context, share float64) []bool {
	d := s.descend(ctx)
	possible := make([]bool, len(s.in.origin))
	for i := range possible {
		possible[i] = d.forced(i) >= share*s.value()
	}
	return possible
}

// descend lowers the bound of the whole problem, and looks for plans near where it
// leads. It ends with an evaluation at the best prices.
func (s *search) descend(ctx context.Context) *descent {
	const steps = 15
	x := newExplorer(s.in, s.best.value)
	x.in.workers = s.in.workers
	d := x.relaxation.descend(s.firstPrices(x.relaxation), make([]verdict, len(s.in.origin)), s.value())
	for more := true; more && !s.done(ctx); {
		d.target = s.value()
		more = d.steps(ctx, steps, s.enough())
		s.bound = min(s.bound, d.least)
		for _, wish := range [][]float64{d.average, d.latest()} {
			x.choice.become(nil)
			x.round(ctx, wish)
			x.choice.polish(ctx)
			s.improve(x.choice.built, x.choice.value)
		}
		s.tell()
	}
	d.evaluate(d.best, d.verdicts)
	return d
}

// firstPrices pays for elements that the best plan sees half of what they are
// worth, and all for others.
func (s *search) firstPrices(r *relaxation) prices {
	first := prices{slices.Clone(s.in.worth[0]), make([]float64, len(r.rows))}
	for e, seen := range s.best.seen {
		if seen > 0 {
			first.elements[e] /= 2
		}
	}
	return first
}

// perturb searches around the best plan, by kicks with sites that better plans may
// have.
func (s *search) perturb(ctx context.Context, root *node) {
	var sites []int
	for i, v := range root.verdicts {
		if v == undecided {
			sites = append(sites, i)
		}
	}
	if s.done(ctx) || len(sites) == 0 {
		return
	}
	random := rand.New(rand.NewPCG(uint64(s.options.Seed), 0))
	c := newChoice(s.in)
	for range min(max(kickWork/(s.in.work()*(s.in.maxCount+1)), 4), 200) {
		c.become(s.best.built)
		c.kick(ctx, random, sites)
		s.improve(c.built, c.value)
		if s.done(ctx) {
			break
		}
	}
}

// What may be spent by default, in ends of runs that are looked at: on two cores,
// about a second on kicks, and half a minute on the tree.
const (
	kickWork = 500_000_000
	treeWork = 150_000_000
)

// work is about that of one look at all that all sites see.
func (in *instance) work() int {
	work := in.steps + 4*in.elements() + 1000
	if !math.IsInf(in.budget, 1) {
		work += 20 * mostStates
	}
	return work
}

// effort is how many nodes are explored at most.
func (s *search) effort() int {
	if s.options.Effort > 0 {
		return s.options.Effort
	}
	return min(max(treeWork/s.in.work(), 100), 100_000)
}

// take adds the parts of a node that was explored to those open.
func (s *search) take(opened *nodes, found *explored, root *node) {
	if found.sites != nil {
		s.improve(found.sites, found.value)
	}
	if len(found.parts) == 0 {
		s.closed = max(s.closed, found.bound)
		return
	}
	for _, part := range found.parts {
		s.opened++
		part.number = s.opened
		if (len(*opened)+1)*s.in.elements() > mostPrices {
			part.prices = root.prices
		}
		heap.Push(opened, part)
	}
}

// lower lowers the bound to that of the nodes open and closed.
func (s *search) lower(opened nodes) {
	bound := max(s.closed, s.value())
	if len(opened) > 0 {
		bound = max(bound, opened[0].bound)
	}
	s.bound = min(s.bound, bound)
	s.tell()
}

// plan returns the best plan, in order.
func (s *search) plan(ctx context.Context, p *Problem) *Plan {
	plan := p.unsearched()
	switch {
	case s.proven():
		plan.Ending = Proven
	case ctx.Err() == nil:
		plan.Ending = Exhausted
	}
	ordered, sites := newChoice(s.in), s.best.built
	for range sites {
		s.in.sums(ordered.next, func(i int) bool { return s.best.has[i] }, ordered.gains)
		best := -1
		for _, i := range slices.Sorted(slices.Values(sites)) {
			if !ordered.has[i] && (best < 0 || ordered.gains[i] > ordered.gains[best]) {
				best = i
			}
		}
		plan.Sites = append(plan.Sites, s.in.origin[best])
		gain := ordered.gain(best)
		plan.Added = append(plan.Added, gain)
		plan.Objective += gain
		ordered.add(best)
	}
	plan.UpperBound = max(plan.Objective, s.bound)
	return plan
}

// unsearched is the plan of the fixed sites alone.
func (p *Problem) unsearched() *Plan {
	plan := &Plan{Ending: Stopped}
	seen := make([]int, len(p.Weights))
	for e, weight := range p.Weights {
		seen[e] = p.already(e)
		plan.Objective += weight * p.earns(seen[e])
		plan.UpperBound += weight * p.earns(len(p.CountWeights))
	}
	for i := range p.Sites {
		if !p.Sites[i].Fixed {
			continue
		}
		added := 0.0
		p.Sites[i].Sees.each(func(e int) {
			if seen[e] < len(p.CountWeights) {
				added += p.Weights[e] * p.CountWeights[seen[e]]
			}
			seen[e]++
		})
		plan.Sites, plan.Added = append(plan.Sites, i), append(plan.Added, added)
		plan.Objective += added
	}
	plan.UpperBound = max(plan.UpperBound, plan.Objective)
	return plan
}
