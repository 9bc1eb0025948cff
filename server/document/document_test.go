package document_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/specimen"
)

func TestJSONShowsZerosAndLeavesOutWhatIsAbsent(t *testing.T) {
	var b bytes.Buffer
	if err := document.JSON(&b, &canopyv1.PointOutcome{}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{`"altitude_amsl_m": 0`, `"seen": false`, `"seen_by": []`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if strings.Contains(text, "floor_amsl_m") {
		t.Errorf("an absent floor in %s", text)
	}
}

func TestCSVHasEveryColumnInEveryLine(t *testing.T) {
	tests := []struct {
		name  string
		rows  document.Rows
		lines int
	}{
		{"gaps", document.GapRows(specimen.Gaps()), 2},
		{"no gaps", document.GapRows(&canopyv1.FindGapsResponse{}), 0},
		{"points", document.OutcomeRows(specimen.Check()), 3},
		{"no points", document.OutcomeRows(&canopyv1.CheckPointsResponse{}), 0},
		{"airstrips", document.AirstripRows(specimen.Airstrips()), 3},
		{"near airstrips", document.HitRows(specimen.Hits(), true), 2},
		{"no near airstrips", document.HitRows(nil, true), 0},
		{"exposures", document.ExposureRows(specimen.Exposures()), 3},
		{"no exposures", document.ExposureRows(&canopyv1.AssessAirstripsResponse{}), 0},
		{"samples", document.ProfileRows(specimen.Profile()), 8},
		{"sites", document.SiteRows(specimen.Scenarios()[1]), 2},
		{"candidates", document.CandidateRows(specimen.Candidates().GetCandidates()), 3},
		{"no candidates", document.CandidateRows(nil), 0},
		{"a plan", document.PlanRows(specimen.Plan()), 4},
		{"no plan", document.PlanRows(&canopyv1.PlanNetworkResponse{}), 0},
		{"criticality", document.CriticalityRows(specimen.Criticality()), 3},
		{"no criticality", document.CriticalityRows(&canopyv1.AssessCriticalityResponse{}), 0},
		{"suggestions", document.SuggestionRows(specimen.Suggestions()), 2},
		{"gaps without suggestions", document.SuggestionRows(&canopyv1.SuggestSitesResponse{Gaps: specimen.Gaps()}), 2},
		{"radars", document.RadarRows(specimen.Gaps().GetRadars()), 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := document.CSV(&b, tt.rows); err != nil {
				t.Fatal(err)
			}
			// The reader wants as many values in each line as in the first.
			records, err := csv.NewReader(&b).ReadAll()
			if err != nil || len(records) != tt.lines+1 {
				t.Errorf("%d lines, %v", len(records), err)
			}
		})
	}
}

func TestKMLIsWellFormed(t *testing.T) {
	tests := []struct {
		name  string
		write func(io.Writer) error
		want  map[string]int
	}{
		{"gaps", func(w io.Writer) error { return document.GapKML(w, specimen.Gaps()) },
			map[string]int{"Folder": 3, "Polygon": 2, "innerBoundaryIs": 1, "Point": 2, "Style": 6}},
		{"gaps with suggestions", func(w io.Writer) error { return document.SuggestionKML(w, specimen.Suggestions()) },
			map[string]int{"Folder": 4, "Polygon": 2, "innerBoundaryIs": 1, "Point": 3, "Style": 6}},
		{"a plan", func(w io.Writer) error { return document.PlanKML(w, specimen.Plan()) },
			map[string]int{"Folder": 2, "Point": 4, "Style": 2, "styleUrl": 4}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := tt.write(&b); err != nil {
				t.Fatal(err)
			}
			counts := map[string]int{}
			for decoder := xml.NewDecoder(&b); ; {
				token, err := decoder.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if element, ok := token.(xml.StartElement); ok {
					counts[element.Name.Local]++
				}
			}
			for element, want := range tt.want {
				if counts[element] != want {
					t.Errorf("%d of %s, want %d", counts[element], element, want)
				}
			}
		})
	}
}

// A search that is ended early may leave what its plan covers unmeasured.
func TestPlanThatWasNotMeasured(t *testing.T) {
	plan := specimen.Plan()
	for _, s := range plan.GetSteps() {
		s.Stage.Bands = nil
	}
	for name, write := range map[string]func(io.Writer) error{
		"CSV": func(w io.Writer) error { return document.CSV(w, document.PlanRows(plan)) },
		"GeoJSON": func(w io.Writer) error {
			return document.GeoJSON(w, document.PlanMembers(plan), document.PlanRows(plan))
		},
		"KML": func(w io.Writer) error { return document.PlanKML(w, plan) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil || !strings.Contains(b.String(), "Hill near Iquitos") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Places of radars that are read back are not rounded, as outlines are.
func TestPlacesOfRadarsAreExact(t *testing.T) {
	candidates := specimen.Candidates().GetCandidates()[:1]
	candidates[0].Radar.Position = &canopyv1.Position{LatDeg: -12.612345678901233, LonDeg: -70.12345678901235}
	var b bytes.Buffer
	if err := document.GeoJSON(&b, nil, document.CandidateRows(candidates)); err != nil {
		t.Fatal(err)
	}
	if want := "[-70.12345678901235,-12.612345678901233]"; !strings.Contains(b.String(), want) {
		t.Errorf("no %s in %s", want, b.String())
	}
}

func TestEveryCauseHasAColour(t *testing.T) {
	for number, name := range canopyv1.GapCause_name {
		if number != 0 && document.GapColours[strings.TrimPrefix(name, "GAP_CAUSE_")] == "" {
			t.Errorf("no colour for %s", name)
		}
	}
}

func TestGeoJSONOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := document.GeoJSON(&b, nil, document.GapRows(&canopyv1.FindGapsResponse{})); err != nil {
		t.Fatal(err)
	}
	var c struct{ Features []any }
	if err := json.Unmarshal(b.Bytes(), &c); err != nil || c.Features == nil || len(c.Features) != 0 {
		t.Errorf("%v, %s", err, &b)
	}
}
