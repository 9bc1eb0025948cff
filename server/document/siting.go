package document

import (
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/geojson"
	"github.com/canopyradar/canopy/server/quantity"
)

// CandidateRows are places where radars could stand, in columns that --candidates
// reads.
func CandidateRows(all []*canopyv1.Candidate) Rows {
	rows := Rows{header: candidateRow(&canopyv1.Candidate{})}
	for _, c := range all {
		rows.All = append(rows.All, candidateRow(c))
	}
	return rows
}

func candidateRow(c *canopyv1.Candidate) Row {
	row := exactSiteRow(c.GetRadar()).and(
		field{"cost_usd", c.CostUsd}, field{"fixed", c.GetFixed()}, field{"forbidden", c.GetForbidden()}, field{"reason", c.GetReason()})
	row.looks = map[string]any{"marker-color": "#0072b2"}
	return row
}

// exactSiteRow is siteRow with coordinates that are not rounded: what is computed
// of a radar that is read back is then the same to the last bit.
func exactSiteRow(r *canopyv1.Radar) Row {
	if r == nil {
		r = &canopyv1.Radar{}
	}
	row := siteRow(r)
	row.coordinates = geojson.Position{r.GetPosition().GetLonDeg(), r.GetPosition().GetLatDeg()}
	return row
}

// columnOf makes an altitude the end of a column's name: 300m_agl.
func columnOf(a *canopyv1.Altitude) string {
	return strings.NewReplacer("-", "_", ".", "_").Replace(strings.ToLower(quantity.FormatAltitude(a)))
}

// onlyIf is a field without a value where there is none.
func onlyIf(is bool, name string, v float64) field {
	if !is {
		return field{name, (*float64)(nil)}
	}
	return field{name, &v}
}

// SuggestionRows are gaps, and of each the candidate that would close most of it.
func SuggestionRows(r *canopyv1.SuggestSitesResponse) Rows {
	suggested := map[string]*canopyv1.GapSuggestion{}
	for _, s := range r.GetSuggestions() {
		suggested[s.GetGapId()] = s
	}
	rows := GapRows(r.GetGaps())
	rows.header = rows.header.and(suggestionFields(nil)...)
	i := 0
	for _, band := range r.GetGaps().GetBands() {
		for _, g := range band.GetGaps() {
			rows.All[i] = rows.All[i].and(suggestionFields(suggested[g.GetGapId()])...)
			i++
		}
	}
	return rows
}

// suggestionFields are without values where no candidate closes any of a gap.
func suggestionFields(s *canopyv1.GapSuggestion) []field {
	radar := s.GetCandidate().GetRadar()
	is := s != nil
	return []field{
		{"suggested_radar_id", radar.GetRadarId()}, {"suggested_name", radar.GetName()}, {"suggested_model_id", radar.GetModelId()},
		onlyIf(is, "suggested_lat_deg", radar.GetPosition().GetLatDeg()), onlyIf(is, "suggested_lon_deg", radar.GetPosition().GetLonDeg()),
		onlyIf(is, "closed_area_km2", s.GetClosedAreaKm2()), onlyIf(is, "closed_share", s.GetClosedShare()),
		{"closed_airstrips", strings.Join(s.GetAirstripIds(), "; ")},
	}
}

// SuggestedRows are the candidates that are suggested, each once.
func SuggestedRows(r *canopyv1.SuggestSitesResponse) Rows {
	var all []*canopyv1.Candidate
	seen := map[string]bool{}
	for _, s := range r.GetSuggestions() {
		if id := s.GetCandidate().GetRadar().GetRadarId(); !seen[id] {
			seen[id] = true
			all = append(all, s.GetCandidate())
		}
	}
	return CandidateRows(all)
}

// SuggestionMembers are what GapMembers are, with the warnings of suggesting.
func SuggestionMembers(r *canopyv1.SuggestSitesResponse) map[string]any {
	members := GapMembers(r.GetGaps())
	members["warnings"] = Members(AllWarnings(r), nil)["warnings"]
	members["candidate_count"] = r.GetCandidateCount()
	return members
}

// AllWarnings are those of the gaps and those of suggesting.
func AllWarnings(r *canopyv1.SuggestSitesResponse) []*canopyv1.Warning {
	return append(append([]*canopyv1.Warning{}, r.GetGaps().GetWarnings()...), r.GetWarnings()...)
}
