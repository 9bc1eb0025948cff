// Package raster holds sets of cells: where an airspace lies, where a network
// leaves a gap, and which of those cells hang together.
//
// A cell is the ground that a post of a lattice stands for: half a post to
// each side of it.
package raster

import (
	"iter"
	"math/bits"

	"github.com/canopyradar/canopy/terrain"
)

// Run is a stretch of cells in one row: columns Col0 ≤ c < Col1.
type Run struct {
	Row, Col0, Col1 int32
}

// Len returns the number of cells.
func (r Run) Len() int { return int(r.Col1 - r.Col0) }

// Mask is a set of cells of a lattice, one bit for each.
//
// Rows share no memory, so several goroutines may write to one mask as long
// as each keeps to rows of its own.
type Mask struct {
	terrain.Lattice
	words  []uint64
	stride int
}

// NewMask returns the empty set on l.
func NewMask(l terrain.Lattice) *Mask {
	stride := (l.Cols + 63) / 64
	return &Mask{Lattice: l, stride: stride, words: make([]uint64, stride*l.Rows)}
}

func (m *Mask) row(row int) []uint64 {
	return m.words[row*m.stride : (row+1)*m.stride]
}

// Has reports whether the mask holds a cell of the lattice.
func (m *Mask) Has(col, row int) bool {
	return m.words[row*m.stride+col>>6]>>(col&63)&1 != 0
}

// Add puts a cell of the lattice into the mask.
func (m *Mask) Add(col, row int) {
	m.words[row*m.stride+col>>6] |= 1 << (col & 63)
}

// Remove takes a cell of the lattice out of the mask.
func (m *Mask) Remove(col, row int) {
	m.words[row*m.stride+col>>6] &^= 1 << (col & 63)
}

// AddRun puts a run of cells of the lattice into the mask. A run without
// cells changes nothing.
func (m *Mask) AddRun(r Run) {
	words := m.row(int(r.Row))
	for w, bits := range spans(int(r.Col0), int(r.Col1)) {
		words[w] |= bits
	}
}

// HasAny reports whether the mask holds at least one cell of a run, which
// must lie on the lattice.
func (m *Mask) HasAny(r Run) bool {
	words := m.row(int(r.Row))
	for w, bits := range spans(int(r.Col0), int(r.Col1)) {
		if words[w]&bits != 0 {
			return true
		}
	}
	return false
}

// spans yields, for columns col0 ≤ c < col1, each word that they touch and
// their bits in it.
func spans(col0, col1 int) iter.Seq2[int, uint64] {
	return func(yield func(int, uint64) bool) {
		for col0 < col1 {
			w := col0 >> 6
			end := min(col1, (w+1)<<6)
			all := ^uint64(0) >> (64 - (end - col0))
			if !yield(w, all<<(col0&63)) {
				return
			}
			col0 = end
		}
	}
}

// Count returns the number of cells.
func (m *Mask) Count() int {
	n := 0
	for _, w := range m.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// Runs yields the cells as the longest possible runs, row by row from the
// north, west to east.
func (m *Mask) Runs() iter.Seq[Run] {
	return func(yield func(Run) bool) {
		for row := range m.Rows {
			for run := range m.RowRuns(row) {
				if !yield(run) {
					return
				}
			}
		}
	}
}

// RowRuns yields the runs of one row, west to east.
func (m *Mask) RowRuns(row int) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		words := m.row(row)
		for col := nextBit(words, 0, 0); col < m.Cols; {
			end := min(nextBit(words, col, ^uint64(0)), m.Cols)
			if !yield(Run{Row: int32(row), Col0: int32(col), Col1: int32(end)}) {
				return
			}
			col = nextBit(words, end, 0)
		}
	}
}

// nextBit returns the first column at or after col whose bit is set once the
// words are exclusive-ored with flip, and a column beyond the words if there
// is none.
func nextBit(words []uint64, col int, flip uint64) int {
	w := col >> 6
	if w >= len(words) {
		return len(words) << 6
	}
	if rest := (words[w] ^ flip) >> (col & 63); rest != 0 {
		return col + bits.TrailingZeros64(rest)
	}
	for w++; w < len(words); w++ {
		if word := words[w] ^ flip; word != 0 {
			return w<<6 + bits.TrailingZeros64(word)
		}
	}
	return len(words) << 6
}
