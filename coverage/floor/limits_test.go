package floor_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// TestRim: every post whose geodesic is no longer than the range is in range,
// and no other. Distances of posts are a centimetre off at most.
func TestRim(t *testing.T) {
	tests := []struct {
		name   string
		at     orb.Point
		rangeM float64
		posts  terrain.Lattice
	}{
		{"60 km", southern, 60e3, arcsec15},
		{"60 km, amid four posts", amid, 60e3, arcsec15},
		{"60 km on the equator", equator, 60e3, arcsec15},
		{"60 km at 45 degrees", northern, 60e3, arcsec15},
		{"400 km", orb.Point{-69.2282, -12.6131}, 400e3, posts(120)},
		{"1000 km", orb.Point{-69.2282, -12.6131}, 1000e3, posts(30)},
		{"1 km, between two rows", amid, 1e3, arcsec15},
		{"100 m, on a post", southern, 100, arcsec15},
		{"1 m, on a post", southern, 1, arcsec15},
		{"1 m, on no post", amid, 1, arcsec15},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if testing.Short() && tt.rangeM > 60e3 {
				t.Skip("many posts")
			}
			s := build(t, radarAt(tt.at, tt.rangeM, 15), tt.posts, 0, sea)
			disc := s.compute(t, sight.Disc, 2)
			if inRange := s.inRange(t, disc); inRange != disc.PostsInRange {
				t.Errorf("%d posts in range, counted as %d", inRange, disc.PostsInRange)
			}
			sweepMissesNone(t, s, disc)
		})
	}
}

// inRange counts the posts that a disc has in range, and holds those near the
// rim to the geodesic.
func (s *scene) inRange(t *testing.T, disc *surface) int {
	t.Helper()
	const toleranceM = 0.01
	rangeM, count := s.site.RangeM, 0
	for i, z := range disc.FloorAMSLM {
		r, c := i/disc.Cols, i%disc.Cols
		if !isNaN32(z) {
			count++
		}
		if math.Abs(disc.DistanceM(r, c)-rangeM) > 0.01*rangeM+500 {
			continue
		}
		d := earth.DistanceM(s.site.Position, orb.Point{disc.Lon(c), disc.Lat(r)})
		if isNaN32(z) == (d <= rangeM) && math.Abs(d-rangeM) > toleranceM {
			t.Fatalf("post at %.4f m: floor %v", d, z)
		}
	}
	return count
}

// sweepMissesNone: with a ceiling far above, the sweep has a floor at every
// post in range, but for those above which the slant range is too long.
func sweepMissesNone(t *testing.T, s *scene, disc *surface) {
	t.Helper()
	swept := s.compute(t, sight.Terrain, 2)
	for i, z := range swept.FloorAMSLM {
		d, azimuth := swept.Polar(i/swept.Cols, i%swept.Cols)
		e := s.site.Effective(azimuth)
		lowest := e.SmoothFloorM(d, 0)
		// The floor is 1 m lower or higher at most, and the slant range to it.
		far := e.SlantRangeM(d, lowest) > s.site.RangeM-1 || lowest > floor.HighestM-100
		if isNaN32(z) && !isNaN32(disc.FloorAMSLM[i]) && !far {
			t.Fatalf("post %d at %.1f m has no floor", i, d)
		}
		if !isNaN32(z) && isNaN32(disc.FloorAMSLM[i]) {
			t.Fatalf("post %d at %.1f m has a floor, but is out of range", i, d)
		}
	}
}

