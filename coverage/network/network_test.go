package network_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

var centre = orb.Point{-70.003, -10.007}

// world has posts 15 arc-seconds apart, in a window of 0.6° around centre.
var world = terrain.Lattice{PerDegLon: 240, PerDegLat: 240, Col0: 26254, Row0: 23856, Cols: 291, Rows: 291}

// rugged returns random terrain: hills of some kilometres, and noise on them.
func rugged(seed uint64) *terrain.Grid {
	random := rand.New(rand.NewPCG(seed, 1))
	phase := random.Float64() * 6
	g := terrain.NewGrid(world)
	for i := range g.ElevationM {
		col, row := float64(i%g.Cols), float64(i/g.Cols)
		g.ElevationM[i] = float32(900 + 700*math.Sin(col/19+phase)*math.Cos(row/13) + 150*random.Float64())
	}
	return g
}

// band of cells around the centre that takes part: a third of the world, with
// ragged edges.
func ragged(seed uint64) *raster.Mask {
	random := rand.New(rand.NewPCG(seed, 2))
	m := raster.NewMask(world.Sub(70, 60, 150, 170))
	for row := range m.Rows {
		m.AddRun(raster.Run{Row: int32(row), Col0: int32(random.IntN(40)), Col1: int32(60 + random.IntN(80))})
	}
	return m
}

var bands = []altitude.Altitude{
	{Reference: altitude.AGL, Value: 0}, {Reference: altitude.AGL, Value: 300}, {Reference: altitude.AGL, Value: 3000},
	{Reference: altitude.AMSL, Value: 1000}, {Reference: altitude.AMSL, Value: 20000}, {Reference: altitude.FlightLevel, Value: 100},
}

// fleet is radars that differ in every limit there is.
func fleet() []radar.Radar {
	at := func(lonDeg, latDeg float64) orb.Point { return orb.Point{centre.Lon() + lonDeg, centre.Lat() + latDeg} }
	plain := radar.Limits{RangeM: 30e3, MinElevationDeg: -10, MaxElevationDeg: 89, HeightLimitAMSLM: radar.NoHeightLimit}
	with := func(change func(*radar.Limits)) radar.Limits {
		l := plain
		change(&l)
		return l
	}
	all := []radar.Radar{
		{Position: at(0, 0), Limits: plain},
		{Position: at(0.1, 0.1), Limits: with(func(l *radar.Limits) { l.Sector = &radar.Sector{FromDeg: 300, ToDeg: 60} })},
		{Position: at(-0.1, 0.05), Limits: with(func(l *radar.Limits) { l.HeightLimitAMSLM = 2500 })},
		{Position: at(0.05, -0.15), Limits: with(func(l *radar.Limits) { l.MinRangeM = 8e3 })},
		{Position: at(-0.12, -0.1), Limits: with(func(l *radar.Limits) { l.MinElevationDeg, l.MaxElevationDeg = 0.5, 12 })},
		{Position: at(0.02, 0.2), Limits: with(func(l *radar.Limits) { l.RangeM, l.MinElevationDeg, l.MaxElevationDeg = 15e3, -5, 0 })},
		{Position: at(0.15, -0.02), Limits: with(func(l *radar.Limits) { l.MaxElevationDeg = 40 })},
		{Position: at(-0.2, 0.18), Limits: with(func(l *radar.Limits) { l.RangeM = 9e3 })},
		{Position: centre, Limits: with(func(l *radar.Limits) { l.RangeM = 500 })}, // within a few posts
	}
	for i := range all {
		all[i].MastM, all[i].InService, all[i].K = 15, i%3 != 2, []float64{0, 0.8, 1.6}[i%3]
	}
	return all
}

