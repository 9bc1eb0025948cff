package sight_test

import (
	"math"
	"testing"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
)

func TestNewSite(t *testing.T) {
	tests := []struct {
		name             string
		groundM, radarsK float64
		antennaM, k      float64
		missing          bool
	}{
		{"on known ground", 200, 0, 215, earth.StandardK, false},
		{"on missing ground: sea level, and said", math.NaN(), 0, 15, earth.StandardK, true},
		{"below sea level", -86, 0, -71, earth.StandardK, false},
		{"with a factor of its own", 200, 1.49, 215, 1.49, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			site := sight.NewSite(radar.Radar{Position: home, MastM: 15, K: tt.radarsK}, tt.groundM, earth.StandardK)
			expectNear(t, "antenna", site.AntennaAMSLM(), tt.antennaM, 0)
			expectNear(t, "radius", site.Effective(30).RadiusM, tt.k*earth.CurvatureAt(-12).AlongM(30), 1e-6)
			if site.GroundMissing != tt.missing {
				t.Errorf("ground missing: %v", site.GroundMissing)
			}
		})
	}
}
