package network

import (
	"math/bits"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
)

// cellsPerBlock is how many cells are looked at together: the bits of a word.
const cellsPerBlock = 64

// A block begins at each column that its size divides, and where a run does.
func blocksOf(run raster.Run) int {
	return (int(run.Col1)+cellsPerBlock-1)/cellsPerBlock - int(run.Col0)/cellsPerBlock
}

// blockOf returns the columns west ≤ c < east of the i-th block of a run.
func blockOf(run raster.Run, i int) (west, east int) {
	west = (int(run.Col0)/cellsPerBlock + i) * cellsPerBlock
	return max(west, int(run.Col0)), min(west+cellsPerBlock, int(run.Col1))
}

// block is some neighbouring cells of a row. Bit i of a word is that of the
// i-th cell.
type block struct {
	row  *row
	tile *tile
	// col is the first column, of cells, and all are their bits.
	col, cells int
	all        uint64
	// floors are the MinRadars-th smallest, from floorLow to floorHigh.
	floors, horizons      []floor.AGL
	floorLow, floorHigh   floor.AGL
	groundLow, groundHigh float64
	// entered says that views know what is met.
	entered bool

	// seenBy[k] are the cells that more than k radars see, while counting.
	seenBy []uint64
	causes [sight.OutOfService + 1]uint64
}

// lookAt looks at the block at the altitude of a band.
func (w *looker) lookAt(band int) {
	a, b := &w.bands[band], &w.block
	covered := w.covered(band)
	underground := b.underground(a) &^ covered
	into, r := &w.n.Bands[band], b.row.index
	into.Covered[r] += int32(bits.OnesCount64(covered))
	into.Underground[r] += int32(bits.OnesCount64(underground))
	if open := b.all &^ covered &^ underground; open != 0 {
		w.findCauses(band, open)
		w.open[band] = b.appendOpen(w.open[band], open)
	}
}

// underground returns the cells whose ground is higher than the altitude.
func (b *block) underground(a *band) uint64 {
	if a.groundless {
		return 0
	}
	switch low, high := a.ends(b.groundLow, b.groundHigh); {
	case low >= b.groundLow && high >= b.groundHigh:
		return 0
	case a.follow == 0 && low < b.groundLow:
		return b.all
	}
	return a.under(b.ground(0, b.cells))
}

// covered returns the cells that enough radars see.
func (w *looker) covered(band int) uint64 {
	a, b := &w.bands[band], &w.block
	if !a.allowsAny(b.floorLow, b.groundLow) {
		return 0
	}
	allowed := b.all
	if !a.allowsAll(b.floorHigh, b.groundHigh) {
		allowed = b.allows(a, b.floors, 0)
	}
	if allowed == 0 || b.tile.verdicts[band].free {
		return allowed
	}
	// A ceiling takes away from what floors allow.
	b.enter()
	clear(b.seenBy)
	enough := &b.seenBy[len(b.seenBy)-1]
	for i := 0; i < len(b.row.working) && *enough != allowed; i++ {
		seen := b.seen(b.row.working[i], a, allowed)
		for k := len(b.seenBy) - 1; k > 0; k-- {
			b.seenBy[k] |= b.seenBy[k-1] & seen
		}
		b.seenBy[0] |= seen
	}
	return *enough
}

// enter tells the views what is met.
func (b *block) enter() {
	if b.entered {
		return
	}
	b.entered = true
	for _, views := range [2][]*view{b.row.working, b.row.broken} {
		for _, v := range views {
			v.met = v.within(b.col, b.cells)
		}
	}
}

// ground returns the ground of cells first ≤ i < last.
func (b *block) ground(first, last int) []float32 { return b.row.groundFrom(b.col)[first:last] }

func (b *block) groundAt(cell int) float64 { return float64(b.row.groundFrom(b.col)[cell]) }

