package earth

import (
	"fmt"
	"math"
)

// StandardK is the effective earth factor of the standard atmosphere.
const StandardK = 4.0 / 3

// deltaNLimit is the fall of refractivity, in N-units per kilometre, at which
// a ray curves as much as the earth: 1e6/6371, rounded as ITU-R P.452 does.
const deltaNLimit = 157.0

// Curvature is how the ellipsoid bends at a place.
type Curvature struct {
	// MeridianM is M, the radius of curvature along the meridian, and
	// PrimeVerticalM is N, that across it, both in metres.
	MeridianM, PrimeVerticalM float64
}

// CurvatureAt returns the curvature at a latitude in degrees.
func CurvatureAt(latDeg float64) Curvature {
	sin := inDegrees(latDeg).sin
	w2 := 1 - eccentricity2*sin*sin
	w := math.Sqrt(w2)
	return Curvature{
		MeridianM:      SemiMajorAxisM * (1 - eccentricity2) / (w2 * w),
		PrimeVerticalM: SemiMajorAxisM / w,
	}
}

// AlongM returns the radius of curvature along an azimuth, in metres:
// 1/(cos² α/M + sin² α/N), Euler's theorem.
func (c Curvature) AlongM(azimuthDeg float64) float64 {
	alpha := inDegrees(azimuthDeg)
	return 1 / (alpha.cos*alpha.cos/c.MeridianM + alpha.sin*alpha.sin/c.PrimeVerticalM)
}

// GradientError is returned for a refractivity gradient that no effective
// earth stands for.
type GradientError struct {
	// DeltaN is the refused fall of refractivity in N-units per kilometre.
	DeltaN float64
}

func (e *GradientError) Error() string {
	return fmt.Sprintf("the refractivity falls by %v N-units per km; it must be finite and below %v, beyond which rays are trapped",
		e.DeltaN, deltaNLimit)
}

// KFromGradient returns the effective earth factor k = 157/(157 − ΔN) for
// deltaN, the fall of refractivity over the lowest kilometre in N-units: about
// 39 in the standard atmosphere, negative where refractivity grows with
// height. It returns a *GradientError unless deltaN is finite and below 157.
//
// Source: Recommendation ITU-R P.452, effective earth radius.
func KFromGradient(deltaN float64) (k float64, err error) {
	if !(deltaN < deltaNLimit) || math.IsInf(deltaN, 0) {
		return 0, &GradientError{DeltaN: deltaN}
	}
	return deltaNLimit / (deltaNLimit - deltaN), nil
}

// EffectiveRadiusFromLapse returns the radius, in metres, of the effective
// earth R/(1 + R·dn/dh) for a true radius and a gradient of the refractive
// index per metre: −39e-9 in the standard atmosphere. At dn/dh = −1/R rays
// follow the earth and the radius is +Inf; below that they are trapped and it
// is negative, which Effective does not take.
func EffectiveRadiusFromLapse(radiusM, indexPerM float64) float64 {
	return radiusM / (1 + radiusM*indexPerM)
}
