package network

import (
	"math"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
)

// limits bound a radar's envelope over neighbouring cells of a row. They follow
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
	// lowest and highest are the ends of the beam.
	lowest, highest beam
	// blind2M2 is the square of a distance that is outside of the blind zone.
	blind2M2 float64
}

// beam is a ray from the antenna.
type beam struct {
	tan float64
	// level is the angle at the centre of the earth over which it runs level,
	// and is lowest; not above 0 for one that looks up.
	level float64
}

// sphere is an effective earth.
type sphere struct{ radiusM, curvature float64 }

func newLimits(s *sight.Site, reach sight.Reach) limits {
	latitude := math.Min(math.Abs(s.Position.Lat())+10, 89) * math.Pi / 180
	return limits{site: s, reach: reach, antennaM: s.AntennaAMSLM(), groundM: s.GroundAMSLM,
		along: 1 / s.Effective(0).RadiusM, across: 1 / s.Effective(90).RadiusM,
		turn:   0.01 + s.RangeM*math.Tan(latitude)/earth.SemiMinorAxisM,
		lowest: newBeam(s.MinElevationDeg), highest: newBeam(s.MaxElevationDeg),
		blind2M2: 1.04 * s.MinRangeM * s.MinRangeM}
}

func newBeam(elevationDeg float64) beam {
	elevation := math.Min(elevationDeg, 90-1e-6) * math.Pi / 180
	return beam{math.Tan(elevation), -elevation}
}

// curve is a height over the cells of a stretch: a parabola.
type curve struct{ first, step, bend float64 }

func (c curve) at(cell int) float64 {
	x := float64(cell)
	return c.first + x*(c.step+x*c.bend)
}

// ends returns what the curve is nowhere below and nowhere above over the
// cells.
func (c curve) ends(cells int) (low, high float64) {
	last := c.at(cells - 1)
	sagM := c.sagM(cells)
	return min(c.first, last) - max(0, sagM), max(c.first, last) - min(0, sagM)
}

// sagM is how far the curve is below the line between its ends in the middle.
func (c curve) sagM(cells int) float64 {
	x := float64(cells - 1)
	return c.bend * x * x / 4
}

// slackM covers what series and rounding leave out.
const slackM = 1

// nearest2M2 is taken for cells at the foot of the antenna, as by the envelope.
const nearest2M2 = 1

// stretch is some neighbouring cells of a row that are in range. Distances over
// ground are squares, in m², and of no less than nearest2M2.
type stretch struct {
	cells int
	// west2M2, middle2M2 and east2M2 are those of the first, the middle and the
	// last cell, least2M2 that of the nearest, and north2M2 of their parallel along
	// the radar's meridian; length2M2 is that from the first to the last.
	west2M2, middle2M2, east2M2, least2M2, north2M2, length2M2 float64
	// groundLow and groundHigh bound their ground.
	groundLow, groundHigh float64
}

func (s *stretch) most2M2() float64 { return max(s.west2M2, s.east2M2) }

// earths returns the smallest and the largest effective earth towards the
// cells. Along the meridian, the earth curves most.
func (l *limits) earths(s *stretch) (small, large sphere) {
	towards := func(share float64) sphere {
		curvature := l.across + min(max(share, 0), 1)*(l.along-l.across)
		return sphere{1 / curvature, curvature}
	}
	return towards(s.north2M2/s.least2M2 + l.turn), towards(s.north2M2/s.most2M2() - l.turn)
}

// heights are those over the first, the middle and the last cell of a stretch.
type heights struct{ west, middle, east float64 }

// sagM is how far the middle is below the line between the ends.
func (h heights) sagM() float64 { return (h.west+h.east)/2 - h.middle }

