package planning

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"github.com/canopyradar/canopy/coverage/earth"
)

// spacing keeps places apart. The zero value holds none.
type spacing struct {
	places rtree.RTreeG[struct{}]
}

func (s *spacing) add(p orb.Point) { s.places.Insert(p, p, struct{}{}) }

// free reports whether no place lies nearer to p than a distance in metres.
func (s *spacing) free(p orb.Point, distanceM float64) bool {
	if !(distanceM > 0) {
		return true
	}
	free := true
	box := boxOf(p, distanceM)
	s.places.Search(box.Min, box.Max, func(at, _ [2]float64, _ struct{}) bool {
		free = earth.DistanceM(p, at) >= distanceM
		return free
	})
	return free
}

// minCurvatureRadiusM is the smallest radius of curvature of the ellipsoid: no arc
// on a sphere of it is longer than the geodesic through the same places.
var minCurvatureRadiusM = earth.CurvatureAt(0).MeridianM

// boxOf returns a box that holds all that lies nearer to p than a distance in
// metres: earth.BoundAround, a little larger and much quicker.
func boxOf(p orb.Point, distanceM float64) orb.Bound {
	arc := distanceM / minCurvatureRadiusM
	lat := arc * 180 / math.Pi
	lon := 180.0
	if sin := math.Sin(arc) / math.Cos(p.Lat()*math.Pi/180); math.Abs(p.Lat())+lat < 90 && sin < 1 {
		lon = math.Asin(sin) * 180 / math.Pi
	}
	box := orb.Bound{Min: orb.Point{p.Lon() - lon, p.Lat() - lat}, Max: orb.Point{p.Lon() + lon, p.Lat() + lat}}
	if box.Min.Lon() < -180 || box.Max.Lon() > 180 {
		box.Min[0], box.Max[0] = -180, 180
	}
	return box
}
