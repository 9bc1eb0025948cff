package floor_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Where the tolerances of the closed forms come from:
//
//   - Rounding: float32 resolves 0.5 mm at 8 km. Places are off by less than a
//     millimetre.
//   - Stepping over the point of touch: a ray looks at the sea at most
//     b = 656 m apart (the diagonal of posts 464 m apart). Beside the point of
//     touch, s away, by b/2 it sees the sea lower by h0·(b/2)²/s³ in its
//     tangent. From a mast of 15 m that is 24 mm of height at 60 km, and never
//     above the truth.
//   - Taking a post's value between two rays: over an edge that rises by z at
//     s, these are a slope of Δ = 464 m/60 km apart, and the tangent in
//     between bends by less than Δ²/8·(z/s + s/a·(60 km/s)³): for 500 m at
//     20 km, 15 mm of height at 60 km.
//   - Bilinear terrain cuts corners. On a line of posts there are none.
const (
	roundingM = 0.001
	touchM    = 0.024
	betweenM  = 0.015
)

// closedForm is a scene whose floors a formula gives.
type closedForm struct {
	name   string
	at     orb.Point
	rangeM float64
	mastM  float64
	// groundM is below the antenna; k is 4/3 if zero.
	groundM, k float64
	posts      terrain.Lattice
	shape      shape
	// wantM is NaN where the formula has nothing to say.
	wantM func(s *scene, p at) float64
	// belowM and aboveM are how far a floor may lie from it: the sweep's, and
	// the oracle's.
	belowM, aboveM             float64
	oracleBelowM, oracleAboveM float64
}

var (
	equator  = orb.Point{-70, 0}
	southern = orb.Point{-70, -12}
	northern = orb.Point{10, 45}
	arcsec15 = posts(240)
)

// seas are the scenes without terrain.
//
//	antenna --------___
//	             touches --____ floor
//	~~~~~~~~~~~~~~~~~~~~~~~~~~~~
var seas = []closedForm{
	{name: "on a post in the south", at: southern, mastM: 15, belowM: touchM},
	{name: "on a post in the north", at: northern, mastM: 15, belowM: touchM},
	{name: "on the equator", at: equator, mastM: 15, belowM: touchM},
	{name: "a hair beside a post", at: orb.Point{-70 + 1e-9, -12 - 1e-9}, mastM: 15, belowM: touchM},
	{name: "on a row between columns", at: orb.Point{-70 + 0.3/240, -12}, mastM: 15, belowM: touchM},
	{name: "on a column between rows", at: orb.Point{-70, -12 + 0.7/240}, mastM: 15, belowM: touchM},
	{name: "amid four posts", at: orb.Point{-70 + 0.5/240, -12 + 0.5/240}, mastM: 15, belowM: touchM},
	{name: "k of 1, no refraction", at: southern, mastM: 15, k: 1, belowM: 0.04},
	{name: "k of 0.7, rays bent up", at: southern, mastM: 15, k: 0.7, belowM: 0.07},
	{name: "k of 4, nearly a duct", at: southern, mastM: 15, k: 4, belowM: touchM},
	{name: "a mast of 3 m", at: southern, mastM: 3, belowM: 0.06},
	{name: "a mast of 200 m", at: southern, mastM: 200, belowM: 0.007},
	{name: "from a hill of 2000 m", at: southern, groundM: 2000, mastM: 15},
	{name: "at 60 degrees", at: orb.Point{25, 60}, mastM: 15, belowM: touchM},
	{name: "posts twice as close in latitude", at: southern, mastM: 15, posts: terrain.Lattice{PerDegLon: 120, PerDegLat: 240}, belowM: 0.06},
}

func TestSmoothEarth(t *testing.T) {
	for _, c := range seas {
		c.shape, c.rangeM = sea, 60e3
		c.wantM = overSea
		c.belowM += roundingM
		c.aboveM, c.oracleAboveM = roundingM, roundingM
		c.oracleBelowM = c.belowM
		t.Run(c.name, c.check)
	}
}

// overSea is the floor over the sea: the ray that touches it, or near the mast
// the lowest beam. Nearer than a metre counts as a metre.
func overSea(s *scene, p at) float64 {
	e := s.site.Effective(p.path.AzimuthDeg)
	distanceM := math.Max(p.path.DistanceM, 1)
	return math.Max(e.SmoothFloorM(distanceM, 0), e.RayHeightM(math.Tan(-10*math.Pi/180), distanceM))
}

