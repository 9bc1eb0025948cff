package sight_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
)

// limited is a radar on a hill at 500 m that has every limit.
func limited() sight.Site {
	site := flatland(100e3, 20)
	site.GroundAMSLM = 500
	site.MinRangeM = 3e3
	site.MinElevationDeg, site.MaxElevationDeg = 0.5, 20
	site.HeightLimitAMSLM = 12e3
	site.Sector = &radar.Sector{FromDeg: 300, ToDeg: 60}
	return site
}

func TestEnvelopeLimits(t *testing.T) {
	site := limited()
	e := site.Effective(10)
	tests := []struct {
		name              string
		distanceM         float64
		topM, floorM      float64
		beamTop, rangeTop float64
	}{
		{"overhead, the smallest range", 1e3, e.RayHeightM(math.Tan(math.Pi/9), 1e3), math.NaN(),
			e.RayHeightM(math.Tan(math.Pi/9), 1e3), e.HeightAtSlantRangeM(1e3, 100e3)},
		{"near, below the beam's top", 10e3, e.RayHeightM(math.Tan(math.Pi/9), 10e3), e.RayHeightM(math.Tan(math.Pi/360), 10e3),
			e.RayHeightM(math.Tan(math.Pi/9), 10e3), e.HeightAtSlantRangeM(10e3, 100e3)},
		{"far, below the height limit", 80e3, 12e3, e.RayHeightM(math.Tan(math.Pi/360), 80e3),
			12e3, e.HeightAtSlantRangeM(80e3, 100e3)},
		{"near the rim, within the slant range", 99.8e3, e.HeightAtSlantRangeM(99.8e3, 100e3), e.RayHeightM(math.Tan(math.Pi/360), 99.8e3),
			12e3, e.HeightAtSlantRangeM(99.8e3, 100e3)},
		{"on the rim: no height is near enough", 100e3, math.Inf(-1), math.NaN(), 12e3, math.Inf(-1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			envelope := site.Envelope(sight.Terrain, tt.distanceM, 10, 0)
			expectNear(t, "top", envelope.TopAMSLM(), tt.topM, 1e-6)
			expectNear(t, "beam top", envelope.BeamTopAMSLM, tt.beamTop, 1e-6)
			expectNear(t, "range top", envelope.RangeTopAMSLM, tt.rangeTop, 1e-6)
			floor := envelope.Floor(math.Inf(-1))
			if math.IsNaN(tt.floorM) != math.IsNaN(floor) || math.Abs(floor-tt.floorM) > 1e-6 {
				t.Errorf("floor %v, want %v", floor, tt.floorM)
			}
		})
	}
}

// TestSlantRangeAtTheLimits: what bounds the slant range really does.
func TestSlantRangeAtTheLimits(t *testing.T) {
	site := limited()
	e := site.Effective(10)
	for _, distanceM := range []float64{100, 1e3, 2.9e3} {
		blind := site.Envelope(sight.Terrain, distanceM, 10, 0).BlindTopAMSLM
		expectNear(t, "slant range where the blind part ends", e.SlantRangeM(distanceM, blind), 3e3, 1e-6)
	}
	for _, distanceM := range []float64{100, 50e3, 99e3} {
		top := site.Envelope(sight.Terrain, distanceM, 10, 0).RangeTopAMSLM
		expectNear(t, "slant range at the top", e.SlantRangeM(distanceM, top), 100e3, 1e-6)
	}
	if blind := site.Envelope(sight.Terrain, 3.1e3, 10, 0).BlindTopAMSLM; !math.IsInf(blind, -1) {
		t.Errorf("blind up to %v m beyond the smallest range", blind)
	}
}

// TestConeOfSilence holds the highest beam to the published radius within
// which it passes below a height. The table's earth has one radius; an earth
// factor gives it to ours.
func TestConeOfSilence(t *testing.T) {
	site := flatland(444480, 10)
	site.MaxElevationDeg = 20
	site.EarthFactor = 8494667 / earth.CurvatureAt(home.Lat()).AlongM(90)
	for id, heightM := range map[string]float64{"cone-3000": 3000, "cone-30480": 30480} {
		t.Run(id, func(t *testing.T) {
			wantKM, toleranceKM := publishedValue(t, id)
			expectNear(t, "radius", coneRadiusM(&site, heightM)/1e3, wantKM, toleranceKM)
		})
	}
}

