package document

import (
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
	"github.com/canopyradar/canopy/server/words"
)

// GapRows are the gaps of all bands.
func GapRows(r *canopyv1.FindGapsResponse) Rows {
	rows := Rows{header: gapRow(nil, nil)}
	for _, band := range r.GetBands() {
		for _, g := range band.GetGaps() {
			rows.All = append(rows.All, gapRow(band, g))
		}
	}
	return rows
}

func gapRow(b *canopyv1.Band, g *canopyv1.Gap) Row {
	fields := []field{
		{"gap_id", g.GetGapId()}, {"altitude", quantity.FormatAltitude(b.GetAltitude())},
		{"area_km2", g.GetAreaKm2()}, {"share", g.GetShare()},
		{"lat_deg", g.GetPointInside().GetLatDeg()}, {"lon_deg", g.GetPointInside().GetLonDeg()},
		{"departments", departmentNames(g)},
		{"airstrip_count", len(g.GetAirstrips())}, {"airstrips", airstripNames(g)},
		{"main_cause", mainCause(g)},
	}
	fields = append(fields, causeFields(g)...)
	return Row{
		fields: append(fields, floorFields(g.GetFloor())...),
		kind:   "Polygon", coordinates: polygon(g.GetBoundary()),
		looks: gapLooks(mainCause(g)),
	}
}

func departmentNames(g *canopyv1.Gap) string {
	var names []string
	for _, d := range g.GetDepartments() {
		names = append(names, d.GetName())
	}
	return strings.Join(names, "; ")
}

func airstripNames(g *canopyv1.Gap) string {
	var names []string
	for _, a := range g.GetAirstrips() {
		names = append(names, a.GetName())
	}
	return strings.Join(names, "; ")
}

// causes are in the order of the contract.
var causes = []canopyv1.GapCause{
	canopyv1.GapCause_GAP_CAUSE_OUT_OF_RANGE, canopyv1.GapCause_GAP_CAUSE_OUTSIDE_SECTOR,
	canopyv1.GapCause_GAP_CAUSE_BELOW_HORIZON, canopyv1.GapCause_GAP_CAUSE_ABOVE_BEAM,
	canopyv1.GapCause_GAP_CAUSE_TERRAIN, canopyv1.GapCause_GAP_CAUSE_OUT_OF_SERVICE,
}

func causeName(c canopyv1.GapCause) string { return strings.TrimPrefix(c.String(), "GAP_CAUSE_") }

func mainCause(g *canopyv1.Gap) string {
	if len(g.GetCauses()) == 0 {
		return ""
	}
	return causeName(g.GetCauses()[0].GetCause())
}

func causeFields(g *canopyv1.Gap) []field {
	shares := map[canopyv1.GapCause]float64{}
	for _, c := range g.GetCauses() {
		shares[c.GetCause()] = c.GetShare()
	}
	var fields []field
	for _, c := range causes {
		fields = append(fields, field{strings.ToLower(causeName(c)) + "_share", shares[c]})
	}
	return fields
}

func floorFields(f *canopyv1.FloorStatistics) []field {
	if f == nil {
		f = &canopyv1.FloorStatistics{}
	}
	return []field{
		{"floor_lowest_agl_m", f.LowestAglM}, {"floor_median_agl_m", f.MedianAglM}, {"floor_highest_agl_m", f.HighestAglM},
		{"floor_lowest_amsl_m", f.LowestAmslM}, {"floor_median_amsl_m", f.MedianAmslM}, {"floor_highest_amsl_m", f.HighestAmslM},
		{"never_seen_share", f.GetNeverSeenShare()},
	}
}

// GapColours tell the causes apart, to colour-blind eyes as well (Okabe and
// Ito's palette).
var GapColours = map[string]string{
	"OUT_OF_RANGE": "#999999", "OUTSIDE_SECTOR": "#f0e442", "BELOW_HORIZON": "#0072b2",
	"ABOVE_BEAM": "#cc79a7", "TERRAIN": "#d55e00", "OUT_OF_SERVICE": "#e69f00",
}

// gapLooks are simplestyle properties. Bands lie over each other, so that a
// fill must let the others through.
func gapLooks(cause string) map[string]any {
	return map[string]any{
		"fill": GapColours[cause], "fill-opacity": 0.3,
		"stroke": GapColours[cause], "stroke-width": 1.5, "stroke-opacity": 0.9,
	}
}

// RadarRows are the radars of an answer.
func RadarRows(radars []*canopyv1.ResolvedRadar) Rows {
	rows := Rows{header: radarRow(nil)}
	for _, r := range radars {
		rows.All = append(rows.All, radarRow(r))
	}
	return rows
}

func radarRow(r *canopyv1.ResolvedRadar) Row {
	row := pointRow(r.GetPosition(), field{"radar_id", r.GetRadarId()}, field{"name", r.GetName()}).and(
		field{"model_id", r.GetModelId()}, field{"mast_m", r.GetMastM()}, field{"antenna_amsl_m", r.GetAntennaAmslM()},
		field{"range_km", r.GetLimits().GetRangeKm()}, field{"state", words.State(r.GetState())})
	row.looks = map[string]any{"marker-color": "#000000", "marker-symbol": "communications-tower"}
	return row
}

// GapMembers are what an answer holds beside gaps and radars.
func GapMembers(r *canopyv1.FindGapsResponse) map[string]any {
	var bands []map[string]any
	for _, b := range r.GetBands() {
		band := map[string]any{
			"altitude": quantity.FormatAltitude(b.GetAltitude()), "airspace_area_km2": b.GetAirspaceAreaKm2(),
			"covered_area_km2": b.GetCoveredAreaKm2(), "covered_share": b.GetCoveredShare(),
			"uncovered_area_km2": b.GetUncoveredAreaKm2(), "uncovered_share": b.GetUncoveredShare(), "gap_count": b.GetGapCount(),
		}
		if bracket := b.GetBracket(); bracket != nil {
			band["lowest_covered_share"], band["highest_covered_share"] = bracket.GetLowestCoveredShare(), bracket.GetHighestCoveredShare()
		}
		bands = append(bands, band)
	}
	members := Members(r.GetWarnings(), r.GetProvenance())
	members["bands"] = bands
	return members
}

// Members are the warnings of an answer, and what it stands on.
func Members(warnings []*canopyv1.Warning, provenance *canopyv1.Provenance) map[string]any {
	all := []any{}
	for _, w := range warnings {
		all = append(all, message(w))
	}
	return map[string]any{"warnings": all, "provenance": message(provenance)}
}
