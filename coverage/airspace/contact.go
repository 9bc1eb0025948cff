package airspace

import (
	"cmp"

	"github.com/paulmach/orb"
)

// loop is a ring without repeated positions: the last joins the first.
type loop struct {
	polygon, ring int
	points        []orb.Point
	bound         orb.Bound
}

func (l *loop) point(i int) orb.Point {
	n := len(l.points)
	return l.points[(i+n)%n]
}

// edge is the line from point i of a loop to the next.
type edge struct {
	*loop
	i int
}

func (e edge) ends() (a, b orb.Point) { return e.point(e.i), e.point(e.i + 1) }

func (e edge) box() (low, high [2]float64) {
	a, b := e.ends()
	return [2]float64{min(a[0], b[0]), min(a[1], b[1])}, [2]float64{max(a[0], b[0]), max(a[1], b[1])}
}

// holds reports whether p lies in the box of the edge.
func (e edge) holds(p orb.Point) bool {
	low, high := e.box()
	return low[0] <= p[0] && p[0] <= high[0] && low[1] <= p[1] && p[1] <= high[1]
}

// follows reports whether one edge begins where the other ends.
func (e edge) follows(f edge) bool {
	n := len(e.points)
	return e.loop == f.loop && ((e.i+1)%n == f.i || (f.i+1)%n == e.i)
}

// arms returns the points that the line through p, on the edge, comes from
// and goes to.
func (e edge) arms(p orb.Point) (from, to orb.Point) {
	a, b := e.ends()
	switch p {
	case a:
		return e.point(e.i - 1), b
	case b:
		return a, e.point(e.i + 2)
	}
	return a, b
}

type contact int

const (
	apart   contact = iota
	touch           // in one point, at the end of an edge
	cross           // in one point, inside both
	overlap         // in more than one point
)

// meet says how two edges meet, and where.
func meet(e, f edge) (contact, orb.Point) {
	a, b := e.ends()
	c, d := f.ends()
	atC, atD := orient(a, b, c), orient(a, b, d)
	atA, atB := orient(c, d, a), orient(c, d, b)
	if atC*atD < 0 && atA*atB < 0 {
		return cross, crossingPoint(a, b, c, d)
	}
	var shared []orb.Point
	for _, end := range []struct {
		side int
		at   orb.Point
		on   edge
	}{{atC, c, e}, {atD, d, e}, {atA, a, f}, {atB, b, f}} {
		if end.side == 0 && end.on.holds(end.at) {
			shared = append(shared, end.at)
		}
	}
	for i := 1; i < len(shared); i++ {
		if shared[i] != shared[0] {
			return overlap, shared[0]
		}
	}
	if len(shared) > 0 {
		return touch, shared[0]
	}
	return apart, orb.Point{}
}

// crossingPoint returns where the lines a–b and c–d, which must cross, do so:
// to the rounding, for messages.
func crossingPoint(a, b, c, d orb.Point) orb.Point {
	det := (b[0]-a[0])*(d[1]-c[1]) - (b[1]-a[1])*(d[0]-c[0])
	t := ((c[0]-a[0])*(d[1]-c[1]) - (c[1]-a[1])*(d[0]-c[0])) / det
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}

// crossesAt reports whether the lines that two edges belong to change sides
// where the edges touch. Lines that leave together do not: edges of theirs
// share a stretch.
//
//	  v2                 u2  v2
//	u1─┼─u2  crosses       \/    touches
//	  v1                   /\
//	                     u1  v1
func crossesAt(p orb.Point, e, f edge) bool {
	u1, u2 := e.arms(p)
	v1, v2 := f.arms(p)
	for _, u := range [...]orb.Point{u1, u2} {
		if sameWay(p, u, v1) || sameWay(p, u, v2) {
			return false
		}
	}
	return between(p, u1, u2, v1) != between(p, u1, u2, v2)
}

// sameWay reports whether u and v lie in the same direction from p.
func sameWay(p, u, v orb.Point) bool {
	return orient(p, u, v) == 0 && cmp.Compare(u[0], p[0]) == cmp.Compare(v[0], p[0]) &&
		cmp.Compare(u[1], p[1]) == cmp.Compare(v[1], p[1])
}

// within reports whether l lies inside of m, given that the two do not cross
// and share no stretch.
func (l *loop) within(m *loop) bool {
	if !m.bound.Contains(l.bound.Min) || !m.bound.Contains(l.bound.Max) {
		return false
	}
	for _, p := range l.points {
		if side := m.side(p); side != 0 {
			return side > 0
		}
	}
	for i, p := range l.points {
		q := l.point(i + 1)
		if side := m.side(orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2}); side != 0 {
			return side > 0
		}
	}
	return true
}

// side returns 1 inside of the loop, 0 on it and −1 outside.
func (l *loop) side(p orb.Point) int {
	side := -1
	for i := range l.points {
		on, passes := edge{l, i}.eastOf(p)
		if on {
			return 0
		}
		if passes {
			side = -side
		}
	}
	return side
}

// eastOf reports whether p lies on the edge, and whether the edge passes the
// ray from p due east. An edge has its southern end and not its northern one.
func (e edge) eastOf(p orb.Point) (on, passes bool) {
	a, b := e.ends()
	if a[1] > b[1] {
		a, b = b, a
	}
	if p[1] < a[1] || p[1] > b[1] {
		return false, false
	}
	turn := orient(a, b, p)
	return turn == 0 && e.holds(p), turn > 0 && p[1] < b[1]
}
