package network

import (
	"cmp"
	"slices"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/raster"
)

// Relief is what a look tells of the ground of an airspace, whatever the radars
// and altitudes. Once the look is over it does not change.
type Relief struct {
	// Missing tells of the cells whose terrain is missing.
	Missing floor.Missing
	// cells[i] and blocks[i] count those of the runs before run i.
	cells, blocks []int
	// ends are the lowest and the highest ground of each block.
	ends [][2]float32
}

func newRelief(inside *raster.Mask) *Relief {
	r := &Relief{cells: make([]int, len(inside.Runs)+1), blocks: make([]int, len(inside.Runs)+1)}
	for i, run := range inside.Runs {
		r.cells[i+1], r.blocks[i+1] = r.cells[i]+run.Len(), r.blocks[i]+blocksOf(run)
	}
	r.ends = make([][2]float32, r.blocks[len(inside.Runs)])
	return r
}

func (r *Relief) endsOf(run int) [][2]float32 { return r.ends[r.blocks[run]:r.blocks[run+1]] }

func (r *Relief) addMissing(m floor.Missing) {
	if m.Posts == 0 {
		return
	}
	if r.Missing.Posts > 0 {
		m.Bound = m.Bound.Union(r.Missing.Bound)
	}
	r.Missing = floor.Missing{Posts: r.Missing.Posts + m.Posts, AreaM2: r.Missing.AreaM2 + m.AreaM2, Bound: m.Bound}
}

// SizeB is how many bytes it takes.
func (r *Relief) SizeB() int64 { return 16*int64(len(r.cells)) + 8*int64(len(r.ends)) }

// Lowest holds the MinRadars-th smallest floor of the radars in service above
// each cell of an airspace, and their lowest horizon, whatever the altitudes. Once
// the look is over it does not change.
type Lowest struct {
	relief *Relief
	// floors and horizons are by run. Those of the runs of a task lie together, and
	// may be those of an earlier look. Horizons may be off; nil where they are of no
	// use.
	floors, horizons [][]floor.AGL
	// ends are the lowest and the highest of each block.
	ends [][2]floor.AGL
}

func newLowest(r *Relief, horizons bool) *Lowest {
	l := &Lowest{relief: r, floors: make([][]floor.AGL, len(r.cells)-1), ends: make([][2]floor.AGL, len(r.ends))}
	if horizons {
		l.horizons = make([][]floor.AGL, len(r.cells)-1)
	}
	return l
}

// enter makes room for the floors of runs first ≤ i < last. It is first touched by
// the worker that fills it in.
func (l *Lowest) enter(first, last int) {
	cells := l.relief.cells
	of := [][][]floor.AGL{l.floors}
	if l.horizons != nil {
		of = append(of, l.horizons)
	}
	for _, heights := range of {
		room := make([]floor.AGL, cells[last]-cells[first])
		for i := first; i < last; i++ {
			heights[i] = room[cells[i]-cells[first] : cells[i+1]-cells[first]]
		}
	}
}

// share has runs first ≤ i < last have the floors of another.
func (l *Lowest) share(other *Lowest, first, last int) {
	copy(l.floors[first:last], other.floors[first:last])
	if l.horizons != nil {
		copy(l.horizons[first:last], other.horizons[first:last])
	}
	from, to := l.relief.blocks[first], l.relief.blocks[last]
	copy(l.ends[from:to], other.ends[from:to])
}

func (l *Lowest) endsOf(run int) [][2]floor.AGL {
	return l.ends[l.relief.blocks[run]:l.relief.blocks[run+1]]
}

// SizeB is how many bytes it takes, without its relief: at the most, as some may
// be an earlier one's as well.
func (l *Lowest) SizeB() int64 {
	const cellB, runB = 2, 24
	return (cellB*int64(l.relief.cells[len(l.floors)])+runB*int64(len(l.floors)))*int64(1+len(l.horizons)/max(1, len(l.floors))) + 4*int64(len(l.ends))
}

// Earlier is a look at the same cells at the same altitudes, for as many radars
// at least. Where no radar is another, what it saw is not looked at again.
type Earlier struct {
	Bands  []Band
	Lowest *Lowest
	// Changed are where in each row of the airspace a radar is another.
	Changed []Columns
}

// Columns are those from ≤ c < to of a row; empty for none.
type Columns struct{ From, To int32 }

// Join returns columns that hold those of both.
func (c Columns) Join(other Columns) Columns {
	switch (Columns{}) {
	case c:
		return other
	case other:
		return c
	}
	return Columns{min(c.From, other.From), max(c.To, other.To)}
}

// Floors are those of Network.Floors.
func (e *Earlier) Floors(i int) []floor.AGL { return e.Lowest.floors[i] }

// lookedAt returns the columns of a row that are looked at: blocks as a whole.
func (n *Network) lookedAt(r int) (from, to int) {
	if n.Earlier == nil {
		return 0, n.Inside.Cols
	}
	changed := n.Earlier.Changed[r]
	if changed == (Columns{}) {
		return 0, 0
	}
	for i := range n.Earlier.Bands {
		// Counts do not tell where they are.
		if n.Earlier.Bands[i].Underground[r] > 0 {
			return 0, n.Inside.Cols
		}
	}
	return int(changed.From) &^ (cellsPerBlock - 1), int(changed.To+cellsPerBlock-1) &^ (cellsPerBlock - 1)
}

// repeat has the columns from ≤ c < to of a row, of so many cells, be what they were.
func (w *looker) repeat(r, from, to int) {
	cells := int32(0)
	runs, _ := w.n.Inside.Row(r)
	for _, run := range runs {
		cells += max(0, min(run.Col1, int32(to))-max(run.Col0, int32(from)))
	}
	if cells == 0 {
		return
	}
	for b := range w.n.Bands {
		was, into := &w.n.Earlier.Bands[b], &w.n.Bands[b]
		open := int32(0)
		for _, s := range w.before[b] {
			if s.Col0, s.Col1 = max(s.Col0, int32(from)), min(s.Col1, int32(to)); s.Col0 < s.Col1 {
				w.open[b] = appendStretch(w.open[b], s)
				open += s.Col1 - s.Col0
			}
		}
		// Where some are underground, rows are repeated as a whole.
		underground := was.Underground[r]
		into.Underground[r] += underground
		into.Covered[r] += cells - open - underground
	}
}

// recall finds the open cells of an earlier look at a row, the first of a task or
// the next.
func (w *looker) recall(r int) {
	for b, rest := range w.rest {
		i := 0
		for i < len(rest) && int(rest[i].Row) == r {
			i++
		}
		w.before[b], w.rest[b] = rest[:i], rest[i:]
	}
}

// openFrom returns the open cells from a row on.
func (b *Band) openFrom(row int) []Stretch {
	i, _ := slices.BinarySearchFunc(b.Open, int32(row), func(s Stretch, row int32) int { return cmp.Compare(s.Row, row) })
	return b.Open[i:]
}

// SizeB is how many bytes it takes.
func (b *Band) SizeB() int64 { return 16*int64(cap(b.Open)) + 8*int64(len(b.Covered)) }
