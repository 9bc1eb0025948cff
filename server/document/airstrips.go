package document

import (
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
)

// AirstripRows are airstrips, in columns that --airstrips reads.
func AirstripRows(all []*canopyv1.Airstrip) Rows {
	rows := Rows{header: airstripRow(&canopyv1.Airstrip{})}
	for _, a := range all {
		rows.All = append(rows.All, airstripRow(a))
	}
	return rows
}

func airstripRow(a *canopyv1.Airstrip) Row {
	return pointRow(a.GetPosition(), field{"airstrip_id", a.GetAirstripId()}, field{"name", a.GetName()}).and(
		field{"elevation_amsl_m", a.ElevationAmslM}, field{"length_m", a.LengthM},
		field{"status", words.Status(a.GetStatus())}, field{"kind", a.GetKind()},
		field{"municipality", a.GetMunicipality()}, field{"as_of", a.GetAsOf()}, field{"source", a.GetSource()},
		field{"elevation_doubtful", a.GetElevationDoubtful()})
}

// HitRows are airstrips and how far they are.
func HitRows(hits []*canopyv1.AirstripHit, withDistance bool) Rows {
	all := make([]*canopyv1.Airstrip, len(hits))
	for i, h := range hits {
		all[i] = h.GetAirstrip()
	}
	rows := AirstripRows(all)
	if !withDistance {
		return rows
	}
	rows.header = rows.header.and(field{"distance_km", nil})
	for i, h := range hits {
		rows.All[i] = rows.All[i].and(field{"distance_km", h.GetDistanceKm()})
	}
	return rows
}

// ExposureRows are airstrips and the floor above them.
func ExposureRows(r *canopyv1.AssessAirstripsResponse) Rows {
	rows := Rows{header: exposureRow(&canopyv1.AirstripExposure{Airstrip: &canopyv1.Airstrip{}})}
	for _, e := range r.GetExposures() {
		rows.All = append(rows.All, exposureRow(e))
	}
	return rows
}

func exposureRow(e *canopyv1.AirstripExposure) Row {
	return airstripRow(e.GetAirstrip()).and(
		field{"ground_amsl_m", e.GroundAmslM}, field{"floor_amsl_m", e.FloorAmslM}, field{"floor_agl_m", e.FloorAglM},
		field{"seen_by", strings.Join(e.GetSeenBy(), "; ")},
		field{"nearest_radar_id", e.GetNearestRadarId()}, field{"nearest_radar_km", e.GetNearestRadarKm()})
}