// between returns curves that heights, which rise ever more steeply from the
// radar on, are nowhere below and nowhere above. If they are even, not kinked,
// and the radar is farther away than the cells are from each other, a parabola
// through them is off by little.
func (s *stretch) between(low, high heights, even bool) (lowest, highest curve) {
	x := 1 / float64(max(1, s.cells-1))
	if even && s.length2M2 < s.least2M2 {
		share := math.Sqrt(s.length2M2/s.least2M2) / 2
		parabola := func(h heights) curve {
			return curve{first: h.west, step: (4*h.middle - 3*h.west - h.east) * x, bend: 4 * h.sagM() * x * x}
		}
		lowest, highest = parabola(low), parabola(high)
		lowest.first -= slackM + share*low.sagM()
		highest.first += slackM + share*high.sagM()
		return lowest, highest
	}
	// They are nowhere above the line between the ends, and nowhere more than
	// twice as far below it as in the middle.
	line := func(h heights) curve { return curve{first: h.west, step: (h.east - h.west) * x} }
	lowest, highest = line(low), line(high)
	lowest.first -= slackM + 2*low.sagM()
	highest.first += slackM
	return lowest, highest
}

// horizonBounds are what sight.Envelope.HorizonAMSLM surely is within over a
// stretch, in metres above mean sea level.
type horizonBounds struct{ low, high curve }

func (l *limits) horizon(s *stretch) (b horizonBounds) {
	small, large := l.earths(s)
	if l.lowest.tan >= 0 {
		// The lowest beam is nowhere below the horizon.
		b.low, b.high = s.between(l.beam(&large, s, l.lowest.tan), l.beam(&small, s, l.lowest.tan), true)
		return b
	}
	low := l.horizonOver(&large, s, min(l.groundM, s.groundLow), l.least(&large, &l.lowest, s))
	high := l.horizonOver(&small, s, min(l.groundM, s.groundHigh), l.most(&small, &l.lowest, s))
	b.low, b.high = s.between(low, high, false)
	return b
}

// horizonWithin returns what the horizon surely is within at distances whose
// squares are from least2M2 to most2M2, at less cost than horizon: whatever the
// azimuth, and not at all for a beam that looks down.
func (l *limits) horizonWithin(least2M2, most2M2 float64) (low, high float64) {
	if l.lowest.tan < 0 {
		return math.Inf(-1), math.Inf(1)
	}
	small, large := sphere{1 / l.along, l.along}, sphere{1 / l.across, l.across}
	return l.rayHeight(&large, l.lowest.tan, max(nearest2M2, least2M2)) - slackM, l.rayHeight(&small, l.lowest.tan, max(nearest2M2, most2M2)) + slackM
}

// horizonOver is the horizon of a smooth earth, or beamM where that is higher.
func (l *limits) horizonOver(e *sphere, s *stretch, surfaceM, beamM float64) heights {
	return heights{
		max(beamM, l.smoothFloor(e, s.west2M2, surfaceM)),
		max(beamM, l.smoothFloor(e, s.middle2M2, surfaceM)),
		max(beamM, l.smoothFloor(e, s.east2M2, surfaceM)),
	}
}

// beam is a ray that does not look down.
func (l *limits) beam(e *sphere, s *stretch, tan float64) heights {
	if s.cells == 1 {
		h := l.rayHeight(e, tan, s.west2M2)
		return heights{h, h, h}
	}
	return heights{l.rayHeight(e, tan, s.west2M2), l.rayHeight(e, tan, s.middle2M2), l.rayHeight(e, tan, s.east2M2)}
}

// inside reports whether surely no cell from a distance on is in the blind zone
// or outside of the sector.
func (l *limits) inside(least2M2 float64) bool {
	return l.reach != sight.Disc && l.site.Sector == nil && least2M2 > l.blind2M2
}

// ceilingBounds are what a radar's ceiling surely is within over a stretch.
type ceilingBounds struct {
	// The highest beam is no lower than low and no higher than high, in metres
	// above mean sea level.
	low, high curve
	// within are the cells over which no band is beyond the slant range.
	within uint64
}

func (l *limits) ceiling(s *stretch) (b ceilingBounds) {
	small, large := l.earths(s)
	tan := l.highest.tan
	if tan < 0 {
		b.low.first = l.least(&large, &l.highest, s) - slackM
		b.high.first = l.most(&small, &l.highest, s) + slackM
		return b
	}
	// Over a plane, a beam rises by less.
	plane := heights{l.antennaM + tan*math.Sqrt(s.west2M2), l.antennaM + tan*math.Sqrt(s.middle2M2), l.antennaM + tan*math.Sqrt(s.east2M2)}
	b.low, b.high = s.between(plane, l.beam(&small, s, tan), true)
	return b
}

