package network

import (
	"math"
	"slices"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/raster"
)

// looker is one worker's look at the rows of a network.
type looker struct {
	n     *Network
	eyes  []eye
	bands []band
	// above and level are the lowest and the highest band above ground and above
	// sea level; the wrong way round where there are none.
	above, level [2]float64

	// rows are those of the task in hand that are looked at, tiles all there may
	// be in them, and glances are by eye. tallies are by band, for adding up.
	rows    []row
	tiles   []tile
	glances []glance
	tallies []tally
	// open are the open cells found, by band.
	open [][]Stretch
	// lowest[k] has room for the k-th smallest floors of a run, but for the last
	// of them, which are the network's; more is for sorting them, and unseen what
	// there is before.
	lowest       [][]floor.AGL
	more, unseen []floor.AGL
	// rays has room for the lowest rays over a run, and noRays is what there is
	// before.
	rays, noRays []float32
	block        block
	// shared says that the floors of the task are those of an earlier look, of
	// which before are the open cells of the row in hand, by band, and rest those
	// of rows to come.
	shared       bool
	before, rest [][]Stretch
	// tell is told of each block, which is then left alone; nil for nobody. cells
	// are what it is told.
	tell  func(*Cells)
	cells Cells
}

func newLooker(n *Network, eyes []eye) *looker {
	cols := n.Ground.Cols
	none := [2]float64{math.Inf(1), math.Inf(-1)}
	w := &looker{
		n: n, eyes: eyes, above: none, level: none,
		rows: make([]row, 0, rowsPerTask), tiles: make([]tile, blocksOf(raster.Run{Col1: int32(cols)})),
		glances: make([]glance, len(eyes)), tallies: make([]tally, len(n.Altitudes)), open: make([][]Stretch, len(n.Altitudes)),
		more: make([]floor.AGL, cols), unseen: unseen(cols),
		rays: make([]float32, cols), noRays: slices.Repeat([]float32{float32(math.Inf(1))}, cols),
		before: make([][]Stretch, len(n.Altitudes)), rest: make([][]Stretch, len(n.Altitudes)),
	}
	for _, a := range n.Altitudes {
		w.bands = append(w.bands, newBand(a, n.Reach))
		ends, h := &w.level, a.AMSLM(0)
		if a.Reference == altitude.AGL {
			ends = &w.above
		}
		*ends = [2]float64{min(ends[0], h), max(ends[1], h)}
	}
	for i := range w.rows[:rowsPerTask] {
		w.rows[:rowsPerTask][i] = row{n: n, views: make([]view, len(eyes)), groundM: make([]float32, cols+cellsPerBlock)}
	}
	for i := range w.tiles {
		w.tiles[i] = tile{outlooks: make([]outlook, len(eyes)), verdicts: make([]verdict, len(w.bands))}
	}
	for range n.MinRadars {
		w.lowest = append(w.lowest, make([]floor.AGL, cols))
	}
	w.block.seenBy = make([]uint64, n.MinRadars)
	return w
}

// look looks at rows from ≤ r < to of the network, of a task.
func (w *looker) look(from, to int, t *task) {
	for i := range w.tiles {
		w.tiles[i].empty()
	}
	w.rows = w.rows[:0]
	if !w.n.lowestKnown {
		w.enterFloors(from, to)
	}
	for r := from; r < to; r++ {
		if hasCells(w.n.Inside, r) {
			w.rows = w.rows[:len(w.rows)+1]
			w.enter(&w.rows[len(w.rows)-1], r, t)
		}
	}
	w.enterTiles(from, to)
	if w.n.Lowest.horizons != nil && !w.n.lowestKnown && !w.shared {
		for i := range w.rows {
			w.fillHorizons(&w.rows[i])
		}
	}
	if w.n.Earlier != nil {
		for b := range w.rest {
			w.rest[b] = w.n.Earlier.Bands[b].openFrom(from)
		}
	}
	for i := range w.rows {
		w.row(&w.rows[i])
	}
	for b := range w.open {
		t.open = append(t.open, slices.Clone(w.open[b]))
		w.open[b] = w.open[b][:0]
	}
}

func hasCells(inside *raster.Mask, r int) bool {
	runs, _ := inside.Row(r)
	return len(runs) > 0
}

