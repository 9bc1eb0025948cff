package radar_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/radar"
)

func valid() radar.Radar {
	m := radar.Model{
		ID:    "an-tps-70",
		MastM: 15,
		Limits: radar.Limits{
			RangeM:           400e3,
			MaxElevationDeg:  20,
			HeightLimitAMSLM: 30480,
		},
	}
	return m.At("pem", "Puerto Maldonado", orb.Point{-69.2282, -12.6131})
}

func TestModelAt(t *testing.T) {
	r := valid()
	if r.ModelID != "an-tps-70" || r.MastM != 15 || r.RangeM != 400e3 || !r.InService {
		t.Errorf("model's values did not reach the radar: %+v", r)
	}
}

func TestValidateAccepts(t *testing.T) {
	tests := []struct {
		name   string
		change func(*radar.Radar)
	}{
		{"a model's radar", func(*radar.Radar) {}},
		{"out of service", func(r *radar.Radar) { r.InService = false }},
		{"antenna on the ground", func(r *radar.Radar) { r.MastM = 0 }},
		{"tallest mast", func(r *radar.Radar) { r.MastM = 1000 }},
		{"longest range", func(r *radar.Radar) { r.RangeM = 1e6 }},
		{"no height limit", func(r *radar.Radar) { r.HeightLimitAMSLM = radar.NoHeightLimit }},
		{"looking down", func(r *radar.Radar) { r.MinElevationDeg = -10 }},
		{"own k", func(r *radar.Radar) { r.K = 1.42 }},
		{"sector through north", func(r *radar.Radar) { r.Sector = &radar.Sector{FromDeg: 300, ToDeg: 60} }},
		{"south pole on the antimeridian", func(r *radar.Radar) { r.Position = orb.Point{-180, -90} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := valid()
			tt.change(&r)
			if err := r.Validate(); err != nil {
				t.Errorf("refused: %v", err)
			}
		})
	}
}

func TestValidateRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	tests := []struct {
		name         string
		change       func(*radar.Radar)
		field, value string
	}{
		{"latitude 95", func(r *radar.Radar) { r.Position[1] = 95 }, "lat_deg", "95"},
		{"latitude NaN", func(r *radar.Radar) { r.Position[1] = nan }, "lat_deg", "NaN"},
		{"longitude 181", func(r *radar.Radar) { r.Position[0] = 181 }, "lon_deg", "181"},
		{"longitude infinite", func(r *radar.Radar) { r.Position[0] = -inf }, "lon_deg", "-Inf"},
		{"mast below ground", func(r *radar.Radar) { r.MastM = -5 }, "mast_m", "-5"},
		{"mast NaN", func(r *radar.Radar) { r.MastM = nan }, "mast_m", "NaN"},
		{"mast too tall", func(r *radar.Radar) { r.MastM = 1001 }, "mast_m", "1001"},
		{"range 0", func(r *radar.Radar) { r.RangeM = 0 }, "range_m", "0"},
		{"range 5000 km", func(r *radar.Radar) { r.RangeM = 5e6 }, "range_m", "5e+06"},
		{"range infinite", func(r *radar.Radar) { r.RangeM = inf }, "range_m", "+Inf"},
		{"minimum range negative", func(r *radar.Radar) { r.MinRangeM = -1 }, "min_range_m", "-1"},
		{"minimum range at the range", func(r *radar.Radar) { r.MinRangeM = 400e3 }, "min_range_m", "400000"},
		{"beam bottom too low", func(r *radar.Radar) { r.MinElevationDeg = -11 }, "min_elevation_deg", "-11"},
		{"beam top past the zenith", func(r *radar.Radar) { r.MaxElevationDeg = 91 }, "max_elevation_deg", "91"},
		{"beam empty", func(r *radar.Radar) { r.MinElevationDeg = 20 }, "max_elevation_deg", "20"},
		{"height limit 0", func(r *radar.Radar) { r.HeightLimitAMSLM = 0 }, "height_limit_amsl_m", "0"},
		{"height limit NaN", func(r *radar.Radar) { r.HeightLimitAMSLM = nan }, "height_limit_amsl_m", "NaN"},
		{"k too small", func(r *radar.Radar) { r.K = 0.4 }, "k", "0.4"},
		{"k NaN", func(r *radar.Radar) { r.K = nan }, "k", "NaN"},
		{"sector start", func(r *radar.Radar) { r.Sector = &radar.Sector{FromDeg: -1, ToDeg: 9} }, "sector.from_deg", "-1"},
		{"sector end", func(r *radar.Radar) { r.Sector = &radar.Sector{FromDeg: 1, ToDeg: nan} }, "sector.to_deg", "NaN"},
		{"sector empty", func(r *radar.Radar) { r.Sector = &radar.Sector{FromDeg: 9, ToDeg: 9} }, "sector.to_deg", "9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := valid()
			tt.change(&r)
			err := r.Validate()
			var fe *radar.FieldError
			if !errors.As(err, &fe) {
				t.Fatalf("got %v, want a FieldError", err)
			}
			if fe.Field != tt.field || fe.Value != tt.value {
				t.Errorf("names %s = %s, want %s = %s", fe.Field, fe.Value, tt.field, tt.value)
			}
			if n := len(r.Violations()); n != 1 {
				t.Errorf("one mistake gave %d violations", n)
			}
			if msg := err.Error(); strings.Contains(msg, "\n") || !strings.Contains(msg, fe.Want) {
				t.Errorf("message %q is not one line that says what is allowed", msg)
			}
		})
	}
}

func TestViolationsNamesEveryField(t *testing.T) {
	r := valid()
	r.Position = orb.Point{200, 95}
	r.MastM = -5
	if n := len(r.Violations()); n != 3 {
		t.Errorf("three mistakes gave %d violations", n)
	}
}
