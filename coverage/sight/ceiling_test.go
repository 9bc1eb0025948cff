package sight_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
)

// eachPlace calls f for many radars and places around them.
func eachPlace(f func(site *sight.Site, distanceM, azimuthDeg, groundAMSLM float64)) {
	random := rand.New(rand.NewPCG(7, 0))
	for range 20000 {
		r := radar.Radar{
			Position: orb.Point{-70, 140*random.Float64() - 70}, MastM: 50 * random.Float64(), K: 0.8 + 2*random.Float64(),
			Limits: radar.Limits{RangeM: 1e6 * random.Float64(), MinElevationDeg: -5, MaxElevationDeg: 180*random.Float64() - 90, HeightLimitAMSLM: radar.NoHeightLimit},
		}
		if random.IntN(2) == 0 {
			r.HeightLimitAMSLM = 40000 * random.Float64()
		}
		if random.IntN(2) == 0 {
			r.MinElevationDeg = math.Min(r.MaxElevationDeg, 5*random.Float64()-1)
		}
		site := sight.NewSite(r, 5000*random.Float64(), earth.StandardK)
		f(&site, 1.1*r.RangeM*random.Float64(), 360*random.Float64(), 5000*random.Float64())
	}
}

func sin2(azimuthDeg float64) float64 {
	sin := math.Sin(azimuthDeg * math.Pi / 180)
	return sin * sin
}

// agree reports whether heights are the same to a millimetre, or a billionth.
func agree(got, want float64) bool {
	return got == want || math.Abs(got-want) < 1e-3+1e-9*math.Abs(want)
}

func TestCeilingIsThatOfTheEnvelope(t *testing.T) {
	eachPlace(func(site *sight.Site, distanceM, azimuthDeg, _ float64) {
		e := site.Envelope(sight.Terrain, distanceM, azimuthDeg, 0)
		got, want := site.Ceiling().AMSLM(distanceM, sin2(azimuthDeg)), e.TopAMSLM()
		// Where the slant range just ends, its root has an infinite slope.
		if !agree(got, want) && math.Abs(distanceM/site.RangeM-1) > 0.01 {
			t.Fatalf("%v m at %.0f m and %.0f° of %+v, want %v m", got, distanceM, azimuthDeg, site.Radar, want)
		}
	})
}

func TestSmoothFloorIsThatOfTheEnvelope(t *testing.T) {
	seen := 0
	eachPlace(func(site *sight.Site, distanceM, azimuthDeg, groundAMSLM float64) {
		e := site.Envelope(sight.Horizon, distanceM, azimuthDeg, groundAMSLM)
		got, want := site.SmoothFloor().AMSLM(distanceM, sin2(azimuthDeg), groundAMSLM), e.Floor(math.Inf(-1))
		if distanceM > site.RangeM || math.Abs(distanceM/site.RangeM-1) < 0.01 || agree(e.TopAMSLM(), math.Max(e.HorizonAMSLM, groundAMSLM)) {
			return
		}
		if want == want {
			seen++
		}
		if !agree(got, want) && (got == got || want == want) {
			t.Fatalf("%v m at %.0f m and %.0f° of %+v, want %v m", got, distanceM, azimuthDeg, site.Radar, want)
		}
	})
	if seen < 2000 {
		t.Errorf("%d floors: too few to compare", seen)
	}
}
