package sight_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
)

// ridgeEast is how many columns east of home the ridge stands: 22 km.
const ridgeEast = 48

// ridge is one line of high posts along a meridian: a knife edge, as bilinear
// terrain falls from it to the sea within one post on either side.
//
//	          |
//	home  ----|--------- sea
//	          |  500 m
func ridge(east, _ int) float64 {
	if east == ridgeEast {
		return 500
	}
	return 0
}

// TestLookOverSea: behind the horizon the floor is the ray that touches the
// sea. The observer looks at the sea every 225 m and may step over the point
// of touch, where the ray then lies lower by h0·(112 m)²/s³ in its tangent, s
// being the distance of the horizon: less than 4 mm at 60 km from 15 m.
func TestLookOverSea(t *testing.T) {
	const toleranceM = 0.004
	for _, mastM := range []float64{15, 40, 200} {
		site := flatland(60e3, mastM)
		o := sight.NewObserver(&site, sight.Terrain, around(&site, sea))
		for azimuthDeg := 0.0; azimuthDeg < 360; azimuthDeg += 17 {
			for _, distanceM := range []float64{100, 5e3, 20e3, 59e3} {
				p, _ := earth.Direct(home, azimuthDeg, distanceM)
				e := site.Effective(azimuthDeg)
				want := math.Max(e.SmoothFloorM(distanceM, 0), e.RayHeightM(math.Tan(-10*math.Pi/180), distanceM))
				expectNear(t, "floor", o.Look(p).FloorAMSLM, want, toleranceM)
			}
		}
	}
}

// TestLookOverKnifeEdge: the edge is a line of posts, at which the observer
// looks wherever it crosses one. The crossing is found by a straight line
// through two places 225 m apart, which is off by less than a millimetre.
func TestLookOverKnifeEdge(t *testing.T) {
	const toleranceM = 0.001
	site := flatland(60e3, 15)
	o := sight.NewObserver(&site, sight.Terrain, around(&site, ridge))
	for _, azimuthDeg := range []float64{30, 60, 89.9, 90, 113, 150} {
		edgeM := ridgeDistanceM(azimuthDeg)
		for _, beyondM := range []float64{1e3, 5e3, 59e3 - edgeM} {
			p, _ := earth.Direct(home, azimuthDeg, edgeM+beyondM)
			look := o.Look(p)
			e := site.Effective(azimuthDeg)
			want := e.RayHeightM(e.TanElevation(edgeM, 500), edgeM+beyondM)
			expectNear(t, "floor", look.FloorAMSLM, want, toleranceM)
			expectNear(t, "crest's distance", look.Crest.DistanceM, edgeM, toleranceM)
			expectNear(t, "crest's height", look.Crest.ElevationAMSLM, 500, toleranceM)
		}
	}
}

// ridgeDistanceM is how far the ridge is along an azimuth, by bisection.
func ridgeDistanceM(azimuthDeg float64) float64 {
	line := earth.NewLine(home, azimuthDeg)
	west, east := 0.0, 200e3
	for range 60 {
		middle := (west + east) / 2
		if line.At(middle).Lon() < home.Lon()+ridgeEast/240. {
			west = middle
		} else {
			east = middle
		}
	}
	return east
}

// TestCrest: the crest lies on the geodesic, on the ground, and is seen at the
// screening angle.
func TestCrest(t *testing.T) {
	site := flatland(60e3, 15)
	ground := around(&site, func(east, south int) float64 {
		return 300 + 200*math.Sin(float64(east)/9)*math.Cos(float64(south)/7)
	})
	site.GroundAMSLM = 300
	o := sight.NewObserver(&site, sight.Terrain, ground)
	rapid.Check(t, func(t *rapid.T) {
		azimuthDeg := rapid.Float64Range(0, 360).Draw(t, "azimuth")
		distanceM := rapid.Float64Range(500, 59e3).Draw(t, "distance")
		p, _ := earth.Direct(home, azimuthDeg, distanceM)
		look := o.Look(p)
		crest := earth.Inverse(home, look.Crest.Position)
		asideM := math.Abs(math.Remainder(crest.AzimuthDeg-azimuthDeg, 360)) * math.Pi / 180 * crest.DistanceM
		e := site.Effective(azimuthDeg)
		switch {
		case look.Crest.DistanceM >= distanceM:
			t.Fatalf("the crest at %v m is not between", look.Crest.DistanceM)
		case asideM > 0.01 || math.Abs(crest.DistanceM-look.Crest.DistanceM) > 0.01:
			t.Fatalf("the crest stands %v m beside the geodesic, %v m instead of %v m along it", asideM, crest.DistanceM, look.Crest.DistanceM)
		case math.Abs(o.GroundAMSLM(look.Crest.Position)-look.Crest.ElevationAMSLM) > 1e-6:
			t.Fatalf("the crest stands on %v m, not %v m", o.GroundAMSLM(look.Crest.Position), look.Crest.ElevationAMSLM)
		case math.Abs(e.TanElevation(look.Crest.DistanceM, look.Crest.ElevationAMSLM)-look.ScreeningTan) > 1e-9:
			t.Fatalf("the crest is not seen at the screening angle")
		}
		expectFloor := math.Max(look.GroundAMSLM, e.RayHeightM(look.ScreeningTan, look.DistanceM))
		if !(math.Abs(look.FloorAMSLM-expectFloor) < 1e-6) {
			t.Fatalf("the floor %v is not the ray over the crest, %v", look.FloorAMSLM, expectFloor)
		}
	})
}

