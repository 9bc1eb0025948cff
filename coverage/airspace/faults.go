package airspace

import (
	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// findCrossing returns the fault of the first pair of edges, in the order of
// the later of the two, that cross or share a stretch.
func findCrossing(loops []*loop) (fault *GeometryError) {
	var seen rtree.RTreeG[edge]
	for _, l := range loops {
		for i := range l.points {
			e := edge{l, i}
			low, high := e.box()
			seen.Search(low, high, func(_, _ [2]float64, earlier edge) bool {
				fault = clash(e, earlier)
				return fault == nil
			})
			if fault != nil {
				return fault
			}
			seen.Insert(low, high, e)
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

// findMisplaced returns the fault of the first hole outside of its outer ring
// or inside of another hole, or of the first polygon inside of another. The
// loops must not cross.
func findMisplaced(loops []*loop) *GeometryError {
	byPolygon := make([][]*loop, loops[len(loops)-1].polygon+1)
	for _, l := range loops {
		byPolygon[l.polygon] = append(byPolygon[l.polygon], l)
	}
	for i, polygon := range byPolygon {
		if fault := misplacedHole(polygon[0], polygon[1:]); fault != nil {
			return fault
		}
		for j, other := range byPolygon {
			if i != j && inside(polygon[0], other) {
				return &GeometryError{Polygon: i, At: polygon[0].points[0], Reason: overlapping, Remedy: union}
			}
		}
	}
	return nil
}

func misplacedHole(outer *loop, holes []*loop) *GeometryError {
	for i, hole := range holes {
		fault := &GeometryError{Polygon: hole.polygon, Ring: hole.ring, At: hole.points[0]}
		if !hole.within(outer) {
			fault.Reason, fault.Remedy = "the hole lies outside of its outer ring", "make it a polygon of its own, or move it"
			return fault
		}
		for j, other := range holes {
			if i != j && hole.within(other) {
				fault.Reason, fault.Remedy = "the hole lies in another hole", "leave it out, or make it a polygon of its own"
				return fault
			}
		}
	}
	return nil
}

// inside reports whether a loop lies inside of a polygon and in none of its
// holes.
func inside(l *loop, polygon []*loop) bool {
	if !l.within(polygon[0]) {
		return false
	}
	for _, hole := range polygon[1:] {
		if l.within(hole) {
			return false
		}
	}
	return true
}
