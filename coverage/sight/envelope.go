package sight

import (
	"math"

	"github.com/canopyradar/canopy/coverage/earth"
)

// minDistanceM keeps angles finite for a place at the foot of the antenna.
const minDistanceM = 1

// Envelope is what a radar sees of the air above one place as far as terrain
// has no say in it. Heights are metres above mean sea level.
type Envelope struct {
	// DistanceM is over ground, AzimuthDeg clockwise from true north at the
	// radar.
	DistanceM, AzimuthDeg float64
	// InRange and InSector say whether the place itself is, as seen from
	// above.
	InRange, InSector bool
	// GroundAMSLM is the ground at the place.
	GroundAMSLM float64
	// BeamTopAMSLM is the lower of the height limit and the highest beam.
	BeamTopAMSLM float64
	// RangeTopAMSLM is where the slant range reaches the instrumented range.
	RangeTopAMSLM float64
	// BlindTopAMSLM is where the slant range leaves the smallest range; −Inf
	// where it is nowhere below that.
	BlindTopAMSLM float64
	// HorizonAMSLM is the floor over a smooth earth that lies at the lower of
	// the grounds at radar and place, or of the lowest beam where that is
	// higher.
	HorizonAMSLM float64

	reach     Reach
	effective earth.Effective
	beamTan   float64
}

// Envelope returns the envelope above a place at a distance in metres over
// ground and an azimuth in degrees, whose ground is groundAMSLM.
func (s *Site) Envelope(reach Reach, distanceM, azimuthDeg, groundAMSLM float64) Envelope {
	e := Envelope{
		DistanceM: distanceM, AzimuthDeg: azimuthDeg,
		InRange:     distanceM <= s.RangeM,
		InSector:    s.Sector == nil || s.Sector.Contains(azimuthDeg),
		GroundAMSLM: groundAMSLM,
		reach:       reach,
	}
	if reach == Disc {
		e.discLimits(s)
		return e
	}
	e.effective = s.Effective(azimuthDeg)
	d := math.Max(distanceM, minDistanceM)
	e.beamTan = BeamTan(s.MinElevationDeg)
	e.BeamTopAMSLM = math.Min(s.HeightLimitAMSLM, e.effective.RayHeightM(BeamTan(s.MaxElevationDeg), d))
	e.RangeTopAMSLM = e.topOf(s.RangeM, d)
	e.BlindTopAMSLM = e.topOf(s.MinRangeM, d)
	e.HorizonAMSLM = math.Max(
		e.effective.SmoothFloorM(d, math.Min(s.GroundAMSLM, groundAMSLM)),
		e.effective.RayHeightM(e.beamTan, d))
	return e
}

// topOf returns the height where the slant range is slantM; −Inf where it is
// larger at every height.
func (e *Envelope) topOf(slantM, distanceM float64) float64 {
	if h := e.effective.HeightAtSlantRangeM(distanceM, slantM); h == h {
		return h
	}
	return math.Inf(-1)
}

func (e *Envelope) discLimits(s *Site) {
	e.InRange = e.InRange && e.DistanceM >= s.MinRangeM
	e.BeamTopAMSLM, e.RangeTopAMSLM = math.Inf(1), math.Inf(1)
	e.BlindTopAMSLM, e.HorizonAMSLM = math.Inf(-1), math.Inf(-1)
}

// TopAMSLM returns the ceiling: the lower of beam and range.
func (e *Envelope) TopAMSLM() float64 { return math.Min(e.BeamTopAMSLM, e.RangeTopAMSLM) }

// Floor returns the lowest altitude seen above the place, in metres above
// mean sea level, where terrain on the way reaches up to an elevation angle of
// the given tangent; the reach decides whether it counts. NaN where nothing is
// seen, −Inf with reach Disc.
func (e *Envelope) Floor(screeningTan float64) float64 {
	if !e.InRange || !e.InSector {
		return math.NaN()
	}
	if e.reach == Disc {
		return math.Inf(-1)
	}
	if e.reach == Terrain {
		d := math.Max(e.DistanceM, minDistanceM)
		return e.Limit(e.effective.RayHeightM(math.Max(screeningTan, e.beamTan), d))
	}
	return e.Limit(e.HorizonAMSLM)
}

// Limit raises a floor to the ground, and above the smallest range; it is NaN
// where that leaves nothing below the ceiling.
func (e *Envelope) Limit(floorAMSLM float64) float64 {
	floor := math.Max(math.Max(floorAMSLM, e.GroundAMSLM), e.BlindTopAMSLM)
	if !e.InRange || !e.InSector || floor > e.TopAMSLM() {
		return math.NaN()
	}
	return floor
}

// Cause returns why a height in metres above mean sea level is not seen,
// where the floor is floorAMSLM (NaN for none), or None where it is.
func (e *Envelope) Cause(floorAMSLM, heightAMSLM float64) Cause {
	switch {
	case !e.InRange:
		return OutOfRange
	case !e.InSector:
		return OutsideSector
	case heightAMSLM >= floorAMSLM && heightAMSLM <= e.TopAMSLM():
		return None
	case heightAMSLM > e.BeamTopAMSLM:
		return AboveBeam
	case heightAMSLM > e.RangeTopAMSLM, heightAMSLM < e.BlindTopAMSLM:
		return OutOfRange
	case heightAMSLM < e.HorizonAMSLM:
		return BelowHorizon
	default:
		return TerrainBlocked
	}
}

// BeamTan is the tangent of a beam's elevation. It is finite: a vertical beam is
// taken as one a millionth of a degree off.
func BeamTan(elevationDeg float64) float64 {
	return math.Tan(math.Min(elevationDeg, 90-1e-6) * math.Pi / 180)
}
