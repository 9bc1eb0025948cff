package ray_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/ray"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

// model is a grid that can be read, and counts how often it was.
type model struct {
	*terrain.Grid
	reads atomic.Int32
	fails error
}

func (m *model) Info() terrain.Info       { return terrain.Info{} }
func (m *model) Lattice() terrain.Lattice { return m.Grid.Lattice }

func (m *model) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	m.reads.Add(1)
	if m.fails != nil {
		return nil, m.fails
	}
	g, err := terrain.NewWindow(m.Grid.Lattice, l)
	if err != nil {
		return nil, err
	}
	m.View().CopyTo(g.ElevationM, l)
	return g, ctx.Err()
}

// scene is terrain around a radar.
type scene struct {
	name    string
	heightM func(random *rand.Rand, east, south int) float64
}

var scenes = []scene{
	{"sea", func(*rand.Rand, int, int) float64 { return 0 }},
	{"plain", func(r *rand.Rand, _, _ int) float64 { return 180 + 8*r.Float64() }},
	{"hills", func(r *rand.Rand, east, south int) float64 {
		return 300 + 120*math.Sin(float64(east)/11)*math.Cos(float64(south)/17) + 5*r.Float64()
	}},
	{"mountains in the east", func(r *rand.Rand, east, south int) float64 {
		return math.Max(0, 20*float64(east)) + 400*math.Sin(float64(east+south)/9) + 30*r.Float64()
	}},
	{"peaks out of the sea", func(r *rand.Rand, _, _ int) float64 {
		if r.IntN(3000) == 0 {
			return 4000 * r.Float64()
		}
		return 0
	}},
	{"a basin below sea level", func(r *rand.Rand, _, _ int) float64 { return -300 - 20*r.Float64() }},
	{"with holes", func(r *rand.Rand, east, south int) float64 {
		if (east/20+south/20)%3 == 0 {
			return math.NaN()
		}
		return -100 + 300*r.Float64()
	}},
}

// terrainOf returns a scene at a place, of half a degree or so many posts around it.
func (s *scene) terrainOf(random *rand.Rand, at orb.Point, perDeg float64, posts int) *model {
	l := terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg, OffLon: 0.5 * float64(random.IntN(2))}.Cover(at.Bound(), posts)
	m := &model{Grid: terrain.NewGrid(l)}
	for r := range l.Rows {
		for c := range l.Cols {
			m.RowM(r)[c] = float32(s.heightM(random, c-l.Cols/2, r-l.Rows/2))
		}
	}
	return m
}

func siteAt(at orb.Point, m *model, rangeM, mastM float64) *sight.Site {
	ground := m.At(at.Lon(), at.Lat())
	site := sight.NewSite(radar.Radar{Position: at, MastM: mastM, Limits: radar.Limits{
		RangeM: rangeM, MinElevationDeg: -10, MaxElevationDeg: 89, HeightLimitAMSLM: radar.NoHeightLimit,
	}}, ground, earth.StandardK)
	return &site
}

// expectSame wants the very numbers of sight.
func expectSame(t *testing.T, o *ray.Observer, judge *sight.Observer, at orb.Point) (tracked bool) {
	t.Helper()
	want := judge.Look(at)
	got, err := o.Look(context.Background(), at, judge.GroundAMSLM(at))
	same := func(a, b float64) bool { return a == b || a != a && b != b }
	if err != nil || !same(got.FloorAMSLM, want.FloorAMSLM) || got.ScreeningTan != want.ScreeningTan || got.Crest != want.Crest || got.Tracked != want.Tracked || got.Envelope != want.Envelope {
		t.Fatalf("at %v: %+v, %v\nwant %+v", at, got, err, want)
	}
	return want.Tracked
}

// TestLookIsThatOfSight draws radars, terrain and places, up to the latitudes that
// windows are allowed in. Some rays leave the terrain.
func TestLookIsThatOfSight(t *testing.T) {
	const seed = 7
	random := rand.New(rand.NewPCG(seed, 0))
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			draws := 12
			if testing.Short() {
				draws = 2
			}
			for range draws {
				at := orb.Point{300*random.Float64() - 150, 150*random.Float64() - 75}
				perDeg := []float64{30, 240, 1200}[random.IntN(3)]
				m := s.terrainOf(random, at, perDeg, 400)
				reachM := 300 / perDeg * 111e3
				site := siteAt(at, m, reachM, []float64{0, 15, 300}[random.IntN(3)])
				o := ray.NewObserver(site, sight.Terrain, ray.NewCache(1<<20).Over(m, 1))
				judge := sight.NewObserver(site, sight.Terrain, m.Grid)
				for range 40 {
					place, _ := earth.Direct(at, 360*random.Float64(), 1.1*reachM*random.Float64())
					expectSame(t, o, judge, place)
				}
			}
		})
	}
}

