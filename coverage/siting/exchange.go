package siting

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// constructed returns what greed alone builds: by what a site adds or, where a
// budget binds, by what it adds for its cost, whichever earns more.
func constructed(ctx context.Context, in *instance) *choice {
	best := newChoice(in)
	best.fill(ctx, false)
	if !math.IsInf(in.budget, 1) {
		frugal := newChoice(in)
		if frugal.fill(ctx, true); frugal.value > best.value {
			best = frugal
		}
	}
	return best
}

// polish exchanges sites for others as long as that earns more: one for as many as
// fit in its place.
func (c *choice) polish(ctx context.Context) {
	for improved := true; improved; {
		improved = false
		for _, s := range slices.Clone(c.built) {
			if ctx.Err() != nil {
				return
			}
			if c.has[s] && c.exchange(ctx, s) {
				improved = true
			}
		}
	}
}

// exchange tries to build others in the place of s.
func (c *choice) exchange(ctx context.Context, s int) bool {
	before, value := slices.Clone(c.built), c.value
	enough := value + max(1e-12*c.in.total, c.in.rounding())
	for _, perCost := range []bool{false, true} {
		if perCost && math.IsInf(c.in.budget, 1) {
			break
		}
		c.drop(s)
		if c.fill(ctx, perCost); c.value > enough {
			return true
		}
		c.become(before)
		c.value = value // as it was, to the bit
	}
	return false
}

// kick builds one or two of these sites, drawn at random, takes away what stands in
// their way, and polishes what comes of it.
func (c *choice) kick(ctx context.Context, random *rand.Rand, sites []int) {
	for range 1 + random.IntN(2) {
		s := sites[random.IntN(len(sites))]
		if c.has[s] {
			c.drop(s)
			continue
		}
		for _, b := range slices.Clone(c.built) {
			if c.in.foes != nil && c.in.foes[s].has(b) {
				c.drop(b)
			}
		}
		for !c.admits(s) {
			c.drop(c.leastMissed(s))
		}
		c.add(s)
	}
	c.fill(ctx, false)
	c.polish(ctx)
}

// leastMissed is that of the built sites which is missed least, of those that stand
// in the way of s: by its group, by their number or by their cost.
func (c *choice) leastMissed(s int) int {
	g := c.in.group[s]
	groupFull := g >= 0 && c.ofGroup[g] >= c.in.limits[g]
	least, loss := c.built[0], math.Inf(1)
	for _, b := range c.built {
		if groupFull && c.in.group[b] != g {
			continue
		}
		missed := c.loss(b)
		if !math.IsInf(c.in.budget, 1) {
			missed /= c.in.cost[b]
		}
		if missed < loss {
			least, loss = b, missed
		}
	}
	return least
}

// loss is what would be lost without the built site b.
func (c *choice) loss(b int) float64 {
	sum, runs := 0.0, c.in.runs[b]
	for i := 1; i < len(runs); i += 2 {
		for e := runs[i-1]; e < runs[i]; e++ {
			sum += c.in.worthAt(int(c.seen[e])-1, e)
		}
	}
	return sum
}
