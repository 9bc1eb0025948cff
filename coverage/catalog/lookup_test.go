package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/coverage/catalog"
)

func TestAirspaceIsFound(t *testing.T) {
	tests := []struct{ asked, want string }{
		{"peru", "peru"},
		{"Perú", "peru"},
		{"PERU", "peru"},
		{"peru/madre-de-dios", "peru/madre-de-dios"},
		{"Madre de Dios", "peru/madre-de-dios"},
		{"madre_de_dios", "peru/madre-de-dios"},
		{" Junín ", "peru/junin"},
		{"junin", "peru/junin"},
		// n and a combining acute, as some systems type it.
		{"Peru/Juni\u0301n", "peru/junin"},
		{"Ancash", "peru/ancash"},
		{"vraem", "vraem"},
	}
	for _, tt := range tests {
		t.Run(tt.asked, func(t *testing.T) {
			a, err := catalog.Default().Airspace(tt.asked)
			if err != nil {
				t.Fatal(err)
			}
			if a.ID != tt.want {
				t.Errorf("got %s, want %s", a.ID, tt.want)
			}
		})
	}
}

func TestModelIsFoundByName(t *testing.T) {
	for _, asked := range []string{"gm400", "GM400", "ground-master-400", "Ground Master 400"} {
		if m, err := catalog.Default().Model(asked); err != nil || m.ID != "gm400" {
			t.Errorf("%q: got %q, %v", asked, m.ID, err)
		}
	}
}

func TestNotFound(t *testing.T) {
	c := catalog.Default()
	model := func(id string) error { _, err := c.Model(id); return err }
	scenario := func(id string) error { _, err := c.Scenario(id); return err }
	airspace := func(id string) error { _, err := c.Airspace(id); return err }
	tests := []struct {
		name       string
		look       func(string) error
		id         string
		suggestion string
		known      int
	}{
		{"model, one letter off", model, "an-tps-71", "an-tps-70", 5},
		{"model, hyphens left out", model, "antps77", "an-tps-77", 5},
		{"model, nothing like it", model, "sampson", "", 5},
		{"scenario, letters swapped", scenario, "tsp70-2015", "tps70-2015", 5},
		{"scenario, nothing like it", scenario, "everything", "", 5},
		{"airspace, one letter off", airspace, "perru", "peru", 28},
		{"airspace, a department's name off", airspace, "Madre de Dio", "peru/madre-de-dios", 28},
		{"airspace, nothing like it", airspace, "bolivia", "", 28},
		{"empty", airspace, "", "", 28},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.look(tt.id)
			var nf *catalog.NotFoundError
			if !errors.As(err, &nf) {
				t.Fatalf("got %v, want a NotFoundError", err)
			}
			if nf.ID != tt.id || nf.Suggestion != tt.suggestion || len(nf.Known) != tt.known {
				t.Errorf("suggests %q of %d, want %q of %d", nf.Suggestion, len(nf.Known), tt.suggestion, tt.known)
			}
			msg := err.Error()
			if strings.Contains(msg, "\n") || !strings.Contains(msg, tt.suggestion) || !strings.Contains(msg, nf.Kind) {
				t.Errorf("message %q is not one line that helps", msg)
			}
		})
	}
}
