package earth

import "math"

// Effective is an effective earth as one antenna sees it: a sphere so large
// that rays, which refraction bends towards the true earth, are straight over
// it. RadiusM is k·R(α), with R(α) from Curvature.AlongM at the radar.
//
// Heights are above mean sea level, which is the surface of the sphere.
// Ground distances are measured along it and must stay below a quarter of its
// circumference (13 000 km); elevation angles are counted from the horizontal
// at the antenna, upwards.
type Effective struct {
	// RadiusM is the radius of the sphere, in metres: positive and finite.
	RadiusM float64
	// AntennaAMSLM is the height of the antenna, in metres.
	AntennaAMSLM float64
}

// antennaRadiusM is the distance of the antenna from the centre.
func (e Effective) antennaRadiusM() float64 { return e.RadiusM + e.AntennaAMSLM }

// half is half of the angle ψ that a ground distance spans at the centre.
func (e Effective) half(distanceM float64) angle {
	return inRadians(distanceM / e.RadiusM / 2)
}

// TanElevation returns the tangent of the elevation angle at which the antenna
// sees a point at a height over a ground distance above zero. It keeps its
// relative accuracy from 1 m on: with z − h0 taken out, the exact expression
//
//	((a+z)·cos ψ − (a+h0)) / ((a+z)·sin ψ)
//
// becomes (z−h0)/((a+z)·sin ψ) − tan(ψ/2). At distance zero it is ±Inf, or NaN
// for the antenna itself.
func (e Effective) TanElevation(distanceM, heightAMSLM float64) float64 {
	half := e.half(distanceM)
	return (heightAMSLM-e.AntennaAMSLM)/((e.RadiusM+heightAMSLM)*2*half.sin*half.cos) -
		half.sin/half.cos
}

// RayHeightM returns the height, in metres above mean sea level, of the ray
// that leaves with tanElevation, over a ground distance. It is the inverse of
// TanElevation. A ray that climbs away without ever reaching the distance
// gives +Inf, and so does the vertical one, +Inf; straight down, −Inf, is the
// limit −RadiusM.
func (e Effective) RayHeightM(tanElevation, distanceM float64) float64 {
	if math.IsInf(tanElevation, 0) {
		return math.Max(tanElevation, -e.RadiusM)
	}
	half := e.half(distanceM)
	climb := 2*half.sin*half.sin + tanElevation*2*half.sin*half.cos
	if climb >= 1 {
		return math.Inf(1)
	}
	return e.AntennaAMSLM + e.antennaRadiusM()*climb/(1-climb)
}

// SlantRangeM returns the length, in metres, of the ray from the antenna to a
// point at a height over a ground distance.
func (e Effective) SlantRangeM(distanceM, heightAMSLM float64) float64 {
	half := e.half(distanceM)
	rise := heightAMSLM - e.AntennaAMSLM
	chord2 := 4 * e.antennaRadiusM() * (e.RadiusM + heightAMSLM) * half.sin * half.sin
	return math.Sqrt(rise*rise + chord2)
}

// HeightAtSlantRangeM returns the height, in metres above mean sea level, at
// which the slant range reaches slantRangeM over a ground distance: of the two
// such heights the upper one, where a climbing aircraft leaves the range. It
// is NaN where every point over that distance is out of range, that is for
// slant ranges below (a + h0)·sin ψ.
func (e Effective) HeightAtSlantRangeM(distanceM, slantRangeM float64) float64 {
	half := e.half(distanceM)
	nearestM := e.antennaRadiusM() * 2 * half.sin * half.cos
	dropM := e.antennaRadiusM() * 2 * half.sin * half.sin
	return e.AntennaAMSLM - dropM + math.Sqrt((slantRangeM-nearestM)*(slantRangeM+nearestM))
}

// GroundDistanceM returns the ground distance, in metres, below the point at a
// slant range and an elevation angle.
//
// Source: R. J. Doviak and D. S. Zrnić, Doppler Radar and Weather Observations
// (1993), equation 2.28c, with the antenna's height added.
func (e Effective) GroundDistanceM(slantRangeM, elevationRad float64) float64 {
	sin, cos := math.Sincos(elevationRad)
	return e.RadiusM * math.Atan2(slantRangeM*cos, e.antennaRadiusM()+slantRangeM*sin)
}

// HeightFromSlantM returns the height, in metres above mean sea level, of the
// point at a slant range and an elevation angle.
//
// Source: Doviak and Zrnić, equation 2.28b, with the antenna's height added.
func (e Effective) HeightFromSlantM(slantRangeM, elevationRad float64) float64 {
	r0, sin := e.antennaRadiusM(), math.Sin(elevationRad)
	growth := slantRangeM * (slantRangeM + 2*r0*sin)
	return e.AntennaAMSLM + growth/(r0+math.Sqrt(r0*r0+growth))
}

// SlantFromHeightM returns the slant range, in metres, at which the ray at an
// elevation angle first meets a height. It is NaN when it never does: for
// heights below the antenna that is a ray which looks up, or not down enough.
func (e Effective) SlantFromHeightM(heightAMSLM, elevationRad float64) float64 {
	q := e.antennaRadiusM() * math.Sin(elevationRad)
	d := (heightAMSLM - e.AntennaAMSLM) * (2*e.RadiusM + heightAMSLM + e.AntennaAMSLM)
	root := math.Sqrt(q*q + d)
	switch {
	case d == 0:
		return 0
	case d > 0 && q < 0:
		return root - q
	case d > 0:
		return d / (root + q)
	case q < 0:
		return d / (q - root)
	}
	return math.NaN()
}
