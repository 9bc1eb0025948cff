package document

import (
	"fmt"
	"io"
	"strings"

	"github.com/twpayne/go-kml/v3"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/geojson"
	"github.com/canopyradar/canopy/server/quantity"
	"github.com/canopyradar/canopy/server/words"
)

// asSite is a radar with everything that it entered the computation with.
func asSite(r *canopyv1.ResolvedRadar) *canopyv1.Radar {
	site := &canopyv1.Radar{
		RadarId: r.GetRadarId(), Name: r.GetName(), ModelId: r.GetModelId(), Position: r.GetPosition(),
		State: r.GetState(), Limits: r.GetLimits(),
	}
	if r != nil {
		site.MastM, site.EffectiveEarthK = proto.Float64(r.GetMastM()), proto.Float64(r.GetEffectiveEarthK())
	}
	return site
}

// PlanRows are the radars of a plan's network, the existing ones first, in
// columns that --sites reads. What follows them is what the steps add; existing
// radars have none of it.
func PlanRows(r *canopyv1.PlanNetworkResponse) Rows {
	steps := stepsByRadar(r)
	rows := Rows{header: planRow(r, nil, -1)}
	for _, radar := range r.GetRadars() {
		i, planned := steps[radar.GetRadarId()]
		if !planned {
			i = -1
		}
		rows.All = append(rows.All, planRow(r, radar, i))
	}
	return rows
}

// stepsByRadar are the indices of steps, by radar_id.
func stepsByRadar(r *canopyv1.PlanNetworkResponse) map[string]int {
	steps := map[string]int{}
	for i, s := range r.GetSteps() {
		steps[s.GetCandidate().GetRadar().GetRadarId()] = i
	}
	return steps
}

// planRow returns the row of a radar, which stands if i is negative.
func planRow(r *canopyv1.PlanNetworkResponse, radar *canopyv1.ResolvedRadar, i int) Row {
	row := exactSiteRow(asSite(radar))
	step, order := &canopyv1.PlanStep{Candidate: &canopyv1.Candidate{}}, (*float64)(nil)
	if i >= 0 {
		step, order = r.GetSteps()[i], proto.Float64(float64(i+1))
	}
	row = row.and(field{"planned", i >= 0}, field{"order", order}, field{"reason", step.GetCandidate().GetReason()},
		field{"fixed", step.GetCandidate().GetFixed()}, field{"cost_usd", step.GetCandidate().CostUsd})
	row = row.and(onlyIf(i >= 0, "added_objective_km2", step.GetAddedObjectiveKm2()), onlyIf(i >= 0, "cost_so_far_usd", step.GetCostUsd()))
	// A search that is ended early may leave stages unmeasured.
	bands := step.GetStage().GetBands()
	for b, band := range r.GetExisting().GetBands() {
		share := 0.0
		if b < len(bands) {
			share = bands[b].GetCoveredShare()
		}
		row = row.and(onlyIf(b < len(bands), "covered_share_"+columnOf(band.GetAltitude()), share))
	}
	row = row.and(field{"closes_gaps", gapIDs(step.GetCloses())})
	row.looks = map[string]any{"marker-color": existingColour, "marker-symbol": "communications-tower"}
	if i >= 0 {
		row.looks["marker-color"] = plannedColour
	}
	return row
}

// The colours tell radars to be built from those that stand.
const plannedColour, existingColour = "#d55e00", "#000000"

func gapIDs(closes []*canopyv1.ClosedGap) string {
	var ids []string
	for _, c := range closes {
		ids = append(ids, c.GetGapId())
	}
	return strings.Join(ids, "; ")
}

// PlanMembers are what a plan holds beside its radars.
func PlanMembers(r *canopyv1.PlanNetworkResponse) map[string]any {
	members := Members(r.GetWarnings(), r.GetProvenance())
	members["objective_km2"], members["upper_bound_km2"] = r.GetObjectiveKm2(), r.GetUpperBoundKm2()
	members["gap_percent"], members["possible_km2"] = r.GetGapPercent(), r.GetPossibleKm2()
	members["ending"] = strings.TrimPrefix(r.GetEnding().String(), "PLAN_ENDING_")
	members["cost_usd"] = r.GetCostUsd()
	members["seed"] = r.GetSeed()
	curve := []any{}
	for _, point := range r.GetCurve() {
		curve = append(curve, message(point))
	}
	members["existing"], members["curve"], members["candidates"] = message(r.GetExisting()), curve, message(r.GetCandidates())
	return members
}

// PlanKML writes a folder of the radars to be built, in order, and one of those
// that stand.
func PlanKML(w io.Writer, r *canopyv1.PlanNetworkResponse) error {
	planned, existing := kml.Folder(kml.Name("To be built, in order"), kml.Open(true)), kml.Folder(kml.Name("Standing already"))
	rows := PlanRows(r)
	steps := stepsByRadar(r)
	for i, radar := range r.GetRadars() {
		row := rows.All[i]
		if n, ok := steps[radar.GetRadarId()]; ok {
			planned.Append(row.placemark("planned", fmt.Sprintf("%d %s", n+1, row.name()), stepText(r.GetSteps()[n])))
		} else {
			existing.Append(row.placemark("existing", row.name(), words.State(radar.GetState())))
		}
	}
	document := kml.Document(
		kml.Name("Plan for "+r.GetProvenance().GetAirspace()),
		kml.Description(strings.Join(append([]string{planText(r)}, Facts(r.GetProvenance(), r.GetWarnings())...), "\n")),
		radarStyle("planned", plannedColour, 1.3), radarStyle("existing", existingColour, 1),
		planned, existing)
	return kml.KML(document).WriteIndent(w, "", " ")
}

func radarStyle(id, colour string, scale float64) kml.Element {
	rgb := hexColour(colour)
	return kml.SharedStyle(id,
		kml.IconStyle(kml.Color(rgb), kml.Scale(scale)),
		kml.LabelStyle(kml.Scale(scale)))
}

func (r Row) placemark(style, name, description string) kml.Element {
	at, _ := r.coordinates.(geojson.Position)
	return kml.Placemark(
		kml.Name(name), kml.Description(description), kml.StyleURL("#"+style), r.extendedData(),
		kml.Point(kml.Coordinates(kml.Coordinate{Lon: at[0], Lat: at[1]})))
}

func planText(r *canopyv1.PlanNetworkResponse) string {
	return fmt.Sprintf("%d radars for %s: %s of %s km² of the objective; no plan of these candidates exceeds %s km²: it is %s",
		len(r.GetSteps()), words.USD(r.GetCostUsd()), words.Grouped(r.GetObjectiveKm2(), 0), words.Grouped(r.GetPossibleKm2(), 0),
		words.Grouped(r.GetUpperBoundKm2(), 0), words.Within(r.GetGapPercent()))
}

func stepText(s *canopyv1.PlanStep) string {
	lines := []string{
		fmt.Sprintf("Adds %s km² of the objective, %s so far", words.Grouped(s.GetAddedObjectiveKm2(), 0), words.USD(s.GetCostUsd())),
	}
	for _, band := range s.GetStage().GetBands() {
		lines = append(lines, fmt.Sprintf("Covered with it at %s: %.1f %%", quantity.DescribeAltitude(band.GetAltitude()), 100*band.GetCoveredShare()))
	}
	if reason := s.GetCandidate().GetReason(); reason != "" {
		lines = append(lines, "Why here: "+reason)
	}
	return strings.Join(lines, "\n")
}
