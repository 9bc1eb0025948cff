package siting

import (
	"context"
	"slices"
)

// choice is a set of sites that keeps to the constraints, and what it earns.
type choice struct {
	in    *instance
	built []int
	has   []bool
	// seen is how many of the built see each element, and next what one more would
	// earn.
	seen []uint16
	next []float64
	// value is what the built earn, without what stands.
	value, cost float64
	ofGroup     []int
	// foes is how many of the built conflict with each site.
	foes []int
	// gains is scratch.
	gains []float64
}

func newChoice(in *instance) *choice {
	return &choice{
		in: in, has: make([]bool, len(in.origin)),
		seen: make([]uint16, in.elements()), next: slices.Clone(in.worth[0]),
		ofGroup: make([]int, len(in.limits)), foes: make([]int, len(in.origin)),
		gains: make([]float64, len(in.origin)),
	}
}

// admits tells whether s can be built as well.
func (c *choice) admits(s int) bool {
	g := c.in.group[s]
	return !c.has[s] && len(c.built) < c.in.maxCount && c.foes[s] == 0 &&
		(g < 0 || c.ofGroup[g] < c.in.limits[g]) && affords(c.in.budget, c.cost+c.in.cost[s])
}

func (c *choice) add(s int) {
	c.built = append(c.built, s)
	runs := c.in.runs[s]
	for i := 1; i < len(runs); i += 2 {
		for e := runs[i-1]; e < runs[i]; e++ {
			c.value += c.next[e]
			c.seen[e]++
			c.next[e] = c.in.worthAt(int(c.seen[e]), e)
		}
	}
	c.account(s, 1)
}

func (c *choice) drop(s int) {
	i := slices.Index(c.built, s)
	c.built = slices.Delete(c.built, i, i+1)
	runs := c.in.runs[s]
	for i := 1; i < len(runs); i += 2 {
		for e := runs[i-1]; e < runs[i]; e++ {
			c.seen[e]--
			c.next[e] = c.in.worthAt(int(c.seen[e]), e)
			c.value -= c.next[e]
		}
	}
	c.account(s, -1)
}

func (c *choice) account(s, sign int) {
	c.has[s] = sign > 0
	c.cost += float64(sign) * c.in.cost[s]
	if g := c.in.group[s]; g >= 0 {
		c.ofGroup[g] += sign
	}
	if c.in.foes != nil {
		c.in.foes[s].each(func(foe int) { c.foes[foe] += sign })
	}
}

// worthAt is what one more adds to an element that count see.
func (in *instance) worthAt(count int, e int32) float64 {
	if count >= len(in.worth) {
		return 0
	}
	return in.worth[count][e]
}

// become builds these sites and no others.
func (c *choice) become(sites []int) {
	for _, s := range slices.Clone(c.built) {
		if !slices.Contains(sites, s) {
			c.drop(s)
		}
	}
	for _, s := range sites {
		if !c.has[s] {
			c.add(s)
		}
	}
}

// fill adds, as long as there is one, the site that adds most, or most for its
// cost. What a site adds can only fall as others are built, so that only those are
// looked at again that could still be the best (Minoux 1978).
func (c *choice) fill(ctx context.Context, perCost bool) {
	in := c.in
	if !slices.ContainsFunc(in.all, c.admits) {
		return
	}
	in.sums(c.next, c.admits, c.gains)
	fresh := slices.Repeat([]bool{true}, len(in.origin))
	for ctx.Err() == nil {
		best, most := -1, 0.0
		for s, gain := range c.gains {
			if perCost {
				gain /= in.cost[s]
			}
			if gain > most && c.admits(s) {
				best, most = s, gain
			}
		}
		switch {
		case best < 0 || c.gains[best] <= in.rounding():
			return
		case fresh[best]:
			c.add(best)
			clear(fresh)
		default:
			c.gains[best], fresh[best] = c.gain(best), true
		}
	}
}

// gain is what s adds.
func (c *choice) gain(s int) float64 {
	sum, runs := 0.0, c.in.runs[s]
	for i := 1; i < len(runs); i += 2 {
		for _, next := range c.next[runs[i-1]:runs[i]] {
			sum += next
		}
	}
	return sum
}