// ridges are high ground in strips along the meridian, from 20 km east of the
// radar. The posts on a strip are at its height, those beside it at the sea.
var ridges = []struct {
	closedForm
	from, to int
	heightM  float64
}{
	//                | ____---- floor
	//  antenna ___---|
	//  ~~~~~~~~~~~~~~|~~~~~~~~~~
	{closedForm{name: "a knife edge", mastM: 15}, 44, 44, 500},
	{closedForm{name: "a knife edge in the north", at: northern, mastM: 15}, 44, 44, 500},
	{closedForm{name: "a knife edge with k of 1", k: 1, mastM: 15}, 44, 44, 500},
	{closedForm{name: "a knife edge amid columns", at: orb.Point{-70 + 0.37/240, -12 + 0.81/240}, mastM: 15}, 44, 44, 500},
	//                 ____---- floor
	//  antenna ___---|###|
	//  ~~~~~~~~~~~~~~|###|~~~~~~
	{closedForm{name: "a wall, over its front", mastM: 15}, 44, 50, 500},
	//  antenna ---____
	//                |###|---___ floor
	//  ~~~~~~~~~~~~~~|###|~~~~~~
	{closedForm{name: "a wall, over its back", groundM: 550, mastM: 15}, 44, 50, 500},
	//                 ____---- floor
	//  antenna ___---|##########
	//  ~~~~~~~~~~~~~~|##########
	{closedForm{name: "a plateau above", mastM: 15}, 44, math.MaxInt32, 500},
	//  antenna ---____     ___--- floor
	//                |##########
	//  ~~~~~~~~~~~~~~|##########
	{closedForm{name: "a plateau below", groundM: 550, mastM: 15}, 44, math.MaxInt32, 500},
}

func TestRidges(t *testing.T) {
	for _, c := range ridges {
		if c.at == (orb.Point{}) {
			c.at = southern
		}
		c.rangeM = 60e3
		c.shape = func(east, _ int) float64 {
			if east >= c.from && east <= c.to {
				return c.heightM
			}
			return 0
		}
		c.wantM = func(s *scene, p at) float64 { return overStrip(s, p, c.from, c.to, c.heightM) }
		c.belowM, c.aboveM = betweenM+touchM, betweenM
		c.oracleBelowM, c.oracleAboveM = touchM+roundingM, roundingM
		t.Run(c.name, c.check)
	}
}

// overStrip is the floor around a strip of high ground: that over the sea, and
// on and behind the strip the ray that passes it. Posts at and beside its
// edges are left out: of the two rays that pass them, one may have climbed a
// slope that the other has yet to reach.
func overStrip(s *scene, p at, from, to int, heightM float64) float64 {
	switch {
	case p.east < from-1:
		return overSea(s, p)
	case p.east <= from+1 || (p.east >= to-1 && p.east <= to+1):
		return math.NaN()
	}
	e := s.site.Effective(p.path.AzimuthDeg)
	passM := e.HorizonDistanceM(heightM)
	frontM := s.meridianM(p, from)
	if !(passM > frontM) {
		passM = frontM
	}
	passM = math.Min(passM, s.meridianM(p, min(to, p.east)))
	ray := e.RayHeightM(e.TanElevation(passM, heightM), p.path.DistanceM)
	if p.east <= to {
		return math.Max(heightM, ray)
	}
	return math.Max(overSea(s, p), ray)
}

// meridianM is how far from the radar the geodesic to p crosses a column, by
// bisection.
func (s *scene) meridianM(p at, column int) float64 {
	lon := p.place.Lon() - float64(p.east-column)/s.ground.PerDegLon
	return crossingM(s, p, func(q orb.Point) bool { return q.Lon() >= lon })
}

// crossingM is how far along the geodesic to p the first place is that has
// crossed a line.
func crossingM(s *scene, p at, crossed func(orb.Point) bool) float64 {
	line := earth.NewLine(s.site.Position, p.path.AzimuthDeg)
	before, after := 0.0, p.path.DistanceM
	for range 40 {
		middle := (before + after) / 2
		if crossed(line.At(middle)) {
			after = middle
		} else {
			before = middle
		}
	}
	return after
}

// TestBowl: from the middle of a crater the rim stands at one angle all round.
// Its ground climbs evenly from the radar to the rim, and is level beyond.
//
//	     floor _--          --_ floor
//	########---___   |   ___---########
//	##############___|___##############
//
// Bilinear terrain cuts the corner at the rim, but a cell before it the slope
// stands as it should: 131 m nearer, and so lower by 15 m·131 m/(15 km)² in its
// tangent, 0.26 m at 30 km. Across, chords of the round slope lie above it by
// (131 m)²/8·(400 m/15 km)/15 km, 4 mm, and 8 mm at 30 km.
func TestBowl(t *testing.T) {
	const rimM, rimAMSLM = 15e3, 400
	closedForm{
		name: "bowl", at: southern, mastM: 15, rangeM: 30e3, posts: posts(1200),
		shape: func(east, south int) float64 {
			p := orb.Point{southern.Lon() + float64(east)/1200, southern.Lat() - float64(south)/1200}
			return math.Min(earth.DistanceM(southern, p)/rimM, 1) * rimAMSLM
		},
		wantM: func(s *scene, p at) float64 {
			e := s.site.Effective(p.path.AzimuthDeg)
			if p.path.DistanceM < rimM+200 {
				return math.NaN()
			}
			return e.RayHeightM(e.TanElevation(rimM, rimAMSLM), p.path.DistanceM)
		},
		belowM: 0.26, aboveM: 0.008, oracleBelowM: 0.26, oracleAboveM: 0.008,
	}.check(t)
}

