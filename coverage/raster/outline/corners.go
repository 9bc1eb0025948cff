package outline

import (
	"slices"

	"github.com/canopyradar/canopy/terrain"
)

// corners says which corners the rings of a mask use. It takes memory in
// proportion to their number, not to that of the cells.
type corners struct {
	// first[r] is where those of row r begin, from the west.
	first []int32
	cols  []int32
	// used is false for those that have been left out.
	used []bool
}

// newCorners returns all corners of some outlines, and where each is, in the
// order of the outlines.
func newCorners(outlines []Outline, l terrain.Lattice) (c *corners, at []int32) {
	var all []Corner
	for _, o := range outlines {
		for _, r := range o {
			all = append(all, r...)
		}
	}
	c = &corners{cols: make([]int32, len(all)), used: make([]bool, len(all))}
	// Sorted by column first, and then by row, which keeps the columns' order.
	byCol, _ := sortBy(all, nil, l.Cols+1, func(p Corner) int32 { return p.Col })
	byRow, first := sortBy(all, byCol, l.Rows+1, func(p Corner) int32 { return p.Row })
	c.first, at = first, make([]int32, len(all))
	for i, k := range byRow {
		c.cols[i], c.used[i], at[k] = all[k].Col, true, int32(i)
	}
	return c, at
}

// sortBy returns the indices of all in the order of a key below n, those that
// share one in the order given, or in their own if none is; first[k] is where
// those of key k begin.
func sortBy(all []Corner, order []int32, n int, key func(Corner) int32) (sorted, first []int32) {
	first = make([]int32, n+1)
	for _, p := range all {
		first[key(p)+1]++
	}
	for k := range n {
		first[k+1] += first[k]
	}
	next := slices.Clone(first)
	sorted = make([]int32, len(all))
	for i := range all {
		k := int32(i)
		if order != nil {
			k = order[i]
		}
		at := &next[key(all[k])]
		sorted[*at] = k
		*at++
	}
	return sorted, first
}

func (c *corners) drop(at int32) { c.used[at] = false }

// shared reports whether two rings touch at a corner of the row.
func (c *corners) shared(at, row int32) bool {
	return at > c.first[row] && c.cols[at-1] == c.cols[at] || at+1 < c.first[row+1] && c.cols[at+1] == c.cols[at]
}

// anyIn reports whether a triangle, its edge included, holds corners in use
// other than its own three, which are at the places given.
func (c *corners) anyIn(own [3]Corner, at [3]int32) bool {
	if area2 := twiceArea(own[0], own[1], own[2]); area2 == 1 || area2 == -1 {
		return false // Pick's theorem: it holds no other corner of the raster.
	}
	top, bottom := min(own[0].Row, own[1].Row, own[2].Row), max(own[0].Row, own[1].Row, own[2].Row)
	west, east := min(own[0].Col, own[1].Col, own[2].Col), max(own[0].Col, own[1].Col, own[2].Col)
	for row := top; row <= bottom; row++ {
		for i := c.find(row, west, own, at); i < c.first[row+1] && c.cols[i] <= east; i++ {
			if p := (Corner{c.cols[i], row}); c.used[i] && p != own[0] && p != own[1] && p != own[2] && within(own, p) {
				return true
			}
		}
	}
	return false
}

// find returns the first corner of a row that does not lie west of a column. It
// is near to those that are known.
func (c *corners) find(row, col int32, known [3]Corner, at [3]int32) int32 {
	for k, p := range known {
		if p.Row == row {
			i := at[k]
			for i > c.first[row] && c.cols[i-1] >= col {
				i--
			}
			return i
		}
	}
	i, end := c.first[row], c.first[row+1]
	for i < end {
		if middle := (i + end) / 2; c.cols[middle] < col {
			i = middle + 1
		} else {
			end = middle
		}
	}
	return i
}

// within reports whether a corner lies in a triangle or on its edge.
func within(triangle [3]Corner, p Corner) bool {
	a, b, c := twiceArea(triangle[0], triangle[1], p), twiceArea(triangle[1], triangle[2], p), twiceArea(triangle[2], triangle[0], p)
	return a >= 0 && b >= 0 && c >= 0 || a <= 0 && b <= 0 && c <= 0
}

// twiceArea returns twice the area of a triangle of corners: positive where it
// runs counter-clockwise, seen with north up.
func twiceArea(p, q, s Corner) int64 {
	return int64(s.Col-p.Col)*int64(q.Row-p.Row) - int64(q.Col-p.Col)*int64(s.Row-p.Row)
}