// coneRadiusM is the distance at which the beam's top reaches a height, by
// bisection.
func coneRadiusM(site *sight.Site, heightM float64) float64 {
	below, above := 0.0, 200e3
	for range 60 {
		middle := (below + above) / 2
		if site.Envelope(sight.Terrain, middle, 90, 0).BeamTopAMSLM < heightM {
			below = middle
		} else {
			above = middle
		}
	}
	return above
}

// publishedValue skips the test where the validation data is not at hand.
func publishedValue(t *testing.T, id string) (expected, tolerance float64) {
	t.Helper()
	f, err := os.Open("../../../shared/data/physics_cases.csv")
	if err != nil {
		t.Skipf("no validation data here: %v", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row[0] == id {
			return number(t, row[3]), number(t, row[5])
		}
	}
	t.Fatalf("no row %s", id)
	return 0, 0
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestHorizonOfTheLowerGround: a smooth earth lies at the lower of the grounds
// at both ends, and the lowest beam counts where it is higher.
func TestHorizonOfTheLowerGround(t *testing.T) {
	site := flatland(100e3, 20)
	site.GroundAMSLM = 500
	e := site.Effective(10)
	expectNear(t, "place below", site.Envelope(sight.Horizon, 80e3, 10, 100).HorizonAMSLM, e.SmoothFloorM(80e3, 100), 1e-9)
	expectNear(t, "place above", site.Envelope(sight.Horizon, 80e3, 10, 900).HorizonAMSLM, e.SmoothFloorM(80e3, 500), 1e-9)
	site.MinElevationDeg = 1
	expectNear(t, "lowest beam", site.Envelope(sight.Horizon, 80e3, 10, 100).HorizonAMSLM, e.RayHeightM(math.Tan(math.Pi/180), 80e3), 1e-9)
}

// TestDiscHasOnlyRangeAndSector: of all limits these two count.
func TestDiscHasOnlyRangeAndSector(t *testing.T) {
	site := limited()
	tests := []struct {
		name                  string
		distanceM, azimuthDeg float64
		cause                 sight.Cause
	}{
		{"within", 50e3, 10, sight.None},
		{"on the rim", 100e3, 10, sight.None},
		{"beyond", 100e3 + 1e-3, 10, sight.OutOfRange},
		{"too near", 2.9e3, 10, sight.OutOfRange},
		{"beside", 50e3, 180, sight.OutsideSector},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := site.Envelope(sight.Disc, tt.distanceM, tt.azimuthDeg, 3000)
			for _, heightM := range []float64{-1e6, 0, 1e6} {
				if cause := e.Cause(e.Floor(0), heightM); cause != tt.cause {
					t.Errorf("at %v m: cause %v, want %v", heightM, cause, tt.cause)
				}
			}
		})
	}
}

// TestCause names one cause at a time, and then which one is named of two.
// The radar on its hill looks north; the ground at the place is at 0 m, and a
// crest at 2 degrees stands between.
//
//	  AboveBeam       --------- height limit, 12 000 m
//	                 /
//	  None          /  slant range, 100 km
//	- - - - - - - -/- - - - - - floor, over the crest
//	  TerrainBlocked
//	- - - - - - - - - - - - - - horizon, or lowest beam
//	  BelowHorizon
func TestCause(t *testing.T) {
	const crestTan = 0.035
	tests := []struct {
		name                           string
		distanceM, azimuthDeg, heightM float64
		want                           sight.Cause
	}{
		{"seen", 50e3, 10, 5000, sight.None},
		{"hidden by the crest", 50e3, 10, 1500, sight.TerrainBlocked},
		{"below the lowest beam", 50e3, 10, 500, sight.BelowHorizon},
		{"below the ground", 50e3, 10, -10, sight.BelowHorizon},
		{"above the height limit", 50e3, 10, 12001, sight.AboveBeam},
		{"above the highest beam", 10e3, 10, 6000, sight.AboveBeam},
		{"beyond the range", 101e3, 10, 5000, sight.OutOfRange},
		{"beyond the slant range alone", 99.8e3, 10, 11e3, sight.OutOfRange},
		{"nearer than the smallest range", 1e3, 10, 600, sight.OutOfRange},
		{"outside of the sector", 50e3, 180, 5000, sight.OutsideSector},

		{"beyond range before outside of sector", 101e3, 180, 5000, sight.OutOfRange},
		{"outside of sector before above the beam", 50e3, 180, 20e3, sight.OutsideSector},
		{"outside of sector before below the horizon", 50e3, 180, 10, sight.OutsideSector},
		{"above the beam before beyond the slant range", 99.8e3, 10, 13e3, sight.AboveBeam},
		{"above the beam before too near", 1e3, 10, 2000, sight.AboveBeam},
		{"too near before below the horizon", 1e3, 10, 100, sight.OutOfRange},
		{"below the horizon before hidden by the crest", 50e3, 10, 600, sight.BelowHorizon},
	}
	site := limited()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := site.Envelope(sight.Terrain, tt.distanceM, tt.azimuthDeg, 0)
			if got := e.Cause(e.Floor(crestTan), tt.heightM); got != tt.want {
				t.Errorf("cause %v, want %v (floor %v, envelope %+v)", got, tt.want, e.Floor(crestTan), e)
			}
		})
	}
}

