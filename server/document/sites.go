package document

import (
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
)

// SiteRows are the radars of a scenario, in columns that --sites reads.
func SiteRows(s *canopyv1.Scenario) Rows {
	rows := Rows{header: siteRow(&canopyv1.Radar{})}
	for _, r := range s.GetRadars() {
		rows.All = append(rows.All, siteRow(r))
	}
	return rows
}

func siteRow(r *canopyv1.Radar) Row {
	l := r.GetLimits()
	if l == nil {
		l = &canopyv1.RadarLimits{}
	}
	var fromDeg, toDeg *float64
	if s := l.GetSector(); s != nil {
		fromDeg, toDeg = &s.FromDeg, &s.ToDeg
	}
	return pointRow(r.GetPosition(), field{"radar_id", r.GetRadarId()}, field{"name", r.GetName()}).and(
		field{"model_id", r.GetModelId()}, field{"mast_m", r.MastM},
		field{"range_km", l.RangeKm}, field{"min_range_km", l.MinRangeKm},
		field{"min_elevation_deg", l.MinElevationDeg}, field{"max_elevation_deg", l.MaxElevationDeg},
		field{"height_limit_amsl_m", l.HeightLimitAmslM},
		field{"sector_from_deg", fromDeg}, field{"sector_to_deg", toDeg},
		field{"effective_earth_k", r.EffectiveEarthK}, field{"state", words.State(r.GetState())})
}
