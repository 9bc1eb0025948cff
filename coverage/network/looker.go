package network

import (
	"math"
	"math/bits"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// looker is one worker's look at the rows of a network.
type looker struct {
	n     *Network
	eyes  []eye
	bands []band
	// aglM and amslM are the highest band above ground and above sea level, −Inf
	// where there is none.
	aglM, amslM float64

	// views are those of the row in hand, working those of radars in service
	// and broken the others.
	working, broken []view
	// ground is that of the row from column west on.
	ground terrain.Grid
	west   int
	block  block
}

func newLooker(n *Network, eyes []eye) *looker {
	w := &looker{n: n, eyes: eyes, aglM: math.Inf(-1), amslM: math.Inf(-1)}
	for _, a := range n.Altitudes {
		b := newBand(a, n.Reach)
		w.bands = append(w.bands, b)
		highest := &w.amslM
		if a.Reference == altitude.AGL {
			highest = &w.aglM
		}
		*highest = max(*highest, a.AMSLM(0))
	}
	for range n.MinRadars {
		w.block.lowest = append(w.block.lowest, make([]floor.AGL, cellsPerBlock))
	}
	w.block.more = make([]floor.AGL, cellsPerBlock)
	w.block.seenBy = make([]uint64, n.MinRadars)
	return w
}

// row looks at a row of the network.
func (w *looker) row(r int, t *task) {
	runs, index := w.n.Inside.Row(r)
	if len(runs) == 0 {
		return
	}
	w.readGround(r, runs, t)
	w.working, w.broken = w.working[:0], w.broken[:0]
	for i := range w.eyes {
		if v, ok := w.eyes[i].look(r); !ok {
			continue
		} else if v.Site.InService {
			w.working = append(w.working, v)
		} else {
			w.broken = append(w.broken, v)
		}
	}
	for i, run := range runs {
		floors := w.n.Floors(index + i)
		for c := int(run.Col0); c < int(run.Col1); c += cellsPerBlock {
			cells := min(cellsPerBlock, int(run.Col1)-c)
			w.begin(c, cells)
			copy(floors[c-int(run.Col0):], w.block.kth())
			for b := range w.bands {
				w.look(r, b, t)
			}
		}
	}
}

// readGround reads the ground of a row, and counts what is missing.
func (w *looker) readGround(r int, runs []raster.Run, t *task) {
	w.west = int(runs[0].Col0)
	width := int(runs[len(runs)-1].Col1) - w.west
	w.ground.Lattice = w.n.Ground.Sub(w.west, r, width, 1)
	if cap(w.ground.ElevationM) < width {
		w.ground.ElevationM = make([]float32, w.n.Ground.Cols)
	}
	w.ground.ElevationM = w.ground.ElevationM[:width]
	w.n.Ground.CopyTo(w.ground.ElevationM, w.ground.Lattice)
	for _, run := range runs {
		t.missing.AddRow(&w.ground, 0, int(run.Col0)-w.west, int(run.Col1)-w.west)
	}
	w.ground.FillMissing(0)
}

// cellsPerBlock is how many cells are looked at together: the bits of a word.
const cellsPerBlock = 64

// block is some neighbouring cells of a row. Bit i of a word is that of the
// i-th cell.
type block struct {
	// col is the first column, of cells, and all are their bits.
	col, cells int
	all        uint64
	ground     []float32
	// groundLow and groundHigh bound the ground, and highM all bands, above mean
	// sea level.
	groundLow, groundHigh, highM float64
	// lowest[k] holds the k-th smallest floors; more is for sorting them.
	lowest [][]floor.AGL
	more   []floor.AGL
	// floorLow and floorHigh bound the last of them.
	floorLow, floorHigh floor.AGL
	// clear says that surely no ceiling lies below an altitude.
	clear bool

	// seenBy[k] are the cells that more than k radars see, while counting.
	seenBy []uint64
	causes [sight.OutOfService + 1]uint64
}

// kth returns the largest of the smallest floors.
func (b *block) kth() []floor.AGL { return b.lowest[len(b.lowest)-1][:b.cells] }

// begin lays the floors of all radars over the cells from col on.
func (w *looker) begin(col, cells int) {
	b := &w.block
	b.col, b.cells, b.all = col, cells, ^uint64(0)>>(cellsPerBlock-cells)
	b.ground = w.ground.ElevationM[col-w.west:][:cells]
	low, high := b.ground[0], b.ground[0]
	for _, z := range b.ground {
		if z < low {
			low = z
		}
		if z > high {
			high = z
		}
	}
	b.groundLow, b.groundHigh = float64(low), float64(high)
	for _, lowest := range b.lowest {
		unseen(lowest[:cells])
	}
	b.highM = max(w.amslM, b.groundHigh+w.aglM)
	b.clear = true
	for i := range w.working {
		v := &w.working[i]
		v.enter(b)
		b.clear = b.clear && v.clear
		if v.met != 0 {
			from, to := max(v.first, col), min(v.last, col+cells)
			lower(b.lowest, from-col, v.floors[from-v.first:to-v.first], b.more)
		}
	}
	for i := range w.broken {
		w.broken[i].enter(b)
	}
	b.floorLow, b.floorHigh = floor.Unseen, floor.Ground
	for _, a := range b.kth() {
		if a < b.floorLow {
			b.floorLow = a
		}
		if a > b.floorHigh {
			b.floorHigh = a
		}
	}
}

// enter has the view look at a block.
func (v *view) enter(b *block) {
	v.met, v.bounded, v.clear = 0, false, true
	from, to := max(v.first, b.col)-b.col, min(v.last, b.col+b.cells)-b.col
	if from >= to {
		return
	}
	v.met = ^uint64(0) >> (cellsPerBlock - (to - from)) << from
	first, last := b.col+from, b.col+to
	v.clear = b.highM <= v.clearM && v.arc.least2M2(first, last) >= v.nearM2 && v.arc.most2M2(first, last) <= v.farM2
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
		underground = a.under(b.ground) &^ covered
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
		allowed = a.allows(b.kth(), b.ground)
	}
	if b.clear || allowed == 0 || w.allClear(a) {
		return allowed
	}
	// A ceiling takes away from what floors allow.
	clear(b.seenBy)
	for i := range w.working {
		seen := w.seen(&w.working[i], a, allowed)
		for k := len(b.seenBy) - 1; k > 0; k-- {
			b.seenBy[k] |= b.seenBy[k-1] & seen
		}
		b.seenBy[0] |= seen
	}
	return b.seenBy[len(b.seenBy)-1]
}