func TestLookOverFinerTerrainNearby(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 0))
	at := orb.Point{-70.01, -12.013}
	for _, s := range scenes {
		fine, coarse := s.terrainOf(random, at, 1200, 300), s.terrainOf(random, at, 240, 300)
		site := siteAt(at, fine, 100e3, 15)
		const nearM = 20e3
		cache := ray.NewCache(1 << 20)
		o := ray.NewObserver(site, sight.Terrain, cache.Over(coarse, 5)).WithNear(cache.Over(fine, 1), nearM)
		judge := sight.NewObserver(site, sight.Terrain, coarse.Grid).WithNear(fine.Grid, nearM)
		for range 40 {
			place, _ := earth.Direct(at, 360*random.Float64(), 110e3*random.Float64())
			expectSame(t, o, judge, place)
		}
	}
}

func TestReachWithoutTerrainReadsNone(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 0))
	at := orb.Point{-70.01, -12.013}
	m := scenes[2].terrainOf(random, at, 240, 100)
	site := siteAt(at, m, 30e3, 15)
	for _, reach := range []sight.Reach{sight.Horizon, sight.Disc} {
		o := ray.NewObserver(site, reach, ray.NewCache(1<<20).Over(m, 1))
		judge := sight.NewObserver(site, reach, m.Grid)
		if expectSame(t, o, judge, orb.Point{-70.2, -12.1}) || m.reads.Load() > 0 {
			t.Errorf("reach %v follows terrain", reach)
		}
	}
}

func TestKeptBlocksAreNotReadAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(10, 0))
	at := orb.Point{-70.01, -12.013}
	m := scenes[2].terrainOf(random, at, 240, 1500)
	site := siteAt(at, m, 700e3, 15)
	look := func(cache *ray.Cache) int32 {
		before := m.reads.Load()
		o := ray.NewObserver(site, sight.Terrain, cache.Over(m, 1))
		if _, err := o.Look(t.Context(), orb.Point{-64, -13}, 0); err != nil {
			t.Fatal(err)
		}
		return m.reads.Load() - before
	}
	cache := ray.NewCache(1 << 24)
	if first, second := look(cache), look(cache); first < 6 || second > 0 {
		t.Errorf("read %d times, then %d", first, second)
	}
	small := ray.NewCache(1)
	if look(small); look(small) < 2 {
		t.Error("a cache without room kept everything")
	}
}

func TestVersionsAreKeptApart(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 0))
	at := orb.Point{-70.01, -12.013}
	low, high := scenes[0].terrainOf(random, at, 240, 50), scenes[1].terrainOf(random, at, 240, 50)
	cache := ray.NewCache(1 << 20)
	for range 2 {
		for i, m := range []*model{low, high} {
			got, err := cache.Over(m, i).Elevations(t.Context(), []orb.Point{at})
			if err != nil || got[0] != m.At(at.Lon(), at.Lat()) {
				t.Errorf("%v m, %v in version %d, want %v m", got, err, i, m.At(at.Lon(), at.Lat()))
			}
		}
	}
}

func TestElevationsAreThoseOfTheTerrain(t *testing.T) {
	random := rand.New(rand.NewPCG(12, 0))
	at := orb.Point{-70.01, -12.013}
	for _, s := range scenes {
		m := s.terrainOf(random, at, 240, 150)
		places := []orb.Point{{m.Lon(0), m.Lat(0)}, {m.Lon(m.Cols - 1), m.Lat(m.Rows - 1)}, {m.Lon(0) - 1e-3, m.Lat(0)}, {m.Lon(64), m.Lat(128)}}
		for range 500 {
			places = append(places, orb.Point{at.Lon() + 1.4*random.Float64() - 0.7, at.Lat() + 1.4*random.Float64() - 0.7})
		}
		got, err := ray.NewCache(1<<20).Over(m, 1).Elevations(t.Context(), places)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range places {
			if want := m.At(p.Lon(), p.Lat()); got[i] != want && (got[i] == got[i] || want == want) {
				t.Fatalf("%s: %v m at %v, want %v m", s.name, got[i], p, want)
			}
		}
	}
}

