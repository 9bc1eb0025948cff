package network

import (
	"math"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
)

// limits bound a radar's envelope over neighbouring cells. They follow
// sight.Envelope with few operations: with series in place of functions, and
// with the smallest and the largest effective earth there is towards the cells
// in place of that along each azimuth.
type limits struct {
	site  *sight.Site
	reach sight.Reach
	// antennaM and groundM are above mean sea level.
	antennaM, groundM float64
	// along and across are the curvatures along the meridian and across it.
	along, across float64
	// turn is by how much the square of the cosine of an azimuth in range may
	// depart from that on a plane.
	turn float64
	// minTan and maxTan are the tangents of the beam's ends.
	minTan, maxTan float64
	// blindM is a distance that is outside of the blind zone.
	blindM float64
}

// sphere is an effective earth.
type sphere struct{ radiusM, curvature float64 }

func newSphere(curvature float64) sphere { return sphere{1 / curvature, curvature} }

func newLimits(s *sight.Site, reach sight.Reach) limits {
	latitude := math.Min(math.Abs(s.Position.Lat())+10, 89) * math.Pi / 180
	return limits{site: s, reach: reach, antennaM: s.AntennaAMSLM(), groundM: s.GroundAMSLM,
		along: 1 / s.Effective(0).RadiusM, across: 1 / s.Effective(90).RadiusM,
		turn:   0.01 + s.RangeM*math.Tan(latitude)/earth.SemiMinorAxisM,
		minTan: sight.BeamTan(s.MinElevationDeg), maxTan: sight.BeamTan(s.MaxElevationDeg),
		blindM: 1.02 * s.MinRangeM}
}

// slackM covers what series and rounding leave out.
const slackM = 1

// finestM covers it where distances are those of the cells, and rounding is the
// share that the squares of those may be off by.
const (
	finestM  = 0.1
	rounding = 4e-6
)

// tinyM is more than rounding does to a height. It keeps divisions by one finite.
const tinyM = 1e-9

// nearestM is taken for cells at the foot of the antenna, as by the envelope.
const nearestM = 1

// ring is cells as a radar has them: at distances over ground from leastM to
// mostM, of no less than nearestM. Their ground is from groundLow to groundHigh,
// and all bands are from lowM to highM, above mean sea level.
type ring struct {
	leastM, mostM         float64
	groundLow, groundHigh float64
	lowM, highM           float64
}

// outlook is what a radar surely sees, and surely does not, over a ring.
type outlook struct {
	// inside says that surely no cell is blind or outside of the sector.
	inside bool
	// bulge and ray say what the horizon may be: that of a smooth earth, and the
	// lowest beam.
	bulge, ray bool
	// beamM is a height that is nowhere above the highest beam.
	beamM float64
	// bands are the bounds of bands above mean sea level, and above ground.
	bands [2]bounds
}

// bounds are from what value on a band is below all ceilings, and up to what; and
// from what value on it is above the horizon, and below what below it. Where
// the horizon is at the ground, it is taken as below all that is not
// underground.
type bounds struct{ freeFromM, freeToM, overFromM, underToM float64 }

func (l *limits) outlook(r *ring) (o outlook) {
	none := math.Inf(-1)
	if l.reach == sight.Disc {
		o.bands[0].freeFromM, o.bands[0].freeToM = none, math.Inf(1)
		o.bands[1] = o.bands[0]
		return o
	}
	o.inside = l.site.Sector == nil && r.leastM > l.blindM
	// Over a plane, a beam rises by less.
	if o.beamM = l.antennaM + l.maxTan*r.leastM - slackM; l.maxTan < 0 {
		o.beamM = none
	}
	// What is no number is beyond the range at any height.
	riseM := math.Sqrt(l.site.RangeM*l.site.RangeM-r.mostM*r.mostM*l.stretched(r.lowM, r.highM)) - slackM
	bottomM, topM := l.antennaM-riseM, min(l.antennaM+riseM, o.beamM, l.site.HeightLimitAMSLM)
	o.bands = [2]bounds{
		{bottomM, topM, none, none},
		{bottomM - r.groundLow, topM - r.groundHigh - tinyM, none, none},
	}
	if o.bulge = l.minTan < 0; o.bulge {
		l.addBulge(r, &o)
	}
	l.addRay(r, &o)
	return o
}

// addBulge adds the horizon of a smooth earth, which is at the ground or that of
// the radar, whichever is lower.
func (l *limits) addBulge(r *ring, o *outlook) {
	small, large := newSphere(l.along), newSphere(l.across)
	lowest, highest := min(l.groundM, r.groundLow), min(l.groundM, r.groundHigh)
	if bulgeM := l.bulgeM(&small, r.mostM, highest); bulgeM > 0 {
		o.bands[0].overFromM = bulgeM + slackM + highest
		o.bands[1].overFromM = bulgeM + slackM + lowest - r.groundLow
	}
	bulgeM := l.bulgeM(&large, r.leastM, lowest) - slackM
	o.bands[0].underToM, o.bands[1].underToM = bulgeM+lowest, bulgeM+highest-r.groundHigh
}

// addRay adds the lowest beam, which is nowhere below the horizon if it does not
// look down.
func (l *limits) addRay(r *ring, o *outlook) {
	small, large := newSphere(l.along), newSphere(l.across)
	// It is highest at an end.
	high := slackM + max(l.rayM(&small, l.minTan, r.leastM), l.rayM(&small, l.minTan, r.mostM))
	if o.ray = !o.bulge || high > min(l.groundM, r.groundLow); !o.ray {
		return
	}
	o.bands[0].overFromM, o.bands[1].overFromM = max(o.bands[0].overFromM, high), max(o.bands[1].overFromM, high-r.groundLow)
	if !o.bulge {
		low := l.rayM(&large, l.minTan, r.leastM) - slackM
		o.bands[0].underToM, o.bands[1].underToM = low, low-r.groundHigh
	}
}

