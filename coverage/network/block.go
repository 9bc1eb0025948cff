package network

import (
	"math/bits"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
)

// cellsPerBlock is how many cells are looked at together: the bits of a word.
const cellsPerBlock = 64

func blocksOf(cells int) int { return (cells + cellsPerBlock - 1) / cellsPerBlock }

// block is some neighbouring cells of a row. Bit i of a word is that of the
// i-th cell.
type block struct {
	// col is the first column, of cells, and all are their bits.
	col, cells int
	all        uint64
	// floors are the MinRadars-th smallest, from floorLow to floorHigh.
	floors              []floor.AGL
	floorLow, floorHigh floor.AGL
	// ground is from groundLow to groundHigh, and all bands are from lowM to
	// highM, above mean sea level.
	groundLow, groundHigh float64
	lowM, highM           float64
	// free says that surely no ceiling lies below a band.
	free bool

	// seenBy[k] are the cells that more than k radars see, while counting.
	seenBy []uint64
	causes [sight.OutOfService + 1]uint64
}

// heights returns the least and the largest altitude of a band over the block,
// above mean sea level.
func (b *block) heights(a *band) (low, high float64) {
	return a.AMSLM(b.groundLow), a.AMSLM(b.groundHigh)
}

// look looks at the block at the altitude of a band.
func (w *looker) look(r, band int, t *task) {
	a, b := &w.bands[band], &w.block
	covered, underground := w.covered(a), uint64(0)
	if low, high := b.heights(a); !a.groundless && (low < b.groundLow || high < b.groundHigh) {
		underground = a.under(w.groundOf(0, b.cells)) &^ covered
	}
	into := &w.n.Bands[band]
	into.Covered[r] += int32(bits.OnesCount64(covered))
	into.Underground[r] += int32(bits.OnesCount64(underground))
	if open := b.all &^ covered &^ underground; open != 0 {
		w.findCauses(a, open)
		t.open[band] = b.appendOpen(t.open[band], r, open)
	}
}

// covered returns the cells that enough radars see.
func (w *looker) covered(a *band) uint64 {
	b := &w.block
	if !a.allowsAny(b.floorLow, b.groundLow) {
		return 0
	}
	allowed := b.all
	if !a.allowsAll(b.floorHigh, b.groundHigh) {
		allowed = w.allows(a, b.floors, 0)
	}
	if b.free || allowed == 0 || w.allFree(a) {
		return allowed
	}
	// A ceiling takes away from what floors allow.
	clear(b.seenBy)
	for _, v := range w.working {
		seen := w.seen(v, a, allowed)
		for k := len(b.seenBy) - 1; k > 0; k-- {
			b.seenBy[k] |= b.seenBy[k-1] & seen
		}
		b.seenBy[0] |= seen
	}
	return b.seenBy[len(b.seenBy)-1]
}

// allows returns those of some cells of the block, from the first on, whose floor
// allows a radar to see the band.
func (w *looker) allows(a *band, floors []floor.AGL, first int) uint64 {
	if a.level {
		return upTo(floors, a.highest)
	}
	return a.allows(floors, w.groundOf(first, first+len(floors)))
}

// allFree reports whether surely no ceiling lies below an altitude.
func (w *looker) allFree(a *band) bool {
	for _, v := range w.working {
		if free, _ := w.ceiling(v, a); free != v.met {
			return false
		}
	}
	return true
}

// seen returns those of some cells that a radar sees, or would.
func (w *looker) seen(v *view, a *band, among uint64) (seen uint64) {
	b := &w.block
	if among &= v.met; among == 0 {
		return 0
	}
	from, to := bits.TrailingZeros64(v.met), bits.Len64(v.met)
	floors := v.floors[b.col+from-v.first : b.col+to-v.first]
	seen = w.allows(a, floors, from) << from & among
	free, above := w.ceiling(v, a)
	seen &^= above
	for i := range cellsOf(seen &^ free) {
		if !w.below(v, a, i) {
			seen &^= 1 << i
		}
	}
	return seen
}