// enterFloors makes room for the floors of rows from ≤ r < to, unless they are
// those of an earlier look.
func (w *looker) enterFloors(from, to int) {
	_, first := w.n.Inside.Row(from)
	runs, last := w.n.Inside.Row(to - 1)
	last += len(runs)
	changed := w.n.Earlier == nil
	for r := from; r < to && !changed; r++ {
		west, east := w.n.lookedAt(r)
		changed = west < east
	}
	if changed {
		w.n.Lowest.enter(first, last)
	} else {
		w.n.Lowest.share(w.n.Earlier.Lowest, first, last)
	}
	w.shared = !changed
}

// enter has a row looked at, and fills in what is not known of its floors and its
// ground.
func (w *looker) enter(r *row, index int, t *task) {
	r.enter(index, w.eyes)
	if !w.n.reliefKnown {
		r.readGround(t)
	}
	for i, run := range r.runs {
		ground := w.n.Relief.endsOf(r.first + i)
		if !w.n.lowestKnown && !w.shared {
			w.fillFloors(r, i)
		}
		if !w.n.reliefKnown {
			west := int(run.Col0)
			endsOfBlocks(ground, r.groundFrom(west)[:run.Len()], west, endsOfGround)
		}
		for k, last := r.blocks(run); k < last; k++ {
			from, to := blockOf(run, k)
			w.tiles[from/cellsPerBlock].add(from, to, ground[k])
		}
	}
}

// fillFloors fills in the floors of the i-th run of a row.
func (w *looker) fillFloors(r *row, i int) {
	run, floors, ends := r.runs[i], w.n.Lowest.floors[r.first+i], w.n.Lowest.endsOf(r.first+i)
	first, last := r.blocks(run)
	west, east := max(int(run.Col0), r.from), min(int(run.Col1), r.to)
	if e := w.n.Earlier; e != nil {
		was := e.Lowest.floors[r.first+i]
		copy(ends, e.Lowest.endsOf(r.first+i))
		if first == last {
			copy(floors, was)
			return
		}
		copy(floors[:west-int(run.Col0)], was)
		copy(floors[east-int(run.Col0):], was[east-int(run.Col0):])
	}
	looked := floors[west-int(run.Col0) : east-int(run.Col0)]
	w.sortFloors(r.working, west, east, looked)
	endsOfBlocks(ends[first:last], looked, west, endsOfFloors)
}

// row looks at a row.
func (w *looker) row(r *row) {
	if w.n.Earlier != nil {
		w.recall(r.index)
		w.repeat(r.index, 0, r.from)
	}
	for i, run := range r.runs {
		floors := w.n.Lowest.floors[r.first+i]
		floorEnds, groundEnds := w.n.Lowest.endsOf(r.first+i), w.n.Relief.endsOf(r.first+i)
		for k, last := r.blocks(run); k < last; k++ {
			from, to := blockOf(run, k)
			w.block = block{
				row: r, tile: &w.tiles[from/cellsPerBlock], col: from, cells: to - from, all: ^uint64(0) >> (cellsPerBlock - to + from),
				floors: floors[from-int(run.Col0) : to-int(run.Col0)], floorLow: floorEnds[k][0], floorHigh: floorEnds[k][1],
				groundLow: float64(groundEnds[k][0]), groundHigh: float64(groundEnds[k][1]),
				seenBy: w.block.seenBy,
			}
			if w.block.tile.plain {
				w.block.horizons = w.n.Lowest.horizons[r.first+i][from-int(run.Col0) : to-int(run.Col0)]
			}
			for b := range w.bands {
				if w.tell != nil {
					w.tellAt(b)
				} else {
					w.lookAt(b)
				}
			}
		}
	}
	if w.n.Earlier != nil {
		w.repeat(r.index, r.to, w.n.Inside.Cols)
	}
}

// sortFloors fills in the floors of columns west ≤ c < east.
func (w *looker) sortFloors(working []*view, west, east int, floors []floor.AGL) {
	w.lowest[len(w.lowest)-1] = floors
	for _, lowest := range w.lowest {
		copy(lowest[:east-west], w.unseen)
	}
	for _, v := range working {
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
