package wire

import (
	"math"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/sight"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// ToPlace returns a point of a request.
func ToPlace(p *canopyv1.Point) coverage.Point {
	return coverage.Point{Position: ToPoint(p.GetPosition()), Altitude: ToAltitude(p.GetAltitude())}
}

// Outcomes returns one outcome a point of the request, in the same order.
func Outcomes(outcomes []coverage.Outcome, asked []*canopyv1.Point, sites []sight.Site) []*canopyv1.PointOutcome {
	out := make([]*canopyv1.PointOutcome, len(outcomes))
	for i := range outcomes {
		out[i] = Outcome(&outcomes[i], asked[i], sites)
	}
	return out
}

// Outcome returns whether a point is seen. asked is the point of the request,
// which the answer repeats as it was; sites are the radars of the answer.
func Outcome(o *coverage.Outcome, asked *canopyv1.Point, sites []sight.Site) *canopyv1.PointOutcome {
	out := &canopyv1.PointOutcome{
		Point:         asked,
		GroundAmslM:   known(o.GroundAMSLM, metres),
		AltitudeAmslM: metres(o.AltitudeAMSLM),
		Seen:          o.Seen,
		FloorAmslM:    known(o.FloorAMSLM, metres),
		FloorAglM:     known(o.FloorAMSLM-o.GroundAMSLM, metres),
		CeilingAmslM:  known(o.CeilingAMSLM, metres),
		SeenBy:        each(o.SeenBy, func(i int) string { return sites[i].ID }),
		Sights:        make([]*canopyv1.Sight, len(o.Looks)),
	}
	for i := range o.Looks {
		out.Sights[i] = look(&o.Looks[i], sites[o.Looks[i].Site].ID)
	}
	return out
}

func look(l *coverage.Look, radarID string) *canopyv1.Sight {
	out := &canopyv1.Sight{
		RadarId:      radarID,
		Sees:         l.Sees,
		DistanceKm:   kilometres(l.DistanceM),
		AzimuthDeg:   azimuth(l.AzimuthDeg),
		SlantRangeKm: kilometres(l.SlantRangeM),
		ElevationDeg: degrees(l.ElevationDeg),
		FloorAmslM:   known(l.FloorAMSLM, metres),
		CeilingAmslM: known(l.CeilingAMSLM(), metres),
		Cause:        cause(l.Cause),
	}
	if l.Tracked && finite(l.ScreeningTan) {
		out.ScreeningDeg = known(math.Atan(l.ScreeningTan)*180/math.Pi, degrees)
	}
	if l.Cause == sight.TerrainBlocked {
		out.Crest = crest(l.Crest)
	}
	return out
}

func crest(c sight.Crest) *canopyv1.Crest {
	return &canopyv1.Crest{
		Position:       Position(c.Position),
		DistanceKm:     kilometres(c.DistanceM),
		ElevationAmslM: metres(c.ElevationAMSLM),
	}
}

// ProfileSample returns one place on a ray.
func ProfileSample(s coverage.Sample) *canopyv1.ProfileSample {
	return &canopyv1.ProfileSample{
		Position:     Position(s.Position),
		DistanceKm:   kilometres(s.DistanceM),
		TerrainAmslM: known(s.TerrainAMSLM, metres),
		RayAmslM:     metres(s.RayAMSLM),
		FloorAmslM:   known(s.FloorAMSLM, metres),

		FresnelRadiusM: metres(s.FresnelRadiusM),
	}
}

// Clearance returns where a ray comes nearest to the terrain; nil for nil.
func Clearance(c *coverage.Clearance) *canopyv1.Clearance {
	if c == nil {
		return nil
	}
	return &canopyv1.Clearance{
		Position:     Position(c.Position),
		DistanceKm:   kilometres(c.DistanceM),
		ClearanceM:   metres(c.ClearanceM),
		FresnelRadii: plain(c.FresnelRadii),
	}
}

// FrequencyMHz returns a frequency as an answer shows it.
func FrequencyMHz(mhz float64) float64 { return plain(mhz) }

// ProfileSamples returns the places on a ray.
func ProfileSamples(samples []coverage.Sample) []*canopyv1.ProfileSample {
	return each(samples, ProfileSample)
}
