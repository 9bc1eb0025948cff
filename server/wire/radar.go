package wire

import (
	"slices"

	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// RadarModel returns a type of radar.
func RadarModel(m radar.Model) *canopyv1.RadarModel {
	return &canopyv1.RadarModel{
		ModelId:     m.ID,
		Name:        m.Name,
		Band:        m.Band,
		Description: m.Description,
		Cooperative: m.Cooperative,
		Limits:      limits(m.Limits),
		MastM:       plain(m.MastM),
		Sources:     m.Sources,
		Assumptions: append(slices.Clip(m.Assumptions), m.Frequency.Assumption, m.Cost.Assumption),

		FrequencyMhz: plain(m.Frequency.MHz),
		CostUsd:      dollars(m.Cost.USD),
	}
}

// Radar returns a radar of the catalogue with its limits spelled out, so that
// it can be sent back as it is.
func Radar(r radar.Radar) *canopyv1.Radar {
	mastM := plain(r.MastM)
	out := &canopyv1.Radar{
		RadarId:  r.ID,
		Name:     r.Name,
		ModelId:  r.ModelID,
		Position: Position(r.Position),
		MastM:    &mastM,
		State:    state(r.InService),
		Limits:   limits(r.Limits),
	}
	if r.K != 0 {
		out.EffectiveEarthK = known(r.K, plain)
	}
	return out
}

// ResolvedRadars returns radars as they entered the computation.
func ResolvedRadars(sites []sight.Site) []*canopyv1.ResolvedRadar {
	out := make([]*canopyv1.ResolvedRadar, len(sites))
	for i := range sites {
		out[i] = ResolvedRadar(&sites[i])
	}
	return out
}

// ResolvedRadar returns a radar as it entered the computation.
func ResolvedRadar(s *sight.Site) *canopyv1.ResolvedRadar {
	return &canopyv1.ResolvedRadar{
		RadarId:         s.ID,
		Name:            s.Name,
		ModelId:         s.ModelID,
		Position:        Position(s.Position),
		GroundAmslM:     metres(s.GroundAMSLM),
		AntennaAmslM:    metres(s.AntennaAMSLM()),
		MastM:           plain(s.MastM),
		State:           state(s.InService),
		Limits:          limits(s.Limits),
		EffectiveEarthK: plain(s.EarthFactor),
		Cooperative:     s.Cooperative,
	}
}

func state(inService bool) canopyv1.RadarState {
	if inService {
		return canopyv1.RadarState_RADAR_STATE_IN_SERVICE
	}
	return canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE
}

// limits leaves out the height limit and the sector where there is none.
func limits(l radar.Limits) *canopyv1.RadarLimits {
	rangeKM, minRangeKM := plain(l.RangeM/mPerKM), plain(l.MinRangeM/mPerKM)
	out := &canopyv1.RadarLimits{
		RangeKm:          &rangeKM,
		MinRangeKm:       &minRangeKM,
		MinElevationDeg:  known(l.MinElevationDeg, degrees),
		MaxElevationDeg:  known(l.MaxElevationDeg, degrees),
		HeightLimitAmslM: known(l.HeightLimitAMSLM, metres),
	}
	if s := l.Sector; s != nil {
		out.Sector = &canopyv1.Sector{FromDeg: degrees(s.FromDeg), ToDeg: degrees(s.ToDeg)}
	}
	return out
}

// Reach returns what kept radars from seeing.
func Reach(r sight.Reach) canopyv1.Reach {
	switch r {
	case sight.Disc:
		return canopyv1.Reach_REACH_DISC
	case sight.Horizon:
		return canopyv1.Reach_REACH_HORIZON
	default:
		return canopyv1.Reach_REACH_TERRAIN
	}
}