// allows returns those of some cells, from the first on, whose floor allows a
// radar to see the band.
func (b *block) allows(a *band, floors []floor.AGL, first int) uint64 {
	if a.level {
		return upTo(floors, a.highest)
	}
	return allows(floors, b.ground(first, first+len(floors)), a.baseM)
}

func (b *block) outlook(v *view) *outlook { return &b.tile.outlooks[v.index] }

// seen returns those of some cells that a radar sees, or would.
func (b *block) seen(v *view, a *band, among uint64) (seen uint64) {
	if among &= v.met; among == 0 {
		return 0
	}
	from, to := bits.TrailingZeros64(v.met), bits.Len64(v.met)
	floors := v.floors[b.col+from-v.first : b.col+to-v.first]
	seen = b.allows(a, floors, from) << from & among
	if seen == 0 {
		return 0
	}
	if b.outlook(v).of(a).free {
		return seen
	}
	c := b.ceiling(v, a)
	seen &^= c.above | c.beyond
	for i := range cellsOf(seen &^ c.free) {
		if ground := b.groundAt(i); !v.sees(b.col+i, ground, a.AMSLM(ground)) {
			seen &^= 1 << i
		}
	}
	return seen
}

// ceiling is over which of the cells that a radar meets an altitude is surely
// below all its ceilings, over which surely above the beam, and over which surely
// below that and beyond the range.
type ceiling struct{ free, above, beyond uint64 }

func (b *block) ceiling(v *view, a *band) (c ceiling) {
	below := v.met
	low, high := a.ends(b.groundLow, b.groundHigh)
	if high > b.outlook(v).beamM {
		c.above, below = b.overRay(v, a, v.limits.maxTan)
	}
	if limit := v.Site.HeightLimitAMSLM; high > limit {
		over := a.over(b.ground(0, b.cells), limit)
		c.above |= over
		below &^= over
	}
	c.free, c.beyond = below, 0
	for i := range cellsOf(b.shell(v, v.limits.safe2M2(low, high))) {
		height := a.AMSLM(b.groundAt(i))
		switch d2 := v.arc.distance2M2(float64(b.col + i)); {
		case d2 <= v.limits.safe2M2(height, height):
		case d2 >= v.limits.lost2M2(height):
			c.beyond |= 1 << i
			fallthrough
		default:
			c.free &^= 1 << i
		}
	}
	c.beyond &= below
	return c
}

// shell returns those of the cells that a radar meets of which the square of the
// distance is more than safe2M2.
func (b *block) shell(v *view, safe2M2 float64) (word uint64) {
	arc := v.arcOfRow()
	first, last := bits.TrailingZeros64(v.met), bits.Len64(v.met)-1
	// They are at the ends, if not everywhere.
	for ; first <= last && arc.distance2M2(float64(b.col+last)) > safe2M2; last-- {
		word |= 1 << last
	}
	for ; first <= last && arc.distance2M2(float64(b.col+first)) > safe2M2; first++ {
		word |= 1 << first
	}
	return word
}

// overRay returns over which of the cells that a radar meets an altitude is
// surely above a ray, and over which it is surely below.
func (b *block) overRay(v *view, a *band, tan float64) (above, below uint64) {
	c := b.course(v)
	t := v.limits.rayTest(a, &c, tan)
	above, below = overRay(b.row.groundFrom(b.col), &t)
	return above & v.met, below & v.met
}

// overBulge returns over which of the cells that a radar meets an altitude is
// surely above the horizon of a smooth earth, and over which it is surely below.
func (b *block) overBulge(v *view, a *band) (above, below uint64) {
	c := b.course(v)
	t := v.limits.bulgeTest(a, &c)
	above, below = overBulge(b.row.groundFrom(b.col), &t)
	return above & v.met, below & v.met
}

func (b *block) course(v *view) course {
	return v.limits.course(v.arcOfRow(), b.col, b.col+bits.TrailingZeros64(v.met), b.col+bits.Len64(v.met))
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
