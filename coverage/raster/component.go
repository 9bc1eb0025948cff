package raster

import (
	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/terrain"
)

// Component is a set of cells that hang together by their sides: one can walk
// from each to each without passing over a corner.
type Component struct {
	// Runs are the cells, row by row from the north, west to east; no two
	// runs of a row touch. Callers must not change them.
	Runs []Run
	// Cells counts the cells.
	Cells int
	// The component lies in columns Col0 ≤ c < Col1 and rows Row0 ≤ r < Row1.
	Col0, Row0, Col1, Row1 int
}

// Bound returns the box around the cells, in degrees, corner to corner.
func (c *Component) Bound(l terrain.Lattice) orb.Bound {
	nw, se := CornerPoint(l, c.Col0, c.Row0), CornerPoint(l, c.Col1, c.Row1)
	return orb.Bound{
		Min: orb.Point{nw.Lon(), se.Lat()},
		Max: orb.Point{se.Lon(), nw.Lat()},
	}
}

// Components splits runs, in the order of those of a Mask, into components, in
// the order of their first cells, row by row from the north-west; of[i] is the
// component that runs[i] belongs to.
//
// It takes time in proportion to the runs and 20 bytes for each. The method is
// union-find over runs; see He, Chao and Suzuki, "A Run-Based Two-Scan
// Labeling Algorithm", IEEE Trans. Image Processing 17(5), 2008.
func Components(runs []Run) (components []Component, of []int32) {
	of, count := number(join(runs))
	return gather(runs, of, count), of
}

// join returns, for each run, a run of the same component with an index that
// is not larger; only the first run of a component points to itself.
func join(runs []Run) []int32 {
	parent := make([]int32, len(runs))
	above := 0
	for i, run := range runs {
		parent[i] = int32(i)
		for above < i && endsBefore(runs[above], run) {
			above++
		}
		for j := above; j < i && meets(runs[j], run); j++ {
			union(parent, int32(j), int32(i))
		}
	}
	return parent
}

// endsBefore reports whether a can touch neither run, of the row below or of
// a later one, nor any run that follows it.
func endsBefore(a, run Run) bool {
	return a.Row < run.Row-1 || a.Row == run.Row-1 && a.Col1 <= run.Col0
}

// meets reports whether a shares a side with run of the row below, given that
// it does not end before.
func meets(a, run Run) bool {
	return a.Row == run.Row-1 && a.Col0 < run.Col1
}

func find(parent []int32, i int32) int32 {
	for parent[i] != i {
		parent[i] = parent[parent[i]]
		i = parent[i]
	}
	return i
}

func union(parent []int32, a, b int32) {
	a, b = find(parent, a), find(parent, b)
	parent[max(a, b)] = min(a, b)
}

// number turns parents into component numbers, in place.
func number(parent []int32) (id []int32, count int) {
	for i, p := range parent {
		if int(p) == i {
			parent[i] = int32(count)
			count++
			continue
		}
		parent[i] = parent[p]
	}
	return parent, count
}

// gather sorts the runs by component, each in the order it had.
func gather(runs []Run, id []int32, count int) []Component {
	next := make([]int, count+1)
	for _, c := range id {
		next[c+1]++
	}
	for c := range count {
		next[c+1] += next[c]
	}
	components := make([]Component, count)
	sorted := make([]Run, len(runs))
	for c := range components {
		components[c].Runs = sorted[next[c]:next[c+1]:next[c+1]]
	}
	for i, c := range id {
		sorted[next[c]] = runs[i]
		next[c]++
	}
	for c := range components {
		components[c].measure()
	}
	return components
}

func (c *Component) measure() {
	first, last := c.Runs[0], c.Runs[len(c.Runs)-1]
	c.Row0, c.Row1 = int(first.Row), int(last.Row)+1
	c.Col0, c.Col1 = int(first.Col0), int(first.Col1)
	for _, run := range c.Runs {
		c.Cells += run.Len()
		c.Col0, c.Col1 = min(c.Col0, int(run.Col0)), max(c.Col1, int(run.Col1))
	}
}
