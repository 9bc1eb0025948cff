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
// each cell of an airspace, whatever the altitudes. Once the look is over it
// does not change.
type Lowest struct {
	relief *Relief
	floors []floor.AGL
	// ends are the lowest and the highest of each block.
	ends [][2]floor.AGL
}

func newLowest(r *Relief) *Lowest {
	return &Lowest{relief: r, floors: make([]floor.AGL, r.cells[len(r.cells)-1]), ends: make([][2]floor.AGL, len(r.ends))}
}

func (l *Lowest) floorsOf(run int) []floor.AGL {
	return l.floors[l.relief.cells[run]:l.relief.cells[run+1]]
}

func (l *Lowest) endsOf(run int) [][2]floor.AGL {
	return l.ends[l.relief.blocks[run]:l.relief.blocks[run+1]]
}

// SizeB is how many bytes it takes, without its relief.
func (l *Lowest) SizeB() int64 { return 2*int64(len(l.floors)) + 4*int64(len(l.ends)) }

// Earlier is a look at the same cells at the same altitudes, for as many radars
// at least. Where no radar is another, what it saw is not looked at again.
type Earlier struct {
	Bands  []Band
	Lowest *Lowest
	// Changed are the rows of the airspace where a radar is another.
	Changed []bool
}

// Floors are those of Network.Floors.
func (e *Earlier) Floors(i int) []floor.AGL { return e.Lowest.floorsOf(i) }

// repeat has a row be what it was.
func (w *looker) repeat(r int, t *task) {
	n, e := w.n, w.n.Earlier
	if runs, first := n.Inside.Row(r); !n.lowestKnown {
		for i := range runs {
			copy(n.Lowest.floorsOf(first+i), e.Lowest.floorsOf(first+i))
			copy(n.Lowest.endsOf(first+i), e.Lowest.endsOf(first+i))
		}
	}
	for i := range n.Bands {
		from, into := &e.Bands[i], &n.Bands[i]
		into.Covered[r], into.Underground[r] = from.Covered[r], from.Underground[r]
		t.open[i] = append(t.open[i], from.openIn(r)...)
	}
}

// SizeB is how many bytes it takes.
func (b *Band) SizeB() int64 { return 16*int64(cap(b.Open)) + 8*int64(len(b.Covered)) }

// openIn returns the open cells of a row.
func (b *Band) openIn(row int) []Stretch {
	begin := func(row int) int {
		i, _ := slices.BinarySearchFunc(b.Open, int32(row), func(s Stretch, row int32) int { return cmp.Compare(s.Row, row) })
		return i
	}
	return b.Open[begin(row):begin(row+1)]
}
