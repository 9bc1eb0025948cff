package network

import (
	"math"
	"slices"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// looker is one worker's look at the rows of a network.
type looker struct {
	n     *Network
	eyes  []eye
	bands []band
	// above and level are the lowest and the highest band above ground and above
	// sea level; the wrong way round where there are none.
	above, level [2]float64

	// views are those of the row in hand, of which working are those of radars in
	// service and broken the others.
	views           []view
	working, broken []*view
	// ground is that of the row from column west on, if it was read.
	ground     terrain.Grid
	west       int
	groundRead bool
	// lowest[k] has room for the k-th smallest floors of a run, but for the last
	// of them, which are the network's; more is for sorting them, and unseen what
	// there is before.
	lowest       [][]floor.AGL
	more, unseen []floor.AGL
	block        block
}

func newLooker(n *Network, eyes []eye) *looker {
	cols := n.Ground.Cols
	none := [2]float64{math.Inf(1), math.Inf(-1)}
	w := &looker{
		n: n, eyes: eyes, views: make([]view, len(eyes)), above: none, level: none,
		ground: terrain.Grid{ElevationM: make([]float32, cols)}, more: make([]floor.AGL, cols), unseen: unseen(cols),
	}
	for _, a := range n.Altitudes {
		w.bands = append(w.bands, newBand(a, n.Reach))
		ends, h := &w.level, a.AMSLM(0)
		if a.Reference == altitude.AGL {
			ends = &w.above
		}
		*ends = [2]float64{min(ends[0], h), max(ends[1], h)}
	}
	for range n.MinRadars {
		w.lowest = append(w.lowest, make([]floor.AGL, cols))
	}
	w.block.seenBy = make([]uint64, n.MinRadars)
	return w
}

// row looks at a row of the network.
func (w *looker) row(r int, t *task) {
	runs, index := w.n.Inside.Row(r)
	switch e := w.n.Earlier; {
	case len(runs) == 0:
		return
	case e != nil && !e.Changed[r]:
		w.repeat(r, t)
		return
	}
	w.enterRow(r, runs)
	if !w.n.reliefKnown {
		w.readGround(runs, t)
	}
	w.working, w.broken = w.working[:0], w.broken[:0]
	for i := range w.eyes {
		switch v := &w.views[i]; {
		case !w.eyes[i].look(r, v):
		case v.Site.InService:
			w.working = append(w.working, v)
		default:
			w.broken = append(w.broken, v)
		}
	}
	for i, run := range runs {
		w.run(r, run, index+i, t)
	}
}

func (w *looker) enterRow(r int, runs []raster.Run) {
	w.west = int(runs[0].Col0)
	width := int(runs[len(runs)-1].Col1) - w.west
	w.ground.Lattice = w.n.Ground.Sub(w.west, r, width, 1)
	w.ground.ElevationM = w.ground.ElevationM[:width]
	w.groundRead = false
}

// readGround reads the ground of the row, and counts what is missing in runs of
// cells.
func (w *looker) readGround(runs []raster.Run, t *task) {
	w.groundRead = true
	if w.readWhole() {
		return
	}
	w.n.Ground.CopyTo(w.ground.ElevationM, w.ground.Lattice)
	for _, run := range runs {
		t.missing.AddRow(&w.ground, 0, int(run.Col0)-w.west, int(run.Col1)-w.west)
	}
	w.ground.FillMissing(0)
}

func (w *looker) groundAt(cell int) float64 { return float64(w.groundOf(cell, cell+1)[0]) }

// groundOf returns the ground of cells first ≤ i < last of the block.
func (w *looker) groundOf(first, last int) []float32 {
	if !w.groundRead {
		w.readGround(nil, nil)
	}
	return w.ground.ElevationM[w.block.col+first-w.west : w.block.col+last-w.west]
}

// readWhole reads the ground of the row if nothing is missing, as far as panels
// tell without a look at each post.
func (w *looker) readWhole() bool {
	row, known := w.ground.Lattice, 0
	for i := range w.n.Ground.Panels {
		p := &w.n.Ground.Panels[i]
		part := p.Intersect(row)
		if part.Posts() == 0 {
			continue
		}
		dst := w.ground.ElevationM[part.Col0-row.Col0:][:part.Cols]
		switch {
		case p.Float32 != nil && p.HasVoid:
			return false
		case p.Float32 != nil:
			copy(dst, p.Float32[(part.Row0-p.Row0)*p.Stride+part.Col0-p.Col0:])
		case p.Int16 == nil:
			clear(dst)
		default:
			void := int32(p.Void)
			if !p.HasVoid {
				void = math.MaxInt32
			}
			if widen(dst, p.Int16[(part.Row0-p.Row0)*p.Stride+part.Col0-p.Col0:][:part.Cols], void) {
				return false
			}
		}
		known += part.Cols
	}
	return known == row.Cols
}

// run looks at a run of cells of a row, and fills in what is not known of their
// floors and their ground.
func (w *looker) run(r int, run raster.Run, index int, t *task) {
	west, east := int(run.Col0), int(run.Col1)
	floors, floorEnds, groundEnds := w.n.Lowest.floorsOf(index), w.n.Lowest.endsOf(index), w.n.Relief.endsOf(index)
	if !w.n.lowestKnown {
		w.sortFloors(west, east, floors)
		endsOfFloors(floorEnds, floors)
	}
	if !w.n.reliefKnown {
		endsOfGround(groundEnds, w.ground.ElevationM[west-w.west:east-w.west])
	}
	for i := range groundEnds {
		from, to := i*cellsPerBlock, min((i+1)*cellsPerBlock, east-west)
		w.enter(block{
			col: west + from, cells: to - from, all: ^uint64(0) >> (cellsPerBlock - to + from),
			floors: floors[from:to], floorLow: floorEnds[i][0], floorHigh: floorEnds[i][1],
			groundLow: float64(groundEnds[i][0]), groundHigh: float64(groundEnds[i][1]),
			seenBy: w.block.seenBy,
		})
		for b := range w.bands {
			w.look(r, b, t)
		}
	}
}

// sortFloors fills in the floors of columns west ≤ c < east.
func (w *looker) sortFloors(west, east int, floors []floor.AGL) {
	w.lowest[len(w.lowest)-1] = floors
	for _, lowest := range w.lowest {
		copy(lowest[:east-west], w.unseen)
	}
	for _, v := range w.working {
		if from, to := max(v.first, west), min(v.last, east); from < to {
			sortIn(w.lowest, from-west, v.floors[from-v.first:to-v.first], w.more)
		}
	}
}

// sortIn sorts floors in among the smallest so far, from their cell at on: of
// each cell, the k-th smallest is in lowest[k]. It uses up more.
func sortIn(lowest [][]floor.AGL, at int, floors, more []floor.AGL) {
	last := len(lowest) - 1
	for _, smallest := range lowest[:last] {
		// The larger ones go on to the next.
		part(smallest[at:], floors, more)
		floors = more[:len(floors)]
	}
	lower(lowest[last][at:], floors)
}

func unseen(n int) []floor.AGL { return slices.Repeat([]floor.AGL{floor.Unseen}, n) }

// enter goes on to a block.
func (w *looker) enter(next block) {
	w.block = next
	b := &w.block
	b.lowM, b.highM = min(w.level[0], b.groundLow+w.above[0]), max(w.level[1], b.groundHigh+w.above[1])
	b.free = true
	for _, v := range w.working {
		v.enter(b)
		b.free = b.free && v.free
	}
	for _, v := range w.broken {
		v.enter(b)
	}
}
