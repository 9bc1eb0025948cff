package outline

import (
	"math"

	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// corners says which corners the rings of a mask use, one bit for each.
type corners struct {
	live, twice *raster.Mask
}

func newCorners(l terrain.Lattice) *corners {
	grid := l.Sub(0, 0, l.Cols+1, l.Rows+1)
	return &corners{live: raster.NewMask(grid), twice: raster.NewMask(grid)}
}

func (c *corners) add(r Ring) {
	for _, p := range r {
		if col, row := int(p.Col), int(p.Row); c.live.Has(col, row) {
			c.twice.Add(col, row)
		} else {
			c.live.Add(col, row)
		}
	}
}

func (c *corners) drop(p Corner) { c.live.Remove(int(p.Col), int(p.Row)) }

// shared reports whether two rings touch at p.
func (c *corners) shared(p Corner) bool { return c.twice.Has(int(p.Col), int(p.Row)) }

// anyIn reports whether a triangle, its edge included, holds corners in use
// other than its own three.
func (c *corners) anyIn(p, q, s Corner) bool {
	own := [...]Corner{p, q, s}
	for _, o := range own {
		c.drop(o)
	}
	found := false
	for row := min(p.Row, q.Row, s.Row); row <= max(p.Row, q.Row, s.Row) && !found; row++ {
		found = c.live.HasAny(across(own, row))
	}
	for _, o := range own {
		c.live.Add(int(o.Col), int(o.Row))
	}
	return found
}

// across returns the corners of a row that lie in a triangle or on its edge,
// exactly. The row must meet the triangle.
func across(triangle [3]Corner, row int32) raster.Run {
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
	return raster.Run{Row: row, Col0: first, Col1: last + 1}
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
