package airspace

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// GeometryError is returned for an area that cannot be used as it is.
type GeometryError struct {
	// Polygon and Ring count from 0, ring 0 being the outer one; −1 where the
	// fault lies in no polygon, or in no ring, of its own.
	Polygon, Ring int
	// At is where the fault lies, longitude and latitude in degrees; it is
	// (0, 0) where Ring is −1.
	At orb.Point
	// Reason says what is wrong, Remedy what to do about it.
	Reason, Remedy string
}

// Error gives it all in one line, polygons and holes counted from 1.
func (e *GeometryError) Error() string {
	return fmt.Sprintf("%s%s: %s", e.place(), e.Reason, e.Remedy)
}

func (e *GeometryError) place() string {
	at := fmt.Sprintf(" at longitude %.6g, latitude %.6g: ", e.At.Lon(), e.At.Lat())
	switch {
	case e.Polygon < 0:
		return ""
	case e.Ring < 0:
		return fmt.Sprintf("polygon %d: ", e.Polygon+1)
	case e.Ring == 0:
		return fmt.Sprintf("polygon %d, outer ring,%s", e.Polygon+1, at)
	}
	return fmt.Sprintf("polygon %d, hole %d,%s", e.Polygon+1, e.Ring, at)
}

// Validate returns a *GeometryError for the first fault of an area, and nil
// if it has none.
//
// A valid area has at least one polygon; longitudes from −180 to 180 and
// latitudes from −90 to 90; closed rings of at least 4 positions that enclose
// ground; and no edge of over 180° of longitude. No ring crosses itself or
// another, holes lie inside of their outer ring and not in one another, and
// polygons do not overlap. Rings may touch in single points, themselves too,
// where OGC 06-103r4 is stricter; they may not share a stretch of border.
// Either winding will do.
//
// It takes time n log n in the positions, for the areas that people draw, and
// refuses thousands of edges that lie near each other so much that it would take
// far longer.
func Validate(area orb.MultiPolygon) error {
	if len(area) == 0 {
		return &GeometryError{Polygon: -1, Ring: -1,
			Reason: "the area has no polygon", Remedy: "give at least one"}
	}
	var loops []*loop
	for i, polygon := range area {
		if len(polygon) == 0 {
			return &GeometryError{Polygon: i, Ring: -1,
				Reason: "the polygon has no ring", Remedy: "leave it out, or give its outer ring"}
		}
		for j, ring := range polygon {
			l, fault := newLoop(i, j, ring)
			if fault != nil {
				return fault
			}
			loops = append(loops, l)
		}
	}
	var seen edgeIndex
	if fault := seen.insert(loops); fault != nil {
		return fault
	}
	if fault := seen.misplaced(loops); fault != nil {
		return fault
	}
	return nil
}

// newLoop checks a ring on its own, but for crossings.
func newLoop(polygon, ring int, r orb.Ring) (*loop, *GeometryError) {
	fault := func(at orb.Point, reason, remedy string) (*loop, *GeometryError) {
		return nil, &GeometryError{Polygon: polygon, Ring: ring, At: at, Reason: reason, Remedy: remedy}
	}
	if len(r) == 0 {
		return nil, &GeometryError{Polygon: polygon, Ring: -1,
			Reason: fmt.Sprintf("ring %d has no position", ring+1), Remedy: "leave it out"}
	}
	for _, p := range r {
		if reason, remedy := offEarth(p); reason != "" {
			return fault(p, reason, remedy)
		}
	}
	if len(r) < 4 {
		return fault(r[0], fmt.Sprintf("the ring has %d positions", len(r)),
			"give at least 4, the last the same as the first")
	}
	if last := r[len(r)-1]; last != r[0] {
		return fault(last, "the ring is open", "end it with its first position")
	}
	if i := longEdge(r); i >= 0 {
		return fault(r[i], "an edge spans over 180 degrees of longitude",
			"cut the area at the antimeridian, into polygons on either side of it")
	}
	points := distinct(r)
	if onOneLine(points) {
		return fault(r[0], "the ring encloses no ground", "leave it out, or give positions that are not on one line")
	}
	return &loop{polygon: polygon, ring: ring, points: points, bound: r.Bound()}, nil
}

// offEarth says what is wrong with a position, if anything is.
func offEarth(p orb.Point) (reason, remedy string) {
	const order = "give longitude first, then latitude, in degrees"
	switch {
	case !(math.Abs(p.Lon()) <= 180):
		return fmt.Sprintf("longitude %v is not between -180 and 180", p.Lon()), order
	case !(math.Abs(p.Lat()) <= 90):
		return fmt.Sprintf("latitude %v is not between -90 and 90", p.Lat()), order
	}
	return "", ""
}

// longEdge returns the index of the first edge over 180° long, or −1.
func longEdge(r orb.Ring) int {
	for i := 1; i < len(r); i++ {
		if math.Abs(r[i].Lon()-r[i-1].Lon()) > 180 {
			return i - 1
		}
	}
	return -1
}

// distinct returns the positions of a closed ring, each that follows itself
// once, and the last not again.
func distinct(r orb.Ring) []orb.Point {
	points := make([]orb.Point, 0, len(r)-1)
	for i, p := range r[:len(r)-1] {
		if p != r[i+1] {
			points = append(points, p)
		}
	}
	return points
}

func onOneLine(points []orb.Point) bool {
	for i := 2; i < len(points); i++ {
		if orient(points[0], points[1], points[i]) != 0 {
			return false
		}
	}
	return true
}
