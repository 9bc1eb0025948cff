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
		n: n, eyes: eyes, above: none, level: none,
		rows: make([]row, 0, rowsPerTask), tiles: make([]tile, blocksOf(raster.Run{Col1: int32(cols)})),
		glances: make([]glance, len(eyes)), tallies: make([]tally, len(n.Altitudes)),
		more: make([]floor.AGL, cols), unseen: unseen(cols),
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
	for r := from; r < to; r++ {
		if e := w.n.Earlier; hasCells(w.n.Inside, r) && (e == nil || e.Changed[r]) {
			w.rows = w.rows[:len(w.rows)+1]
			w.enter(&w.rows[len(w.rows)-1], r, t)
		}
	}
	w.enterTiles(from, to)
	rows := w.rows
	for r := from; r < to; r++ {
		if len(rows) > 0 && rows[0].index == r {
			w.row(&rows[0], t)
			rows = rows[1:]
		} else if w.n.Earlier != nil {
			w.repeat(r, t)
		}
	}
}

func hasCells(inside *raster.Mask, r int) bool {
	runs, _ := inside.Row(r)
	return len(runs) > 0
}

// enter has a row looked at, and fills in what is not known of its floors and its
// ground.
func (w *looker) enter(r *row, index int, t *task) {
	r.enter(index, w.eyes)
	if !w.n.reliefKnown {
		r.readGround(t)
	}
	for i, run := range r.runs {
		west, east := int(run.Col0), int(run.Col1)
		floors, ground := w.n.Lowest.endsOf(r.first+i), w.n.Relief.endsOf(r.first+i)
		if !w.n.lowestKnown {
			sorted := w.n.Lowest.floorsOf(r.first + i)
			w.sortFloors(r.working, west, east, sorted)
			endsOfBlocks(floors, sorted, west, endsOfFloors)
		}
		if !w.n.reliefKnown {
			endsOfBlocks(ground, r.groundFrom(west)[:run.Len()], west, endsOfGround)
		}
		for k, ends := range ground {
			from, to := blockOf(run, k)
			w.tiles[from/cellsPerBlock].add(from, to, ends)
		}
	}
}

// row looks at a row.
func (w *looker) row(r *row, t *task) {
	for i, run := range r.runs {
		floors := w.n.Lowest.floorsOf(r.first + i)
		floorEnds, groundEnds := w.n.Lowest.endsOf(r.first+i), w.n.Relief.endsOf(r.first+i)
		for k := range groundEnds {
			from, to := blockOf(run, k)
			w.block = block{
				row: r, tile: &w.tiles[from/cellsPerBlock], col: from, cells: to - from, all: ^uint64(0) >> (cellsPerBlock - to + from),
				floors: floors[from-int(run.Col0) : to-int(run.Col0)], floorLow: floorEnds[k][0], floorHigh: floorEnds[k][1],
				groundLow: float64(groundEnds[k][0]), groundHigh: float64(groundEnds[k][1]),
				seenBy: w.block.seenBy,
			}
			for b := range w.bands {
				w.lookAt(b, t)
			}
		}
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