func TestFailuresOfTheTerrainAreReturned(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 0))
	at := orb.Point{-70.01, -12.013}
	m := scenes[1].terrainOf(random, at, 240, 100)
	site := siteAt(at, m, 30e3, 15)
	m.fails = errors.New("the disk is gone")
	ground := ray.NewCache(1<<20).Over(m, 1)
	if _, err := ray.NewObserver(site, sight.Terrain, ground).Look(t.Context(), orb.Point{-70.2, -12.1}, 0); !errors.Is(err, m.fails) {
		t.Errorf("a look fails with %v", err)
	}
	if _, err := ground.Elevations(t.Context(), []orb.Point{at}); !errors.Is(err, m.fails) {
		t.Errorf("elevations fail with %v", err)
	}
}

// TestLookIsThatOfSightOverPeru looks from the catalogue's kind of places over real
// terrain.
func TestLookIsThatOfSightOverPeru(t *testing.T) {
	m := terraintest.Real(t, compositePath)
	g, err := m.Read(t.Context(), m.Lattice())
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(14, 0))
	cache := ray.NewCache(64 << 20)
	for _, at := range []orb.Point{{-69.2282, -12.6131}, {-74.5743, -8.3779}, {-77.1143, -12.0219}, {-71.49, -14.05}, {-74.19, -13.34}} {
		site := sight.NewSite(radar.Radar{Position: at, MastM: 15, Limits: radar.Limits{
			RangeM: 400e3, MaxElevationDeg: 20, HeightLimitAMSLM: 30480}}, g.At(at.Lon(), at.Lat()), earth.StandardK)
		o, judge := ray.NewObserver(&site, sight.Terrain, cache.Over(m, 1)), sight.NewObserver(&site, sight.Terrain, g)
		for range 200 {
			place, _ := earth.Direct(at, 360*random.Float64(), 400e3*math.Sqrt(random.Float64()))
			expectSame(t, o, judge, place)
		}
	}
}

const compositePath = "../../../shared/data/peru_composite_15s_int16.tif"

// BenchmarkLook follows rays of up to 400 km from a radar in the plain and from one in
// the mountains, as sight does and with all terrain kept.
func BenchmarkLook(b *testing.B) {
	m := terraintest.Real(b, compositePath)
	g, err := m.Read(b.Context(), m.Lattice())
	if err != nil {
		b.Fatal(err)
	}
	for _, from := range []struct {
		name string
		at   orb.Point
	}{{"Puerto Maldonado", orb.Point{-69.2282, -12.6131}}, {"Cusco", orb.Point{-71.49, -14.05}}} {
		site := sight.NewSite(radar.Radar{Position: from.at, MastM: 15, Limits: radar.Limits{
			RangeM: 400e3, MaxElevationDeg: 20, HeightLimitAMSLM: 30480}}, g.At(from.at.Lon(), from.at.Lat()), earth.StandardK)
		random := rand.New(rand.NewPCG(15, 0))
		var places []orb.Point
		for range 256 {
			p, _ := earth.Direct(from.at, 360*random.Float64(), 400e3*math.Sqrt(random.Float64()))
			places = append(places, p)
		}
		b.Run("from="+from.name+"/by=sight", func(b *testing.B) {
			o := sight.NewObserver(&site, sight.Terrain, g)
			for i := 0; b.Loop(); i++ {
				o.LookOver(places[i%len(places)], 100)
			}
		})
		b.Run("from="+from.name+"/by=ray", func(b *testing.B) {
			o := ray.NewObserver(&site, sight.Terrain, ray.NewCache(64<<20).Over(m, 1))
			look := func(at orb.Point) {
				if _, err := o.Look(b.Context(), at, 100); err != nil {
					b.Fatal(err)
				}
			}
			for _, at := range places {
				look(at)
			}
			for i := 0; b.Loop(); i++ {
				look(places[i%len(places)])
			}
		})
	}
}
