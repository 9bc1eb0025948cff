package network

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
)

// anySite draws a radar from all that are valid, on ground from below the sea
// to the Himalayas.
func anySite(t *rapid.T) *sight.Site {
	rangeM := rapid.Float64Range(1, 1e6).Draw(t, "range_m")
	minElevation := rapid.Float64Range(-10, 45).Draw(t, "min_elevation_deg")
	limits := radar.Limits{
		RangeM:           rangeM,
		MinRangeM:        rapid.SampledFrom([]float64{0, 0.01, 0.5}).Draw(t, "min_range") * rangeM,
		MinElevationDeg:  minElevation,
		MaxElevationDeg:  rapid.Float64Range(minElevation+1e-3, 90).Draw(t, "max_elevation_deg"),
		HeightLimitAMSLM: rapid.OneOf(rapid.Just(radar.NoHeightLimit), rapid.Float64Range(1, 40000)).Draw(t, "height_limit_amsl_m"),
	}
	s := sight.NewSite(radar.Radar{
		Position: [2]float64{0, rapid.Float64Range(-80, 80).Draw(t, "lat_deg")},
		MastM:    rapid.Float64Range(0, 1000).Draw(t, "mast_m"),
		Limits:   limits,
	}, rapid.Float64Range(-430, 8800).Draw(t, "ground_amsl_m"), rapid.Float64Range(0.5, 10).Draw(t, "k"))
	return &s
}

// Where the shortcut says that a height is clear of all ceilings, the envelope
// never cuts it off.
func TestClearIsConservative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		site := anySite(t)
		reach := rapid.SampledFrom([]sight.Reach{sight.Terrain, sight.Horizon, sight.Disc}).Draw(t, "reach")
		a := newAdder(nil, &floor.Surface{Site: site, Reach: reach})
		far := min(a.farM, site.RangeM)
		if a.nearM > far {
			t.Skip("no place is clear")
		}
		// The bounds are where it fails first, if at all.
		distanceM := rapid.OneOf(rapid.Just(a.nearM), rapid.Just(far), rapid.Float64Range(a.nearM, far)).Draw(t, "distance_m")
		top := min(a.clearM, clearanceM)
		heightM := rapid.OneOf(rapid.Just(top), rapid.Float64Range(min(-deepestM, top), top)).Draw(t, "height_amsl_m")
		look := lookAt{a: a, distanceM: distanceM}
		if distanceM == 0 || !look.clear(heightM) {
			t.Skip("not said to be clear")
		}
		e := site.Envelope(reach, distanceM, rapid.Float64Range(0, 360).Draw(t, "azimuth_deg"), heightM)
		if reach == sight.Disc && !e.InRange {
			t.Skip("nearer than the smallest range, where a disc has no floor to be clear of")
		}
		if cause := e.Cause(heightM, heightM); cause != sight.None {
			t.Fatalf("%.3f m over %.3f m: cause %v, with a ceiling of %.3f m", heightM, distanceM, cause, e.TopAMSLM())
		}
	})
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
