package floor_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
)

// stand is a radar on rough ground, amid four posts.
func stand(t *testing.T, at orb.Point, margin int, change func(*sight.Site)) *scene {
	t.Helper()
	site := radarAt(at, float64(shorter(60e3, 30e3)), 15)
	site.GroundAMSLM = 900
	if change != nil {
		change(site)
	}
	return build(t, site, arcsec15, margin, rough(7))
}

var amid = orb.Point{-70 + 0.3/240, -12 + 0.4/240}

func sameBytes(t *testing.T, got, want *surface) {
	t.Helper()
	if got.Lattice != want.Lattice || got.PostsInRange != want.PostsInRange || got.Missing.Posts != want.Missing.Posts {
		t.Fatalf("window %+v, %d posts, %d missing, want %+v, %d, %d", got.Lattice, got.PostsInRange, got.Missing.Posts,
			want.Lattice, want.PostsInRange, want.Missing.Posts)
	}
	for i, z := range got.FloorAMSLM {
		if math.Float32bits(z) != math.Float32bits(want.FloorAMSLM[i]) {
			t.Fatalf("post %d: %v, want %v", i, z, want.FloorAMSLM[i])
		}
	}
}

func TestWorkersChangeNothing(t *testing.T) {
	tests := []struct {
		name  string
		at    orb.Point
		reach sight.Reach
	}{
		{"terrain, amid four posts", amid, sight.Terrain},
		// Here posts on the diagonals lie exactly between two quadrants.
		{"terrain, on a post", southern, sight.Terrain},
		{"terrain, on a diagonal", orb.Point{-70 + 0.1/240, -12 + 0.1/240}, sight.Terrain},
		{"horizon", amid, sight.Horizon},
		{"disc", amid, sight.Disc},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := stand(t, tt.at, 0, func(s *sight.Site) { s.Sector = &radar.Sector{FromDeg: 300, ToDeg: 200} })
			one := s.compute(t, tt.reach, 1)
			for _, workers := range []int{0, 2, 8} {
				sameBytes(t, s.compute(t, tt.reach, workers), one)
			}
		})
	}
}

// TestMoreGroundChangesNothing: what lies beyond the window does not count,
// nor where the model that it was cut from begins.
func TestMoreGroundChangesNothing(t *testing.T) {
	for _, reach := range []sight.Reach{sight.Terrain, sight.Horizon} {
		want := stand(t, amid, 0, nil).compute(t, reach, 2)
		for _, margin := range []int{1, 50} {
			sameBytes(t, stand(t, amid, margin, nil).compute(t, reach, 2), want)
		}
	}
}

// TestWithinChangesNothing: floors that are asked for do not depend on whether
// others are, wherever rays bend.
func TestWithinChangesNothing(t *testing.T) {
	for _, at := range []orb.Point{amid, {-70, 58}, {20, -55}} {
		random := rand.New(rand.NewPCG(5, 6))
		s := build(t, radarAt(at, float64(shorter(250e3, 60e3)), 15), posts(60), 0, rough(7))
		for _, reach := range []sight.Reach{sight.Terrain, sight.Horizon, sight.Disc} {
			want := s.compute(t, reach, 2)
			for range 20 {
				box := want.Sub(random.IntN(want.Cols), random.IntN(want.Rows), 1+random.IntN(want.Cols), 1+random.IntN(want.Rows))
				got, err := floor.Compute(context.Background(), s.site, reach, floor.Land{Ground: s.ground.View(), Within: box}, 2)
				if err != nil {
					t.Fatal(err)
				}
				if got.PostsInRange != want.PostsInRange {
					t.Fatalf("%d posts in range, want %d", got.PostsInRange, want.PostsInRange)
				}
				for r := box.Row0 - want.Row0; r < min(box.Row0-want.Row0+box.Rows, want.Rows); r++ {
					from, to := r*want.Cols+box.Col0-want.Col0, r*want.Cols+min(box.Col0-want.Col0+box.Cols, want.Cols)
					if !slices.Equal(got.Floor[from:to], want.Floor[from:to]) {
						t.Fatalf("%v, reach %v, box %+v: other floors in row %d", at, reach, box, r)
					}
				}
			}
		}
	}
}

