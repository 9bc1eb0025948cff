package catalog_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/coverage/catalog"
)

// Default panics if an embedded file is damaged.
func TestDefaultIsReadOnce(t *testing.T) {
	first, second := catalog.Default(), catalog.Default()
	if first != second {
		t.Error("two calls gave two catalogues")
	}
}

func TestModels(t *testing.T) {
	c := catalog.Default()
	var ids []string
	for _, m := range c.Models() {
		ids = append(ids, m.ID)
		if err := m.At("r", "R", [2]float64{-74, -12}).Validate(); err != nil {
			t.Errorf("%s: %v", m.ID, err)
		}
		if m.Name == "" || m.Band == "" || m.Description == "" || len(m.Sources) == 0 || len(m.Assumptions) == 0 {
			t.Errorf("%s does not say what it is, where it comes from and what is assumed", m.ID)
		}
		if m.Cooperative != (m.ID == "ssr") {
			t.Errorf("%s: cooperative is %v", m.ID, m.Cooperative)
		}
		if m.Cost.USD != 71e6/4 || !strings.Contains(m.Cost.Assumption, "assumed") {
			t.Errorf("%s costs US$%v, %q", m.ID, m.Cost.USD, m.Cost.Assumption)
		}
	}
	want := []string{"an-tps-70", "an-tps-77", "gm400", "modern-3d", "ssr"}
	if !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}

func TestDefaultModel(t *testing.T) {
	m, err := catalog.Default().Model(catalog.DefaultModelID)
	if err != nil {
		t.Fatal(err)
	}
	if m.RangeM != 400e3 || m.MastM != 15 || m.MinElevationDeg != 0 || m.MaxElevationDeg != 20 {
		t.Errorf("limits are not the project's: %+v", m)
	}
	if assumed := strings.Join(m.Assumptions, " "); !strings.Contains(assumed, "444.48 km") {
		t.Error("the other published range is not mentioned")
	}
}

func TestScenarios(t *testing.T) {
	tests := []struct {
		id     string
		radars []string
		model  string
		rangeM float64
	}{
		{"tps70-2015", []string{"puerto-maldonado"}, "an-tps-70", 400e3},
		{"tps70-pair", []string{"puerto-maldonado", "pucallpa"}, "an-tps-70", 400e3},
		{"four-modern", []string{"puerto-maldonado", "pucallpa", "iquitos", "mazamari"}, "modern-3d", 370e3},
		{"canopy-11", []string{"san-lorenzo", "nauta", "pucallpa", "manu", "pebas", "cabo-pantoja", "tipishsa", "picota", "intuto", "buncuyo", "andoas"}, "modern-3d", 370e3},
		{"civil-ssr", []string{"talara", "iquitos", "pucallpa", "lima", "cajamarca", "ayacucho", "cusco", "arequipa"}, "ssr", 463e3},
	}
	c := catalog.Default()
	if n := len(c.Scenarios()); n != len(tests) || c.Scenarios()[0].ID != catalog.DefaultScenarioID {
		t.Errorf("want %d scenarios, the default one first", len(tests))
	}
	for _, tt := range tests {
		t.Run(tt.id, func(t *testing.T) {
			s, err := c.Scenario(tt.id)
			if err != nil {
				t.Fatal(err)
			}
			checkScenario(t, c, s)
			var radars []string
			for _, r := range s.Radars {
				radars = append(radars, r.ID)
				if r.ModelID != tt.model || r.RangeM != tt.rangeM || r.MastM != 15 || !r.InService {
					t.Errorf("%s is not a %s as it comes: %+v", r.ID, tt.model, r)
				}
			}
			if !slices.Equal(radars, tt.radars) {
				t.Errorf("got %v, want %v", radars, tt.radars)
			}
		})
	}
}

// checkScenario checks what holds for every scenario.
func checkScenario(t *testing.T, c *catalog.Catalogue, s catalog.Scenario) {
	t.Helper()
	if s.Name == "" || s.Summary == "" || len(s.Sources) == 0 || len(s.Assumptions) == 0 {
		t.Error("does not say what it is, where it comes from and what is assumed")
	}
	if _, err := c.Airspace(s.AirspaceID); err != nil {
		t.Error(err)
	}
	var altitudes []string
	for _, a := range s.Altitudes {
		altitudes = append(altitudes, a.String())
	}
	if want := []string{"300m-agl", "1000m-agl", "3000m-agl", "FL100"}; !slices.Equal(altitudes, want) {
		t.Errorf("altitudes are %v, want %v", altitudes, want)
	}
	for _, r := range s.Radars {
		if err := r.Validate(); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
		if _, err := c.Model(r.ModelID); err != nil {
			t.Error(err)
		}
	}
}

// A change of a data file must be told in DATA.md.
func TestDataFilesAreDocumented(t *testing.T) {
	told, err := os.ReadFile("../../DATA.md")
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("data/*.geojson")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no data files: %v", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(data)); !strings.Contains(string(told), sum) {
			t.Errorf("DATA.md does not give the sha256 of %s, %s", path, sum)
		}
	}
}