// TestPeak: one high post is a pyramid, two posts wide, and casts a shadow
// that widens behind it.
//
//	         . ' shadow
//	antenna Λ
//	         ' . shadow
//
// A ray that passes it by o posts climbs (1 − |o|) of it. Rays are a post apart
// at the rim, so halfway out, where the peak stands, half a post: a post's
// value between two of them, either side of the top, lacks up to a quarter of
// the peak's height there, twice that at the rim, and lies above the foot by
// half as much.
// Beyond that the shadow has no effect.
func TestPeak(t *testing.T) {
	const north, peakM = 62, 400
	shadow := closedForm{
		at: southern, mastM: 15, rangeM: 60e3, posts: arcsec15,
		shape: func(east, south int) float64 {
			if east == 0 && south == -north {
				return peakM
			}
			return 0
		},
		belowM: peakM / 4 * 2, aboveM: peakM / 8 * 2, oracleBelowM: touchM, oracleAboveM: roundingM,
	}
	// passing returns how far along the geodesic to p, and how many posts
	// beside the peak, its row is crossed.
	passing := func(s *scene, p at) (distanceM, aside float64) {
		lat := p.place.Lat() + float64(p.south+north)/240
		distanceM = crossingM(s, p, func(q orb.Point) bool { return q.Lat() >= lat })
		pass, _ := earth.Direct(southern, p.path.AzimuthDeg, distanceM)
		return distanceM, 240 * math.Abs(pass.Lon()-southern.Lon())
	}
	shadow.wantM = func(s *scene, p at) float64 {
		if p.south >= -north-1 {
			return math.NaN()
		}
		distanceM, aside := passing(s, p)
		e := s.site.Effective(p.path.AzimuthDeg)
		return math.Max(overSea(s, p), e.RayHeightM(e.TanElevation(distanceM, peakM*math.Max(0, 1-aside)), p.path.DistanceM))
	}
	beside := shadow
	beside.belowM, beside.aboveM = touchM, roundingM
	beside.wantM = func(s *scene, p at) float64 {
		if p.south < -north+1 {
			if _, aside := passing(s, p); aside < 1.5 {
				return math.NaN()
			}
		}
		return overSea(s, p)
	}
	t.Run("in its shadow", shadow.check)
	t.Run("beside its shadow", beside.check)
}

// check compares both programs with the formula.
func (c closedForm) check(t *testing.T) {
	t.Parallel()
	if c.posts.PerDegLon == 0 {
		c.posts = arcsec15
	}
	site := radarAt(c.at, c.rangeM, c.mastM)
	site.GroundAMSLM = c.groundM
	if c.k != 0 {
		site.EarthFactor = c.k
	}
	s := build(t, site, c.posts, 0, c.shape)
	surface := s.compute(t, sight.Terrain, 2)
	observer := sight.NewObserver(site, sight.Terrain, s.ground)
	sweep := deviation{name: "sweep", belowM: c.belowM, aboveM: c.aboveM}
	oracle := deviation{name: "oracle", belowM: c.oracleBelowM, aboveM: c.oracleAboveM}
	s.each(surface, shorter(2, 9), func(p at) {
		// The slant range cuts floors off at the rim.
		if p.path.DistanceM > 0.98*c.rangeM {
			return
		}
		want := c.wantM(s, p)
		if want != want {
			return
		}
		sweep.add(t, p, want)
		if (p.row+3*p.col)%14 == 0 {
			p.floorM = observer.Look(p.place).FloorAMSLM
			oracle.add(t, p, want)
		}
	})
	sweep.report(t)
	oracle.report(t)
}

// deviation is how far floors lie from a formula.
type deviation struct {
	name           string
	belowM, aboveM float64

	posts, wrong      int
	lowestM, highestM float64
}

// roundedM is how far a floor may be from the height that it is of: 16 bits
// hold it, and the kernel reckons with 24, and with one effective earth for all
// heights of a fan.
func roundedM(heightM float64) float64 {
	return math.Sqrt(math.Abs(heightM))/320 + 0.06 + 6e-10*heightM*heightM
}

func (d *deviation) add(t *testing.T, p at, wantM float64) {
	t.Helper()
	off := p.floorM - wantM
	d.posts++
	d.lowestM, d.highestM = math.Min(d.lowestM, off), math.Max(d.highestM, off)
	if off >= -d.belowM-roundedM(wantM) && off <= d.aboveM+roundedM(wantM) {
		return
	}
	if d.wrong++; d.wrong <= 5 {
		t.Errorf("%s: floor %v at %d east, %d south (%.0f m, %.2f°), want %v", d.name, p.floorM, p.east, p.south,
			p.path.DistanceM, p.path.AzimuthDeg, wantM)
	}
}

func (d *deviation) report(t *testing.T) {
	t.Helper()
	if d.posts == 0 {
		t.Errorf("%s: nothing compared", d.name)
	}
	if d.wrong > 0 {
		t.Errorf("%s: %d of %d posts are wrong", d.name, d.wrong, d.posts)
	}
	t.Logf("%-6s off by %+.4f to %+.4f m at %d posts", d.name, d.lowestM, d.highestM, d.posts)
}
