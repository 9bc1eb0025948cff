package network

import (
	"math"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
)

// eye is a radar that looks at the cells of a network.
type eye struct {
	*Layer
	// down and right lead from rows and columns of the network to those of the
	// surface.
	down, right int
	limits      limits
}

func newEye(n *Network, l *Layer) eye {
	return eye{Layer: l, down: n.Ground.Row0 - l.Row0, right: n.Ground.Col0 - l.Col0, limits: newLimits(l.Site, l.Reach)}
}

// view is an eye's look at one row of the network.
type view struct {
	*eye
	// row is that of the surface, and floors are those of its columns first ≤ c
	// < last, of the network: those in range over ground.
	row         int
	floors      []floor.AGL
	first, last int
	arc         arc

	// The rest is of the block in hand. met are the cells in range, at distances
	// whose squares are from least2M2 to most2M2; free says
	// that surely no ceiling lies below a band, inside that surely none of them
	// is blind or outside of the sector; bounds are found when asked for; doubt
	// are cells whose cause is not known.
	met, doubt                 uint64
	least2M2, most2M2          float64
	free, inside               bool
	horizonKnown, ceilingKnown bool
	horizon                    horizonBounds
	ceiling                    ceilingBounds
}

// look fills in the view of a row, and reports whether there is anything to
// see.
func (e *eye) look(row int, v *view) bool {
	v.eye, v.row = e, row+e.down
	if v.row < 0 || v.row >= e.Rows {
		return false
	}
	if v.first, v.last = e.Span(v.row); v.first >= v.last {
		return false
	}
	held := e.Floor[(v.row-e.From)*e.Cols:]
	v.floors = held[v.first:v.last]
	v.arc = newArc(e.Surface, v.row)
	v.first, v.last, v.arc.middle = v.first-e.right, v.last-e.right, v.arc.middle-float64(e.right)
	return true
}

// enter has the view look at a block.
func (v *view) enter(b *block) {
	v.met, v.free, v.horizonKnown, v.ceilingKnown = 0, true, false, false
	from, to := max(v.first, b.col)-b.col, min(v.last, b.col+b.cells)-b.col
	if from >= to {
		return
	}
	v.met = ^uint64(0) >> (cellsPerBlock - (to - from)) << from
	first, last := b.col+from, b.col+to
	v.least2M2, v.most2M2 = v.arc.least2M2(first, last), v.arc.most2M2(first, last)
	v.inside = v.limits.inside(v.least2M2)
	v.free = v.limits.free(v.least2M2, v.most2M2, b.lowM, b.highM)
}

// sees reports whether the radar sees a cell of the row at an altitude, given
// that its floor allows it: whether the ceiling does.
func (v *view) sees(col int, groundM, heightM float64) bool {
	if v.Reach == sight.Disc {
		return true
	}
	e := v.envelope(col, groundM)
	return heightM <= e.TopAMSLM()
}

// cause returns why the radar does not see a cell of the row at an altitude.
func (v *view) cause(col int, groundM, heightM float64) sight.Cause {
	e := v.envelope(col, groundM)
	return e.Cause(math.NaN(), heightM)
}

func (v *view) envelope(col int, groundM float64) sight.Envelope {
	distance, azimuth := v.Polar(v.row, col+v.right)
	return v.Site.Envelope(v.Reach, distance, azimuth, groundM)
}

// arc is how far the cells of a row are from a radar, to a millionth. The
// square of the distance is even in the columns from the radar's meridian, and
// so nearly of second degree that a term of the fourth makes up for the rest.
type arc struct {
	// middle is the radar's column.
	middle  float64
	a, b, c float64
}

func newArc(s *floor.Surface, row int) arc {
	middle := s.Col(s.Site.Position.Lon())
	// Three columns, the last of them at the edge of the window.
	var u, d2 [3]float64
	for i := range u {
		col := int(math.Round(middle + float64(i)*(float64(s.Cols-1)-middle)/2))
		d := s.DistanceM(row, col)
		u[i], d2[i] = (float64(col)-middle)*(float64(col)-middle), d*d
	}
	slope01, slope12 := (d2[1]-d2[0])/(u[1]-u[0]), (d2[2]-d2[1])/(u[2]-u[1])
	c := (slope12 - slope01) / (u[2] - u[0])
	b := slope01 - c*(u[0]+u[1])
	return arc{middle: middle, a: d2[0] - u[0]*(b+c*u[0]), b: b, c: c}
}

// distance2M2 is the square of the distance of a column.
func (a *arc) distance2M2(col float64) float64 {
	u := (col - a.middle) * (col - a.middle)
	return max(0, a.a+u*(a.b+u*a.c))
}

// least2M2 is the square of the least distance of the columns first ≤ c < last.
func (a *arc) least2M2(first, last int) float64 {
	return a.distance2M2(min(max(a.middle, float64(first)), float64(last-1)))
}

// most2M2 is that of the largest.
func (a *arc) most2M2(first, last int) float64 {
	return max(a.distance2M2(float64(first)), a.distance2M2(float64(last-1)))
}
