package radar_test

import (
	"math"
	"testing"

	"github.com/canopyradar/canopy/coverage/radar"
)

func TestSectorContains(t *testing.T) {
	east := radar.Sector{FromDeg: 45, ToDeg: 135}
	north := radar.Sector{FromDeg: 350, ToDeg: 10}
	whole := radar.Sector{FromDeg: 0, ToDeg: 360}
	west := radar.Sector{FromDeg: 180, ToDeg: 360}
	tests := []struct {
		name    string
		sector  radar.Sector
		azimuth float64
		want    bool
	}{
		{"inside", east, 90, true},
		{"its start", east, 45, true},
		{"its end", east, 135, true},
		{"before its start", east, 44.999, false},
		{"after its end", east, 135.001, false},
		{"one turn more", east, 450, true},
		{"one turn less", east, -270, true},
		{"wrapping, west of north", north, 355, true},
		{"wrapping, north as 0", north, 0, true},
		{"wrapping, north as 360", north, 360, true},
		{"wrapping, east of north", north, 10, true},
		{"wrapping, outside", north, 180, false},
		{"whole circle, north as 0", whole, 0, true},
		{"whole circle, north as 360", whole, 360, true},
		{"whole circle, south", whole, 180, true},
		{"ending at north, north as 0", west, 0, true},
		{"ending at north, north as 360", west, 360, true},
		{"ending at north, just past it", west, 0.001, false},
		{"equal ends hold one azimuth", radar.Sector{FromDeg: 30, ToDeg: 30}, 30, true},
		{"equal ends hold no other", radar.Sector{FromDeg: 30, ToDeg: 30}, 31, false},
		{"not a number", whole, math.NaN(), false},
		{"infinite", whole, math.Inf(1), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.sector.Contains(tt.azimuth); got != tt.want {
				t.Errorf("%+v.Contains(%v) = %v, want %v", tt.sector, tt.azimuth, got, tt.want)
			}
		})
	}
}
