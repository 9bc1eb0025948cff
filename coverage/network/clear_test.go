package network

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
)

// anySite draws a radar from all that are valid, on ground from below the sea
// to the Himalayas: of ranges, as many short ones as long.
func anySite(random *rand.Rand) *sight.Site {
	between := func(low, high float64) float64 { return low + (high-low)*random.Float64() }
	l := radar.Limits{RangeM: math.Exp(between(0, math.Log(1e6))), HeightLimitAMSLM: radar.NoHeightLimit}
	l.MinElevationDeg = between(-10, 45)
	l.MaxElevationDeg = between(l.MinElevationDeg, 90)
	if random.IntN(2) == 0 {
		l.MinRangeM = between(0, l.RangeM)
	}
	if random.IntN(2) == 0 {
		l.HeightLimitAMSLM = between(1, 40000)
	}
	s := sight.NewSite(radar.Radar{Position: [2]float64{0, between(-80, 80)}, MastM: between(0, 1000), Limits: l},
		between(-430, 8800), between(0.5, 10))
	return &s
}

// Where the shortcut says that a height is clear of all ceilings, the envelope
// never cuts it off. The bounds of the shortcut are where it fails first, if
// at all.
func TestClearIsConservative(t *testing.T) {
	const seed = 20150510
	random := rand.New(rand.NewPCG(seed, 0))
	looked := 0
	for draw := range 100_000 {
		site, reach := anySite(random), []sight.Reach{sight.Terrain, sight.Horizon}[draw%2]
		a := newAdder(nil, &floor.Surface{Site: site, Reach: reach})
		far, top := math.Min(a.farM, site.RangeM), math.Min(a.clearM, clearanceM)
		for _, share := range []float64{0, 1, random.Float64()} {
			distanceM := a.nearM + share*(far-a.nearM)
			for _, heightM := range []float64{top, -deepestM, top * random.Float64()} {
				if look := (lookAt{a: a, distanceM: distanceM}); !(distanceM > 0) || !look.clear(heightM) {
					continue
				}
				looked++
				e := site.Envelope(reach, distanceM, 360*random.Float64(), heightM)
				if cause := e.Cause(heightM, heightM); cause != sight.None {
					t.Fatalf("seed %d, draw %d: %+v\n%.3f m high over %.3f m: cause %v, with a ceiling of %.3f m",
						seed, draw, *site, heightM, distanceM, cause, e.TopAMSLM())
				}
			}
		}
	}
	if looked < 100_000 {
		t.Errorf("%d places are clear: the test shows too little", looked)
	}
}

// A disc has no ceilings, and its floor tells where it is in range.
func TestDiscIsClearEverywhere(t *testing.T) {
	a := newAdder(nil, &floor.Surface{Site: anySite(rand.New(rand.NewPCG(1, 1))), Reach: sight.Disc})
	for _, distanceM := range []float64{1, 1e3, 1e6} {
		if look := (lookAt{a: a, distanceM: distanceM}); !look.clear(1e6) {
			t.Errorf("not clear at %v m", distanceM)
		}
	}
}

// The shortcut must also save work: most of what a common radar looks at.
func TestClearHoldsForMostOfARange(t *testing.T) {
	site := sight.NewSite(radar.Radar{Position: [2]float64{-69, -12}, MastM: 15, Limits: radar.Limits{
		RangeM: 400e3, MaxElevationDeg: 20, HeightLimitAMSLM: 30480}}, 200, 4./3)
	a := newAdder(nil, &floor.Surface{Site: &site})
	if a.nearM > 45e3 || a.farM < 390e3 {
		t.Errorf("clear from %.0f to %.0f km, of 400 km", a.nearM/1e3, a.farM/1e3)
	}
}
