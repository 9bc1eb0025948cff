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
	// turn is by how much azimuths from the radar may depart from those on a
	// plane, a metre of distance.
	turn float64
	// lowest and highest are the ends of the beam.
	lowest, highest beam
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
		turn:   math.Tan(latitude) / earth.SemiMinorAxisM,
		lowest: newBeam(s.MinElevationDeg), highest: newBeam(s.MaxElevationDeg)}
}

func newBeam(elevationDeg float64) beam {
	elevation := math.Min(elevationDeg, 90-1e-6) * math.Pi / 180
	return beam{math.Tan(elevation), -elevation}
}

// bounds are what the parts of an envelope surely are within over neighbouring
// cells of a row, in metres above mean sea level.
type bounds struct {
	// HorizonAMSLM is no lower than low and no higher than high, and the highest
	// beam no lower than topLow and no higher than topHigh.
	low, high, topLow, topHigh line
	// inside says that no cell is in the blind zone or outside of the sector.
	inside bool
}

// line is a height that changes evenly from cell to cell.
type line struct{ first, step float64 }

func (l line) at(cell int) float64 { return l.first + l.step*float64(cell) }

// ends returns the lower and the higher end of the line over some cells.
func (l line) ends(cells int) (low, high float64) {
	last := l.at(cells - 1)
	return min(l.first, last), max(l.first, last)
}

// slackM covers what series and rounding leave out.
const slackM = 1

// stretch is some neighbouring cells of a row that are in range.
type stretch struct {
	cells int
	// west, middle and east are the distances over ground of the first, the
	// middle and the last cell, least that of the nearest, and north that of
	// their parallel along the radar's meridian, in metres.
	west, middle, east, least, north float64
	// groundLow and groundHigh bound their ground.
	groundLow, groundHigh float64
}

// earths returns the smallest and the largest effective earth towards the
// cells.
func (l *limits) earths(s *stretch) (small, large sphere) {
	most := max(s.west, s.east)
	margin := 0.01 + most*l.turn
	towards := func(share float64) sphere {
		curvature := l.across + min(max(share, 0), 1)*(l.along-l.across)
		return sphere{1 / curvature, curvature}
	}
	// Along the meridian, the earth curves most.
	return towards(s.north*s.north/(s.least*s.least) + margin), towards(s.north*s.north/(most*most) - margin)
}

// nearestM is taken for cells at the foot of the antenna, as by the envelope.
const nearestM = 1

// through returns the line through a height over the first and the last cell,
// and how far below it the height is over the middle one. Heights that rise
// ever more steeply from the radar on are nowhere above the line, and nowhere
// more than twice as far below it.
func (s *stretch) through(height func(distanceM float64) float64) (l line, sagM float64) {
	west, middle, east := height(max(s.west, nearestM)), height(max(s.middle, nearestM)), height(max(s.east, nearestM))
	return line{west, (east - west) / float64(max(1, s.cells-1))}, (west+east)/2 - middle
}

func (s *stretch) above(height func(distanceM float64) float64) line {
	l, _ := s.through(height)
	l.first += slackM
	return l
}

func (s *stretch) below(height func(distanceM float64) float64) line {
	l, sagM := s.through(height)
	l.first -= 2*sagM + slackM
	return l
}

func (l *limits) over(s *stretch) (b bounds) {
	if l.reach == sight.Disc {
		endless := line{first: math.Inf(1)}
		return bounds{high: endless, topLow: endless, topHigh: endless}
	}
	small, large := l.earths(s)
	b.inside = l.site.Sector == nil && s.least > 1.02*l.site.MinRangeM
	b.low = s.below(func(d float64) float64 {
		return l.horizon(&large, d, min(l.groundM, s.groundLow), l.least(&large, &l.lowest, s))
	})
	b.high = s.above(func(d float64) float64 {
		return l.horizon(&small, d, min(l.groundM, s.groundHigh), l.most(&small, &l.lowest, s))
	})
	if l.highest.tan < 0 {
		b.topLow.first = l.least(&large, &l.highest, s) - slackM
		b.topHigh.first = l.most(&small, &l.highest, s) + slackM
		return b
	}
	// Over a plane, a beam rises by less.
	b.topLow = s.below(func(d float64) float64 { return l.antennaM + l.highest.tan*d })
	b.topHigh = s.above(func(d float64) float64 { return l.rayHeight(&small, l.highest.tan, d) })
	return b
}

// horizon is that of a smooth earth, or the lowest beam where that is higher.
// Of beams that look down, beamM is taken for all cells.
func (l *limits) horizon(e *sphere, d, surfaceM, beamM float64) float64 {
	if l.lowest.tan < 0 {
		return max(beamM, l.smoothFloor(e, d, surfaceM))
	}
	// A beam that does not look down is nowhere below the horizon.
	return l.rayHeight(e, l.lowest.tan, d)
}

// withinRange reports whether, for heights from low to high, the slant range is
// surely no more than the instrumented one. Of its square, the part
// 4(a+h0)(a+h)·sin²(ψ/2) is at most d²·(1+h0/a)·(1+h/a).
func (l *limits) withinRange(distance2M2, low, high float64) bool {
	rise := max(math.Abs(low-l.antennaM), math.Abs(high-l.antennaM)) + slackM
	stretched := (1 + math.Abs(l.antennaM)*l.along) * (1 + max(math.Abs(low), math.Abs(high))*l.along)
	return distance2M2*stretched+rise*rise <= l.site.RangeM*l.site.RangeM
}

// least returns what a beam is nowhere below.
func (l *limits) least(e *sphere, r *beam, s *stretch) float64 {
	level := r.level * e.radiusM
	return l.rayHeight(e, r.tan, max(nearestM, min(max(level, s.least), max(s.west, s.east))))
}

// most returns what a beam is nowhere above: it is convex.
func (l *limits) most(e *sphere, r *beam, s *stretch) float64 {
	most := l.rayHeight(e, r.tan, max(nearestM, s.west, s.east))
	if r.level > 0 {
		most = max(most, l.rayHeight(e, r.tan, max(nearestM, s.least)))
	}
	return most
}

// rayHeight is earth.Effective.RayHeightM.
func (l *limits) rayHeight(e *sphere, tan, d float64) float64 {
	psi := d * e.curvature
	psi2 := psi * psi
	climb := versine(psi2) + tan*psi*(1-psi2*(1./6-psi2*(1./120)))
	if climb >= 1 {
		return math.Inf(1)
	}
	return l.antennaM + (e.radiusM+l.antennaM)*climb/(1-climb)
}

// smoothFloor is earth.Effective.SmoothFloorM: it rises with the distance and
// with the surface, and sinks with the radius.
func (l *limits) smoothFloor(e *sphere, d, surfaceM float64) float64 {
	v := (l.antennaM - surfaceM) / (e.radiusM + l.antennaM)
	beyond := d*e.curvature - math.Sqrt(2*v)*(1+v*(1./12))
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
