package airspace

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// edgeIndex finds edges by the boxes around them.
type edgeIndex struct {
	rtree.RTreeG[edge]
	// edges are in it, and near counts the pairs of them that were looked at.
	edges, near int
}

// mostNear is how many others an edge may lie near on average, so that their boxes
// overlap: borders of countries and rivers have a few. Beyond some thousands of
// edges it bounds the time that the worst area takes.
const (
	mostNear  = 100
	freeEdges = 5_000
)

// entangled reports whether there are so many pairs that to look at them all would
// take longer than they are worth.
func (seen *edgeIndex) entangled() bool {
	return seen.near > mostNear*max(seen.edges, freeEdges)
}

// insert adds the edges of the loops. It returns the fault of the first pair
// of edges, in the order of the later of the two, that cross or share a
// stretch, or of an edge at which they have become too many to look at.
func (seen *edgeIndex) insert(loops []*loop) (fault *GeometryError) {
	for _, l := range loops {
		for i := range l.points {
			e := edge{l, i}
			low, high := e.box()
			seen.Search(low, high, func(_, _ [2]float64, earlier edge) bool {
				if seen.near++; seen.entangled() {
					fault = &GeometryError{Polygon: e.polygon, Ring: e.ring, At: e.point(i),
						Reason: fmt.Sprintf("the edges up to here lie near %d others each on average", mostNear), Remedy: "simplify the border"}
					return false
				}
				fault = clash(e, earlier)
				return fault == nil
			})
			if fault != nil {
				return fault
			}
			seen.Insert(low, high, e)
			seen.edges++
		}
	}
	return nil
}

// clash returns the fault of two edges, or nil if they keep apart or may touch
// as they do.
func clash(e, earlier edge) *GeometryError {
	how, at := meet(e, earlier)
	switch {
	case how == apart,
		how == touch && e.follows(earlier),
		how == touch && !crossesAt(at, e, earlier):
		return nil
	case how == overlap:
		return sharedStretch(e, earlier, at)
	}
	return crossingFault(e, earlier, at)
}

func sharedStretch(e, earlier edge, at orb.Point) *GeometryError {
	fault := &GeometryError{Polygon: e.polygon, Ring: e.ring, At: at}
	switch {
	case e.loop == earlier.loop:
		fault.Reason, fault.Remedy = "the ring runs twice along the same line", "remove the spike or the repeated stretch"
	case e.polygon == earlier.polygon:
		fault.Reason, fault.Remedy = "two rings share a stretch of border", "let rings of a polygon touch in single points at most"
	default:
		fault.Reason, fault.Remedy = "two polygons share a stretch of border", "dissolve the common border into one polygon"
	}
	return fault
}

func crossingFault(e, earlier edge, at orb.Point) *GeometryError {
	fault := &GeometryError{Polygon: e.polygon, Ring: e.ring, At: at}
	switch {
	case e.loop == earlier.loop:
		fault.Reason, fault.Remedy = "the ring crosses itself", "split it in two there, or put its positions in order"
	case e.polygon == earlier.polygon:
		fault.Reason, fault.Remedy = "two rings of the polygon cross", "cut the hole back to the inside of the outer ring"
	default:
		fault.Reason, fault.Remedy = overlapping, union
	}
	return fault
}

const (
	overlapping = "two polygons overlap"
	union       = "join them into one"
)

// misplaced returns the fault of the first hole outside of its outer ring or
// inside of another hole, or of the first polygon inside of another. The edges
// must not cross.
func (seen *edgeIndex) misplaced(loops []*loop) *GeometryError {
	for _, l := range loops {
		around := seen.around(l)
		reason, remedy := misplacedPolygon(around)
		if l.ring > 0 {
			reason, remedy = misplacedHole(l, around)
		}
		if reason != "" {
			return &GeometryError{Polygon: l.polygon, Ring: l.ring, At: l.points[0], Reason: reason, Remedy: remedy}
		}
	}
	return nil
}

// around returns the loops that l lies inside of: those that a ray due east
// from a point of l crosses an odd number of times.
func (seen *edgeIndex) around(l *loop) []*loop {
	p := l.points[0]
	odd, touched := map[*loop]bool{}, map[*loop]bool{}
	seen.Search(p, [2]float64{180, p.Lat()}, func(_, _ [2]float64, e edge) bool {
		switch on, passes := e.eastOf(p); {
		case e.loop == l:
		case on:
			touched[e.loop] = true
		case passes:
			odd[e.loop] = !odd[e.loop]
		}
		return true
	})
	var around []*loop
	for m := range touched {
		delete(odd, m)
		if l.within(m) {
			around = append(around, m)
		}
	}
	for m, inside := range odd {
		if inside {
			around = append(around, m)
		}
	}
	return around
}

// misplacedPolygon says what is wrong with an outer ring inside of the loops
// given, if anything is: it is in an outer ring and in no hole of it.
func misplacedPolygon(around []*loop) (reason, remedy string) {
	depth := map[int]int{}
	for _, m := range around {
		depth[m.polygon]++
	}
	for _, m := range around {
		if m.ring == 0 && depth[m.polygon] == 1 {
			return overlapping, union
		}
	}
	return "", ""
}

func misplacedHole(hole *loop, around []*loop) (reason, remedy string) {
	reason, remedy = "the hole lies outside of its outer ring", "make it a polygon of its own, or move it"
	for _, m := range around {
		switch {
		case m.polygon != hole.polygon:
		case m.ring > 0:
			return "the hole lies in another hole", "leave it out, or make it a polygon of its own"
		default:
			reason, remedy = "", ""
		}
	}
	return reason, remedy
}