// below reports whether an altitude is below the ceiling of a radar over a
// cell.
func (w *looker) below(v *view, a *band, cell int) bool {
	if s := w.cell(v, cell); v.limits.reach != sight.Disc {
		if free, above := v.limits.ceilingAt(&s, a.AMSLM(s.groundLow)); free || above {
			return free
		}
	}
	ground := w.groundAt(cell)
	return v.sees(w.block.col+cell, ground, a.AMSLM(ground))
}

// ceiling returns over which of the cells in range an altitude is surely below
// all ceilings of a radar, and over which it is surely above the beam.
func (w *looker) ceiling(v *view, a *band) (free, above uint64) {
	if v.free || v.met == 0 {
		return v.met, 0
	}
	b, e := &w.block, w.ceilingBounds(v)
	limit := v.Site.HeightLimitAMSLM
	first, cells := bits.TrailingZeros64(v.met), bits.OnesCount64(v.met)
	_, high := b.heights(a)
	if least, _ := e.low.ends(cells); high <= min(least, limit) {
		free = v.met
	} else {
		ground := w.groundOf(first, first+cells)
		_, free = a.over(ground, e.low)
		above, _ = a.over(ground, e.high)
		if high > limit {
			over, under := a.over(ground, curve{first: limit})
			free, above = free&under, above|over
		}
		free, above = free<<first, above<<first
	}
	for i := range cellsOf(free &^ e.within) {
		height := a.AMSLM(w.groundAt(i))
		if v.arc.distance2M2(float64(b.col+i)) > v.limits.safe2M2(height, height) {
			free &^= 1 << i
		}
	}
	return free, above
}

// ceilingBounds returns what a radar's ceiling surely is within over the cells
// in range.
func (w *looker) ceilingBounds(v *view) *ceilingBounds {
	if !v.ceilingKnown {
		b := &w.block
		s := w.stretch(v)
		v.ceilingKnown, v.ceiling = true, v.limits.ceiling(&s)
		first := b.col + bits.TrailingZeros64(v.met)
		safe2M2 := v.limits.safe2M2(b.lowM, b.highM)
		if v.ceiling.within = v.met; v.arc.most2M2(first, first+s.cells) > safe2M2 {
			for i := range cellsOf(v.met) {
				if v.arc.distance2M2(float64(b.col+i)) > safe2M2 {
					v.ceiling.within &^= 1 << i
				}
			}
		}
	}
	return &v.ceiling
}

// horizonBounds returns what a radar's horizon surely is within over the cells
// in range.
func (w *looker) horizonBounds(v *view) *horizonBounds {
	if !v.horizonKnown {
		s := w.stretch(v)
		v.horizonKnown, v.horizon = true, v.limits.horizon(&s)
	}
	return &v.horizon
}

// stretch returns the cells of the block that are in range of a radar.
func (w *looker) stretch(v *view) stretch {
	b := &w.block
	first, last := b.col+bits.TrailingZeros64(v.met), b.col+bits.Len64(v.met)
	at := func(col float64) float64 { return max(nearest2M2, v.arc.distance2M2(col)) }
	columns := float64(last - first - 1)
	return stretch{
		cells: last - first, groundLow: b.groundLow, groundHigh: b.groundHigh,
		west2M2: at(float64(first)), middle2M2: at(float64(first) + columns/2), east2M2: at(float64(last - 1)),
		least2M2: max(nearest2M2, v.arc.least2M2(first, last)), north2M2: v.arc.a, length2M2: v.arc.b * columns * columns,
	}
}

// cell returns a stretch of one cell.
func (w *looker) cell(v *view, cell int) stretch {
	b := &w.block
	at, ground := max(nearest2M2, v.arc.distance2M2(float64(b.col+cell))), w.groundAt(cell)
	return stretch{
		cells: 1, groundLow: ground, groundHigh: ground,
		west2M2: at, middle2M2: at, east2M2: at, least2M2: at, north2M2: v.arc.a,
	}
}

// cellsOf yields the cells of a word.
func cellsOf(word uint64) func(yield func(i int) bool) {
	return func(yield func(int) bool) {
		for ; word != 0; word &= word - 1 {
			if !yield(bits.TrailingZeros64(word)) {
				return
			}
		}
	}
}
