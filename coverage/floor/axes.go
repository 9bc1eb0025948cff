package floor

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
)

// axes count posts from a radar: along towards north and across towards east
// for rays that advance over rows, the other way round for those that do over
// columns. Longitudes are counted from the radar's.
type axes struct {
	latDeg, perDegLon, perDegLat float64
	// rows says that rays advance over rows.
	rows bool
}

// place returns where a post stands.
func (a *axes) place(along, across float64) orb.Point {
	if a.rows {
		along, across = across, along
	}
	return orb.Point{along / a.perDegLon, a.latDeg + across/a.perDegLat}
}

// posts is the inverse of place.
func (a *axes) posts(p orb.Point) (along, across float64) {
	along, across = p.Lon()*a.perDegLon, (p.Lat()-a.latDeg)*a.perDegLat
	if a.rows {
		return across, along
	}
	return along, across
}

// metresAlong returns the metres of a post along, at the radar, on a sphere.
func (a *axes) metresAlong() float64 {
	const perDegM = earth.SemiMajorAxisM * math.Pi / 180
	if a.rows {
		return perDegM / a.perDegLat
	}
	return perDegM / a.perDegLon * math.Cos(a.latDeg*math.Pi/180)
}

// exact returns the slope of the ray through the post that stands along posts
// from the radar at lattice slope w, and its metres along.
func (a *axes) exact(along, w float64) (slope, reach float64) {
	g := earth.Inverse(orb.Point{0, a.latDeg}, a.place(along, along*w))
	sin, cos := math.Sincos(g.AzimuthDeg * math.Pi / 180)
	if !a.rows {
		sin, cos = cos, sin
	}
	return sin / cos, g.DistanceM * math.Abs(cos)
}

// ray returns the geodesic of a slope. Behind the radar it is of the same slope.
func (a *axes) ray(slope float64) earth.Line {
	rad := math.Atan2(slope, 1)
	if !a.rows {
		rad = math.Atan2(1, slope)
	}
	return earth.NewLine(orb.Point{0, a.latDeg}, rad*180/math.Pi)
}

// cross returns where, near a distance, a geodesic crosses a line that stands
// along posts from the radar: posts across, and its distance in metres.
func (a *axes) cross(line *earth.Line, along, nearM float64) (across, distanceM float64) {
	distanceM = secant(along, 0, 0, nearM, func(d float64) (at float64) {
		at, across = a.posts(line.At(d))
		return at
	})
	return across, distanceM
}
