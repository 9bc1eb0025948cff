package network

import (
	"math/bits"

	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
)

// findCauses finds out why the open cells of the block are not seen: causes of
// different cells do not share bits.
func (w *looker) findCauses(a *band, open uint64) {
	b := &w.block
	clear(b.causes[:])
	rest := open
	for _, v := range w.broken {
		seen := w.seen(v, a, rest)
		b.causes[sight.OutOfService] |= seen
		rest &^= seen
	}
	for i := 0; i < len(w.working) && rest != 0; i++ {
		v := w.working[i]
		v.doubt = 0
		among := rest & v.met
		if among == 0 {
			continue
		}
		if w.n.MinRadars > 1 { // else none of them is seen
			if among &^= w.seen(v, a, among); among == 0 {
				continue
			}
		}
		blocked := w.judge(v, a, among)
		if rest &^= blocked; blocked != 0 {
			// The neighbours are probably blocked for the same radar.
			w.working[0], w.working[i] = w.working[i], w.working[0]
		}
	}
	if rest != 0 {
		w.resolve(a, rest)
	}
	b.causes[sight.OutOfRange] |= rest
	for cause := sight.OutOfService; cause > sight.OutOfRange; cause-- {
		b.causes[cause] &= open
		open &^= b.causes[cause]
	}
	b.causes[sight.OutOfRange] &= open
}

// resolve settles cell by cell what bounds over the block left in doubt, for
// those of the cells that are not known to be blocked.
func (w *looker) resolve(a *band, rest uint64) {
	b := &w.block
	for _, v := range w.working {
		for i := range cellsOf(v.doubt & rest) {
			cell := w.cell(v, i)
			height := a.AMSLM(cell.groundLow)
			cause := v.limits.causeAt(&cell, height)
			if cause == sight.None {
				cause = v.cause(b.col+i, cell.groundLow, height)
			}
			b.causes[cause] |= 1 << i
			if cause == sight.TerrainBlocked {
				rest &^= 1 << i
			}
		}
	}
}

// judge finds the causes of cells that a radar does not see as far as bounds
// tell, and leaves the others in doubt. It returns those that are blocked.
func (w *looker) judge(v *view, a *band, among uint64) (blocked uint64) {
	b := &w.block
	v.doubt = among
	if v.inside {
		free, above := w.ceiling(v, a)
		over, under := w.horizon(v, a)
		blocked = among & free & over
		below := among & free & under
		b.causes[sight.TerrainBlocked] |= blocked
		b.causes[sight.BelowHorizon] |= below
		b.causes[sight.AboveBeam] |= among & above
		v.doubt &^= blocked | below | above
	}
	return blocked
}

// horizon returns over which of the cells in range an altitude is surely above,
// and over which it is surely below the horizon.
func (w *looker) horizon(v *view, a *band) (above, below uint64) {
	b := &w.block
	low, high := b.heights(a)
	switch least, most := v.limits.horizonWithin(v.least2M2, v.most2M2); {
	case low >= most:
		return v.met, 0
	case high < least:
		return 0, v.met
	}
	e := w.horizonBounds(v)
	first, cells := bits.TrailingZeros64(v.met), bits.OnesCount64(v.met)
	if _, most := e.high.ends(cells); low >= most {
		return v.met, 0
	}
	if least, _ := e.low.ends(cells); high < least {
		return 0, v.met
	}
	ground := w.groundOf(first, first+cells)
	above, _ = a.over(ground, e.high)
	_, below = a.over(ground, e.low)
	return above << first, below << first
}

// appendOpen appends the open cells of the block, which have their causes.
func (b *block) appendOpen(to []Stretch, row int, open uint64) []Stretch {
	for open != 0 {
		i := bits.TrailingZeros64(open)
		cause := b.causeOf(i)
		cells := bits.TrailingZeros64(^(b.causes[cause] >> i))
		open &^= ^uint64(0) >> (cellsPerBlock - cells) << i
		run := raster.Run{Row: int32(row), Col0: int32(b.col + i), Col1: int32(b.col + i + cells)}
		if last := len(to) - 1; last >= 0 && to[last].Row == run.Row && to[last].Col1 == run.Col0 && to[last].Cause == cause {
			to[last].Col1 = run.Col1
		} else {
			to = append(to, Stretch{run, cause})
		}
	}
	return to
}

func (b *block) causeOf(i int) sight.Cause {
	cause := sight.OutOfRange
	for b.causes[cause]>>i&1 == 0 {
		cause++
	}
	return cause
}
