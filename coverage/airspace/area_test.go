package airspace_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/earth"
)

// The area of a box between parallels has a closed form, and so do two
// triangles that make one up.
func TestArea(t *testing.T) {
	square := orb.Ring{{-80, -20}, {-60, -20}, {-60, -10}, {-80, -10}, {-80, -20}}
	hole := orb.Ring{{-75, -15}, {-75, -14}, {-74, -14}, {-74, -15}, {-75, -15}}
	lower := orb.Ring{{-80, -20}, {-60, -20}, {-80, -10}, {-80, -20}}
	upper := orb.Ring{{-60, -20}, {-60, -10}, {-80, -10}, {-60, -20}}
	whole := earth.CellAreaM2(-20, -10, 20)
	tests := []struct {
		name string
		area orb.MultiPolygon
		want float64
	}{
		{"between two parallels", orb.MultiPolygon{{square}}, whole},
		{"with a hole", orb.MultiPolygon{{square, hole}}, whole - earth.CellAreaM2(-15, -14, 1)},
		{"two triangles", orb.MultiPolygon{{lower}, {upper}}, whole},
		{"nothing", nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// A tenth of a degree of a parallel is 3 m off its geodesic at 20°
			// here and there: a millionth of ten degrees.
			if got := airspace.AreaM2(tt.area); math.Abs(got-tt.want) > 1e-6*tt.want {
				t.Errorf("%.6g m², want %.6g", got, tt.want)
			}
		})
	}
}
