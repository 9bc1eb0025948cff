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
		turn:   math.Tan(latitude) / earth.SemiMinorAxisM,
		lowest: newBeam(s.MinElevationDeg), highest: newBeam(s.MaxElevationDeg),
		blind2M2: 1.04 * s.MinRangeM * s.MinRangeM}
}

func newBeam(elevationDeg float64) beam {
	elevation := math.Min(elevationDeg, 90-1e-6) * math.Pi / 180
	return beam{math.Tan(elevation), -elevation}
}

// line is a height that changes evenly from cell to cell.
type line struct {
	first, step float64
	// sagM is how far it is above the heights that it bounds over the middle
	// cell.
	sagM float64
}

func (l line) at(cell int) float64 { return l.first + l.step*float64(cell) }

// ends returns the lower and the higher end of the line over some cells.
func (l line) ends(cells int) (low, high float64) {
	last := l.at(cells - 1)
	return min(l.first, last), max(l.first, last)
}

// sink lowers the line below heights that rise ever more steeply from the radar
// on: they are nowhere more than twice as far below it as over the middle.
func (l *line) sink() { l.first -= 2*l.sagM + slackM }

// slackM covers what series and rounding leave out.
const slackM = 1

// nearestM is taken for cells at the foot of the antenna, as by the envelope.
const nearestM = 1

// stretch is some neighbouring cells of a row that are in range.
type stretch struct {
	cells int
	// west, middle and east are the distances over ground, of no less than
	// nearestM, of the first, the middle and the last cell, in metres.
	west, middle, east float64
	// least2M2 and north2M2 are the squares of that of the nearest, and of that
	// of their parallel along the radar's meridian.
	least2M2, north2M2 float64
	// groundLow and groundHigh bound their ground.
	groundLow, groundHigh float64
}

// towards returns the smallest and the largest effective earth towards cells
// whose azimuths have squares of the cosine from low to high.
func (l *limits) towards(low, high float64) (small, large sphere) {
	of := func(share float64) sphere {
		curvature := l.across + min(max(share, 0), 1)*(l.along-l.across)
		return sphere{1 / curvature, curvature}
	}
	// Along the meridian, the earth curves most.
	return of(high), of(low)
}

func (l *limits) earths(s *stretch) (small, large sphere) {
	most := max(s.west, s.east)
	margin := 0.01 + most*l.turn
	return l.towards(s.north2M2/(most*most)-margin, s.north2M2/s.least2M2+margin)
}

func (s *stretch) nearest() float64 { return max(nearestM, math.Sqrt(s.least2M2)) }

// through returns the line through heights over the first and the last cell.
// Heights that rise ever more steeply from the radar on are nowhere above it.
func (s *stretch) through(west, middle, east float64) line {
	return line{first: west, step: (east - west) / float64(max(1, s.cells-1)), sagM: (west+east)/2 - middle}
}

// horizonBounds are what sight.Envelope.HorizonAMSLM surely is within over a
// stretch, in metres above mean sea level.
type horizonBounds struct{ low, high line }

func (l *limits) horizon(s *stretch) (b horizonBounds) {
	small, large := l.earths(s)
	b.low = l.horizonOver(&large, s, min(l.groundM, s.groundLow), l.least)
	b.low.sink()
	b.high = l.horizonOver(&small, s, min(l.groundM, s.groundHigh), l.most)
	b.high.first += slackM
	return b
}

// horizonOver is the line through the horizon of a smooth earth, or through the
// lowest beam where that is higher.
func (l *limits) horizonOver(e *sphere, s *stretch, surfaceM float64, beam func(*sphere, *beam, *stretch) float64) line {
	if l.lowest.tan >= 0 {
		// It is nowhere below the horizon.
		return l.through(e, s, l.lowest.tan)
	}
	m := beam(e, &l.lowest, s)
	return s.through(max(m, l.smoothFloor(e, s.west, surfaceM)), max(m, l.smoothFloor(e, s.middle, surfaceM)), max(m, l.smoothFloor(e, s.east, surfaceM)))
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
	low, high line
	// within are the cells over which no band is beyond the slant range.
	within uint64
}

func (l *limits) ceiling(s *stretch) (b ceilingBounds) {
	small, large := l.earths(s)
	if l.highest.tan < 0 {
		b.low.first = l.least(&large, &l.highest, s) - slackM
		b.high.first = l.most(&small, &l.highest, s) + slackM
		return b
	}
	// Over a plane, a beam rises by less.
	b.low = s.through(l.antennaM+l.highest.tan*s.west, l.antennaM+l.highest.tan*s.middle, l.antennaM+l.highest.tan*s.east)
	b.low.sink()
	b.high = l.through(&small, s, l.highest.tan)
	b.high.first += slackM
	return b
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

// through is the line through the heights of a beam.
func (l *limits) through(e *sphere, s *stretch, tan float64) line {
	return s.through(l.rayHeight(e, tan, s.west), l.rayHeight(e, tan, s.middle), l.rayHeight(e, tan, s.east))
}

// least returns what a beam is nowhere below.
func (l *limits) least(e *sphere, r *beam, s *stretch) float64 {
	level := r.level * e.radiusM
	return l.rayHeight(e, r.tan, min(max(level, s.nearest()), max(s.west, s.east)))
}

// most returns what a beam is nowhere above: it is convex.
func (l *limits) most(e *sphere, r *beam, s *stretch) float64 {
	most := l.rayHeight(e, r.tan, max(s.west, s.east))
	if r.level > 0 {
		most = max(most, l.rayHeight(e, r.tan, s.nearest()))
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
