package network

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"golang.org/x/sys/cpu"

	"github.com/canopyradar/canopy/coverage/altitude"
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

// anyEye draws a radar and a window around it, without floors; ok is false where
// the draw is none.
func anyEye(random *rand.Rand, reach sight.Reach) (e eye, ok bool) {
	site := anySite(random, 70, 1e6)
	// Nearer to a pole, surfaces are refused.
	site.RangeM = min(site.RangeM, 20e3*(75-math.Abs(site.Position.Lat())))
	site.MinRangeM = min(site.MinRangeM, site.RangeM)
	if random.IntN(2) == 0 {
		site.HeightLimitAMSLM = between(random, 1, 40000)
	}
	perDeg := 111e3 / site.RangeM * between(random, 5, 300)
	window, err := floor.Window(site, terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg})
	if err != nil {
		return e, false
	}
	s := floor.Restore(site, reach, window, make([]floor.AGL, window.Posts()), 0, floor.Missing{})
	return newEye(&Network{Scene: Scene{Ground: &terrain.View{Lattice: window}}}, &Layer{Surface: s}), true
}

func anyBand(random *rand.Rand) band {
	a := altitude.Altitude{Reference: []altitude.Reference{altitude.AGL, altitude.AMSL}[random.IntN(2)], Value: between(random, 0, 20000)}
	if random.IntN(4) == 0 {
		a.Value = math.Round(between(random, 0, 1000))
	}
	return newBand(a, sight.Terrain)
}

// What is sure of a ring holds for the envelope of each cell in it.
func TestOutlookHolds(t *testing.T) {
	const seed = 20150510
	random := rand.New(rand.NewPCG(seed, 0))
	free, over, under := 0, 0, 0
	for draw := range draws(200_000) {
		site, reach := anySite(random, 75, 1e6), []sight.Reach{sight.Terrain, sight.Horizon}[draw%2]
		if random.IntN(2) == 0 {
			site.HeightLimitAMSLM = between(random, 1, 40000)
		}
		l := newLimits(site, reach)
		a, r := anyBand(random), ring{groundLow: between(random, -430, 6000)}
		r.groundHigh = r.groundLow + between(random, 0, 1000)*float64(random.IntN(2))
		r.lowM, r.highM = a.ends(r.groundLow, r.groundHigh)
		r.leastM = max(nearestM, site.RangeM*random.Float64())
		r.mostM = r.leastM + site.RangeM*random.Float64()*0.05
		o := l.outlook(&r)
		sure := o.of(&a)
		for range 4 {
			distanceM, ground := between(random, r.leastM, r.mostM), between(random, r.groundLow, r.groundHigh)
			e, height := site.Envelope(reach, distanceM, 360*random.Float64(), ground), a.AMSLM(ground)
			if height < ground {
				continue
			}
			if sure.free && height > e.TopAMSLM() || sure.over && height < e.HorizonAMSLM || sure.under && height >= e.HorizonAMSLM ||
				o.inside && e.BlindTopAMSLM > math.Inf(-1) {
				t.Fatalf("seed %d, draw %d: %+v, k %v\n%v over %v m, ring %+v\n%+v, %+v\n%+v", seed, draw, site.Radar, site.EarthFactor, a.Altitude, ground, r, o, sure, e)
			}
			count(&free, sure.free)
			count(&over, sure.over)
			count(&under, sure.under)
		}
	}
	if min(free, over, under) < draws(50_000) {
		t.Errorf("%d places are free, %d above the horizon and %d below: the test shows too little", free, over, under)
	}
}

func count(n *int, is bool) {
	if is {
		*n++
	}
}

// It must also save work: most of what a common radar looks at.
func TestOutlookIsFreeOverMostOfARange(t *testing.T) {
	site := sight.NewSite(radar.Radar{Position: [2]float64{-69, -12}, MastM: 15, Limits: radar.Limits{
		RangeM: 400e3, MaxElevationDeg: 20, HeightLimitAMSLM: 30480}}, 200, 4./3)
	l := newLimits(&site, sight.Terrain)
	if o := l.outlook(&ring{leastM: 35e3, mostM: 399.5e3, groundHigh: 2000, lowM: 500, highM: 12000}); o.bands[0].freeToM < 12000 || o.bands[0].freeFromM > 500 {
		t.Errorf("only from %v to %v m it is free from 35 to 399.5 km", o.bands[0].freeFromM, o.bands[0].freeToM)
	}
}

// What comparisons of the cells of a block call sure holds for the envelope of
// each, and they leave few in doubt: those of this processor, and those for any.
func TestComparisonsHold(t *testing.T) { quickAndPlain(t, comparisonsHold) }

// quickAndPlain runs a test of the loops of this processor, and of those for any.
func quickAndPlain(t *testing.T, test func(*testing.T)) {
	t.Run("quick", test)
	quick := cpu.X86.HasAVX2
	defer func() { cpu.X86.HasAVX2 = quick }()
	cpu.X86.HasAVX2 = false
	t.Run("plain", test)
}