func surfaces(t *testing.T, radars []radar.Radar, reach sight.Reach, ground *terrain.Grid) []*floor.Surface {
	t.Helper()
	var out []*floor.Surface
	for _, r := range radars {
		site := sight.NewSite(r, ground.At(r.Position.Lon(), r.Position.Lat()), earth.StandardK)
		s, err := floor.Compute(context.Background(), &site, reach, floor.Land{Ground: ground}, 2)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// build adds radars, in the order given, to the cells of a mask.
func build(t *testing.T, ground *terrain.Grid, inside *raster.Mask, minRadars, workers int, all []*floor.Surface) *network.Network {
	t.Helper()
	part := terrain.NewGrid(inside.Lattice)
	for r := range part.Rows {
		copy(part.RowM(r), ground.RowM(r + inside.Row0 - ground.Row0)[inside.Col0-ground.Col0:])
	}
	n := network.New(part, inside, bands, minRadars)
	for _, s := range all {
		if err := n.Add(context.Background(), s, workers); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// TestAgainstRecount counts again, cell by cell and radar by radar, with the
// envelope of each.
func TestAgainstRecount(t *testing.T) {
	tests := []struct {
		name      string
		reach     sight.Reach
		minRadars int
	}{
		{"terrain, single coverage", sight.Terrain, 1},
		{"terrain, triple coverage", sight.Terrain, 3},
		{"horizon, single coverage", sight.Horizon, 1},
		{"horizon, double coverage", sight.Horizon, 2},
		{"disc, double coverage", sight.Disc, 2},
	}
	if testing.Short() { // as the race detector is run
		tests = tests[:2]
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			seed := uint64(i)
			ground, inside := rugged(seed), ragged(seed)
			all := surfaces(t, fleet(), tt.reach, ground)
			n := build(t, ground, inside, tt.minRadars, 3, all)
			covered := 0
			for run := range inside.Runs() {
				for col := run.Col0; col < run.Col1; col++ {
					covered += recount(t, n, all, int(col), int(run.Row))
				}
			}
			if all := inside.Count() * len(bands); covered == 0 || covered == all {
				t.Errorf("%d of %d cells are covered: the test shows too little", covered, all)
			}
		})
	}
}

// recount checks one cell, and returns in how many bands it is covered.
func recount(t *testing.T, n *network.Network, all []*floor.Surface, col, row int) (covered int) {
	t.Helper()
	cell := row*n.Ground.Cols + col
	if got, want := n.Floor(cell), kthFloor(n, all, col, row); got != want {
		t.Fatalf("cell (%d, %d): floor %v, want %v", col, row, got, want)
	}
	for i := range n.Bands {
		b := &n.Bands[i]
		seen, cause := 0, sight.OutOfRange
		for _, s := range all {
			switch c := causeOf(n, s, col, row, n.HeightAMSLM(b, cell)); {
			case c == sight.None && s.Site.InService:
				seen++
			case c == sight.None:
				cause = sight.OutOfService
			case s.Site.InService:
				cause = max(cause, c)
			}
		}
		if got, want := n.Covered(b, cell), seen >= n.MinRadars(); got != want {
			t.Fatalf("cell (%d, %d) at %v: covered %v, but %d radars see it", col, row, b.Altitude, got, seen)
		}
		if n.Covered(b, cell) {
			covered++
		} else if got := b.Cause(cell); got != cause {
			t.Fatalf("cell (%d, %d) at %v: cause %v, want %v", col, row, b.Altitude, got, cause)
		}
	}
	return covered
}

// place returns where a surface has a cell of the network, if it does.
func place(n *network.Network, s *floor.Surface, col, row int) (r, c int, ok bool) {
	r, c = row+n.Ground.Row0-s.Row0, col+n.Ground.Col0-s.Col0
	return r, c, r >= 0 && c >= 0 && r < s.Rows && c < s.Cols
}

func causeOf(n *network.Network, s *floor.Surface, col, row int, heightM float64) sight.Cause {
	r, c, ok := place(n, s, col, row)
	if !ok {
		return sight.OutOfRange
	}
	distanceM, azimuthDeg := s.Polar(r, c)
	groundM := float64(n.Ground.RowM(row)[col])
	e := s.Site.Envelope(s.Reach, distanceM, azimuthDeg, groundM)
	lowest := s.Floor[r*s.Cols+c]
	if s.Reach == sight.Disc && lowest != floor.Unseen {
		return e.Cause(math.Inf(-1), heightM)
	}
	return e.Cause(groundM+lowest.M(), heightM)
}

func kthFloor(n *network.Network, all []*floor.Surface, col, row int) floor.AGL {
	floors := slices.Repeat([]floor.AGL{floor.Unseen}, n.MinRadars())
	for _, s := range all {
		if r, c, ok := place(n, s, col, row); ok && s.Site.InService {
			floors = append(floors, s.Floor[r*s.Cols+c])
		}
	}
	slices.Sort(floors)
	return floors[n.MinRadars()-1]
}

// Neither the order of radars nor the number of workers shows.
func TestOrderAndWorkersChangeNothing(t *testing.T) {
	ground, inside := rugged(9), ragged(9)
	all := surfaces(t, fleet(), sight.Terrain, ground)
	want := build(t, ground, inside, 2, 1, all)
	random := rand.New(rand.NewPCG(3, 4))
	for _, workers := range []int{1, 8} {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		got := build(t, ground, inside, 2, workers, all)
		for cell := range want.Ground.Posts() {
			if got.Floor(cell) != want.Floor(cell) {
				t.Fatalf("cell %d: floor %v, then %v", cell, want.Floor(cell), got.Floor(cell))
			}
			for i := range bands {
				a, b := &want.Bands[i], &got.Bands[i]
				if want.Covered(a, cell) != got.Covered(b, cell) || a.Cause(cell) != b.Cause(cell) {
					t.Fatalf("cell %d at %v: another answer", cell, bands[i])
				}
			}
		}
	}
}

func TestCellsOutsideAreLeftAlone(t *testing.T) {
	ground, inside := rugged(1), ragged(1)
	n := build(t, ground, inside, 1, 2, surfaces(t, fleet()[:1], sight.Disc, ground))
	for cell := range n.Ground.Posts() {
		in := inside.Has(cell%n.Ground.Cols, cell/n.Ground.Cols)
		if !in && (n.Covered(&n.Bands[0], cell) || n.Floor(cell) != floor.Unseen) {
			t.Fatalf("cell %d is outside, but has an answer", cell)
		}
	}
}

func TestARadarFarOffChangesNothing(t *testing.T) {
	ground, inside := rugged(2), ragged(2)
	far := fleet()[7]
	n := build(t, ground, inside, 1, 2, nil)
	for _, offset := range [][2]int{{-290, 0}, {290, 0}, {0, -290}, {0, 290}, {1000, 1000}} {
		moved := *ground
		moved.Lattice = ground.Sub(offset[0], offset[1], ground.Cols, ground.Rows)
		r := far
		r.Position = orb.Point{far.Position.Lon() + float64(offset[0])/240, far.Position.Lat() - float64(offset[1])/240}
		for _, s := range surfaces(t, []radar.Radar{r}, sight.Disc, &moved) {
			if err := n.Add(context.Background(), s, 2); err != nil {
				t.Fatal(err)
			}
		}
	}
	for run := range inside.Runs() {
		if cell := int(run.Row)*inside.Cols + int(run.Col0); n.Covered(&n.Bands[0], cell) {
			t.Fatalf("cell %d is covered", cell)
		}
	}
}

func TestAddStops(t *testing.T) {
	ground, inside := rugged(3), ragged(3)
	n := build(t, ground, inside, 1, 1, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, workers := range []int{0, 1, 8} {
		if err := n.Add(ctx, surfaces(t, fleet()[:1], sight.Terrain, ground)[0], workers); !errors.Is(err, context.Canceled) {
			t.Errorf("%d workers: error %v, want context canceled", workers, err)
		}
	}
}

// countdown is a context that is cancelled once it has been asked a number of
// times whether it is.
type countdown struct {
	context.Context
	left atomic.Int64
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// Wherever Add is cut short, it says so.
func TestAddCutShortIsAnError(t *testing.T) {
	ground, inside := rugged(3), ragged(3)
	s := surfaces(t, fleet()[:1], sight.Disc, ground)
	want := build(t, ground, inside, 1, 1, s)
	for asked, finished := int64(0), false; !finished; asked += 7 {
		got := build(t, ground, inside, 1, 1, nil)
		ctx := &countdown{Context: context.Background()}
		ctx.left.Store(asked)
		finished = got.Add(ctx, s[0], 1) == nil
		for cell := range want.Ground.Posts() {
			if finished && got.Floor(cell) != want.Floor(cell) {
				t.Fatalf("cut short after %d checks, without an error", asked)
			}
		}
	}
}

// Of more radars than a byte can count, none is lost: 255 stay 255.
func TestMoreRadarsThanAByteCounts(t *testing.T) {
	ground := rugged(4)
	one := raster.NewMask(world.Sub(145, 145, 1, 1))
	one.Add(0, 0)
	s := surfaces(t, fleet()[:1], sight.Disc, ground)[0]
	n := build(t, ground, one, 1, 1, slices.Repeat([]*floor.Surface{s}, 300))
	if !n.Covered(&n.Bands[0], 0) {
		t.Error("300 radars see a cell less than one does")
	}
}
