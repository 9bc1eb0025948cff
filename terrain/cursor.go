package terrain

import "math"

// Cursor looks single places of a view up, soonest where the next is near the last.
// It is for one goroutine, within Guard where the view is of files.
type Cursor struct {
	view  *View
	panel *Panel // of the last post
}

// Cursor returns one that has looked nothing up.
func (v *View) Cursor() Cursor { return Cursor{view: v, panel: &Panel{}} }

// At is Grid.At, to the last bit.
func (c *Cursor) At(lonDeg, latDeg float64) float64 {
	return c.AtPost(c.view.Col(lonDeg), c.view.Row(latDeg))
}

// AtPost is Grid.AtPost, to the last bit.
func (c *Cursor) AtPost(col, row float64) float64 {
	if !(col >= 0 && row >= 0 && col <= float64(c.view.Cols-1) && row <= float64(c.view.Rows-1)) {
		return math.NaN()
	}
	west, north := int(col), int(row)
	u, v := col-float64(west), row-float64(north)
	if z, i, ok := c.panel.around(west+c.view.Col0, north+c.view.Row0); ok {
		return between(weigh(z, i, u), weigh(z, i+c.panel.Stride, u), v)
	}
	return between(c.weigh(west, north, u), c.weigh(west, north+1, u), v)
}

// between returns what is a share south of one elevation, on the way to another.
func between(north, south, share float64) float64 {
	if share > 0 {
		north += (south - north) * share
	}
	return north
}

// around returns numbers in which the post is the i-th and the one south of it
// Stride further on; false where those to the east and to the south are another
// panel's.
func (p *Panel) around(col, row int) (z []float32, i int, ok bool) {
	x, y := col-p.Col0, row-p.Row0
	return p.Float32, y*p.Stride + x, p.Float32 != nil && uint(x) < uint(p.Cols-1) && uint(y) < uint(p.Rows-1)
}

func (c *Cursor) weigh(col, row int, u float64) float64 {
	z := c.post(col, row)
	if u == 0 {
		return z
	}
	return z + (c.post(col+1, row)-z)*u
}

// post returns the elevation of a post in metres, NaN where it is missing.
func (c *Cursor) post(col, row int) float64 {
	col, row = col+c.view.Col0, row+c.view.Row0
	if !c.panel.has(col, row) {
		for i := range c.view.Panels {
			if p := &c.view.Panels[i]; p.has(col, row) {
				c.panel = p
				return p.post(col, row)
			}
		}
		return math.NaN()
	}
	return c.panel.post(col, row)
}

func (p *Panel) has(col, row int) bool {
	return uint(col-p.Col0) < uint(p.Cols) && uint(row-p.Row0) < uint(p.Rows)
}

func (p *Panel) post(col, row int) float64 {
	at := (row-p.Row0)*p.Stride + col - p.Col0
	switch {
	case p.Float32 != nil:
		return float64(p.Float32[at])
	case p.Int16 == nil:
		return 0
	case p.HasVoid && p.Int16[at] == p.Void:
		return math.NaN()
	}
	return float64(p.Int16[at])
}
