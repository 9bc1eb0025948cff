package floor_test

import (
	"math"
	"testing"

	"github.com/canopyradar/canopy/coverage/floor"
)

// Every floor is the one of its own height, and a height is off by half a
// step at most.
func TestAGL(t *testing.T) {
	for a := range floor.Unseen {
		if got := floor.AGLOf(a.M()); got != a {
			t.Fatalf("%d is %v m, which is %d", a, a.M(), got)
		}
	}
	for _, tt := range []struct{ heightM, offM float64 }{
		{100, 0.0313}, {300, 0.0542}, {1000, 0.0989}, {5000, 0.221}, {10e3, 0.313}, {40e3, 0.626},
	} {
		for i := range 1000 {
			h := tt.heightM - float64(i)/10
			if off := math.Abs(floor.AGLOf(h).M() - h); off > tt.offM {
				t.Fatalf("%v m is off by %v m", h, off)
			}
		}
	}
}

func TestAGLEnds(t *testing.T) {
	for h, want := range map[float64]floor.AGL{
		math.NaN(): floor.Unseen, math.Inf(1): floor.Unseen, floor.HighestM + 1: floor.Unseen, floor.HighestM: floor.Unseen - 1,
		math.Inf(-1): floor.Ground, -1: floor.Ground, 0: floor.Ground, 1e-6: floor.Ground,
	} {
		if got := floor.AGLOf(h); got != want {
			t.Errorf("%v m is %d, want %d", h, got, want)
		}
	}
	if m := floor.Unseen.M(); m == m {
		t.Errorf("an unseen place has a floor of %v m", m)
	}
	if floor.HighestM < 41000 {
		t.Errorf("floors end at %v m: altitudes may be asked for up to 40 km", floor.HighestM)
	}
}
