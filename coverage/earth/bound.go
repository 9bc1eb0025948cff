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
// length reachM, too short for a pole, makes from a latitude. It ends due east:
// the more poleward a geodesic starts, the farther is the vertex at which it does.
// The azimuth that makes it is enclosed by regula falsi, in the manner of
// Illinois: where one end stays, its error counts half. At the greatest difference
// an azimuth that is a billionth off makes no difference.
func halfWidthDeg(latDeg, reachM float64) float64 {
	from := orb.Point{0, math.Abs(latDeg)}
	past := func(azimuthDeg float64) float64 {
		_, final := Direct(from, azimuthDeg, reachM)
		return final - 90
	}
	poleward, eastward := 0.0, 90.0
	// Due east along the equator no vertex is met, and next to it one may be.
	short, far := past(poleward), math.Max(past(eastward), enoughDeg)
	for last := 0.0; eastward-poleward > enoughDeg; {
		middle := eastward - far*(eastward-poleward)/(far-short)
		// An end that converges from one side alone leaves the other where it was.
		middle = math.Max(poleward+enoughDeg/4, math.Min(middle, eastward-enoughDeg/4))
		at := past(middle)
		if at > 0 {
			eastward, far = middle, at
			if last > 0 {
				short /= 2
			}
		} else {
			poleward, short = middle, at
			if last < 0 {
				far /= 2
			}
		}
		last = math.Copysign(1, at)
	}
	to, _ := Direct(from, eastward, reachM)
	return to.Lon()
}

// enoughDeg is a difference in azimuth that makes none in longitude.
const enoughDeg = 1e-8
