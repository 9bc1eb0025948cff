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
	// index is that of the eye, and row that of the surface. floors are those of
	// columns first ≤ c < last, of the network: those in range over ground.
	index, row  int
	floors      []floor.AGL
	first, last int
	arc         arc
	arcKnown    bool

	// met are the cells of the block in hand that are in range, and doubt those
	// of them whose cause is not known.
	met, doubt uint64
}

// look fills in the view of a row, and reports whether there is anything to
// see.
func (e *eye) look(row int, v *view) bool {
	first, last := e.span(row)
	if first >= last {
		return false
	}
	*v = view{eye: e, index: v.index, row: row + e.down, first: first, last: last}
	held := e.Floor[(v.row-e.From)*e.Cols:]
	v.floors = held[first+e.right : last+e.right]
	return true
}

// span returns the columns of a row of the network that are in range.
func (e *eye) span(row int) (first, last int) {
	if row += e.down; row < 0 || row >= e.Rows {
		return 0, 0
	}
	first, last = e.Span(row)
	return first - e.right, last - e.right
}

// arcOf returns the arc of a row of the surface, over columns of the network.
func (e *eye) arcOf(row int) arc {
	a := newArc(e.Surface, row)
	a.middle -= float64(e.right)
	return a
}

// arcOfRow returns the arc of the row.
func (v *view) arcOfRow() *arc {
	if !v.arcKnown {
		v.arc, v.arcKnown = v.arcOf(v.row), true
	}
	return &v.arc
}

// within returns which of so many cells from a column on are in range.
func (v *view) within(col, cells int) uint64 {
	from, to := max(v.first-col, 0), min(v.last-col, cells)
	if from >= to {
		return 0
	}
	return ^uint64(0) >> (cellsPerBlock - (to - from)) << from
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

// distance2M2 is the square of the distance of a column, of nearestM or more.
func (a *arc) distance2M2(col float64) float64 {
	u := (col - a.middle) * (col - a.middle)
	return max(nearestM*nearestM, a.a+u*(a.b+u*a.c))
}

// least2M2 is the square of the least distance of the columns first ≤ c < last.
func (a *arc) least2M2(first, last int) float64 {
	return a.distance2M2(min(max(a.middle, float64(first)), float64(last-1)))
}

// most2M2 is that of the largest.
func (a *arc) most2M2(first, last int) float64 {
	return max(a.distance2M2(float64(first)), a.distance2M2(float64(last-1)))
}

// steps are those of the arc from a column on.
func (a *arc) steps(col int) steps {
	return steps{first: float32(float64(col) - a.middle), from: float32(a.a), by: float32(a.b), bend: float32(a.c)}
}