// limitCases are a radar on a mast of 100 m at the sea, with one limit each, and
// one on a mountain.
var limitCases = []struct {
	name   string
	change func(*sight.Site)
}{
	{"none but the range", func(*sight.Site) {}},
	{"a smallest range: the blind sphere is the floor", func(s *sight.Site) { s.MinRangeM = 20e3 }},
	{"a lowest beam of 1 degree", func(s *sight.Site) { s.MinElevationDeg = 1 }},
	{"a lowest beam of 60 degrees", func(s *sight.Site) { s.MinElevationDeg = 60 }},
	{"a highest beam that looks down: only the near and the far sea", func(s *sight.Site) { s.MaxElevationDeg = -0.25 }},
	{"from a mountain, a highest beam that looks down steeply", func(s *sight.Site) {
		s.GroundAMSLM, s.MaxElevationDeg = 3000, -9
	}},
	{"a highest beam on the horizontal", func(s *sight.Site) { s.MaxElevationDeg = 0 }},
	{"a height limit below the far floors", func(s *sight.Site) { s.HeightLimitAMSLM = 30 }},
	{"a sector", func(s *sight.Site) { s.Sector = &radar.Sector{FromDeg: 100, ToDeg: 200} }},
	{"a sector through north", func(s *sight.Site) { s.Sector = &radar.Sector{FromDeg: 350, ToDeg: 10} }},
	{"a sector all round", func(s *sight.Site) { s.Sector = &radar.Sector{FromDeg: 0, ToDeg: 360} }},
	{"all together", func(s *sight.Site) {
		s.Limits = radar.Limits{RangeM: 60e3, MinRangeM: 10e3, MinElevationDeg: 0.1, MaxElevationDeg: 5,
			HeightLimitAMSLM: 400, Sector: &radar.Sector{FromDeg: 270, ToDeg: 90}}
	}},
}

// TestLimits restates the limits of the design over the sea, where the floor
// of terrain is a formula, and compares every post.
func TestLimits(t *testing.T) {
	for _, tt := range limitCases {
		t.Run(tt.name, func(t *testing.T) {
			site := radarAt(amid, 60e3, 100)
			tt.change(site)
			s := build(t, site, arcsec15, 0, sea)
			for _, reach := range []sight.Reach{sight.Terrain, sight.Horizon} {
				surface := s.compute(t, reach, 2)
				some := 0
				s.each(surface, shorter(2, 9), func(p at) {
					want, marginM := s.limitedSea(p)
					if marginM < 0.1 {
						return
					}
					if want == want {
						some++
					}
					if math.IsNaN(want) != math.IsNaN(p.floorM) || math.Abs(want-p.floorM) > touchM+roundedM(want) {
						t.Fatalf("reach %v: floor %v at %.1f m, %.2f°, want %v", reach, p.floorM, p.path.DistanceM, p.path.AzimuthDeg, want)
					}
				})
				if some == 0 {
					t.Error("there is no floor at all")
				}
			}
		})
	}
}

// TestSectors: of all posts in range a disc has those whose azimuths are in the
// sector, however narrow it is, or what it leaves out.
func TestSectors(t *testing.T) {
	for _, sector := range []radar.Sector{
		{FromDeg: 0, ToDeg: 360}, {FromDeg: 0, ToDeg: 180}, {FromDeg: 180, ToDeg: 0}, {FromDeg: 89.9, ToDeg: 90.1},
		{FromDeg: 269, ToDeg: 270}, {FromDeg: 350, ToDeg: 10}, {FromDeg: 10, ToDeg: 350}, {FromDeg: 45, ToDeg: 45.01}, {FromDeg: 45.01, ToDeg: 45},
	} {
		for _, at := range []orb.Point{amid, southern} {
			site := radarAt(at, 20e3, 15)
			site.Sector = &sector
			disc := build(t, site, arcsec15, 0, sea).compute(t, sight.Disc, 2)
			for r := range disc.Rows {
				first, last := disc.Span(r)
				for c := range disc.Cols {
					_, azimuth := disc.Polar(r, c)
					want := c >= first && c < last && sector.Contains(azimuth)
					if seen := disc.Floor[r*disc.Cols+c] != floor.Unseen; seen != want {
						t.Fatalf("%+v: row %d, column %d at %v°: seen %v", sector, r, c, azimuth, seen)
					}
				}
			}
		}
	}
}

// TestSteepBeam: a beam that climbs away from every post in range sees none.
func TestSteepBeam(t *testing.T) {
	site := radarAt(amid, 60e3, 100)
	site.MinElevationDeg = 89.9
	for i, z := range build(t, site, arcsec15, 0, sea).compute(t, sight.Terrain, 2).FloorAMSLM {
		if !isNaN32(z) {
			t.Fatalf("post %d: floor %v", i, z)
		}
	}
}

