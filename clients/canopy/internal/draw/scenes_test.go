package draw

import (
	"math"

	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// scenery makes the answer of a profile over any ground.
type scenery struct {
	km               float64
	samples          int
	antennaM, pointM float64
	// ground is the terrain at a distance in km; NaN where it is missing.
	ground func(km float64) float64
	seen   bool
}

// effectiveRadiusKm is 4/3 of the earth's.
const effectiveRadiusKm = 8495

func (s scenery) response() *canopyv1.GetProfileResponse {
	r := &canopyv1.GetProfileResponse{
		Outcome: &canopyv1.PointOutcome{
			Point: &canopyv1.Point{
				Position: &canopyv1.Position{LatDeg: -13.5, LonDeg: -72},
				Altitude: &canopyv1.Altitude{Level: &canopyv1.Altitude_AmslM{AmslM: s.pointM}},
			},
			AltitudeAmslM: s.pointM, Seen: s.seen,
		},
		Radar: &canopyv1.ResolvedRadar{
			RadarId: "puerto-maldonado", Name: "Puerto Maldonado", GroundAmslM: s.antennaM - 15, AntennaAmslM: s.antennaM, MastM: 15,
			EffectiveEarthK: 4.0 / 3, State: canopyv1.RadarState_RADAR_STATE_IN_SERVICE,
		},
		FrequencyMhz: 3000,
		Warnings:     []*canopyv1.Warning{{WarningId: "terrain.demonstration", Message: "DEMONSTRATION TERRAIN of 5 arc-minutes: do not plan on it."}},
		Provenance:   &canopyv1.Provenance{Terrain: &canopyv1.Terrain{Name: "ETOPO5", SpacingArcsec: 300, Demonstration: true}},
	}
	for i := range s.samples {
		r.Samples = append(r.Samples, s.sample(s.km*float64(i)/float64(s.samples-1)))
	}
	s.judge(r)
	return r
}

func (s scenery) sample(km float64) *canopyv1.ProfileSample {
	out := &canopyv1.ProfileSample{Position: &canopyv1.Position{}, DistanceKm: km, RayAmslM: s.antennaM}
	if s.km == 0 {
		out.RayAmslM = s.pointM
	} else {
		out.RayAmslM += (s.pointM-s.antennaM)*km/s.km - 1000*km*(s.km-km)/(2*effectiveRadiusKm)
		out.FresnelRadiusM = math.Sqrt(0.1 * 1000 * km * (s.km - km) / s.km)
	}
	if ground := s.ground(km); !math.IsNaN(ground) {
		out.TerrainAmslM = proto.Float64(ground)
		out.FloorAmslM = proto.Float64(ground + km*km/20)
	}
	return out
}

// judge finds the least clearance, and the crest of a ray that is not seen.
func (s scenery) judge(r *canopyv1.GetProfileResponse) {
	for i := 1; i < len(r.GetSamples())-1; i++ {
		at := r.GetSamples()[i]
		if at.TerrainAmslM == nil {
			continue
		}
		m := at.GetRayAmslM() - at.GetTerrainAmslM()
		if radii := m / at.GetFresnelRadiusM(); r.GetClearance() == nil || radii < r.GetClearance().GetFresnelRadii() {
			r.Clearance = &canopyv1.Clearance{Position: at.GetPosition(), DistanceKm: at.GetDistanceKm(), ClearanceM: m, FresnelRadii: radii}
		}
	}
	sight := &canopyv1.Sight{RadarId: "puerto-maldonado", Sees: s.seen, DistanceKm: s.km, FloorAmslM: proto.Float64(8200)}
	if c := r.GetClearance(); c.GetClearanceM() < 0 {
		sight.Cause = canopyv1.GapCause_GAP_CAUSE_TERRAIN
		sight.Crest = &canopyv1.Crest{Position: c.GetPosition(), DistanceKm: c.GetDistanceKm(), ElevationAmslM: s.ground(c.GetDistanceKm())}
	}
	r.Outcome.Sights = []*canopyv1.Sight{sight}
}

func flat(heightM float64) func(float64) float64 {
	return func(float64) float64 { return heightM }
}

func missing(float64) float64 { return math.NaN() }

// amazon is nearly flat.
func amazon(km float64) float64 { return 200 + 8*math.Sin(km/3) + 5*math.Sin(km*1.7) }

// andes rise from the lowlands after 150 km.
func andes(km float64) float64 {
	rise := 4000 / (1 + math.Exp((220-km)/18))
	return 210 + rise + rise/6*(math.Sin(km/5)+math.Sin(km/2.3+1)+0.6*math.Sin(km/0.9))
}

func wallAt(at, heightM float64) func(float64) float64 {
	return func(km float64) float64 { return 200 + heightM*math.Exp(-(km-at)*(km-at)/0.08) }
}

func lakeOfNothing(km float64) float64 {
	if km > 60 && km < 95 {
		return math.NaN()
	}
	return andes(km)
}

var sceneries = map[string]scenery{
	"amazon-5km":       {km: 5, samples: 500, antennaM: 215, pointM: 1200, ground: amazon, seen: true},
	"amazon-440km":     {km: 440, samples: 500, antennaM: 215, pointM: 10000, ground: amazon, seen: true},
	"andes-hidden":     {km: 315, samples: 500, antennaM: 215, pointM: 3048, ground: andes},
	"andes-seen":       {km: 440, samples: 500, antennaM: 215, pointM: 12000, ground: lakeOfNothing, seen: true},
	"blocked-at-once":  {km: 120, samples: 500, antennaM: 215, pointM: 1500, ground: wallAt(0.9, 300)},
	"two-samples":      {km: 50, samples: 2, antennaM: 215, pointM: 1500, ground: amazon, seen: true},
	"all-missing":      {km: 50, samples: 100, antennaM: 215, pointM: 1500, ground: missing, seen: true},
	"at-the-radar":     {km: 0, samples: 2, antennaM: 215, pointM: 1500, ground: flat(200)},
	"level-and-flat":   {km: 20, samples: 200, antennaM: 215, pointM: 215, ground: flat(200), seen: true},
	"below-sea-level":  {km: 80, samples: 200, antennaM: 5, pointM: 300, ground: flat(-30), seen: true},
	"no-samples":       {km: 80, samples: 0, antennaM: 5, pointM: 300, ground: flat(-30)},
	"crest-by-the-end": {km: 200, samples: 500, antennaM: 215, pointM: 2200, ground: wallAt(198, 2300)},
}
