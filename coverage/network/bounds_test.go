package network

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// draws is how many a test takes: fewer under the race detector.
func draws(n int) int {
	if testing.Short() {
		return n / 8
	}
	return n
}

func between(random *rand.Rand, low, high float64) float64 {
	return low + (high-low)*random.Float64()
}

// anySite draws a radar from all that are valid, on ground from below the sea
// to the Himalayas: of ranges, as many short ones as long.
func anySite(random *rand.Rand, atMostDeg, atMostM float64) *sight.Site {
	l := radar.Limits{RangeM: math.Exp(between(random, 0, math.Log(atMostM))), HeightLimitAMSLM: radar.NoHeightLimit}
	l.MinElevationDeg = between(random, -10, 45)
	if random.IntN(2) == 0 {
		l.MinElevationDeg = []float64{-10, -0.5, 0}[random.IntN(3)]
	}
	l.MaxElevationDeg = between(random, l.MinElevationDeg, 90)
	if random.IntN(2) == 0 {
		l.MinRangeM = between(random, 0, l.RangeM)
	}
	s := sight.NewSite(radar.Radar{Position: orb.Point{0, between(random, -atMostDeg, atMostDeg)}, MastM: between(random, 0, 1000), Limits: l},
		between(random, -430, 8800), between(random, 0.5, 10))
	return &s
}

// row is neighbouring cells on a parallel, as a radar sees them.
type row struct {
	stretch
	geodesics []earth.Geodesic
}

// anyRow draws cells in range of a radar; ok is false where the draw is none.
func anyRow(random *rand.Rand, s *sight.Site) (r row, ok bool) {
	at, _ := earth.Direct(s.Position, between(random, 0, 360), s.RangeM*math.Sqrt(random.Float64()))
	r.cells = 1 + random.IntN(cellsPerBlock)
	stepDeg := math.Exp(between(random, math.Log(1e-4), math.Log(0.02)))
	place := func(cell float64) orb.Point { return orb.Point{at.Lon() + cell*stepDeg, at.Lat()} }
	for i := range r.cells {
		g := earth.Inverse(s.Position, place(float64(i)))
		if g.DistanceM > s.RangeM {
			return r, false
		}
		r.geodesics = append(r.geodesics, g)
	}
	last := float64(r.cells - 1)
	square := func(distanceM float64) float64 { return max(nearest2M2, distanceM*distanceM) }
	r.west2M2, r.east2M2 = square(r.geodesics[0].DistanceM), square(r.geodesics[r.cells-1].DistanceM)
	r.middle2M2 = square(earth.DistanceM(s.Position, place(last/2)))
	r.least2M2 = square(earth.DistanceM(s.Position, place(min(max(-at.Lon()/stepDeg, 0), last)))) // the radar is on meridian 0
	r.north2M2 = square(earth.DistanceM(s.Position, orb.Point{0, at.Lat()}))
	r.length2M2 = square(earth.DistanceM(place(0), place(last)))
	r.groundLow = between(random, -430, 6000)
	r.groundHigh = r.groundLow + between(random, 0, 3000)
	return r, true
}

// Bounds over neighbouring cells hold for the envelope of each.
func TestBoundsHold(t *testing.T) {
	const seed = 20150510
	random := rand.New(rand.NewPCG(seed, 0))
	looked, tight := 0, 0
	for draw := range draws(40_000) {
		site, reach := anySite(random, 75, 1e6), []sight.Reach{sight.Terrain, sight.Horizon}[draw%2]
		r, ok := anyRow(random, site)
		if !ok {
			continue
		}
		l := newLimits(site, reach)
		horizon, ceiling := l.horizon(&r.stretch), l.ceiling(&r.stretch)
		for i, g := range r.geodesics {
			looked++
			e := site.Envelope(reach, g.DistanceM, g.AzimuthDeg, between(random, r.groundLow, r.groundHigh))
			height := between(random, -500, 20000)
			within := g.DistanceM*g.DistanceM <= l.safe2M2(height, height)
			inside := l.inside(r.least2M2)
			switch {
			case e.HorizonAMSLM < horizon.low.at(i) || e.HorizonAMSLM > horizon.high.at(i),
				// Beams that climb away from the earth are above all altitudes.
				e.BeamTopAMSLM < ceiling.low.at(i) || e.BeamTopAMSLM > ceiling.high.at(i) && ceiling.high.at(i) < 1e6,
				within && height > e.RangeTopAMSLM,
				inside && e.BlindTopAMSLM > math.Inf(-1):
				t.Fatalf("seed %d, draw %d: %+v, k %v\ncell %d of %+v\nhorizon %+v: %v\nbeam %+v: %v\n%v within range: %v, %v\nblind: %v, %v",
					seed, draw, site.Radar, site.EarthFactor, i, r.stretch, horizon, e.HorizonAMSLM, ceiling, e.BeamTopAMSLM,
					height, within, e.RangeTopAMSLM, inside, e.BlindTopAMSLM)
			}
			if horizon.high.at(i)-horizon.low.at(i) < 50+(r.groundHigh-r.groundLow) {
				tight++
			}
		}
	}
	if looked < draws(300_000) || tight < looked/2 {
		t.Errorf("%d cells with bounds, %d of them tight: the test shows too little", looked, tight)
	}
}