// TestCauseOrder: of several radars, the one with the largest cause came
// nearest to seeing the place.
func TestCauseOrder(t *testing.T) {
	order := []sight.Cause{sight.None, sight.OutOfRange, sight.OutsideSector, sight.BelowHorizon, sight.AboveBeam, sight.TerrainBlocked, sight.OutOfService}
	for i, c := range order {
		if int(c) != i {
			t.Errorf("cause %d stands at place %d", c, i)
		}
	}
}

// TestCauseIsConsistent: there is no cause exactly where floor ≤ height ≤
// ceiling, in range and in sector; and a floor exists exactly where some
// height is seen.
func TestCauseIsConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		site := drawSite(t)
		reach := rapid.SampledFrom([]sight.Reach{sight.Terrain, sight.Horizon, sight.Disc}).Draw(t, "reach")
		distanceM := rapid.Float64Range(0, 1.1*site.RangeM).Draw(t, "distance")
		azimuthDeg := rapid.Float64Range(0, 360).Draw(t, "azimuth")
		e := site.Envelope(reach, distanceM, azimuthDeg, rapid.Float64Range(-100, 6000).Draw(t, "ground"))
		floor := e.Floor(math.Tan(rapid.Float64Range(-0.2, 0.5).Draw(t, "screening")))
		heightM := rapid.Float64Range(-500, 40e3).Draw(t, "height")

		seen := floor <= heightM && heightM <= e.TopAMSLM() && e.InRange && e.InSector
		if cause := e.Cause(floor, heightM); (cause == sight.None) != seen {
			t.Fatalf("cause %v, but seen is %v: floor %v, top %v", cause, seen, floor, e.TopAMSLM())
		}
		if hasFloor := floor == floor; hasFloor && e.Cause(floor, floor) != sight.None {
			t.Fatalf("the floor %v itself is not seen: %v", floor, e.Cause(floor, floor))
		}
	})
}

func drawSite(t *rapid.T) sight.Site {
	site := flatland(rapid.Float64Range(1, 500e3).Draw(t, "range"), rapid.Float64Range(0, 100).Draw(t, "mast"))
	site.GroundAMSLM = rapid.Float64Range(0, 5000).Draw(t, "site")
	site.MinRangeM = rapid.Float64Range(0, site.RangeM).Draw(t, "smallest range")
	site.MinElevationDeg = rapid.Float64Range(-10, 5).Draw(t, "lowest beam")
	site.MaxElevationDeg = rapid.Float64Range(site.MinElevationDeg, 90).Draw(t, "highest beam")
	site.HeightLimitAMSLM = rapid.Float64Range(1000, 40e3).Draw(t, "height limit")
	if rapid.Bool().Draw(t, "has a sector") {
		site.Sector = &radar.Sector{FromDeg: rapid.Float64Range(0, 360).Draw(t, "from"), ToDeg: rapid.Float64Range(0, 360).Draw(t, "to")}
	}
	return site
}