// stretched is by how much the square of a chord between antenna and heights from
// low to high is at most larger than that of the distance over ground: the
// chord is 4(a+h0)(a+h)·sin²(ψ/2).
func (l *limits) stretched(low, high float64) float64 {
	return (1 + math.Abs(l.antennaM)*l.along) * (1 + max(math.Abs(low), math.Abs(high))*l.along)
}

// safe2M2 returns the square of a distance up to which the slant range to
// heights from low to high is surely no more than the instrumented one.
func (l *limits) safe2M2(low, high float64) float64 {
	rise := max(math.Abs(low-l.antennaM), math.Abs(high-l.antennaM)) + finestM
	return l.spanned2M2(rise, l.stretched(low, high), l.across) * (1 - rounding)
}

// lost2M2 returns the square of a distance in range from which on the slant range
// to a height is surely more than the instrumented one; infinite for heights
// so low that it may shrink as they rise.
func (l *limits) lost2M2(height float64) float64 {
	if height < l.antennaM {
		return math.Inf(1)
	}
	shrunk := func(h float64) float64 { return 1 + h*l.across - max(0, -h)*(l.along-l.across) }
	rise := max(0, height-l.antennaM-finestM)
	return l.spanned2M2(rise, shrunk(l.antennaM)*shrunk(height), l.along) * (1 + rounding)
}

// spanned2M2 returns the square of the distance over which the slant range is the
// instrumented one, for the square of a chord that is stretched so much: of
// 4·sin²(ψ/2) = ψ²·(1 − ψ²/12 + …), as far as rounding shows.
func (l *limits) spanned2M2(rise, stretched, curvature float64) float64 {
	d2 := (l.site.RangeM*l.site.RangeM - rise*rise) / stretched
	return d2 * (1 + d2*curvature*curvature*(1./12))
}

// rayM is earth.Effective.RayHeightM.
func (l *limits) rayM(e *sphere, tan, distanceM float64) float64 {
	psi := distanceM * e.curvature
	psi2 := psi * psi
	climb := versine(psi2) + tan*psi*(1-psi2*(1./6-psi2*(1./120)))
	if climb >= 1 {
		return math.Inf(1)
	}
	return l.antennaM + (e.radiusM+l.antennaM)*climb/(1-climb)
}

// bulgeM is how far earth.Effective.SmoothFloorM is above the surface: it rises
// with the distance and with the surface, and sinks with the radius.
func (l *limits) bulgeM(e *sphere, distanceM, surfaceM float64) float64 {
	v := (l.antennaM - surfaceM) / (e.radiusM + l.antennaM)
	beyond := distanceM*e.curvature - math.Sqrt(2*v)*(1+v*(1./12))
	if !(beyond > 0) {
		return 0
	}
	drop := versine(beyond * beyond)
	return (e.radiusM + surfaceM) * drop / (1 - drop)
}

// versine is 1 − cos ψ.
func versine[T float32 | float64](psi2 T) T {
	return psi2 * (0.5 - psi2*(1./24-psi2*(1./720)))
}

// course is the cells of a block as a radar has them, and the smallest and the
// largest effective earth towards them.
type course struct {
	steps
	small, large sphere
}

// course returns that of cells first ≤ c < last of an arc, of which the block
// begins at col. Along the meridian, the earth curves most.
func (l *limits) course(a *arc, col, first, last int) course {
	towards := func(share float64) sphere {
		return newSphere(l.across + min(max(share, 0), 1)*(l.along-l.across))
	}
	least2M2, most2M2 := a.least2M2(first, last), a.most2M2(first, last)
	return course{a.steps(col), towards(a.a/least2M2 + l.turn), towards(a.a/most2M2 - l.turn)}
}

// rayTest returns the comparison of a band with a ray from the antenna.
func (l *limits) rayTest(a *band, c *course, tan float64) (t rayTest) {
	t.steps, t.follow = c.steps, float32(a.follow)
	t.heightM, t.tan = float32(a.baseM-l.antennaM), float32(tan)
	// A distance may be off by a centimetre.
	t.slackM = float32(finestM + math.Abs(tan)*0.01)
	t.near.curvature, t.near.antennaM = float32(c.small.curvature), float32(c.small.radiusM+l.antennaM)
	t.far.curvature, t.far.antennaM = float32(c.large.curvature), float32(c.large.radiusM+l.antennaM)
	return t
}

// bulgeTest returns the comparison of a band with the horizon of a smooth earth.
func (l *limits) bulgeTest(a *band, c *course) (t bulgeTest) {
	t.steps, t.follow = c.steps, float32(a.follow)
	t.heightM, t.slackM = float32(a.baseM), finestM
	mastM := l.antennaM - l.groundM
	t.surfaceM, t.mastM = float32(l.groundM), float32(mastM)
	// The root of a height makes much of what its rounding leaves out.
	roundedM := math.Abs(float64(t.surfaceM) - l.groundM)
	side := func(e sphere, longer float64) (s bulgeSide) {
		antennaM := e.radiusM + l.antennaM
		dip := math.Sqrt(2 / antennaM)
		s.curvature = float32(e.curvature * (1 + longer))
		s.radians = float32(dip * roundedM / math.Sqrt(mastM+roundedM+tinyM))
		s.dip, s.dipMore, s.radiusM = float32(dip), float32(dip/(12*antennaM)), float32(e.radiusM)
		return s
	}
	t.near, t.far = side(c.small, rounding/2), side(c.large, -rounding/2)
	return t
}
