package coverage

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
)

// TestRayBoxHoldsTheRays draws radars up to the latitudes that windows are
// allowed in, and places up to the longest range away.
func TestRayBoxHoldsTheRays(t *testing.T) {
	const seed = 20150510
	random := rand.New(rand.NewPCG(seed, 0))
	for draw := range 5000 {
		from := orb.Point{200*random.Float64() - 100, 150*random.Float64() - 75}
		// Half of the rays run nearly along a parallel, where they bow most.
		azimuth, distanceM := 360*random.Float64(), 1e6*random.Float64()
		if draw%2 == 0 {
			azimuth, distanceM = 90+20*(random.Float64()-0.5), 1e6
		}
		line := earth.NewLine(from, azimuth)
		site := sight.Site{Radar: radar.Radar{Position: from, Limits: radar.Limits{RangeM: distanceM + 1}}}
		// The end comes back within a micrometre.
		box := rayBox(&site, []orb.Point{line.At(distanceM)}).Pad(1e-9)
		for i := range 101 {
			if p := line.At(distanceM * float64(i) / 100); !box.Contains(p) {
				t.Fatalf("seed %d, draw %d: %v, %d %% of the way from %v, lies outside of %v", seed, draw, p, i, from, box)
			}
		}
	}
}

func TestRayBoxLeavesOutWhatIsOutOfRange(t *testing.T) {
	site := sight.Site{Radar: radar.Radar{Position: orb.Point{-70, 0}, Limits: radar.Limits{RangeM: 100e3}}}
	box := rayBox(&site, []orb.Point{{-70.5, 0}, {-60, 40}})
	if want := (orb.Bound{Min: orb.Point{-70.5, 0}, Max: orb.Point{-70, 0}}); box != want {
		t.Errorf("%v, want %v", box, want)
	}
}