// limitedSea is the floor over the sea under all limits, and how far, in
// metres, the nearest limit that would make it another one is away.
func (s *scene) limitedSea(p at) (floorM, marginM float64) {
	l, e := s.site.Limits, s.site.Effective(p.path.AzimuthDeg)
	d := math.Max(p.path.DistanceM, 1)
	azimuth := math.Mod(p.path.AzimuthDeg+360, 360)
	marginM = math.Abs(d - l.RangeM)
	inSector := true
	if l.Sector != nil {
		inSector = l.Sector.Contains(azimuth)
		for _, end := range []float64{l.Sector.FromDeg, l.Sector.ToDeg} {
			if l.Sector.FromDeg != 0 || l.Sector.ToDeg != 360 {
				marginM = math.Min(marginM, d*math.Abs(math.Remainder(azimuth-end, 360))*math.Pi/180)
			}
		}
	}
	lowest := math.Max(e.SmoothFloorM(d, 0), e.RayHeightM(math.Tan(l.MinElevationDeg*math.Pi/180), d))
	if blind := e.HeightAtSlantRangeM(d, l.MinRangeM); blind > lowest {
		lowest = blind
	}
	highest := math.Min(l.HeightLimitAMSLM, e.RayHeightM(math.Tan(math.Min(l.MaxElevationDeg, 89.999)*math.Pi/180), d))
	if top := e.HeightAtSlantRangeM(d, l.RangeM); top == top {
		highest = math.Min(highest, top)
	} else {
		highest = math.Inf(-1)
	}
	marginM = math.Min(marginM, math.Abs(highest-lowest))
	marginM = math.Min(marginM, math.Abs(floor.HighestM-lowest))
	if d > l.RangeM || !inSector || !(lowest <= highest) || lowest > floor.HighestM {
		lowest = math.NaN()
	}
	return lowest, marginM
}

// TestSlantRangeOfHighFloors: where a near cliff throws the floor up to great
// heights, the slant range is longer than the way over ground, and cuts the
// floor off before the rim.
func TestSlantRangeOfHighFloors(t *testing.T) {
	site := radarAt(southern, 400e3, 15)
	s := build(t, site, posts(60), 0, func(east, _ int) float64 {
		if east > 0 {
			return 1500
		}
		return 0
	})
	surface := s.compute(t, sight.Terrain, 2)
	observer := sight.NewObserver(site, sight.Terrain, s.ground)
	highestM := 0.0
	s.each(surface, shorter(5, 11), func(p at) {
		look := observer.Look(p.place)
		e := s.site.Effective(p.path.AzimuthDeg)
		if !math.IsNaN(p.floorM) {
			highestM = math.Max(highestM, p.floorM)
			// A floor of 100 km that is 20 m off is 6 m off along the ray.
			if slant := e.SlantRangeM(p.path.DistanceM, p.floorM); slant > site.RangeM+20 {
				t.Fatalf("floor %v at %v m is %v m away", p.floorM, p.path.DistanceM, slant)
			}
		}
		tooHigh := look.FloorAMSLM-look.GroundAMSLM > floor.HighestM-100
		if math.IsNaN(p.floorM) != math.IsNaN(look.FloorAMSLM) && p.path.DistanceM < 300e3 && !tooHigh {
			t.Fatalf("floor %v at %v m, %v°, want %v", p.floorM, p.path.DistanceM, p.path.AzimuthDeg, look.FloorAMSLM)
		}
	})
	if highestM < 30e3 {
		t.Errorf("the highest floor is %v m: this test shows nothing", highestM)
	}
}

func TestMissingTerrain(t *testing.T) {
	site := radarAt(amid, 60e3, 15)
	hole := func(east, south int) bool { return east%11 == 0 || south > 40 && south < 60 }
	filled := build(t, site, arcsec15, 0, func(east, south int) float64 {
		if hole(east, south) {
			return 0
		}
		return 200
	})
	holed := build(t, site, arcsec15, 0, func(east, south int) float64 {
		if hole(east, south) {
			return math.NaN()
		}
		return 200
	})
	for _, reach := range []sight.Reach{sight.Terrain, sight.Horizon, sight.Disc} {
		want, got := filled.compute(t, reach, 2), holed.compute(t, reach, 2)
		missing := 0
		filled.each(want, 1, func(p at) {
			if p.path.DistanceM <= site.RangeM && hole(p.east, p.south) {
				missing++
			}
		})
		if want.Missing.Posts != 0 || got.Missing.Posts != missing {
			t.Errorf("reach %v: %d and %d posts are missing, want 0 and %d", reach, want.Missing.Posts, got.Missing.Posts, missing)
		}
		got.Missing = floor.Missing{}
		sameBytes(t, got, want)
		if holed.ground.Missing() == 0 {
			t.Error("the caller's ground was mended")
		}
	}
}