// ceilingAt reports whether a height is surely below all ceilings over a stretch
// of one cell, and whether it is surely above the beam.
func (l *limits) ceilingAt(s *stretch, heightM float64) (free, above bool) {
	if heightM > l.site.HeightLimitAMSLM {
		return false, true
	}
	beam := l.ceiling(s)
	free = heightM <= beam.low.first && s.west2M2 <= l.safe2M2(heightM, heightM)
	return free, heightM > beam.high.first
}

// causeAt returns why a height is not seen over a stretch of one cell, given
// that terrain may be what hides it; None where bounds do not tell.
func (l *limits) causeAt(s *stretch, heightM float64) sight.Cause {
	if !l.inside(s.least2M2) {
		return sight.None
	}
	free, above := l.ceilingAt(s, heightM)
	horizon := l.horizon(s)
	switch {
	case above:
		return sight.AboveBeam
	case free && heightM >= horizon.high.first:
		return sight.TerrainBlocked
	case free && heightM < horizon.low.first:
		return sight.BelowHorizon
	}
	return sight.None
}

// free reports whether surely no ceiling lies below heights from low to high,
// at distances whose squares are from least2M2 to most2M2.
func (l *limits) free(least2M2, most2M2, low, high float64) bool {
	if l.reach == sight.Disc {
		return true
	}
	up := max(0, high-l.antennaM+slackM)
	return l.highest.tan >= 0 && high <= l.site.HeightLimitAMSLM &&
		up*up <= l.highest.tan*l.highest.tan*least2M2 && most2M2 <= l.safe2M2(low, high)
}

// safe2M2 returns the square of a distance up to which the slant range to
// heights from low to high is surely no more than the instrumented one. Of its
// square, the part 4(a+h0)(a+h)·sin²(ψ/2) is at most d²·(1+h0/a)·(1+h/a).
func (l *limits) safe2M2(low, high float64) float64 {
	rise := max(math.Abs(low-l.antennaM), math.Abs(high-l.antennaM)) + slackM
	stretched := (1 + math.Abs(l.antennaM)*l.along) * (1 + max(math.Abs(low), math.Abs(high))*l.along)
	return (l.site.RangeM*l.site.RangeM - rise*rise) / stretched
}

// least returns what a beam is nowhere below.
func (l *limits) least(e *sphere, r *beam, s *stretch) float64 {
	level := max(0, r.level*e.radiusM)
	return l.rayHeight(e, r.tan, min(max(level*level, s.least2M2), s.most2M2()))
}

// most returns what a beam is nowhere above: it is convex.
func (l *limits) most(e *sphere, r *beam, s *stretch) float64 {
	most := l.rayHeight(e, r.tan, s.most2M2())
	if r.level > 0 {
		most = max(most, l.rayHeight(e, r.tan, s.least2M2))
	}
	return most
}

// rayHeight is earth.Effective.RayHeightM, of the square of a distance.
func (l *limits) rayHeight(e *sphere, tan, distance2M2 float64) float64 {
	psi2 := distance2M2 * e.curvature * e.curvature
	climb := versine(psi2)
	if tan != 0 {
		climb += tan * math.Sqrt(psi2) * (1 - psi2*(1./6-psi2*(1./120)))
	}
	if climb >= 1 {
		return math.Inf(1)
	}
	return l.antennaM + (e.radiusM+l.antennaM)*climb/(1-climb)
}

// smoothFloor is earth.Effective.SmoothFloorM, of the square of a distance: it
// rises with the distance and with the surface, and sinks with the radius.
func (l *limits) smoothFloor(e *sphere, distance2M2, surfaceM float64) float64 {
	v := (l.antennaM - surfaceM) / (e.radiusM + l.antennaM)
	beyond := math.Sqrt(distance2M2)*e.curvature - math.Sqrt(2*v)*(1+v*(1./12))
	if !(beyond > 0) {
		return surfaceM
	}
	drop := versine(beyond * beyond)
	return surfaceM + (e.radiusM+surfaceM)*drop/(1-drop)
}

// versine is 1 − cos ψ.
func versine(psi2 float64) float64 {
	return psi2 * (0.5 - psi2*(1./24-psi2*(1./720)))
}
