package network

import (
	"math/bits"

	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
)

// findCauses finds out why the open cells of the block are not seen: causes of
// different cells do not share bits.
func (w *looker) findCauses(band int, open uint64) {
	b := &w.block
	clear(b.causes[:])
	switch cause := b.tile.verdicts[band].cause; {
	case cause != sight.None:
		b.causes[cause] = open
	case b.tile.plain:
		above, below, inRange := b.overHorizon(band)
		sure := above | below
		if !b.tile.verdicts[band].free {
			sure = b.certain(&w.bands[band], above, below, inRange)
		}
		if sure &= open; sure != open {
			w.findEachCause(band, open&^sure)
		}
		b.causes[sight.TerrainBlocked] |= sure & above
		b.causes[sight.BelowHorizon] |= sure & below & inRange
		b.causes[sight.OutOfRange] |= sure & below &^ inRange
	default:
		w.findEachCause(band, open)
	}
}

// findEachCause is findCauses radar by radar.
func (w *looker) findEachCause(band int, open uint64) {
	a, b := &w.bands[band], &w.block
	b.enter()
	rest := open
	for _, v := range b.row.broken {
		seen := b.seen(v, a, rest)
		b.causes[sight.OutOfService] |= seen
		rest &^= seen
	}
	for _, v := range b.row.working {
		among := rest & v.met
		if w.n.MinRadars > 1 { // else none of them is seen
			among &^= b.seen(v, a, among)
		}
		rest &^= b.judge(v, a, among)
	}
	// Few are left for a closer look.
	for _, v := range b.row.working {
		rest &^= b.compare(v, a, v.doubt&rest)
	}
	for _, v := range b.row.working {
		rest &^= b.resolve(v, a, v.doubt&rest)
	}
	b.causes[sight.OutOfRange] |= rest
	for cause := sight.OutOfService; cause > sight.OutOfRange; cause-- {
		b.causes[cause] &= open
		open &^= b.causes[cause]
	}
	b.causes[sight.OutOfRange] &= open
}

// judge finds the cause of cells that a radar does not see as far as it is one,
// and leaves them in doubt if it may not be. It returns those that are blocked.
func (b *block) judge(v *view, a *band, among uint64) (blocked uint64) {
	v.doubt = 0
	if among == 0 {
		return 0
	}
	o := b.outlook(v)
	switch sure := o.of(a); {
	case !o.inside || !sure.free:
		v.doubt = among
	case sure.over:
		b.causes[sight.TerrainBlocked] |= among
		return among
	case sure.under:
		b.causes[sight.BelowHorizon] |= among
	default:
		v.doubt = among
	}
	return 0
}

// compare finds the causes of cells in doubt as far as a look at each tells, and
// leaves the others in doubt. It returns those that are blocked.
func (b *block) compare(v *view, a *band, among uint64) (blocked uint64) {
	v.doubt = among
	o := b.outlook(v)
	if among == 0 || !o.inside {
		return 0
	}
	c := ceiling{free: v.met}
	if !o.of(a).free {
		c = b.ceiling(v, a)
	}
	over, under := uint64(0), uint64(0)
	if among&c.free != 0 {
		over, under = b.horizon(v, a)
	}
	blocked = among & c.free & over
	below := among & c.free & under
	b.causes[sight.TerrainBlocked] |= blocked
	b.causes[sight.BelowHorizon] |= below
	b.causes[sight.AboveBeam] |= among & c.above
	v.doubt &^= blocked | below | c.above | c.beyond
	return blocked
}

// horizon returns over which of the cells that a radar meets an altitude is surely
// above, and over which it is surely below the horizon.
func (b *block) horizon(v *view, a *band) (above, below uint64) {
	o := b.outlook(v)
	switch sure := o.of(a); {
	case sure.over:
		return v.met, 0
	case sure.under:
		return 0, v.met
	}
	above = v.met
	if o.bulge {
		above, below = b.overBulge(v, a)
	}
	if o.ray {
		aboveRay, belowRay := b.overRay(v, a, v.limits.minTan)
		above, below = above&aboveRay, below|belowRay
	}
	return above, below
}

// resolve settles cell by cell what is left in doubt. It returns those that are
// blocked.
func (b *block) resolve(v *view, a *band, among uint64) (blocked uint64) {
	for i := range cellsOf(among) {
		ground := b.groundAt(i)
		cause := v.cause(b.col+i, ground, a.AMSLM(ground))
		b.causes[cause] |= 1 << i
		if cause == sight.TerrainBlocked {
			blocked |= 1 << i
		}
	}
	return blocked
}

// appendOpen appends the open cells of the block, which have their causes.
func (b *block) appendOpen(to []Stretch, open uint64) []Stretch {
	for open != 0 {
		i := bits.TrailingZeros64(open)
		cause := b.causeOf(i)
		cells := bits.TrailingZeros64(^(b.causes[cause] >> i))
		open &^= ^uint64(0) >> (cellsPerBlock - cells) << i
		run := raster.Run{Row: int32(b.row.index), Col0: int32(b.col + i), Col1: int32(b.col + i + cells)}
		to = appendStretch(to, Stretch{run, cause})
	}
	return to
}

// appendStretch appends a stretch, which may go on with the last.
func appendStretch(to []Stretch, s Stretch) []Stretch {
	if last := len(to) - 1; last >= 0 && to[last].Row == s.Row && to[last].Col1 == s.Col0 && to[last].Cause == s.Cause {
		to[last].Col1 = s.Col1
		return to
	}
	return append(to, s)
}

func (b *block) causeOf(i int) sight.Cause {
	cause := sight.OutOfRange
	for b.causes[cause]>>i&1 == 0 {
		cause++
	}
	return cause
}
