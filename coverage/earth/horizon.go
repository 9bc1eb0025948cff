package earth

import "math"

// HorizonSlantRangeM returns the length, in metres, of the ray that touches a
// smooth earth whose surface lies at a height: √((h0−z)·(2a+h0+z)). It is 0
// for an antenna on the surface, and NaN for one below it.
func (e Effective) HorizonSlantRangeM(surfaceAMSLM float64) float64 {
	above := e.AntennaAMSLM - surfaceAMSLM
	return math.Sqrt(above * (2*e.RadiusM + e.AntennaAMSLM + surfaceAMSLM))
}

// HorizonDistanceM returns the ground distance, in metres, to the horizon of a
// smooth earth whose surface lies at a height. It is 0 for an antenna on the
// surface, and NaN for one below it.
func (e Effective) HorizonDistanceM(surfaceAMSLM float64) float64 {
	return e.RadiusM * math.Atan2(e.HorizonSlantRangeM(surfaceAMSLM), e.RadiusM+surfaceAMSLM)
}

// SmoothFloorM returns the lowest height, in metres above mean sea level, that
// the antenna sees over a ground distance when the earth is smooth and its
// surface lies at a height: the surface up to the horizon, and behind it the
// ray that touches there, (a+z)/cos(ψ−ψh) − a. It is NaN for an antenna below
// the surface.
func (e Effective) SmoothFloorM(distanceM, surfaceAMSLM float64) float64 {
	beyondM := distanceM - e.HorizonDistanceM(surfaceAMSLM)
	if beyondM <= 0 {
		return surfaceAMSLM
	}
	half := e.half(beyondM)
	drop := 2 * half.sin * half.sin
	return surfaceAMSLM + (e.RadiusM+surfaceAMSLM)*drop/(1-drop)
}

// ProfilePoint is a point of a terrain profile.
type ProfilePoint struct {
	// DistanceM is the ground distance from the antenna, in metres.
	DistanceM float64
	// HeightAMSLM is the height of the ground there.
	HeightAMSLM float64
}

// HorizonOverProfile returns the tangent of the largest elevation angle at
// which the antenna sees a point of the profile, and the ground distance of
// that point: the first, where several share it. Points at distance zero or
// behind are left out; without any other the tangent is −Inf.
func (e Effective) HorizonOverProfile(profile []ProfilePoint) (tanElevation, distanceM float64) {
	tanElevation = math.Inf(-1)
	for _, p := range profile {
		if p.DistanceM <= 0 {
			continue
		}
		if t := e.TanElevation(p.DistanceM, p.HeightAMSLM); t > tanElevation {
			tanElevation, distanceM = t, p.DistanceM
		}
	}
	return tanElevation, distanceM
}
