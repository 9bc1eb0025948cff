package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/export"
	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

func TestJSONShowsZerosAndLeavesOutWhatIsAbsent(t *testing.T) {
	var b bytes.Buffer
	if err := export.JSON(&b, &canopyv1.PointOutcome{}); err != nil {
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
		rows  export.Rows
		lines int
	}{
		{"gaps", export.GapRows(fake.Gaps()), 2},
		{"no gaps", export.GapRows(&canopyv1.FindGapsResponse{}), 0},
		{"points", export.OutcomeRows(fake.Check()), 3},
		{"no points", export.OutcomeRows(&canopyv1.CheckPointsResponse{}), 0},
		{"airstrips", export.AirstripRows(fake.Airstrips()), 3},
		{"near airstrips", export.HitRows(fake.Hits(), true), 2},
		{"no near airstrips", export.HitRows(nil, true), 0},
		{"exposures", export.ExposureRows(fake.Exposures()), 3},
		{"no exposures", export.ExposureRows(&canopyv1.AssessAirstripsResponse{}), 0},
		{"samples", export.ProfileRows(fake.Profile()), 8},
		{"sites", export.SiteRows(fake.Scenarios()[1]), 2},
		{"radars", export.RadarRows(fake.Gaps().GetRadars()), 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := export.CSV(&b, tt.rows); err != nil {
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
	var b bytes.Buffer
	if err := export.GapKML(&b, fake.Gaps()); err != nil {
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
	for element, want := range map[string]int{"Folder": 3, "Polygon": 2, "innerBoundaryIs": 1, "Point": 2, "Style": 6} {
		if counts[element] != want {
			t.Errorf("%d of %s, want %d", counts[element], element, want)
		}
	}
}

func TestEveryCauseHasAColour(t *testing.T) {
	for number, name := range canopyv1.GapCause_name {
		if number != 0 && export.GapColours[strings.TrimPrefix(name, "GAP_CAUSE_")] == "" {
			t.Errorf("no colour for %s", name)
		}
	}
}

func TestGeoJSONOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := export.GeoJSON(&b, nil, export.GapRows(&canopyv1.FindGapsResponse{})); err != nil {
		t.Fatal(err)
	}
	var c struct{ Features []any }
	if err := json.Unmarshal(b.Bytes(), &c); err != nil || c.Features == nil || len(c.Features) != 0 {
		t.Errorf("%v, %s", err, &b)
	}
}
