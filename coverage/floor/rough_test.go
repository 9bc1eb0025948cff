package floor_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// TestRoughTerrain compares the sweep with the oracle on random ground, by the
// measures of TestAccuracy, though the ground is rougher than most: steps of up
// to 30 m between neighbouring posts have no relation to each other.
func TestRoughTerrain(t *testing.T) {
	for seed := range uint64(shorter(16, 2)) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 1))
			at := orb.Point{-70 + random.Float64(), -60 + 120*random.Float64()}
			site := radarAt(at, 20e3+30e3*random.Float64(), 5+50*random.Float64())
			s := build(t, site, arcsec15, 0, rough(seed))
			site.GroundAMSLM = s.ground.At(at.Lon(), at.Lat())
			surface := s.compute(t, sight.Terrain, 2)
			a := s.compare(t, surface, 7)
			t.Logf("%v, %.0f km: bias %.3f, median %.3f, rms %.3f, largest %.2f m at %d posts", at, site.RangeM/1e3,
				a.bias(), a.quantile(0.5), a.rms(), a.quantile(1), len(a.errorsM))
			if math.Abs(a.bias()) > 0.5 || a.quantile(0.5) > 0.5 || a.rms() > 4 {
				t.Error("the sweep is too far from the oracle")
			}
		})
	}
}

// compare looks at every post whose row and column are multiples of stride.
// Only at the rim may one program have a floor and the other none.
func (s *scene) compare(tb testing.TB, surface *surface, stride int) accuracy {
	tb.Helper()
	observer := sight.NewObserver(s.site, sight.Terrain, s.ground)
	var a accuracy
	s.each(surface, stride, func(p at) {
		look := observer.Look(p.place)
		if seen, should := !math.IsNaN(p.floorM), !math.IsNaN(look.FloorAMSLM); seen && should {
			a.errorsM = append(a.errorsM, p.floorM-look.FloorAMSLM)
		} else if seen != should && s.decided(p, look) {
			tb.Errorf("%v from %v: floor %v, but the oracle's is %v", p.place, s.site.Position, p.floorM, look.FloorAMSLM)
		}
	})
	return a
}

// decided reports whether no limit of the radar is so near to a place, or to
// its floor, that small errors decide about it.
func (s *scene) decided(p at, look sight.Sight) bool {
	sector := s.site.Sector
	inSector := func(turnDeg float64) bool {
		return sector == nil || sector.Contains(p.path.AzimuthDeg+turnDeg)
	}
	hasFloor := func(shiftM float64) bool {
		e := look.Envelope
		e.BeamTopAMSLM, e.RangeTopAMSLM = e.BeamTopAMSLM+shiftM, e.RangeTopAMSLM+shiftM
		return !math.IsNaN(e.Floor(look.ScreeningTan))
	}
	return math.Abs(p.path.DistanceM-s.site.RangeM) > 0.01*s.site.RangeM &&
		inSector(0.1) == inSector(-0.1) && hasFloor(200) == hasFloor(-200)
}

// FuzzCompute looks for radars and ground that make a sweep panic, miss a
// post, depend on its workers or stray from the oracle.
func FuzzCompute(f *testing.F) {
	f.Add(-69.2, -12.6, 30.0, 15.0, 4.0/3, 0.0, 20.0, uint64(1), uint8(0), uint8(0))
	f.Add(-70.0, -12.0, 0.001, 0.0, 1.0, -10.0, 90.0, uint64(2), uint8(1), uint8(3))
	f.Add(25.0, 79.9, 12.0, 100.0, 0.5, 1.0, 2.0, uint64(3), uint8(2), uint8(7))
	f.Add(179.5, 0.0, 20.0, 15.0, 10.0, -1.0, -0.5, uint64(4), uint8(3), uint8(9))
	f.Add(0.0, -80.0, 300.0, 15.0, 1.5, 80.0, 89.0, uint64(5), uint8(4), uint8(1))
	f.Fuzz(func(t *testing.T, lon, lat, rangeKM, mastM, k, lowDeg, highDeg float64, seed uint64, spacing, sector uint8) {
		lattices := []terrain.Lattice{posts(120), posts(1200), {PerDegLon: 120, PerDegLat: 240, OffLon: 0.5, OffLat: 0.5}, posts(12), posts(3)}
		lattice := lattices[int(spacing)%len(lattices)]
		site := radarAt(orb.Point{within(lon, -180, 180), within(lat, -88, 88)}, 1000*within(rangeKM, 0.001, 1000), within(mastM, 0, 1000))
		site.GroundAMSLM, site.EarthFactor = within(mastM*7, 0, 6000), within(k, 0.5, 10)
		site.MinElevationDeg = within(lowDeg, -10, 89)
		site.MaxElevationDeg = within(highDeg, site.MinElevationDeg, 90)
		if sector%4 == 1 {
			site.Sector = &radar.Sector{FromDeg: float64(sector), ToDeg: float64(sector/2) * 2.5}
		}
		if errs := site.Violations(); len(errs) > 0 {
			t.Skip(errs)
		}
		w, err := floor.Window(site, lattice)
		if err != nil || w.Posts() > 20e3 {
			t.Skip("refused, or too large to be quick: ", err)
		}
		s := build(t, site, lattice, 0, rough(seed))
		s.survive(t)
	})
}

// within folds a number into an interval.
func within(x, low, high float64) float64 {
	if x >= low && x <= high {
		return x
	}
	if folded := low + math.Mod(math.Abs(x), high-low); folded >= low && folded <= high {
		return folded
	}
	return low
}

// survive computes the scene, and checks what must always hold.
func (s *scene) survive(t *testing.T) {
	computed, err := floor.Compute(context.Background(), s.site, sight.Terrain, floor.Land{Ground: s.ground.View()}, 1)
	var position *floor.PositionError
	if errors.As(err, &position) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	surface := above(computed, s.ground.View())
	sameBytes(t, s.compute(t, sight.Terrain, 3), surface)
	disc, inRange := s.compute(t, sight.Disc, 2), 0
	s.each(surface, 1, func(p at) {
		if d := surface.DistanceM(p.row, p.col); d <= s.site.RangeM {
			inRange++
		}
		z := s.ground.AtPost(float64(p.east+s.col), float64(p.south+s.row))
		// The near field asks the geodesic for its azimuth, the disc the
		// frame: on the edge of a sector they may differ.
		out := isNaN32(disc.FloorAMSLM[p.row*disc.Cols+p.col]) && s.site.Sector == nil
		if p.floorM < z || math.IsInf(p.floorM, 0) || out && !math.IsNaN(p.floorM) {
			t.Fatalf("floor %v at %v, ground %v, %v m away", p.floorM, p.place, z, p.path.DistanceM)
		}
	})
	if inRange != surface.PostsInRange {
		t.Errorf("%d posts in range, counted as %d", inRange, surface.PostsInRange)
	}
	s.nearOracle(t, surface)
}

// nearOracle allows what rough ground on posts far apart comes to: a median
// error of a hundredth of a post.
func (s *scene) nearOracle(t *testing.T, surface *surface) {
	t.Helper()
	a := s.compare(t, surface, 1+surface.Cols/12)
	postM := earth.CurvatureAt(0).MeridianM * math.Pi / 180 / math.Min(surface.PerDegLat, surface.PerDegLon)
	slices.Sort(a.errorsM)
	if len(a.errorsM) > 30 && a.quantile(0.5) > 5+postM/100 {
		t.Errorf("median error %v m at %d posts %v m apart", a.quantile(0.5), len(a.errorsM), postM)
	}
}