// allClear reports whether surely no ceiling lies below an altitude.
func (w *looker) allClear(a *band) bool {
	for i := range w.working {
		v := &w.working[i]
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
	seen = a.allows(floors, b.ground[from:to]) << from & among
	free, above := w.ceiling(v, a)
	seen &^= above
	for i := range cellsOf(seen &^ free) {
		ground := float64(b.ground[i])
		if !v.sees(b.col+i, ground, a.AMSLM(ground)) {
			seen &^= 1 << i
		}
	}
	return seen
}

// ceiling returns over which of the cells in range an altitude is surely below
// all ceilings of a radar, and over which it is surely above the beam.
func (w *looker) ceiling(v *view, a *band) (free, above uint64) {
	if v.clear || v.met == 0 {
		return v.met, 0
	}
	b, e := &w.block, w.bounds(v)
	first, cells := bits.TrailingZeros64(v.met), bits.OnesCount64(v.met)
	limit := v.Site.HeightLimitAMSLM
	low, high := b.heights(a)
	if least, _ := e.topLow.ends(cells); high <= min(least, limit) &&
		v.limits.withinRange(v.arc.most2M2(b.col+first, b.col+first+cells), low, high) {
		return v.met, 0
	}
	for i := range cells {
		at := first + i
		height := a.AMSLM(float64(b.ground[at]))
		switch {
		case height > limit || height > e.topHigh.at(i):
			above |= 1 << at
		case height <= e.topLow.at(i) && v.limits.withinRange(v.arc.distance2M2(float64(b.col+at)), height, height):
			free |= 1 << at
		}
	}
	return free, above
}

// bounds returns those of a radar's envelope over the cells in range.
func (w *looker) bounds(v *view) *bounds {
	if !v.bounded {
		b := &w.block
		first, last := b.col+bits.TrailingZeros64(v.met), b.col+bits.Len64(v.met)
		at := func(col float64) float64 { return math.Sqrt(v.arc.distance2M2(col)) }
		s := stretch{cells: last - first, groundLow: b.groundLow, groundHigh: b.groundHigh,
			west: at(float64(first)), middle: at(float64(first+last-1) / 2), east: at(float64(last - 1)),
			least: math.Sqrt(v.arc.least2M2(first, last)), north: math.Sqrt(max(0, v.arc.a))}
		v.bounds = v.limits.over(&s)
		v.bounded = true
	}
	return &v.bounds
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
