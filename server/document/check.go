package document

import (
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/geojson"
	"github.com/canopyradar/canopy/server/quantity"
	"github.com/canopyradar/canopy/server/words"
)

// OutcomeRows are the points that were checked.
func OutcomeRows(r *canopyv1.CheckPointsResponse) Rows {
	why := words.NewReasons(r.GetRadars())
	rows := Rows{header: outcomeRow(&canopyv1.PointOutcome{}, why)}
	for _, o := range r.GetOutcomes() {
		rows.All = append(rows.All, outcomeRow(o, why))
	}
	return rows
}

func outcomeRow(o *canopyv1.PointOutcome, why words.Reasons) Row {
	row := pointRow(o.GetPoint().GetPosition()).and(
		field{"altitude", quantity.FormatAltitude(o.GetPoint().GetAltitude())},
		field{"altitude_amsl_m", o.GetAltitudeAmslM()}, field{"ground_amsl_m", o.GroundAmslM},
		field{"seen", o.GetSeen()}, field{"seen_by", strings.Join(o.GetSeenBy(), "; ")},
		field{"floor_amsl_m", o.FloorAmslM}, field{"floor_agl_m", o.FloorAglM}, field{"ceiling_amsl_m", o.CeilingAmslM},
		field{"why", reasons(o, why)})
	row.looks = map[string]any{"marker-color": "#d55e00"}
	if o.GetSeen() {
		row.looks["marker-color"] = "#009e73"
	}
	return row
}

func reasons(o *canopyv1.PointOutcome, why words.Reasons) string {
	var parts []string
	for _, s := range o.GetSights() {
		parts = append(parts, why.Sight(s))
	}
	return strings.Join(parts, " | ")
}

// ProfileRows are the samples of a ray.
func ProfileRows(r *canopyv1.GetProfileResponse) Rows {
	rows := Rows{header: sampleRow(&canopyv1.ProfileSample{})}
	for _, s := range r.GetSamples() {
		rows.All = append(rows.All, sampleRow(s))
	}
	return rows
}

func sampleRow(s *canopyv1.ProfileSample) Row {
	return pointRow(s.GetPosition(), field{"distance_km", s.GetDistanceKm()}).and(
		field{"terrain_amsl_m", s.TerrainAmslM}, field{"ray_amsl_m", s.GetRayAmslM()}, field{"floor_amsl_m", s.FloorAmslM},
		field{"fresnel_radius_m", s.GetFresnelRadiusM()})
}

// RayRows are one line, from the radar to the point.
func RayRows(r *canopyv1.GetProfileResponse) Rows {
	line := []geojson.Position{}
	for _, s := range r.GetSamples() {
		line = append(line, position(s.GetPosition()))
	}
	o := r.GetOutcome()
	row := Row{
		fields: []field{
			{"radar_id", r.GetRadar().GetRadarId()}, {"altitude", quantity.FormatAltitude(o.GetPoint().GetAltitude())},
			{"seen", o.GetSeen()}, {"why", reasons(o, words.NewReasons([]*canopyv1.ResolvedRadar{r.GetRadar()}))},
		},
		kind: "LineString", coordinates: line,
	}
	return Rows{All: []Row{row}}
}
