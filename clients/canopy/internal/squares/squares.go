// Package squares finds the squares of one degree that an area needs the
// ground of: those that it touches, and those within a distance of it.
package squares

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
)

// Square is one degree by one, named after its south-west corner in whole
// degrees.
type Square struct{ LonDeg, LatDeg int }

// String returns the corner as people write it: 13°S 70°W.
func (s Square) String() string {
	return fmt.Sprintf("%d°%s %d°%s", abs(s.LatDeg), half(s.LatDeg, "N", "S"), abs(s.LonDeg), half(s.LonDeg, "E", "W"))
}

func half(deg int, positive, negative string) string {
	if deg < 0 {
		return negative
	}
	return positive
}

func abs(n int) int { return max(n, -n) }

// compare orders squares from the north-west, row by row.
func compare(a, b Square) int {
	return cmp.Or(cmp.Compare(b.LatDeg, a.LatDeg), cmp.Compare(a.LonDeg, b.LonDeg))
}

// Within returns the squares that share more than an edge with a box.
func Within(box orb.Bound) []Square {
	found := set{}
	for lat := floor(box.Min.Lat()); float64(lat) < box.Max.Lat(); lat++ {
		for lon := floor(box.Min.Lon()); float64(lon) < box.Max.Lon(); lon++ {
			found[Square{lon, lat}] = true
		}
	}
	return found.sorted()
}

// Near returns the squares that any of the polygons touches, inside or at its
// outline, or that come closer to one than marginM, in metres. Edges are
// straight in longitude and latitude, as in GeoJSON. A square too many is
// possible, one too few is not: orb/geo measures on a sphere of the equator's
// radius, which is up to 0.7 % too long, and the outline is looked at every
// stepM.
func Near(area orb.MultiPolygon, marginM float64) []Square {
	found := set{}
	for _, polygon := range area {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				found.addEdge(ring[i-1], ring[i], 1.01*marginM+stepM/2)
			}
		}
		found.addInside(polygon)
	}
	return found.sorted()
}

// stepM is the distance between points of an outline that are looked at, in
// metres.
const stepM = 1000

type set map[Square]bool

func (found set) sorted() []Square { return slices.SortedFunc(maps.Keys(found), compare) }

func (found set) addEdge(from, to orb.Point, reachM float64) {
	steps := math.Ceil(max(1, upperDistanceM(from, to)/stepM))
	for i := range int(steps) + 1 {
		share := float64(i) / steps
		found.addAround(orb.Point{from[0] + share*(to[0]-from[0]), from[1] + share*(to[1]-from[1])}, reachM)
	}
}

// mPerDeg is no less than the length of a degree of latitude anywhere, and of
// longitude at the equator.
const mPerDeg = 111_700

// upperDistanceM is no less than the length of an edge that is straight in
// longitude and latitude.
func upperDistanceM(from, to orb.Point) float64 {
	return mPerDeg * math.Hypot(to[0]-from[0], to[1]-from[1])
}

// addAround adds the squares that come as close as reachM to a point. Each row
// of squares is walked east and west for as long as it is in reach, as the
// distance only grows on that way.
func (found set) addAround(p orb.Point, reachM float64) {
	rows := reachM/lowerMPerDeg + 1
	for lat := floor(p.Lat() - rows); float64(lat) <= p.Lat()+rows; lat++ {
		for _, step := range []int{-1, 1} {
			for lon := floor(p.Lon()); abs(lon-floor(p.Lon())) <= 180; lon += step {
				s := Square{lon, lat}
				if distanceM(p, s) > reachM {
					break
				}
				found[s] = true
			}
		}
	}
}

// lowerMPerDeg is no more than what orb/geo takes a degree of latitude for.
const lowerMPerDeg = 111_300

// distanceM is the great-circle distance of a point from a square, 0 inside.
// Beside the square the nearest point lies on the meridian of its edge, where
// the great circle from p meets that at a right angle, or at the end of the
// edge; above and below, it lies due south or north.
func distanceM(p orb.Point, s Square) float64 {
	west, south := float64(s.LonDeg), float64(s.LatDeg)
	lon := clamp(p.Lon(), west, west+1)
	lat := p.Lat()
	if lon != p.Lon() {
		lat = footDeg(p, lon)
	}
	return geo.DistanceHaversine(p, orb.Point{lon, clamp(lat, south, south+1)})
}

// footDeg is the latitude at which the meridian lonDeg comes closest to p; at
// a quarter of the earth and beyond, the pole's.
func footDeg(p orb.Point, lonDeg float64) float64 {
	const rad = math.Pi / 180
	away := math.Cos((lonDeg - p.Lon()) * rad)
	return math.Atan2(math.Sin(p.Lat()*rad), max(0, away)*math.Cos(p.Lat()*rad)) / rad
}

func clamp(v, low, high float64) float64 { return min(max(v, low), high) }

func floor(v float64) int { return int(math.Floor(v)) }

// addInside adds the squares whose middle lies in a polygon: all those inside
// that its outline does not touch.
func (found set) addInside(polygon orb.Polygon) {
	for _, s := range Within(polygon.Bound()) {
		if planar.PolygonContains(polygon, orb.Point{float64(s.LonDeg) + 0.5, float64(s.LatDeg) + 0.5}) {
			found[s] = true
		}
	}
}
