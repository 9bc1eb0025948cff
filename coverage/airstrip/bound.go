package airstrip

import (
	"math"

	"github.com/paulmach/orb"
)

// minCurvatureRadiusM is the smallest radius of curvature of the WGS-84
// ellipsoid, that of the meridian at the equator: a·(1−e²), in metres, with
// a = 6 378 137 m and e² = f·(2−f), f = 1/298.257 223 563 (NGA.STND.0036).
const minCurvatureRadiusM = 6378137 * (1 - (2-1/298.257223563)/298.257223563)

// Slack that keeps rounding from lifting a bound over the distance it bounds.
const (
	slackRatio = 1e-9
	slackM     = 1e-3
)

const radPerDeg = math.Pi / 180

// origin is where a search starts.
type origin struct {
	lonDeg, latRad, sinLat, cosLat float64
}

func newOrigin(p orb.Point) origin {
	lat := p.Lat() * radPerDeg
	return origin{lonDeg: p.Lon(), latRad: lat, sinLat: math.Sin(lat), cosLat: math.Cos(lat)}
}

// atLeastM returns a length in metres that no geodesic from o to any point of
// the box between lo and hi (longitude and latitude in degrees, not across
// the antimeridian) undercuts. It is 0 where o lies in the box, and at most
// about 1 % under the true distance elsewhere.
//
// Why: a step (dφ, dλ) on the ellipsoid is as long as
// √(M²·dφ² + N²·cos²φ·dλ²), with M and N the radii of curvature along the
// meridian and across it. Both are nowhere below r = M(0). So a path on the
// ellipsoid is at least r times as long as the path through the same
// latitudes and longitudes on the unit sphere, and that one is no shorter
// than the arc between its ends.
func (o origin) atLeastM(lo, hi [2]float64) float64 {
	arcM := o.arcRad(lo, hi) * minCurvatureRadiusM
	return max(0, arcM*(1-slackRatio)-slackM)
}

// arcRad returns the smallest arc on the unit sphere from o to the box.
//
// The arc to a point at latitude φ' grows with the longitude between, so the
// nearest point lies on the meridian nearest to o. Along that meridian, Δλ
// away, the cosine of the arc is sinφ·sinφ' + cosφ·cosφ'·cosΔλ, a cosine
// curve in φ' with its top at φ* = atan2(sinφ, cosφ·cosΔλ). Over the box it is
// therefore largest at φ*, or else at an end.
func (o origin) arcRad(lo, hi [2]float64) float64 {
	dLon := lonGapDeg(o.lonDeg, lo[0], hi[0]) * radPerDeg
	south, north := lo[1]*radPerDeg, hi[1]*radPerDeg
	h := min(o.haversine(south, dLon), o.haversine(north, dLon))
	if top := math.Atan2(o.sinLat, o.cosLat*math.Cos(dLon)); south < top && top < north {
		h = min(h, o.haversine(top, dLon))
	}
	return 2 * math.Asin(math.Sqrt(min(1, h)))
}

// haversine returns sin²(d/2) of the arc d to a point, which unlike cos d
// keeps its digits where d is small.
func (o origin) haversine(latRad, dLonRad float64) float64 {
	sLat, sLon := math.Sin((latRad-o.latRad)/2), math.Sin(dLonRad/2)
	return sLat*sLat + o.cosLat*math.Cos(latRad)*sLon*sLon
}

// lonGapDeg returns the degrees of longitude, 0 to 180, from lon to the
// nearer side of [west, east], the short way round; 0 inside.
func lonGapDeg(lon, west, east float64) float64 {
	if lon >= west && lon <= east {
		return 0
	}
	return min(turnDeg(west-lon), turnDeg(lon-east))
}

// turnDeg brings an angle between −360 and 360 into [0, 360).
func turnDeg(deg float64) float64 {
	if deg < 0 {
		return deg + 360
	}
	return deg
}