// TestAnchorChangesNothing: the same posts, numbered from half a post farther
// on.
func TestAnchorChangesNothing(t *testing.T) {
	pixels := arcsec15
	pixels.OffLon, pixels.OffLat = 0.5, 0.5
	site := radarAt(amid, 60e3, 15)
	s := build(t, site, pixels, 0, rough(7))
	want := s.compute(t, sight.Terrain, 2)
	moved := *s.ground
	moved.OffLon, moved.OffLat = -0.5, 1.5
	moved.Col0, moved.Row0 = moved.Col0+1, moved.Row0-1
	s.ground = &moved
	got := s.compute(t, sight.Terrain, 2)
	got.Lattice = want.Lattice
	sameBytes(t, got, want)
}

// relation is how a change to a scene moves its floors.
type relation struct {
	name   string
	change func(*scene)
	// lowersM and raisesM are how far floors may fall and rise.
	lowersM, raisesM float64
	// mayLose and mayGain say that posts may lose and gain a floor.
	mayLose, mayGain bool
}

// relations: a floor is the highest of rays over terrain, and each of these
// moves all of them one way, but for rounding.
var relations = []relation{
	{"terrain raised in places", func(s *scene) {
		for i := range s.ground.ElevationM {
			if i%97 < 5 {
				s.ground.ElevationM[i] += float32(i % 13 * 20)
			}
		}
	}, 0, math.Inf(1), true, false},
	{"terrain raised everywhere", func(s *scene) {
		for i := range s.ground.ElevationM {
			s.ground.ElevationM[i] += 30
		}
	}, 0, math.Inf(1), true, false},
	// The ceiling at the rim moves with the antenna, and so posts change
	// sides there.
	{"mast raised by 50 m", func(s *scene) { s.site.MastM += 50 }, math.Inf(1), 0, true, true},
	{"mast raised by 1 m", func(s *scene) { s.site.MastM++ }, math.Inf(1), 0, true, true},
	{"k raised to 1.5", func(s *scene) { s.site.EarthFactor = 1.5 }, math.Inf(1), 0, true, true},
	{"k lowered to 1", func(s *scene) { s.site.EarthFactor = 1 }, 0, math.Inf(1), true, true},
	{"lowest beam raised to 1 degree", func(s *scene) { s.site.MinElevationDeg = 1 }, 0, math.Inf(1), true, false},
	{"highest beam lowered to 0.1 degrees", func(s *scene) { s.site.MaxElevationDeg = 0.1 }, 0, 0, true, false},
	{"height limited to 900 m", func(s *scene) { s.site.HeightLimitAMSLM = 900 }, 0, 0, true, false},
	{"smallest range of 20 km", func(s *scene) { s.site.MinRangeM = 20e3 }, 0, math.Inf(1), true, false},
	{"a sector", func(s *scene) { s.site.Sector = &radar.Sector{FromDeg: 20, ToDeg: 200} }, 0, 0, true, false},
}

func TestRelations(t *testing.T) {
	plain := stand(t, amid, 0, nil)
	before := plain.compute(t, sight.Terrain, 2)
	for _, r := range relations {
		t.Run(r.name, func(t *testing.T) {
			s := stand(t, amid, 0, nil)
			r.change(s)
			after := s.compute(t, sight.Terrain, 2)
			changed := 0
			for i, z := range after.FloorAMSLM {
				was := before.FloorAMSLM[i]
				if nearMast(before, i) {
					continue
				}
				if isNaN32(z) && !isNaN32(was) && !r.mayLose || isNaN32(was) && !isNaN32(z) && !r.mayGain {
					t.Fatalf("post %d: floor %v, was %v", i, z, was)
				}
				off := float64(z) - float64(was)
				if rounded := roundedM(float64(z)); off < -r.lowersM-rounded || off > r.raisesM+rounded {
					t.Fatalf("post %d: floor moved by %v m to %v", i, off, z)
				}
				if math.Float32bits(z) != math.Float32bits(was) {
					changed++
				}
			}
			if changed == 0 {
				t.Error("nothing changed")
			}
			t.Logf("%d posts changed", changed)
		})
	}
}

// nearMast reports whether a post is so near that the lowest beam, 10° down,
// may be its floor: that rises with the mast.
func nearMast(s *surface, i int) bool { return s.DistanceM(i/s.Cols, i%s.Cols) < 5e3 }