// TestSpan: the columns of a row that are in range are those with a floor.
func TestSpan(t *testing.T) {
	s := build(t, radarAt(amid, 20e3, 15), arcsec15, 0, sea)
	disc := s.compute(t, sight.Disc, 1)
	for r := range disc.Rows {
		first, last := disc.Span(r)
		for c := range disc.Cols {
			if in := c >= first && c < last; in == isNaN32(disc.FloorAMSLM[r*disc.Cols+c]) {
				t.Errorf("row %d, column %d: in span %v", r, c, in)
			}
		}
	}
}

func TestPositions(t *testing.T) {
	tests := []struct {
		name    string
		at      orb.Point
		rangeM  float64
		refused bool
	}{
		{"near the antimeridian, from the east", orb.Point{-179.3, -12}, 60e3, false},
		{"near the antimeridian, from the west", orb.Point{179.3, -12}, 60e3, false},
		{"over the antimeridian", orb.Point{179.6, -12}, 60e3, true},
		{"over the antimeridian, from the east", orb.Point{-179.6, -12}, 60e3, true},
		{"on the antimeridian", orb.Point{180, 0}, 1e3, true},
		{"on a pole", orb.Point{0, 90}, 60e3, true},
		{"over a pole", orb.Point{0, -89.9}, 60e3, true},
		{"near a pole", orb.Point{0, 84.9}, 60e3, true},
		{"at 80 degrees, near", orb.Point{0, 80}, 50e3, false},
		{"at 80 degrees, far", orb.Point{0, -80}, 200e3, true},
		{"at 70 degrees", orb.Point{0, 70}, 200e3, false},
		{"at 70 degrees, far", orb.Point{0, 70}, 400e3, true},
		{"at 45 degrees, as far as can be", orb.Point{0, 45}, 1000e3, false},
		{"on the equator, as far as can be", orb.Point{0, 0}, 1000e3, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			site := radarAt(tt.at, tt.rangeM, 15)
			var surface *floor.Surface
			w, err := floor.Window(site, posts(30))
			if err == nil {
				surface, err = floor.Compute(context.Background(), site, sight.Disc, floor.Land{Ground: terrain.NewGrid(w).View()}, 2)
			}
			var position *floor.PositionError
			if refused := errors.As(err, &position); refused != tt.refused || refused && (position.RadarID != "test" || surface != nil) {
				t.Fatalf("error %v, want refused %v", err, tt.refused)
			}
			if !tt.refused {
				checkRimSample(t, site, surface)
			}
		})
	}
}

// checkRimSample compares what is in range on every fifth row and column.
func checkRimSample(t *testing.T, site *sight.Site, s *floor.Surface) {
	t.Helper()
	for r := 0; r < s.Rows; r += 5 {
		for c := 0; c < s.Cols; c += 5 {
			d := earth.DistanceM(site.Position, orb.Point{s.Lon(c), s.Lat(r)})
			if in := s.Floor[r*s.Cols+c] != floor.Unseen; in != (d <= site.RangeM) && math.Abs(d-site.RangeM) > 2 {
				t.Fatalf("post at %v m: in range %v", d, in)
			}
		}
	}
}

// TestOddLattices: posts much closer one way than the other stretch the
// frame; where it does not hold, the radar is refused.
func TestOddLattices(t *testing.T) {
	tall := terrain.Lattice{PerDegLon: 15, PerDegLat: 60}
	site := radarAt(orb.Point{20, -30}, 600e3, 15)
	w, err := floor.Window(site, tall)
	if err != nil {
		t.Fatal(err)
	}
	_, err = floor.Compute(context.Background(), site, sight.Terrain, floor.Land{Ground: terrain.NewGrid(w).View()}, 2)
	var position *floor.PositionError
	if !errors.As(err, &position) {
		t.Errorf("error %v, want a PositionError", err)
	}
}
