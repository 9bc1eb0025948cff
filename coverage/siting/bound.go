package siting

import (
	"context"
	"math"
	"slices"
)

// row is a constraint that the selection does not keep to: of its sites, at most
// limit are built; or, if it demands, at least so many.
type row struct {
	sites   []int
	limit   int
	demands bool
}

// sign is that of the row as one of at most.
func (r *row) sign() float64 {
	if r.demands {
		return -1
	}
	return 1
}

// prices are multipliers: what being seen once more earns of each element, and
// what each row charges its sites.
type prices struct{ elements, rows []float64 }

func (p prices) clone() prices {
	return prices{elements: slices.Clone(p.elements), rows: slices.Clone(p.rows)}
}

// relaxation bounds what a plan can earn. A plan earns of an element no more than
// it sees it; relaxed, sites are paid the price of each element that they see, and
// an element earns on its own what it is worth above its price:
//
//	Σ_e Σ_k max(0, worth_k(e) − price(e)) + max over selections Σ_s Σ_(e seen by s) price(e)
//
// No plan earns more than that, at any prices from 0 on. The least that it comes to
// is the value of the linear relaxation, or less where a knapsack is solved.
type relaxation struct {
	in        *instance
	selection *selection
	// rows are the problem's own, and those of a node.
	rows []row
	own  int
	// scale of the multipliers of rows: what one site adds, about.
	scale float64

	// Of the last evaluation: the profits of sites, the bound, the sites chosen and
	// the subgradient.
	profit []float64
	bound  float64
	chosen []int
	slope  prices
}

func newRelaxation(in *instance, earned float64) *relaxation {
	r := &relaxation{in: in, selection: newSelection(in), profit: make([]float64, len(in.origin))}
	r.rows = in.cliques()
	for g, strict := range r.selection.strict {
		if !strict {
			r.rows = append(r.rows, row{sites: in.ofGroup(g), limit: in.limits[g]})
		}
	}
	r.own = len(r.rows)
	r.scale = earned / float64(max(in.maxCount, 1))
	r.slope = prices{make([]float64, in.elements()), make([]float64, len(r.rows))}
	return r
}

func (in *instance) ofGroup(g int) []int {
	return slices.DeleteFunc(slices.Clone(in.all), func(s int) bool { return in.group[s] != g })
}

// cliques returns sets of sites in conflict with one another, so that any two in
// conflict are in one of them.
func (in *instance) cliques() []row {
	var rows []row
	if in.foes == nil {
		return rows
	}
	left := make([]Set, len(in.foes)) // conflicts in no clique yet
	for s := range left {
		left[s] = slices.Clone(in.foes[s])
	}
	for a := range left {
		left[a].each(func(b int) {
			if b < a || !left[a].has(b) {
				return
			}
			clique := in.grow(a, b, left)
			for _, s := range clique {
				for _, other := range clique {
					left[s][other/64] &^= 1 << (other % 64)
				}
			}
			rows = append(rows, row{sites: clique, limit: 1})
		})
	}
	return rows
}

// grow returns a maximal clique with a and b, of sites with conflicts that are left
// before others.
func (in *instance) grow(a, b int, left []Set) []int {
	clique := []int{a, b}
	common := slices.Clone(in.foes[a])
	for i := range common {
		common[i] &= in.foes[b][i]
	}
	for _, first := range []bool{true, false} {
		common.each(func(s int) {
			if common.has(s) && (!first || left[a].has(s)) {
				clique = append(clique, s)
				for i := range common {
					common[i] &= in.foes[s][i]
				}
			}
		})
	}
	slices.Sort(clique)
	return clique
}

// restrict has the relaxation keep to further rows as well, and to none of those
// before.
func (r *relaxation) restrict(rows []row) {
	r.rows = append(r.rows[:r.own:r.own], rows...)
	r.slope.rows = make([]float64, len(r.rows))
}

// evaluate finds the bound at these prices, for plans that keep to the verdicts.
func (r *relaxation) evaluate(at prices, verdicts []verdict) float64 {
	in := r.in
	in.sums(at.elements, func(s int) bool { return verdicts[s] != excluded }, r.profit)
	bound := in.base + in.rounding()
	for i, row := range r.rows {
		charge := row.sign() * at.rows[i]
		bound += charge * float64(row.limit)
		for _, s := range row.sites {
			r.profit[s] -= charge
		}
	}
	chosen, profit := r.selection.choose(r.profit, verdicts)
	r.chosen = chosen
	r.bound = bound + profit + r.surplus(at.elements)
	r.addSeen()
	return r.bound
}

// surplus returns what elements are worth above their prices, and begins the slope
// with how often they would like to be seen.
func (r *relaxation) surplus(at []float64) float64 {
	sum, slope := 0.0, r.slope.elements
	clear(slope)
	for _, worth := range r.in.worth {
		worth, slope := worth[:len(at)], slope[:len(at)]
		for e, price := range at {
			if over := worth[e] - price; over > 0 {
				sum += over
				slope[e]--
			}
		}
	}
	return sum
}

