package network

import (
	"math"

	"github.com/canopyradar/canopy/coverage/earth"
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
	// Between nearM2 and farM2, the squares of distances over ground, no
	// ceiling lies below clearM.
	nearM2, farM2, clearM float64
}

// clearanceM is an altitude that ceilings seldom cut off.
const clearanceM = 15000

// deepestM is how far below sea level an altitude may lie.
const deepestM = 500

func newEye(n *Network, l *Layer) eye {
	e := eye{Layer: l, down: n.Ground.Row0 - l.Row0, right: n.Ground.Col0 - l.Col0, limits: newLimits(l.Site, l.Reach)}
	e.clear()
	return e
}

// clear finds out where no ceiling lies below an altitude that most queries
// stay under.
func (e *eye) clear() {
	e.nearM2, e.farM2, e.clearM = math.Inf(-1), math.Inf(1), math.Inf(1)
	if e.Reach == sight.Disc {
		return
	}
	s := e.Site
	e.clearM = math.Min(clearanceM, s.HeightLimitAMSLM)
	// Over an earth, a ray rises more than over a plane, and a slant range
	// grows with height by less than in the worst case assumed here.
	up := math.Max(0, e.clearM-s.AntennaAMSLM())
	rise := math.Max(up, math.Abs(s.AntennaAMSLM())+deepestM)
	near := up / math.Tan(math.Min(s.MaxElevationDeg, 89)*math.Pi/180)
	if s.MaxElevationDeg <= 0 {
		near = math.Inf(1)
	}
	stretch := 1 + 2*(e.clearM+math.Abs(s.AntennaAMSLM()))/earth.SemiMajorAxisM
	far := math.Sqrt(math.Max(0, s.RangeM*s.RangeM-rise*rise)) / stretch
	e.nearM2, e.farM2 = near*near, far*far
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

	// The rest is of the block in hand. met are the cells in range; clear says
	// that surely no ceiling lies below an altitude; bounds are those of the
	// envelope over met, once bounded; doubt are cells whose cause is not known.
	met, doubt     uint64
	clear, bounded bool
	bounds         bounds
}

// look returns the view of a row, and whether there is anything to see.
func (e *eye) look(row int) (v view, ok bool) {
	v = view{eye: e, row: row + e.down}
	if v.row < 0 || v.row >= e.Rows {
		return v, false
	}
	v.first, v.last = e.Span(v.row)
	if v.first >= v.last {
		return v, false
	}
	held := e.Floor[(v.row-e.From)*e.Cols:]
	v.floors = held[v.first:v.last]
	v.arc = newArc(e.Surface, v.row)
	v.first, v.last, v.arc.middle = v.first-e.right, v.last-e.right, v.arc.middle-float64(e.right)
	return v, true
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
