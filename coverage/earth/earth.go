// Package earth is the shape of the earth and of radar rays over it: geodesics
// and areas on the WGS-84 ellipsoid, the radius of its curvature, and rays
// that refraction bends, drawn as straight lines over an effective earth.
//
// The geodesics follow C. F. F. Karney, "Algorithms for geodesics", Journal of
// Geodesy 87 (2013), 43–55, with its series taken to sixth order. Section
// and equation numbers in this package refer to that paper.
//
// Positions are orb.Point: longitude, then latitude, in degrees. Azimuths are
// in degrees clockwise from true north, distances in metres along the
// ellipsoid, heights in metres above mean sea level. Functions of positions do
// not check them (see ValidPoint); a NaN that goes in comes out.
package earth

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

const (
	// SemiMajorAxisM is the equatorial radius of WGS-84, in metres.
	SemiMajorAxisM = 6378137.0
	// Flattening is that of WGS-84: (a − b)/a.
	Flattening = 1 / 298.257223563

	// SemiMinorAxisM is the polar radius, in metres.
	SemiMinorAxisM = SemiMajorAxisM * (1 - Flattening)

	// eccentricity2 is e², the square of the first eccentricity.
	eccentricity2 = Flattening * (2 - Flattening)
	// secondEccentricity2 is e'² = e²/(1 − e²).
	secondEccentricity2 = eccentricity2 / ((1 - Flattening) * (1 - Flattening))
	// thirdFlattening is n = (a − b)/(a + b).
	thirdFlattening = Flattening / (2 - Flattening)
)

var (
	eccentricity = math.Sqrt(eccentricity2)
	// authalicRadius2M2 is the squared radius of the sphere that has the
	// ellipsoid's area.
	authalicRadius2M2 = SemiMajorAxisM*SemiMajorAxisM/2 +
		SemiMinorAxisM*SemiMinorAxisM/2*math.Atanh(eccentricity)/eccentricity
)

// PositionError says which coordinate of a position is impossible.
type PositionError struct {
	// Field is "lat" or "lon".
	Field string
	// ValueDeg is the refused value, in degrees; it may be NaN.
	ValueDeg float64
}

func (e *PositionError) Error() string {
	limit := 90
	if e.Field == "lon" {
		limit = 180
	}
	return fmt.Sprintf("%s is %v°; it must lie between %d° and %d°", e.Field, e.ValueDeg, -limit, limit)
}

// ValidPoint returns a *PositionError when the latitude of p is not within
// ±90° or its longitude not within ±180°, or either is NaN. When both are
// wrong it names the latitude.
func ValidPoint(p orb.Point) error {
	if !(math.Abs(p.Lat()) <= 90) {
		return &PositionError{Field: "lat", ValueDeg: p.Lat()}
	}
	if !(math.Abs(p.Lon()) <= 180) {
		return &PositionError{Field: "lon", ValueDeg: p.Lon()}
	}
	return nil
}
