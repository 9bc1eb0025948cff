package siting

import (
	"cmp"
	"math"
	"slices"
)

// verdict is what a branch of the search has decided on a site.
type verdict int8

const (
	undecided verdict = iota
	included
	excluded
)

// selection finds the sites of most profit, each of which has one of its own, that
// keep to the count, the budget and the limits of groups; conflicts do not matter
// to it, nor limits of groups whose sites differ in cost where there is a budget.
//
// Without a budget, greed is exact: the constraints are a laminar matroid. With
// one it is a knapsack, solved by dynamic programming over the count and the cost
// in units. Costs are rounded down to units, so that the profit found is never
// less than the true one.
type selection struct {
	in *instance
	// strict groups are those whose limits it keeps to.
	strict []bool
	// unit of costs; 0 where there is no budget.
	unit float64
	// countless knapsacks are those of a budget that keeps to the count as well.
	countless bool

	// Of the last choose: what is left to choose, the profit of those decided on, and
	// the best profits by count and cost.
	profit   []float64
	decided  float64
	count    int
	units    int
	limits   []int
	offered  []int
	best     []float64
	taken    []bool
	chosen   []int
	selected float64
}

// mostStates is how many states of the dynamic program are kept.
const mostStates = 1 << 12

func newSelection(in *instance) *selection {
	k := &selection{in: in, strict: make([]bool, len(in.limits)), limits: make([]int, len(in.limits))}
	costOf := make([]float64, len(in.limits))
	for g := range k.strict {
		k.strict[g] = true
	}
	if math.IsInf(in.budget, 1) {
		return k
	}
	for s, g := range in.group {
		if g < 0 {
			continue
		}
		k.strict[g] = k.strict[g] && (costOf[g] == 0 || costOf[g] == in.cost[s])
		costOf[g] = in.cost[s]
	}
	k.countless = in.affordable() <= in.maxCount
	k.unit = in.costUnit(k.rows(in.maxCount))
	return k
}

// rows is how many counts the dynamic program keeps apart, from 0 to count.
func (k *selection) rows(count int) int {
	if k.countless {
		return 1
	}
	return max(count, 0) + 1
}

// costUnit is the largest common divisor of the costs, if they are whole and the
// states are not too many for it, else a share of the budget.
func (in *instance) costUnit(rows int) float64 {
	units := max(mostStates/rows, 256)
	divisor := 0.0
	for _, cost := range in.cost {
		if cost != math.Trunc(cost) || cost > 1<<53 {
			return in.budget / float64(units)
		}
		for a := cost; a != 0; {
			divisor, a = a, math.Mod(divisor, a)
		}
	}
	if in.budget/divisor > float64(4*units) {
		return in.budget / float64(units)
	}
	return divisor
}

// choose returns the sites chosen, and their profit, which is at least that of the
// best choice.
func (k *selection) choose(profit []float64, verdicts []verdict) ([]int, float64) {
	k.begin(profit, verdicts)
	if k.unit == 0 {
		k.chosen, k.selected = k.greed(k.chosen, k.count, -1)
	} else {
		k.fillKnapsack()
	}
	return k.chosen, k.decided + k.selected
}

func (k *selection) begin(profit []float64, verdicts []verdict) {
	k.profit, k.decided, k.count = profit, 0, k.in.maxCount
	copy(k.limits, k.in.limits)
	k.chosen, k.offered = k.chosen[:0], k.offered[:0]
	left := k.in.budget
	for s, v := range verdicts {
		switch {
		case v == included:
			k.chosen = append(k.chosen, s)
			k.decided += profit[s]
			k.count--
			left -= k.in.cost[s]
			if g := k.in.group[s]; g >= 0 {
				k.limits[g]--
			}
		case v == undecided && profit[s] > 0:
			k.offered = append(k.offered, s)
		}
	}
	slices.SortFunc(k.offered, func(a, b int) int {
		return cmp.Or(cmp.Compare(profit[b], profit[a]), a-b)
	})
	if k.unit > 0 {
		k.units = k.inUnits(left)
	}
}