// Where heights are said to be free of all ceilings, the envelope never cuts
// them off.
func TestFreeIsConservative(t *testing.T) {
	const seed = 20150511
	random := rand.New(rand.NewPCG(seed, 0))
	looked := 0
	for draw := range draws(200_000) {
		site, reach := anySite(random, 75, 1e6), []sight.Reach{sight.Terrain, sight.Horizon}[draw%2]
		if random.IntN(2) == 0 {
			site.HeightLimitAMSLM = between(random, 1, 40000)
		}
		l := newLimits(site, reach)
		low, high := between(random, -500, 15000), between(random, -500, 15000)
		if low > high {
			low, high = high, low
		}
		near, far := between(random, 0, site.RangeM), between(random, 0, site.RangeM)
		if near > far {
			near, far = far, near
		}
		if !l.free(near*near, far*far, low, high) {
			continue
		}
		for _, distanceM := range []float64{near, far, between(random, near, far)} {
			for _, heightM := range []float64{low, high, between(random, low, high)} {
				looked++
				e := site.Envelope(reach, distanceM, 360*random.Float64(), heightM)
				if heightM > e.TopAMSLM() {
					t.Fatalf("seed %d, draw %d: %+v\n%.3f m high over %.3f m, with a ceiling of %.3f m", seed, draw, *site, heightM, distanceM, e.TopAMSLM())
				}
			}
		}
	}
	if looked < draws(50_000) {
		t.Errorf("%d places are free: the test shows too little", looked)
	}
}

// It must also save work: most of what a common radar looks at.
func TestFreeHoldsForMostOfARange(t *testing.T) {
	site := sight.NewSite(radar.Radar{Position: [2]float64{-69, -12}, MastM: 15, Limits: radar.Limits{
		RangeM: 400e3, MaxElevationDeg: 20, HeightLimitAMSLM: 30480}}, 200, 4./3)
	l := newLimits(&site, sight.Terrain)
	if !l.free(35e3*35e3, 399.5e3*399.5e3, 500, 12000) {
		t.Error("12 km high it is not free from 35 to 399.5 km")
	}
}

// An arc tells the distances of a row to a millionth, and to the millimetre.
func TestArc(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, tt := range []struct {
		rangeM, latDeg float64
		posts          terrain.Lattice
	}{
		{400e3, -12, terrain.Lattice{PerDegLon: 240, PerDegLat: 240}},
		{1000e3, -12, terrain.Lattice{PerDegLon: 30, PerDegLat: 30}},
		{1000e3, 50, terrain.Lattice{PerDegLon: 30, PerDegLat: 30}},
		{400e3, 65, terrain.Lattice{PerDegLon: 60, PerDegLat: 120, OffLon: 0.5, OffLat: 0.5}},
		{500, 3, terrain.Lattice{PerDegLon: 240, PerDegLat: 240}},
	} {
		site := sight.NewSite(radar.Radar{Position: orb.Point{-70.01, tt.latDeg}, Limits: radar.Limits{RangeM: tt.rangeM}}, 0, earth.StandardK)
		window, err := floor.Window(&site, tt.posts)
		if err != nil {
			t.Fatal(err)
		}
		s := floor.Restore(&site, sight.Terrain, window, nil, 0, floor.Missing{})
		for range draws(20_000) {
			r, c := random.IntN(s.Rows), random.IntN(s.Cols)
			want := s.DistanceM(r, c)
			a := newArc(s, r)
			if got := math.Sqrt(a.distance2M2(float64(c))); want <= tt.rangeM && math.Abs(got-want) > 1e-6*want+1e-3 {
				t.Fatalf("%v m at %v°, post (%d, %d): %v m, want %v", tt.rangeM, tt.latDeg, r, c, got, want)
			}
		}
	}
}