// TestLongerRange: a longer range sends more rays, other ones, and so floors
// between them differ a little: by the metres that package accuracy allows,
// but by less than 0.3 m rms, and hardly on average.
func TestLongerRange(t *testing.T) {
	short := stand(t, amid, 0, nil).compute(t, sight.Terrain, 2)
	long := stand(t, amid, 0, func(s *sight.Site) { s.RangeM *= 1.5 }).compute(t, sight.Terrain, 2)
	var a accuracy
	for r := range short.Rows {
		for c := range short.Cols {
			z := short.FloorAMSLM[r*short.Cols+c]
			i := (r+short.Row0-long.Row0)*long.Cols + c + short.Col0 - long.Col0
			if !isNaN32(z) {
				a.errorsM = append(a.errorsM, float64(long.FloorAMSLM[i])-float64(z))
			}
		}
	}
	t.Logf("bias %.3f, rms %.3f, median %.4f, largest %.2f m", a.bias(), a.rms(), a.quantile(0.5), a.quantile(1))
	if math.Abs(a.bias()) > 0.5 || a.rms() > 4 || a.quantile(0.5) > 0.5 {
		t.Errorf("floors changed: bias %v, rms %v, median %v m", a.bias(), a.rms(), a.quantile(0.5))
	}
}

// TestMovedEast: a radar, and the ground with it, moved along its parallel by
// whole posts, sees the same.
func TestMovedEast(t *testing.T) {
	want := stand(t, southern, 0, nil).compute(t, sight.Terrain, 2)
	for _, moved := range []float64{1, 1000, -24000} {
		got := stand(t, orb.Point{southern.Lon() + moved/240, southern.Lat()}, 0, nil).compute(t, sight.Terrain, 2)
		got.Lattice.Col0 = want.Lattice.Col0
		sameFloors(t, got, want.FloorAMSLM)
	}
}

// TestMirrored: the same ground seen in a mirror, east for west, and north for
// south on the other side of the equator.
func TestMirrored(t *testing.T) {
	straight := stand(t, southern, 0, nil)
	want := straight.compute(t, sight.Terrain, 2)
	tests := []struct {
		name string
		at   orb.Point
		// x and y turn what the mirror shows.
		x, y int
	}{
		{"east for west", southern, -1, 1},
		{"north for south", orb.Point{southern.Lon(), -southern.Lat()}, 1, -1},
		{"both", orb.Point{southern.Lon(), -southern.Lat()}, -1, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			site := *straight.site
			site.Position = tt.at
			z := rough(7)
			s := build(t, &site, arcsec15, 0, func(east, south int) float64 { return z(tt.x*east, tt.y*south) })
			got := s.compute(t, sight.Terrain, 2)
			mirrored := slices.Clone(got.FloorAMSLM)
			for r := range got.Rows {
				for c := range got.Cols {
					rr, cc := turned(r, got.Rows, tt.y), turned(c, got.Cols, tt.x)
					mirrored[r*got.Cols+c] = got.FloorAMSLM[rr*got.Cols+cc]
				}
			}
			copy(got.FloorAMSLM, mirrored)
			sameFloors(t, got, want.FloorAMSLM)
		})
	}
}

func turned(i, n, sign int) int {
	if sign < 0 {
		return n - 1 - i
	}
	return i
}

// sameFloors allows rounding of both, at all posts where there is a floor; at the
// rim a few posts may fall on the other side of a limit.
func sameFloors(t *testing.T, got *surface, want []float32) {
	t.Helper()
	worst, crossed := 0.0, 0
	if len(got.FloorAMSLM) != len(want) {
		t.Fatalf("%d posts, want %d", len(got.FloorAMSLM), len(want))
	}
	for i, z := range got.FloorAMSLM {
		if isNaN32(z) != isNaN32(want[i]) {
			crossed++
			continue
		}
		if !isNaN32(z) {
			worst = math.Max(worst, math.Abs(float64(z)-float64(want[i]))-2*roundedM(float64(z)))
		}
	}
	if worst > 0 || crossed > 2 {
		t.Errorf("floors differ by up to %v m more than by rounding; %d posts changed sides", worst, crossed)
	}
}
