package coverage_test

import (
	"context"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/sight"
)

func profile(t *testing.T, q coverage.Query, to coverage.Point, count int) *coverage.ProfileResult {
	t.Helper()
	e := &coverage.Engine{Terrain: andes()}
	r, err := e.Profile(context.Background(), coverage.ProfileQuery{Query: q, To: to, Count: count, FrequencyMHz: 3000})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestProfileEnds(t *testing.T) {
	to := coverage.Point{Position: east(valley, 0.4), Altitude: amsl(4000)}
	for _, count := range []int{2, 3, 500} {
		r := profile(t, query(site("r", valley, 60e3)), to, count)
		look, first, last := r.Outcome.Looks[0], r.Samples[0], r.Samples[len(r.Samples)-1]
		if len(r.Samples) != count || first.DistanceM != 0 || last.DistanceM != look.DistanceM {
			t.Fatalf("%d samples from %v to %v m, want %d to %v m", len(r.Samples), first.DistanceM, last.DistanceM, count, look.DistanceM)
		}
		// A ray is a tangent that is turned into an angle and back.
		if antenna := r.Sites[0].AntennaAMSLM(); math.Abs(first.RayAMSLM-antenna) > 1e-6 || math.Abs(last.RayAMSLM-4000) > 1e-6 {
			t.Errorf("the ray leads from %v to %v m, want %v to 4000 m", first.RayAMSLM, last.RayAMSLM, antenna)
		}
		// The end is reached by the geodesic's direct solution: nanodegrees.
		if off := math.Hypot(last.Position.Lon()-to.Position.Lon(), last.Position.Lat()-to.Position.Lat()); off > 1e-9 {
			t.Errorf("the last sample lies %v° off", off)
		}
		if math.Abs(last.FloorAMSLM-look.FloorAMSLM) > 0.01 || math.Abs(last.TerrainAMSLM-look.GroundAMSLM) > 0.01 {
			t.Errorf("at the end: floor %v over %v, want %v over %v", last.FloorAMSLM, last.TerrainAMSLM, look.FloorAMSLM, look.GroundAMSLM)
		}
		for i := 1; i < count; i++ {
			if !(r.Samples[i].DistanceM > r.Samples[i-1].DistanceM) {
				t.Errorf("sample %d does not lie beyond sample %d", i, i-1)
			}
		}
	}
}

// The ray to a point that is seen clears the terrain; the ray to one that
// terrain hides passes below the crest.
func TestProfileRayMeetsTheCrest(t *testing.T) {
	seen, hidden := 0, 0
	for _, p := range scattered(40, valley, 0.4) {
		for _, height := range []float64{100, 4000} {
			r := profile(t, query(site("r", valley, 90e3)), coverage.Point{Position: p, Altitude: agl(height)}, 300)
			look := r.Outcome.Looks[0]
			atCrest := rayAt(r, look.Crest.DistanceM)
			switch {
			case look.Sees && !math.IsInf(look.ScreeningTan, -1):
				seen++
				if atCrest < look.Crest.ElevationAMSLM-1e-6 {
					t.Errorf("seen, but %.3f m below the crest", look.Crest.ElevationAMSLM-atCrest)
				}
				checkClear(t, r)
			case look.Cause == sight.TerrainBlocked:
				hidden++
				if atCrest >= look.Crest.ElevationAMSLM {
					t.Errorf("hidden, but %.3f m above the crest", atCrest-look.Crest.ElevationAMSLM)
				}
			}
		}
	}
	if seen < 10 || hidden < 10 {
		t.Errorf("%d seen and %d hidden show too little", seen, hidden)
	}
}

func rayAt(r *coverage.ProfileResult, distanceM float64) float64 {
	look := r.Outcome.Looks[0]
	tan := math.Tan(look.ElevationDeg * math.Pi / 180)
	return r.Sites[0].Effective(look.AzimuthDeg).RayHeightM(tan, distanceM)
}

// checkClear allows what bilinear terrain rises above the places at which the
// oracle looks, less than half a post apart: with slopes that change by a
// tenth a post here, under 2 m.
func checkClear(t *testing.T, r *coverage.ProfileResult) {
	t.Helper()
	for _, s := range r.Samples[:len(r.Samples)-1] {
		if s.TerrainAMSLM > s.RayAMSLM+2 {
			t.Errorf("seen, but at %.0f m the terrain is %.2f m above the ray", s.DistanceM, s.TerrainAMSLM-s.RayAMSLM)
		}
	}
}

func TestProfileBeyondTheRange(t *testing.T) {
	r := profile(t, query(site("r", valley, 20e3)), coverage.Point{Position: east(valley, 0.5), Altitude: amsl(9000)}, 100)
	if got := r.Outcome.Looks[0].Cause; got != sight.OutOfRange {
		t.Errorf("cause %v, want out of range", got)
	}
	for _, s := range r.Samples {
		// High floors at the rim lie beyond the slant range.
		none := math.IsNaN(s.FloorAMSLM)
		if s.DistanceM < 18e3 && none || s.DistanceM > 20e3 && !none {
			t.Errorf("floor %v at %.0f m, with a range of 20 km", s.FloorAMSLM, s.DistanceM)
		}
		if math.IsNaN(s.TerrainAMSLM) {
			t.Errorf("no terrain at %.0f m", s.DistanceM)
		}
	}
}

func TestProfileAtTheRadar(t *testing.T) {
	r := profile(t, query(site("r", valley, 20e3)), coverage.Point{Position: valley, Altitude: agl(10)}, 5)
	for _, s := range r.Samples {
		if s.Position != valley && math.Abs(s.Position.Lon()-valley.Lon()) > 1e-9 || math.IsNaN(s.RayAMSLM) {
			t.Errorf("sample %+v, want one at the radar", s)
		}
	}
}

func TestProfileRefusals(t *testing.T) {
	one := site("r", valley, 20e3)
	tests := []struct {
		name  string
		query coverage.Query
		count int
		mhz   float64
	}{
		{"no radar", query(), 10, 3000},
		{"two radars", query(one, one), 10, 3000},
		{"one sample", query(one), 1, 3000},
		{"no frequency", query(one), 10, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := &coverage.Engine{Terrain: andes()}
			if _, err := e.Profile(context.Background(), coverage.ProfileQuery{Query: tt.query, To: coverage.Point{Position: orb.Point{-70, -10}}, Count: tt.count, FrequencyMHz: tt.mhz}); err == nil {
				t.Error("it is not refused")
			}
		})
	}
}

