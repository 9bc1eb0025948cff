package sight

import "math"

// Ceiling is Envelope.TopAMSLM alone, within a millimetre up to 1000 km and for
// a fraction of the cost.
type Ceiling struct {
	site    *Site
	beamTan float64
}

// Ceiling returns the ceiling of a radar, with any reach but Disc.
func (s *Site) Ceiling() Ceiling { return Ceiling{s, BeamTan(s.MaxElevationDeg)} }

// AMSLM returns the ceiling, in metres above mean sea level, at a distance in
// metres over ground and an azimuth of which the square of the sine is given.
func (c Ceiling) AMSLM(distanceM, sin2 float64) float64 {
	b := c.site.bend(distanceM, sin2)
	return c.of(&b)
}

func (c Ceiling) of(b *bend) float64 {
	top := math.Inf(-1)
	if up2 := (c.site.RangeM - b.radiusM*b.sin) * (c.site.RangeM + b.radiusM*b.sin); up2 >= 0 {
		top = b.antennaM - b.radiusM*b.versine + math.Sqrt(up2)
	}
	return min(top, b.rayM(c.beamTan), c.site.HeightLimitAMSLM)
}

// SmoothFloor is Envelope.Floor with reach Horizon and without terrain, smallest
// range and sector, as exact as Ceiling.
type SmoothFloor struct {
	ceiling Ceiling
	beamTan float64
}

// SmoothFloor returns the floor of a radar over a smooth earth.
func (s *Site) SmoothFloor() SmoothFloor { return SmoothFloor{s.Ceiling(), BeamTan(s.MinElevationDeg)} }

// AMSLM returns the floor, in metres above mean sea level, at a distance and an
// azimuth as Ceiling takes them, above ground of the given height; NaN where
// that leaves nothing below the ceiling.
func (f SmoothFloor) AMSLM(distanceM, sin2, groundAMSLM float64) float64 {
	b := f.ceiling.site.bend(distanceM, sin2)
	smooth := b.smoothFloorM(math.Min(f.ceiling.site.GroundAMSLM, groundAMSLM))
	floor := math.Max(math.Max(smooth, b.rayM(f.beamTan)), groundAMSLM)
	if floor > f.ceiling.of(&b) {
		return math.NaN()
	}
	return floor
}

// bend is how the effective earth falls away from the antenna on the way to a
// place: earth.Effective with the functions of ψ = s/a as series.
type bend struct {
	// radiusM is that of the antenna, a + h0.
	antennaM, radiusM float64
	psi, sin, versine float64
}

func (s *Site) bend(distanceM, sin2 float64) bend {
	inverseRadius := ((1-sin2)/s.curvature.MeridianM + sin2/s.curvature.PrimeVerticalM) / s.EarthFactor
	psi := math.Max(distanceM, minDistanceM) * inverseRadius
	psi2 := psi * psi
	return bend{
		antennaM: s.AntennaAMSLM(), radiusM: 1/inverseRadius + s.AntennaAMSLM(),
		psi: psi, sin: psi * (1 - psi2*(1./6-psi2*(1./120-psi2*(1./5040)))), versine: versine(psi2),
	}
}

// versine returns 1 − cos ψ.
func versine(psi2 float64) float64 { return psi2 * (0.5 - psi2*(1./24-psi2*(1./720))) }

// rayM is earth.Effective's RayHeightM.
func (b *bend) rayM(tan float64) float64 {
	climb := b.versine + tan*b.sin
	if climb >= 1 {
		return math.Inf(1)
	}
	return b.antennaM + b.radiusM*climb/(1-climb)
}

// smoothFloorM is earth.Effective's SmoothFloorM. The horizon is where the
// tangent of ψ is x.
func (b *bend) smoothFloorM(surfaceM float64) float64 {
	surfaceRadiusM := b.radiusM - b.antennaM + surfaceM
	x2 := (b.antennaM - surfaceM) * (b.radiusM + surfaceRadiusM) / (surfaceRadiusM * surfaceRadiusM)
	beyond := b.psi - math.Sqrt(x2)*(1-x2*(1./3-x2*(1./5-x2*(1./7))))
	if beyond <= 0 {
		return surfaceM
	}
	drop := versine(beyond * beyond)
	return surfaceM + surfaceRadiusM*drop/(1-drop)
}
