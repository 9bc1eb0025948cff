package siting

import (
	"cmp"
	"container/heap"
	"context"
	"slices"
)

// node is a part of all plans: those that keep to its verdicts.
type node struct {
	verdicts []verdict
	// bound is what no plan of it exceeds.
	bound float64
	// prices to begin with.
	prices prices
	// number orders nodes of equal bound.
	number int
}

// nodes is a heap, that of the largest bound first.
type nodes []*node

func (n nodes) Len() int { return len(n) }
func (n nodes) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(n[j].bound, n[i].bound), n[i].number-n[j].number) < 0
}
func (n nodes) Swap(i, j int) { n[i], n[j] = n[j], n[i] }

// Push and Pop are for package heap.
func (n *nodes) Push(x any) { *n = append(*n, x.(*node)) }

// Pop removes the last.
func (n *nodes) Pop() any {
	last := (*n)[len(*n)-1]
	*n = (*n)[:len(*n)-1]
	return last
}

// together is how many nodes are explored before their findings are used: the same
// number whatever the number of workers, so that the search is the same.
const together = 8

// mostPrices bounds the prices that are kept for open nodes: 128 MiB.
const mostPrices = 1 << 24

// explorer explores nodes, one at a time.
type explorer struct {
	in         *instance
	relaxation *relaxation
	choice     *choice
}

// explored is what was found in a node.
type explored struct {
	// bound of the node, and its parts; none where it holds nothing better.
	bound float64
	parts []*node
	// sites of the best plan found, if it is better than the one known.
	sites []int
	value float64
}

func newExplorer(in *instance, earned float64) *explorer {
	own := *in
	own.workers, own.prefix = 1, make([]float64, len(in.prefix))
	return &explorer{in: &own, relaxation: newRelaxation(&own, earned), choice: newChoice(&own)}
}

// settle draws the consequences of the verdicts. It returns false where some
// contradict the constraints.
func (x *explorer) settle(verdicts []verdict) bool {
	x.choice.become(nil)
	for s, v := range verdicts {
		if v != included {
			continue
		}
		if !x.choice.admits(s) {
			return false
		}
		x.choice.add(s)
	}
	for s, v := range verdicts {
		if v == undecided && !x.choice.admits(s) {
			verdicts[s] = excluded
		}
	}
	return true
}

// explore bounds a node and divides it. The value known is that of the best plan,
// without what stands; a bound that is not above enough needs no further work.
func (x *explorer) explore(ctx context.Context, n *node, known, enough float64) explored {
	const steps = 40
	verdicts := slices.Clone(n.verdicts)
	if !x.settle(verdicts) {
		return explored{bound: x.in.base + known}
	}
	d := x.relaxation.descend(x.begin(n.prices, verdicts), verdicts, x.in.base+known)
	d.steps(ctx, steps, enough)
	found := explored{bound: min(n.bound, d.least)}
	x.round(ctx, d.average)
	if x.choice.value > known {
		x.choice.polish(ctx)
		found.sites, found.value = slices.Clone(x.choice.built), x.choice.value
	}
	if found.bound <= enough || ctx.Err() != nil {
		return found
	}
	d.evaluate(d.best, verdicts)
	for s, v := range verdicts {
		if v == undecided && d.forced(s) <= enough {
			verdicts[s] = excluded
		}
	}
	site := branch(verdicts, d.average, d.profit)
	if site < 0 {
		// All is decided: x.choice was that plan, and the bound is its value.
		found.bound = min(found.bound, max(enough, x.in.base+x.choice.value))
		return found
	}
	for _, v := range []verdict{included, excluded} {
		part := slices.Clone(verdicts)
		part[site] = v
		found.parts = append(found.parts, &node{verdicts: part, bound: found.bound, prices: d.best})
	}
	return found
}

// begin returns the better of the prices given and of those at which an element
// earns what the next site to see it adds, which are best where little is left to
// decide.
func (x *explorer) begin(given prices, verdicts []verdict) prices {
	next := prices{x.choice.next, make([]float64, len(given.rows))}
	if x.relaxation.evaluate(next, verdicts) < x.relaxation.evaluate(given, verdicts) {
		return next
	}
	return given
}

// round builds, beyond what is included, the sites that the relaxation has built
// most of, and fills up.
func (x *explorer) round(ctx context.Context, average []float64) {
	order := slices.Clone(x.in.all)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(average[b], average[a]) })
	for _, s := range order {
		if average[s] > 0.1 && x.choice.admits(s) {
			x.choice.add(s)
		}
	}
	x.choice.fill(ctx, false)
}

// branch returns the undecided site that the relaxation is least sure of; of those
// that it is sure of, the most profitable; -1 if there is none.
func branch(verdicts []verdict, average, profit []float64) int {
	best, doubt := -1, -1.0
	for s, v := range verdicts {
		if v != undecided {
			continue
		}
		own := min(average[s], 1-average[s])
		if own > doubt || own == doubt && profit[s] > profit[best] {
			best, doubt = s, own
		}
	}
	return best
}

// grow explores the tree, best bound first, until the search is done.
func (s *search) grow(ctx context.Context, root *node, effort int) {
	explorers := make([]*explorer, min(together, max(s.options.Workers, 1)))
	for i := range explorers {
		explorers[i] = newExplorer(s.in, s.best.value)
	}
	free := make(chan *explorer, len(explorers))
	for _, x := range explorers {
		free <- x
	}
	opened := nodes{root}
	for spent := 0; len(opened) > 0 && spent < effort && !s.done(ctx); {
		var batch []*node
		for len(batch) < together && len(opened) > 0 {
			batch = append(batch, heap.Pop(&opened).(*node))
		}
		spent += len(batch)
		found := make([]explored, len(batch))
		parallel(s.options.Workers, len(batch), func(i int) {
			x := <-free
			found[i] = x.explore(ctx, batch[i], s.best.value, s.enough())
			free <- x
		})
		for i := range found {
			s.take(&opened, &found[i], root)
		}
		s.lower(opened)
	}
}
