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
	// rows ask for one of some sites each.
	rows []row
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
	// alone is what each site adds to what stands.
	alone []float64
	// scratch of likeness.
	seen, shared []float64
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
	x := &explorer{
		in: &own, relaxation: newRelaxation(&own, earned), choice: newChoice(&own),
		alone: make([]float64, len(in.origin)), seen: make([]float64, in.elements()), shared: make([]float64, len(in.origin)),
	}
	own.sums(own.worth[0], nil, x.alone)
	return x
}

// settle draws the consequences of a node's verdicts and rows. It returns the rows
// that are left, and false where some contradict the constraints.
func (x *explorer) settle(verdicts []verdict, rows []row) ([]row, bool) {
	x.choice.become(nil)
	for s, v := range verdicts {
		if v == included && !x.include(s) {
			return nil, false
		}
	}
	var left []row
	for again := true; again; {
		again, left = false, left[:0]
		x.excludeRest(verdicts)
		for _, r := range rows {
			met, last, count := false, 0, 0
			for _, s := range r.sites {
				met = met || verdicts[s] == included
				if verdicts[s] == undecided {
					last = s
					count++
				}
			}
			switch {
			case met:
			case count > 1:
				left = append(left, r)
			case count == 0 || !x.include(last):
				return nil, false
			default:
				verdicts[last], again = included, true
			}
		}
	}
	return left, true
}

// include builds s, if that can be.
func (x *explorer) include(s int) bool {
	if !x.choice.admits(s) {
		return false
	}
	x.choice.add(s)
	return true
}

func (x *explorer) excludeRest(verdicts []verdict) {
	for s, v := range verdicts {
		if v == undecided && !x.choice.admits(s) {
			verdicts[s] = excluded
		}
	}
}

// explore bounds a node and divides it. The value known is that of the best plan,
// without what stands; a bound that is not above enough needs no further work.
func (x *explorer) explore(ctx context.Context, n *node, known, enough float64) explored {
	const steps, stride = 150, 0.1 // prices of a part of the node are not far
	verdicts := slices.Clone(n.verdicts)
	rows, possible := x.settle(verdicts, n.rows)
	if !possible {
		return explored{bound: x.in.base + known}
	}
	x.relaxation.restrict(rows)
	d := x.relaxation.descend(x.begin(n.prices, verdicts), verdicts, x.in.base+known)
	d.stride = stride
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
	found.parts = x.divide(d, rows, found.bound)
	if found.parts == nil {
		// All is decided: x.choice was that plan, and the bound is its value.
		found.bound = min(found.bound, max(enough, x.in.base+x.choice.value))
	}
	return found
}

// divide divides the plans of a node into those with a site of a neighbourhood and
// those without; nil if all is decided. A neighbourhood of like sites divides
// better than a site alone, in whose place another one can stand.
func (x *explorer) divide(d *descent, rows []row, bound float64) []*node {
	pivot := branch(d.verdicts, d.average, d.profit)
	if pivot < 0 {
		return nil
	}
	near := x.neighbourhood(pivot, d)
	for _, r := range rows {
		if !slices.ContainsFunc(r.sites, func(s int) bool { return d.verdicts[s] == undecided && !slices.Contains(near, s) }) {
			near = []int{pivot} // one of the neighbourhood is asked for already
		}
	}
	with := &node{verdicts: slices.Clone(d.verdicts), rows: rows, bound: bound, prices: d.best}
	without := &node{verdicts: slices.Clone(d.verdicts), rows: rows, bound: bound, prices: d.best}
	for _, s := range near {
		without.verdicts[s] = excluded
	}
	if len(near) == 1 {
		with.verdicts[pivot] = included
	} else {
		with.rows = append(slices.Clone(rows), row{sites: near, limit: 1, demands: true})
	}
	return []*node{with, without}
}

// neighbourhood returns the undecided sites that see most of what the pivot sees
// and little else, as long as the relaxation builds less than most of one of them.
func (x *explorer) neighbourhood(pivot int, d *descent) []int {
	const like, most = 0.4, 0.7
	clear(x.seen)
	runs := x.in.runs[pivot]
	for i := 1; i < len(runs); i += 2 {
		copy(x.seen[runs[i-1]:runs[i]], x.in.worth[0][runs[i-1]:runs[i]])
	}
	x.in.sums(x.seen, func(s int) bool { return d.verdicts[s] == undecided }, x.shared)
	likeness := func(s int) float64 { return x.shared[s] / (x.alone[s] + x.alone[pivot] - x.shared[s]) }
	var near []int
	for s, v := range d.verdicts {
		if v == undecided && s != pivot && likeness(s) > like {
			near = append(near, s)
		}
	}
	slices.SortStableFunc(near, func(a, b int) int { return cmp.Compare(likeness(b), likeness(a)) })
	built, count := d.average[pivot], 0
	for count < len(near) && built+d.average[near[count]] < most {
		built += d.average[near[count]]
		count++
	}
	return append([]int{pivot}, near[:count]...)
}

// begin returns the better of the prices given and of those at which an element
// earns what the next site to see it adds, which are best where little is left to
// decide.
func (x *explorer) begin(given prices, verdicts []verdict) prices {
	// Those are no sites of the next one's prices, and no rows of the node's.
	given.rows = append(slices.Clone(given.rows[:x.relaxation.own]), make([]float64, len(x.relaxation.rows)-x.relaxation.own)...)
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
