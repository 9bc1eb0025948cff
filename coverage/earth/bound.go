package earth

import (
	"math"

	"github.com/paulmach/orb"
)

// boundMarginM widens the disc of BoundAround beyond all rounding.
const boundMarginM = 1e-6

// BoundAround returns the box in longitude and latitude that holds every point
// within radiusM of centre. It is the smallest such box to a micrometre:
//
// North and south the disc reaches farthest along the meridian. East and west
// it does so where its rim runs along a meridian; there the geodesic from the
// centre, which meets the rim at a right angle, has turned due east or west.
// A disc that holds a pole has every longitude, and ends at that pole.
//
// A disc that crosses the antimeridian also gets every longitude, because a
// box that wraps around does not exist in orb: that box holds the disc, but is
// far from the smallest. A radius of zero gives the centre itself; the radius
// must not be negative.
func BoundAround(centre orb.Point, radiusM float64) orb.Bound {
	reachM := radiusM + boundMarginM
	south, southPole := meridianReach(centre, -90, reachM)
	north, northPole := meridianReach(centre, 90, reachM)
	bound := orb.Bound{Min: orb.Point{-180, south}, Max: orb.Point{180, north}}
	if southPole || northPole {
		return bound
	}
	halfDeg := halfWidthDeg(centre.Lat(), reachM)
	west, east := centre.Lon()-halfDeg, centre.Lon()+halfDeg
	if west >= -180 && east <= 180 {
		bound.Min[0], bound.Max[0] = west, east
	}
	return bound
}

// meridianReach is the latitude at reachM towards a pole, and whether that is
// the pole itself.
func meridianReach(centre orb.Point, poleDeg, reachM float64) (latDeg float64, atPole bool) {
	if DistanceM(centre, orb.Point{centre.Lon(), poleDeg}) <= reachM {
		return poleDeg, true
	}
	azimuthDeg := 90 - poleDeg
	to, _ := Direct(centre, azimuthDeg, reachM)
	return to.Lat(), false
}

// halfWidthDeg is the greatest difference in longitude that a geodesic of
// length reachM, too short for a pole, makes from a latitude. The azimuth that
// makes it is bisected: the more poleward a geodesic starts, the farther is
// the vertex at which it turns due east. At the greatest difference an azimuth
// that is a billionth off makes no difference.
func halfWidthDeg(latDeg, reachM float64) float64 {
	from := orb.Point{0, math.Abs(latDeg)}
	poleward, eastward := 0.0, 90.0
	for range 32 {
		middle := (poleward + eastward) / 2
		if _, final := Direct(from, middle, reachM); final > 90 {
			eastward = middle
		} else {
			poleward = middle
		}
	}
	to, _ := Direct(from, eastward, reachM)
	return to.Lon()
}
