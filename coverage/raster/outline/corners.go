package outline

import (
	"math"

	"github.com/canopyradar/canopy/terrain"
)

// corners says which corners the rings of a mask use.
type corners struct {
	live, twice bitmap
}

func newCorners(l terrain.Lattice) *corners {
	return &corners{live: newBitmap(l.Cols+1, l.Rows+1), twice: newBitmap(l.Cols+1, l.Rows+1)}
}

func (c *corners) add(r Ring) {
	for _, p := range r {
		if c.live.has(p) {
			c.twice.set(p)
		} else {
			c.live.set(p)
		}
	}
}

func (c *corners) drop(p Corner) { c.live.unset(p) }

// shared reports whether two rings touch at p.
func (c *corners) shared(p Corner) bool { return c.twice.has(p) }

// anyIn reports whether a triangle, its edge included, holds corners in use
// other than its own three.
func (c *corners) anyIn(p, q, s Corner) bool {
	own := [...]Corner{p, q, s}
	for _, o := range own {
		c.live.unset(o)
	}
	found := false
	for row := min(p.Row, q.Row, s.Row); row <= max(p.Row, q.Row, s.Row) && !found; row++ {
		found = c.live.hasAny(across(own, row))
	}
	for _, o := range own {
		c.live.set(o)
	}
	return found
}

// bitmap is a set of corners, one bit for each there is.
type bitmap struct {
	words  []uint64
	stride int
}

func newBitmap(cols, rows int) bitmap {
	stride := (cols + 63) / 64
	return bitmap{words: make([]uint64, stride*rows), stride: stride}
}

func (b bitmap) word(p Corner) *uint64 { return &b.words[int(p.Row)*b.stride+int(p.Col>>6)] }

func (b bitmap) has(p Corner) bool { return *b.word(p)>>(p.Col&63)&1 != 0 }
func (b bitmap) set(p Corner)      { *b.word(p) |= 1 << (p.Col & 63) }
func (b bitmap) unset(p Corner)    { *b.word(p) &^= 1 << (p.Col & 63) }

// hasAny reports whether the set holds a corner of a row in columns
// col0 ≤ c < col1.
func (b bitmap) hasAny(row, col0, col1 int32) bool {
	words := b.words[int(row)*b.stride:]
	for col0 < col1 {
		w := col0 >> 6
		end := min(col1, (w+1)<<6)
		if all := ^uint64(0) >> (64 - (end - col0)); words[w]&(all<<(col0&63)) != 0 {
			return true
		}
		col0 = end
	}
	return false
}

// across returns the corners of a row that lie in a triangle or on its edge,
// exactly, as columns col0 ≤ c < col1. The row must meet the triangle.
func across(triangle [3]Corner, row int32) (line, col0, col1 int32) {
	first, last := int32(math.MaxInt32), int32(math.MinInt32)
	for i, a := range triangle {
		b := triangle[(i+1)%3]
		if a.Row > b.Row {
			a, b = b, a
		}
		switch {
		case row < a.Row || row > b.Row:
		case a.Row == b.Row:
			first, last = min(first, a.Col, b.Col), max(last, a.Col, b.Col)
		default:
			down, rise := divide(int64(row-a.Row)*int64(b.Col-a.Col), int64(b.Row-a.Row))
			first, last = min(first, a.Col+int32(rise)), max(last, a.Col+int32(down))
		}
	}
	return row, first, last + 1
}

// divide returns n/d rounded down and rounded up, for d > 0.
func divide(n, d int64) (down, up int64) {
	down = n / d
	switch rest := n % d; {
	case rest == 0:
		return down, down
	case rest < 0:
		return down - 1, down
	}
	return down, down + 1
}

// twiceArea returns twice the area of a triangle of corners: positive where it
// runs counter-clockwise, seen with north up.
func twiceArea(p, q, s Corner) int64 {
	return int64(s.Col-p.Col)*int64(q.Row-p.Row) - int64(q.Col-p.Col)*int64(s.Row-p.Row)
}