// addSeen completes the slope with how often the chosen see each element, and with
// what rows have left.
func (r *relaxation) addSeen() {
	for _, s := range r.chosen {
		runs := r.in.runs[s]
		for i := 1; i < len(runs); i += 2 {
			part := r.slope.elements[runs[i-1]:runs[i]]
			for e := range part {
				part[e]++
			}
		}
	}
	chosen := make([]bool, len(r.in.origin))
	for _, s := range r.chosen {
		chosen[s] = true
	}
	for i, row := range r.rows {
		left := row.limit
		for _, s := range row.sites {
			if chosen[s] {
				left--
			}
		}
		r.slope.rows[i] = row.sign() * float64(left)
	}
}

// forced is a bound, at the prices of the last evaluation, for plans with an
// undecided site s.
func (r *relaxation) forced(s int) float64 {
	profit := r.selection.decided + r.selection.selected
	return r.bound - profit + math.Min(profit, r.selection.forced(s))
}

// descent lowers the bound by the volume algorithm (Barahona & Anbil 2000): steps
// against an average of subgradients, whose average of choices is nearly a solution
// of the linear relaxation.
type descent struct {
	*relaxation
	verdicts []verdict
	// best prices, and the bound at them.
	best  prices
	least float64
	// average of the sites chosen, 0 to 1.
	average []float64
	// way is the average of the slopes, and length how far it leads.
	way    prices
	length float64
	trial  prices
	// target is what the bound cannot fall below.
	target float64
	// stride is the share of the way to the target that a step goes.
	stride  float64
	without int // steps without a better bound
}

// How a descent goes, by trial: what the average takes of a new slope; by how much
// strides grow with a better bound, and shrink after so many steps without; and the
// least stride.
const (
	blend       = 0.05
	longer      = 1.1
	shorter     = 0.85
	patience    = 3
	leastStride = 0.003
)

// descend begins a descent at these prices.
func (r *relaxation) descend(from prices, verdicts []verdict, target float64) *descent {
	d := &descent{relaxation: r, verdicts: verdicts, target: target, best: from.clone(), stride: 0.5}
	d.least = r.evaluate(from, verdicts)
	d.way, d.trial = r.slope.clone(), from.clone()
	d.average = make([]float64, len(r.in.origin))
	d.blendIn(1)
	return d
}

// steps takes so many steps, or fewer if the bound falls to enough or ctx is done.
// It returns false where no step leads further down.
func (d *descent) steps(ctx context.Context, n int, enough float64) bool {
	for i := 0; i < n && d.least > enough && ctx.Err() == nil; i++ {
		if !d.step() {
			return false
		}
	}
	return true
}

// step returns false where no step leads further down.
func (d *descent) step() bool {
	if d.length == 0 {
		return false
	}
	size := d.stride * max(d.least-d.target, 1e-9*d.in.total) / d.length
	ways, bests, trials := d.way.elements, d.best.elements, d.trial.elements
	bests, trials = bests[:len(ways)], trials[:len(ways)]
	for e, worth := range d.in.worth[0][:len(ways)] {
		trials[e] = min(max(bests[e]-size*worth*ways[e], 0), worth)
	}
	for i, way := range d.way.rows {
		d.trial.rows[i] = max(d.best.rows[i]-size*d.scale*way, 0)
	}
	bound := d.evaluate(d.trial, d.verdicts)
	if bound < d.least {
		d.least = bound
		d.best, d.trial = d.trial, d.best
		d.without = 0
		d.stride = min(d.stride*longer, 2)
	} else if d.without++; d.without%patience == 0 {
		d.stride *= shorter
	}
	d.blendIn(blend)
	return d.stride > leastStride
}

// blendIn has the averages take a share of the last evaluation, and measures the
// way: its squared length, as far as it does not lead out of what prices may be. An
// element counts by its worth, as if it were so many of worth 1: merging elements
// must not change the way.
func (d *descent) blendIn(share float64) {
	d.length = 0
	slopes, prices := d.slope.elements, d.best.elements
	ways, worths := d.way.elements[:len(slopes)], d.in.worth[0][:len(slopes)]
	prices = prices[:len(slopes)]
	for e, slope := range slopes {
		way := ways[e] + share*(slope-ways[e])
		ways[e] = way
		if way > 0 && prices[e] > 0 || way < 0 && prices[e] < worths[e] {
			d.length += worths[e] * way * way
		}
	}
	for i, slope := range d.slope.rows {
		d.way.rows[i] += share * (slope - d.way.rows[i])
		if way := d.way.rows[i]; way < 0 || d.best.rows[i] > 0 {
			d.length += d.scale * way * way
		}
	}
	for s := range d.average {
		d.average[s] *= 1 - share
	}
	for _, s := range d.chosen {
		d.average[s] += share
	}
}

// latest is what the last step has chosen, as an average is.
func (d *descent) latest() []float64 {
	latest := make([]float64, len(d.average))
	for _, s := range d.chosen {
		latest[s] = 1
	}
	return latest
}
