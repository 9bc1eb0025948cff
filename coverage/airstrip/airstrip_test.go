package airstrip_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airstrip"
)

func TestParseStatus(t *testing.T) {
	tests := []struct {
		text string
		want airstrip.Status
		ok   bool
	}{
		{"", airstrip.StatusUnspecified, true},
		{"unspecified", airstrip.StatusUnspecified, true},
		{"active", airstrip.Active, true},
		{"closed", airstrip.Closed, true},
		{"destroyed", airstrip.Destroyed, true},
		{"open", airstrip.StatusUnspecified, false},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := airstrip.ParseStatus(tt.text)
			if got != tt.want || (err == nil) != tt.ok {
				t.Errorf("got %v, %v", got, err)
			}
			if tt.ok && tt.text != "" && got.String() != tt.text {
				t.Errorf("%q came back as %q", tt.text, got)
			}
		})
	}
}

func strip(id string, lon, lat float64) airstrip.Airstrip {
	return airstrip.Airstrip{
		ID:             id,
		Position:       orb.Point{lon, lat},
		ElevationAMSLM: math.NaN(),
		LengthM:        math.NaN(),
	}
}

func TestNewIndexRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*airstrip.Airstrip)
		field  string
	}{
		{"no id", func(a *airstrip.Airstrip) { a.ID = "" }, "id"},
		{"an id twice", func(a *airstrip.Airstrip) { a.ID = "first" }, "id"},
		{"latitude 95", func(a *airstrip.Airstrip) { a.Position[1] = 95 }, "lat_deg"},
		{"latitude NaN", func(a *airstrip.Airstrip) { a.Position[1] = math.NaN() }, "lat_deg"},
		{"longitude -181", func(a *airstrip.Airstrip) { a.Position[0] = -181 }, "lon_deg"},
		{"longitude infinite", func(a *airstrip.Airstrip) { a.Position[0] = math.Inf(1) }, "lon_deg"},
		{"elevation in feet, likely", func(a *airstrip.Airstrip) { a.ElevationAMSLM = 14000 }, "elevation_amsl_m"},
		{"length negative", func(a *airstrip.Airstrip) { a.LengthM = -1 }, "length_m"},
		{"status unheard of", func(a *airstrip.Airstrip) { a.Status = 9 }, "status"},
		{"date the other way round", func(a *airstrip.Airstrip) { a.AsOf = "31.05.2024" }, "as_of"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bad := strip("second", -73, -12)
			tt.change(&bad)
			_, err := airstrip.NewIndex([]airstrip.Airstrip{strip("first", -74, -12), bad})
			var fe *airstrip.FieldError
			if !errors.As(err, &fe) {
				t.Fatalf("got %v, want a FieldError", err)
			}
			if fe.Field != tt.field || fe.Index != 1 {
				t.Errorf("blames %s of number %d, want %s of number 1", fe.Field, fe.Index, tt.field)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("message has more than one line: %q", err)
			}
		})
	}
}

func TestIndexOwnsItsList(t *testing.T) {
	list := []airstrip.Airstrip{strip("b", -74, -12), strip("a", -73, -12)}
	x, err := airstrip.NewIndex(list)
	if err != nil {
		t.Fatal(err)
	}
	list[0].Name = "changed"
	if a, ok := x.ByID("b"); !ok || a.Name != "" {
		t.Errorf("a change of the caller's list reached the index: %+v", a)
	}
	if _, ok := x.ByID("c"); ok {
		t.Error("found an id that was never there")
	}
	if all := x.All(); x.Len() != 2 || len(all) != 2 || all[0].ID != "b" {
		t.Errorf("order of the list was not kept: %v", all)
	}
}

func TestEmptyIndex(t *testing.T) {
	for name, x := range map[string]*airstrip.Index{"zero value": {}, "of nothing": must(t, nil)} {
		t.Run(name, func(t *testing.T) {
			world := orb.MultiPolygon{orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}.ToPolygon()}
			if n := x.Len() + len(x.All()) + len(x.Nearest(orb.Point{}, 3, nil)) +
				len(x.Within(orb.Point{}, 1e9, nil)) + len(x.InArea(world, nil)); n != 0 {
				t.Errorf("found %d airstrips", n)
			}
		})
	}
}

func must(t testing.TB, list []airstrip.Airstrip) *airstrip.Index {
	t.Helper()
	x, err := airstrip.NewIndex(list)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