// inUnits rounds down, but for what only rounding took from a whole unit.
func (k *selection) inUnits(cost float64) int {
	return int(math.Floor(max(cost, 0)/k.unit*(1+2e-9) + 2e-9))
}

// costInUnits rounds down.
func (k *selection) costInUnits(s int) int { return int(math.Floor(k.in.cost[s] / k.unit)) }

// greed appends the most profitable of those offered, without one more of a group
// that is already said to have one more.
func (k *selection) greed(chosen []int, count, group int) ([]int, float64) {
	sum := 0.0
	ofGroup := make([]int, len(k.limits))
	if group >= 0 {
		ofGroup[group]++
	}
	for _, s := range k.offered {
		if count <= 0 {
			break
		}
		if g := k.in.group[s]; g >= 0 {
			if ofGroup[g] >= k.limits[g] {
				continue
			}
			ofGroup[g]++
		}
		chosen = append(chosen, s)
		sum += k.profit[s]
		count--
	}
	return chosen, sum
}

// forced is at least the profit of the best choice with an undecided site s.
func (k *selection) forced(s int) float64 {
	var rest float64
	switch {
	case k.count <= 0:
		return math.Inf(-1)
	case k.unit == 0:
		group := k.in.group[s]
		_, rest = k.greed(nil, k.count-1, group)
	default:
		left := k.units - k.costInUnits(s)
		if left < 0 {
			return math.Inf(-1)
		}
		rest = k.best[(k.rows(k.count-1)-1)*(k.units+1)+left]
	}
	return k.decided + k.profit[s] + rest
}

// fillKnapsack chooses by dynamic programming: best[n][u] is the largest profit of
// n sites or fewer whose cost is u units or less; of any number, if the count does
// not matter.
func (k *selection) fillKnapsack() {
	k.prune()
	width, rows := k.units+1, k.rows(k.count)
	states := rows * width
	k.best = slices.Grow(k.best[:0], states)[:states]
	clear(k.best)
	k.taken = slices.Grow(k.taken[:0], states*len(k.offered))[:states*len(k.offered)]
	clear(k.taken)
	fewer := 1 // rows from those without a site to those with it
	if k.countless {
		fewer = 0
	}
	for i, s := range k.offered {
		taken, cost, profit := k.taken[i*states:], k.costInUnits(s), k.profit[s]
		for n := rows - 1; n >= fewer; n-- {
			from, to := k.best[(n-fewer)*width:], k.best[n*width:]
			for u := k.units; u >= cost; u-- {
				if better := from[u-cost] + profit; better > to[u] {
					to[u] = better
					taken[n*width+u] = true
				}
			}
		}
	}
	k.selected = k.best[states-1]
	n, u := rows-1, k.units
	for i, s := range slices.Backward(k.offered) {
		if k.taken[i*states+n*width+u] {
			k.chosen = append(k.chosen, s)
			n, u = n-fewer, u-k.costInUnits(s)
		}
	}
}

// prune withdraws the offer of sites that no best choice needs: of equal cost in a
// group, all after as many as its limit allows, and any after as many sites as may
// be chosen that cost no more and have no limit.
func (k *selection) prune() {
	type class struct{ group, cost int }
	ofClass := make(map[class]int)
	var cheap []int // the costs of those without a limit, in ascending order
	kept := k.offered[:0]
	for _, s := range k.offered {
		group, cost, limit := k.in.group[s], k.costInUnits(s), k.count
		if group >= 0 && k.strict[group] {
			limit = min(limit, k.limits[group])
		} else {
			group = -1
		}
		place, _ := slices.BinarySearch(cheap, cost+1)
		if cost > k.units || place >= k.count || ofClass[class{group, cost}] >= limit {
			continue
		}
		ofClass[class{group, cost}]++
		if group < 0 {
			cheap = slices.Insert(cheap, place, cost)
		}
		kept = append(kept, s)
	}
	k.offered = kept
}
