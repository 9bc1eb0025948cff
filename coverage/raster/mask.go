// Package raster holds sets of cells: where an airspace lies, where a network
// leaves a gap, and which of those cells hang together.
//
// A cell is the ground that a post of a lattice stands for: half a post to
// each side of it.
package raster

import (
	"slices"

	"github.com/canopyradar/canopy/terrain"
)

// Run is a stretch of cells in one row: columns Col0 ≤ c < Col1.
type Run struct {
	Row, Col0, Col1 int32
}

// Len returns the number of cells.
func (r Run) Len() int { return int(r.Col1 - r.Col0) }

// Mask is a set of cells of a lattice. It takes memory in proportion to the
// length of its edge, whatever lies inside.
type Mask struct {
	terrain.Lattice
	// Runs are the cells, row by row from the north, west to east; no two runs
	// of a row touch. Callers must not change them.
	Runs []Run
	// first[r] is the index of the first run in row r or in a later one.
	first []int32
}

// NewMask returns the set of the cells of runs, which must lie on l, in the
// order that Mask.Runs has, and be the mask's alone from now on.
func NewMask(l terrain.Lattice, runs []Run) *Mask {
	m := &Mask{Lattice: l, Runs: runs, first: make([]int32, l.Rows+1)}
	for _, run := range runs {
		m.first[run.Row+1]++
	}
	for r := range l.Rows {
		m.first[r+1] += m.first[r]
	}
	return m
}

// All returns the set of all cells of a lattice.
func All(l terrain.Lattice) *Mask {
	runs := make([]Run, l.Rows)
	for r := range runs {
		runs[r] = Run{Row: int32(r), Col0: 0, Col1: int32(l.Cols)}
	}
	return NewMask(l, runs)
}

// SizeB is how many bytes the mask takes.
func (m *Mask) SizeB() int64 { return 12*int64(cap(m.Runs)) + 4*int64(len(m.first)) }

// Row returns the runs of one row, and the index of the first of them among
// all.
func (m *Mask) Row(row int) (runs []Run, index int) {
	index = int(m.first[row])
	return m.Runs[index:m.first[row+1]], index
}

// Has reports whether the mask holds a cell of the lattice.
func (m *Mask) Has(col, row int) bool {
	_, ok := m.Find(col, row)
	return ok
}

// Find returns the index of the run that holds a cell of the lattice, if any
// does.
func (m *Mask) Find(col, row int) (index int, ok bool) {
	runs, first := m.Row(row)
	i, ok := slices.BinarySearchFunc(runs, int32(col), func(r Run, col int32) int {
		switch {
		case r.Col1 <= col:
			return -1
		case r.Col0 > col:
			return 1
		}
		return 0
	})
	return first + i, ok
}

// Count returns the number of cells.
func (m *Mask) Count() int {
	n := 0
	for _, run := range m.Runs {
		n += run.Len()
	}
	return n
}

// Meet calls found for each stretch of cells that two lists of runs, in the
// order of those of a Mask, share: in that order, with the indices of the runs.
func Meet(a, b []Run, found func(i, j int, shared Run)) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		x, y := a[i], b[j]
		if x.Row == y.Row {
			shared := Run{Row: x.Row, Col0: max(x.Col0, y.Col0), Col1: min(x.Col1, y.Col1)}
			if shared.Col0 < shared.Col1 {
				found(i, j, shared)
			}
		}
		if x.Row < y.Row || x.Row == y.Row && x.Col1 < y.Col1 {
			i++
		} else {
			j++
		}
	}
}
