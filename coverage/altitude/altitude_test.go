package altitude_test

import (
	"testing"

	"github.com/canopyradar/canopy/coverage/altitude"
)

func TestAltitude(t *testing.T) {
	tests := []struct {
		altitude altitude.Altitude
		text     string
		amslM    float64 // over ground at 200 m
	}{
		{altitude.Altitude{Reference: altitude.AGL, Value: 300}, "300m-agl", 500},
		{altitude.Altitude{Reference: altitude.AGL, Value: 152.4}, "152.4m-agl", 352.4},
		{altitude.Altitude{Reference: altitude.AMSL, Value: 3000}, "3000m-amsl", 3000},
		{altitude.Altitude{Reference: altitude.FlightLevel, Value: 100}, "FL100", 3048},
		{altitude.Altitude{Reference: altitude.FlightLevel, Value: 50}, "FL050", 1524},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			if got := tt.altitude.String(); got != tt.text {
				t.Errorf("String() = %q, want %q", got, tt.text)
			}
			if got := tt.altitude.AMSLM(200); got != tt.amslM {
				t.Errorf("AMSLM(200) = %v, want %v", got, tt.amslM)
			}
		})
	}
}
