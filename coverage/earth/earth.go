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
// not check them: a NaN that goes in comes out.
package earth

import "math"

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