func TestLookAtOddPlaces(t *testing.T) {
	site := flatland(60e3, 15)
	o := sight.NewObserver(&site, sight.Terrain, around(&site, sea))
	metre, _ := earth.Direct(home, 45, 1)
	beyond, _ := earth.Direct(home, 45, 60e3+0.01)
	within, _ := earth.Direct(home, 45, 60e3-400)
	tests := []struct {
		name    string
		at      orb.Point
		inRange bool
		floorM  float64
	}{
		// Nearer than a metre counts as a metre, over which the lowest beam,
		// 10° down, falls by 0.176 m.
		{"the radar's own place", home, true, 15 - math.Tan(10*math.Pi/180)},
		{"a metre away", metre, true, 15 - math.Tan(10*math.Pi/180)},
		{"just within range", within, true, site.Effective(45).SmoothFloorM(60e3-400, 0)},
		{"a centimetre beyond range", beyond, false, math.NaN()},
		{"the other side of the earth", orb.Point{110, 12}, false, math.NaN()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			look := o.Look(tt.at)
			if look.InRange != tt.inRange || look.Tracked != tt.inRange {
				t.Errorf("in range %v, tracked %v, want %v", look.InRange, look.Tracked, tt.inRange)
			}
			if math.IsNaN(tt.floorM) != math.IsNaN(look.FloorAMSLM) || math.IsNaN(tt.floorM) != math.IsNaN(look.CeilingAMSLM()) {
				t.Errorf("floor %v, ceiling %v, want floor %v", look.FloorAMSLM, look.CeilingAMSLM(), tt.floorM)
			} else if math.Abs(look.FloorAMSLM-tt.floorM) > 0.004 {
				t.Errorf("floor %v, want %v", look.FloorAMSLM, tt.floorM)
			}
		})
	}
}

// TestVoidsAreSea: over a void an observer sees what it sees over the sea.
func TestVoidsAreSea(t *testing.T) {
	site := flatland(60e3, 15)
	holes := around(&site, func(east, south int) float64 {
		if (east/5+south/3)%2 == 0 {
			return math.NaN()
		}
		return 0
	})
	void, flat := sight.NewObserver(&site, sight.Terrain, holes), sight.NewObserver(&site, sight.Terrain, around(&site, sea))
	for _, p := range []orb.Point{home, post(0.5, 0.5), post(10, 3), post(60.3, -70.7), post(-100, 2)} {
		if got, want := void.Look(p), flat.Look(p); got != want {
			t.Errorf("at %v: %+v, want %+v", p, got, want)
		}
	}
}

// TestReaches: each reach leaves out what the one above it adds.
func TestReaches(t *testing.T) {
	site := flatland(60e3, 15)
	ground := around(&site, ridge)
	behind := post(ridgeEast+20, 0)
	g := earth.Inverse(home, behind)
	e := site.Effective(g.AzimuthDeg)
	top := e.HeightAtSlantRangeM(g.DistanceM, 60e3)
	tests := []struct {
		name           string
		reach          sight.Reach
		floorM, topM   float64
		terrainTracked bool
	}{
		{"disc: all heights", sight.Disc, math.Inf(-1), math.Inf(1), false},
		{"horizon: the ridge does not count", sight.Horizon, e.SmoothFloorM(g.DistanceM, 0), top, false},
		{"terrain: over the ridge", sight.Terrain, e.RayHeightM(e.TanElevation(ridgeDistanceM(g.AzimuthDeg), 500), g.DistanceM), top, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			look := sight.NewObserver(&site, tt.reach, ground).Look(behind)
			expectNear(t, "floor", look.FloorAMSLM, tt.floorM, 0.001)
			expectNear(t, "ceiling", look.CeilingAMSLM(), tt.topM, 1e-6)
			if look.Tracked != tt.terrainTracked {
				t.Errorf("tracked %v", look.Tracked)
			}
		})
	}
}
