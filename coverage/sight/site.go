package sight

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/terrain"
)

// Reach is what keeps a radar from seeing.
type Reach int

const (
	// Terrain asks the limits of the radar, the earth and the terrain.
	Terrain Reach = iota
	// Horizon asks the limits of the radar and a smooth earth.
	Horizon
	// Disc asks the range over ground and the sector alone.
	Disc
)

// Cause is why a radar does not see a place. Causes are ordered: of several
// radars that do not see a place, the one with the largest cause came nearest
// to seeing it.
type Cause uint8

const (
	// None: it is seen.
	None Cause = iota
	// OutOfRange: beyond the instrumented range, or nearer than the smallest.
	OutOfRange
	// OutsideSector: not among the azimuths that the radar looks at.
	OutsideSector
	// BelowHorizon: below the horizon of a smooth earth, or below the lowest
	// beam where that is higher.
	BelowHorizon
	// AboveBeam: above the highest beam or the height limit.
	AboveBeam
	// TerrainBlocked: hidden by terrain.
	TerrainBlocked
	// OutOfService: the radar would see it, but does not work.
	OutOfService
)

// Site is a radar with its antenna in place, as NewSite makes it.
type Site struct {
	radar.Radar
	// GroundAMSLM is the ground below the antenna in metres above mean sea
	// level, 0 where it is missing.
	GroundAMSLM float64
	// GroundMissing says that the terrain model does not know the ground.
	GroundMissing bool
	// EarthFactor is the effective earth factor k in force.
	EarthFactor float64

	curvature earth.Curvature
	bound     orb.Bound
}

// NewSite puts a radar on its ground, in metres above mean sea level, NaN
// where that is missing. k is the effective earth factor for radars that name
// none of their own.
func NewSite(r radar.Radar, groundAMSLM, k float64) Site {
	s := Site{Radar: r, GroundAMSLM: groundAMSLM, EarthFactor: k, curvature: earth.CurvatureAt(r.Position.Lat())}
	if groundAMSLM != groundAMSLM {
		s.GroundAMSLM, s.GroundMissing = 0, true
	}
	if r.K != 0 {
		s.EarthFactor = r.K
	}
	return s
}

// Bound returns the box around the range.
func (s *Site) Bound() orb.Bound {
	if s.bound.IsZero() {
		return earth.BoundAround(s.Position, s.RangeM)
	}
	return s.bound
}

// WithBound returns the site with what Bound returns, for it to be quick.
func (s Site) WithBound(b orb.Bound) Site {
	s.bound = b
	return s
}

// AntennaAMSLM returns the height of the antenna in metres above mean sea
// level.
func (s *Site) AntennaAMSLM() float64 { return s.GroundAMSLM + s.MastM }

// StepM returns half the spacing of the posts of l at the radar, in metres,
// along the axis on which they lie closer: the longest step along a ray.
func (s *Site) StepM(l terrain.Lattice) float64 {
	rad := math.Pi / 180
	northM := s.curvature.MeridianM * rad / l.PerDegLat
	eastM := s.curvature.PrimeVerticalM * math.Cos(s.Position.Lat()*rad) * rad / l.PerDegLon
	return math.Min(northM, eastM) / 2
}

// Effective returns the effective earth along an azimuth in degrees.
func (s *Site) Effective(azimuthDeg float64) earth.Effective {
	return earth.Effective{
		RadiusM:      s.EarthFactor * s.curvature.AlongM(azimuthDeg),
		AntennaAMSLM: s.AntennaAMSLM(),
	}
}