func comparisonsHold(t *testing.T) {
	const seed = 20150510
	random := rand.New(rand.NewPCG(seed, 0))
	looked, doubts := 0, 0
	for draw := range draws(6000) {
		reach := []sight.Reach{sight.Terrain, sight.Horizon}[draw%2]
		e, ok := anyEye(random, reach)
		if !ok {
			continue
		}
		for range 10 {
			b, v, ok := anyBlock(random, &e)
			if !ok {
				continue
			}
			a := anyBand(random)
			r := ring{leastM: nearestM, mostM: e.Site.RangeM, groundLow: b.groundLow, groundHigh: b.groundHigh}
			r.lowM, r.highM = a.ends(r.groundLow, r.groundHigh)
			b.tile = &tile{outlooks: []outlook{v.limits.outlook(&r)}}
			ceiling := b.ceiling(v, &a)
			over, under := b.horizon(v, &a)
			for i := range cellsOf(v.met) {
				ground := b.groundAt(i)
				height, envelope := a.AMSLM(ground), v.envelope(b.col+i, ground)
				is := func(word uint64) bool { return word>>i&1 != 0 }
				if height < ground || envelope.DistanceM > e.Site.RangeM {
					continue
				}
				if is(ceiling.free) && height > envelope.TopAMSLM() || is(ceiling.above) && height <= envelope.BeamTopAMSLM ||
					is(ceiling.beyond) && (height <= envelope.RangeTopAMSLM || height > envelope.BeamTopAMSLM) ||
					is(over) && height < envelope.HorizonAMSLM || is(under) && height >= envelope.HorizonAMSLM {
					t.Fatalf("seed %d, draw %d: %+v, k %v\n%v over %v m, cell %d of %+v\nfree %v, above %v, beyond %v, over %v, under %v, %+v", seed, draw,
						e.Site.Radar, e.Site.EarthFactor, a.Altitude, ground, i, b, is(ceiling.free), is(ceiling.above), is(ceiling.beyond), is(over), is(under), envelope)
				}
				looked++
				count(&doubts, !is(ceiling.free|ceiling.above|ceiling.beyond) || !is(over|under))
			}
		}
	}
	// Many draws are of ranges within what comparisons are off by.
	if looked < draws(500_000) || doubts > looked/5 {
		t.Errorf("%d of %d cells are in doubt: the test shows too little, or comparisons do", doubts, looked)
	}
}

// What horizons call sure holds for the envelope of each cell, and they leave few in
// doubt: those of this processor, and those for any.
func TestHorizonsHold(t *testing.T) { quickAndPlain(t, horizonsHold) }

func horizonsHold(t *testing.T) {
	const seed = 20150510
	random := rand.New(rand.NewPCG(seed, 0))
	rays, horizons := make([]float32, cellsPerBlock), make([]floor.AGL, cellsPerBlock)
	looked, doubts := 0, 0
	for draw := range draws(4000) {
		e, ok := anyEye(random, sight.Terrain)
		if !ok || e.limits.minTan < 0 {
			continue
		}
		b, v, ok := anyBlock(random, &e)
		if !ok {
			continue
		}
		ray := e.limits.lowestRay(v.arcOfRow(), b.col)
		b.horizons = horizons[:b.cells]
		copy(rays, slices.Repeat([]float32{float32(math.Inf(1))}, b.cells))
		lowerRay(rays[:b.cells], &ray)
		horizonsOver(b.horizons, rays[:b.cells], b.ground(0, b.cells))
		for range 5 {
			a := anyBand(random)
			if random.IntN(2) == 0 { // or most are far off
				a = newBand(altitude.Altitude{Reference: a.Reference, Value: float64(rays[random.IntN(b.cells)]) - float64(a.follow)*b.groundLow + random.NormFloat64()}, sight.Terrain)
			}
			_, high := a.ends(b.groundLow, b.groundHigh)
			var at verdict
			at.lower, at.upper = a.around(finestM+e.limits.rayOff()*max(0, high-e.limits.antennaM), b.groundLow)
			b.tile = &tile{verdicts: []verdict{at}}
			above, below, inRange := b.overHorizon(0)
			for i := range cellsOf(v.met & inRange) {
				ground := b.groundAt(i)
				height, envelope := a.AMSLM(ground), v.envelope(b.col+i, ground)
				if height < ground || envelope.DistanceM > e.Site.RangeM {
					continue
				}
				if above>>i&1 != 0 && height < envelope.HorizonAMSLM || below>>i&1 != 0 && height >= envelope.HorizonAMSLM {
					t.Fatalf("seed %d, draw %d: %+v, k %v\n%v over %v m, cell %d of %+v\nabove %v, below %v, horizon %v, %+v", seed, draw,
						e.Site.Radar, e.Site.EarthFactor, a.Altitude, ground, i, b, above>>i&1, below>>i&1, horizons[i].M(), envelope)
				}
				looked++
				count(&doubts, (above|below)>>i&1 == 0)
			}
		}
	}
	if looked < draws(100_000) || doubts > looked/5 {
		t.Errorf("%d of %d cells are in doubt: the test shows too little, or horizons do", doubts, looked)
	}
}

// anyBlock draws a block that a radar meets.
func anyBlock(random *rand.Rand, e *eye) (b *block, v *view, ok bool) {
	cells := min(cellsPerBlock, e.Cols)
	b = &block{row: &row{index: random.IntN(e.Rows), groundRead: true, groundM: make([]float32, e.Cols+cellsPerBlock)}, col: random.IntN(e.Cols - cells + 1), cells: cells}
	v = new(view)
	if !e.look(b.row.index, v) {
		return nil, nil, false
	}
	base, hills := between(random, -430, 6000), between(random, 0, 1000)*float64(random.IntN(2))
	for i := range b.row.groundM {
		b.row.groundM[i] = float32(base + hills*random.Float64())
	}
	ends := make([][2]float32, 1)
	plainEndsOfGround(ends, b.ground(0, cells))
	b.groundLow, b.groundHigh = float64(ends[0][0]), float64(ends[0][1])
	v.met = v.within(b.col, b.cells)
	return b, v, v.met != 0
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