// plain is flat ground at sea level, with a wall of 100 m where lon is given.
func plain(wallLonDeg float64) *formula {
	m := andes()
	m.heightM = func(lon, _ float64) float64 {
		if math.Abs(lon-wallLonDeg) < 0.001 {
			return 100
		}
		return 0
	}
	return m
}

// At 3 GHz and in the middle of 40 km, the first Fresnel zone has a radius of
// 550·√(20·20/(40·3000)) = 31.75 m (the rule of thumb of Recommendation
// ITU-R P.526, km and MHz, good to 0.5 %).
func TestFresnelZone(t *testing.T) {
	at := orb.Point{-70, -10}
	to := orb.Point{at.Lon() + 40/(111.32*math.Cos(10*math.Pi/180)), at.Lat()}
	e := &coverage.Engine{Terrain: plain(0)}
	q := coverage.ProfileQuery{Query: query(site("r", at, 60e3)), To: coverage.Point{Position: to, Altitude: amsl(1000)}, Count: 201, FrequencyMHz: 3000}
	r, err := e.Profile(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	first, middle, last := r.Samples[0], r.Samples[100], r.Samples[200]
	if first.FresnelRadiusM != 0 || last.FresnelRadiusM > 1e-3 || math.Abs(middle.FresnelRadiusM/31.75-1) > 0.01 {
		t.Errorf("radii %v, %v and %v m, want 0, 31.75 and 0", first.FresnelRadiusM, middle.FresnelRadiusM, last.FresnelRadiusM)
	}
	q.FrequencyMHz = 12000
	again, err := e.Profile(context.Background(), q)
	if err != nil || math.Abs(again.Samples[100].FresnelRadiusM*2/middle.FresnelRadiusM-1) > 1e-12 {
		t.Errorf("at four times the frequency %v m, %v; want half", again.Samples[100].FresnelRadiusM, err)
	}
}

// Clearance is least at the wall, wherever samples lie.
func TestClearance(t *testing.T) {
	at, wall := orb.Point{-70, -10}, -69.9
	to := orb.Point{-69.7, -10}
	tests := []struct {
		name  string
		count int
		agl   float64
		seen  bool
	}{
		{"over the wall", 500, 400, true},
		{"over the wall, between two samples", 2, 400, true},
		{"blocked", 500, 50, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := &coverage.Engine{Terrain: plain(wall)}
			r, err := e.Profile(context.Background(), coverage.ProfileQuery{
				Query: query(site("r", at, 60e3)), To: coverage.Point{Position: to, Altitude: agl(tt.agl)}, Count: tt.count, FrequencyMHz: 3000,
			})
			if err != nil {
				t.Fatal(err)
			}
			c := r.Clearance
			if math.Abs(c.Position.Lon()-wall) > 0.005 || c.ClearanceM > 0 != tt.seen || r.Outcome.Seen != tt.seen || c.FresnelRadii*c.ClearanceM < 0 {
				t.Errorf("%+v, seen %v", c, r.Outcome.Seen)
			}
			// Steps of half a post may miss the crest by a quarter of its height.
			if ray := rayAt(r, c.DistanceM); tt.count > 2 && math.Abs(ray-100-c.ClearanceM) > 30 {
				t.Errorf("clearance %v m under a ray at %v m", c.ClearanceM, ray)
			}
		})
	}
	e := &coverage.Engine{Terrain: holed(-180)}
	r, err := e.Profile(context.Background(), coverage.ProfileQuery{Query: query(site("r", at, 60e3)), To: coverage.Point{Position: to, Altitude: agl(300)}, Count: 5, FrequencyMHz: 3000})
	if err != nil || r.Clearance != nil {
		t.Errorf("without terrain: %+v, %v", r.Clearance, err)
	}
}
