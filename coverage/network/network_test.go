package network_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
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

// ragged is cells around the centre that take part: a third of the world, with
// ragged edges and now and then a gap.
func ragged(seed uint64) *raster.Mask {
	random := rand.New(rand.NewPCG(seed, 2))
	l := world.Sub(70, 60, 150, 170)
	var runs []raster.Run
	for row := range int32(l.Rows) {
		west, east := int32(random.IntN(40)), int32(60+random.IntN(80))
		if row%5 == 0 {
			runs = append(runs, raster.Run{Row: row, Col0: west, Col1: 50})
			west = 50 + int32(1+random.IntN(9))
		}
		runs = append(runs, raster.Run{Row: row, Col0: west, Col1: east})
	}
	return raster.NewMask(l, runs)
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
		s, err := floor.Compute(context.Background(), &site, reach, floor.Land{Ground: ground.View()}, 2)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// look lets radars look at the cells of a mask.
func look(t *testing.T, scene network.Scene, workers int, all ...*floor.Surface) *network.Network {
	t.Helper()
	n := network.New(scene)
	if err := n.Look(context.Background(), layers(all), 0, scene.Inside.Rows, workers); err != nil {
		t.Fatal(err)
	}
	return n
}

func layers(all []*floor.Surface) []network.Layer {
	var out []network.Layer
	for _, s := range all {
		out = append(out, network.Layer{Surface: s})
	}
	return out
}

// over is a scene of all bands.
func over(ground *terrain.Grid, inside *raster.Mask, reach sight.Reach, minRadars int) network.Scene {
	part := terrain.NewGrid(inside.Lattice)
	for r := range part.Rows {
		copy(part.RowM(r), ground.RowM(r + inside.Row0 - ground.Row0)[inside.Col0-ground.Col0:])
	}
	return network.Scene{Ground: part.View(), Inside: inside, Altitudes: bands, MinRadars: minRadars, Reach: reach}
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
		{"disc, single coverage", sight.Disc, 1},
		{"disc, double coverage", sight.Disc, 2},
	}
	if testing.Short() { // as the race detector is run
		tests = tests[:2]
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ground := rugged(uint64(i))
			all := surfaces(t, fleet(), tt.reach, ground)
			n := look(t, over(ground, ragged(uint64(i)), tt.reach, tt.minRadars), 3, all...)
			j := judge{n, ground, all}
			covered, open := 0, 0
			for band := range n.Bands {
				c, o := j.check(t, band)
				covered, open = covered+c, open+o
			}
			if covered < 1000 || open < 1000 {
				t.Errorf("%d cells are covered, %d open: the test shows too little", covered, open)
			}
		})
	}
}

// judge looks at single cells, the slow and obvious way.
type judge struct {
	*network.Network
	ground *terrain.Grid
	all    []*floor.Surface
}

// reporter is what testing.T and rapid.T have in common.
type reporter interface {
	Helper()
	Fatalf(format string, args ...any)
}

// check holds all cells of a band to the judgement.
func (j *judge) check(t reporter, band int) (covered, open int) {
	t.Helper()
	b := &j.Bands[band]
	stretches := b.Open
	for r := range j.Inside.Rows {
		var seen, under int32
		runs, first := j.Inside.Row(r)
		for i, run := range runs {
			floors := j.Floors(first + i)
			for c := run.Col0; c < run.Col1; c++ {
				if got, want := floors[c-run.Col0], j.kthFloor(r, int(c)); got != want {
					t.Fatalf("cell (%d, %d): floor %v, want %v", c, r, got, want)
				}
				cause, underground := j.cause(r, int(c), b.Altitude)
				switch {
				case cause == sight.None:
					seen++
				case underground:
					under++
				default:
					open++
					if len(stretches) == 0 || int(stretches[0].Row) != r || stretches[0].Col0 > c {
						t.Fatalf("cell (%d, %d) at %v is not open, want cause %v", c, r, b.Altitude, cause)
					}
					if stretches[0].Cause != cause {
						t.Fatalf("cell (%d, %d) at %v: cause %v, want %v", c, r, b.Altitude, stretches[0].Cause, cause)
					}
					if c == stretches[0].Col1-1 {
						if len(stretches) > 1 && stretches[1].Row == int32(r) && stretches[1].Col0 == c+1 && stretches[1].Cause == cause {
							t.Fatalf("cell (%d, %d) at %v: two stretches make one", c, r, b.Altitude)
						}
						stretches = stretches[1:]
					}
				}
			}
		}
		if b.Covered[r] != seen || b.Underground[r] != under {
			t.Fatalf("row %d at %v: %d cells covered and %d underground, want %d and %d", r, b.Altitude, b.Covered[r], b.Underground[r], seen, under)
		}
		covered += int(seen)
	}
	if len(stretches) > 0 {
		t.Fatalf("%v: %d stretches too many, from %v on", b.Altitude, len(stretches), stretches[0])
	}
	return covered, open
}

// cause returns the largest cause of the radars that do not see a cell, None
// where enough do.
func (j *judge) cause(row, col int, a altitude.Altitude) (cause sight.Cause, underground bool) {
	z := j.groundM(row, col)
	h := a.AMSLM(z)
	seen := 0
	cause = sight.OutOfRange
	for _, s := range j.all {
		c := j.causeOf(s, row, col, a)
		switch {
		case s.Site.InService && c == sight.None:
			seen++
		case s.Site.InService:
			cause = max(cause, c)
		case c == sight.None:
			cause = sight.OutOfService
		}
	}
	if seen >= j.MinRadars {
		cause = sight.None
	}
	return cause, h < z && j.Reach != sight.Disc
}

// causeOf returns why a radar does not see a cell. It does where its floor is,
// in metres above ground, no more than the altitude is, and the ceiling no
// less.
func (j *judge) causeOf(s *floor.Surface, row, col int, a altitude.Altitude) sight.Cause {
	r, c, ok := j.place(s, row, col)
	if !ok {
		return sight.OutOfRange
	}
	z := j.groundM(row, col)
	h, above := a.AMSLM(z), a.AMSLM(0)-z
	if a.Reference == altitude.AGL {
		above = a.Value
	}
	distanceM, azimuthDeg := s.Polar(r, c)
	e := s.Site.Envelope(s.Reach, distanceM, azimuthDeg, z)
	lowest := s.Floor[r*s.Cols+c]
	if j.Reach == sight.Disc && lowest != floor.Unseen || lowest.M() <= above && h <= e.TopAMSLM() {
		return sight.None
	}
	return e.Cause(math.NaN(), h)
}

func (j *judge) groundM(row, col int) float64 {
	return float64(j.ground.RowM(row + j.Inside.Row0 - j.ground.Row0)[col+j.Inside.Col0-j.ground.Col0])
}

// place returns where a surface has a cell of the network, if it does.
func (j *judge) place(s *floor.Surface, row, col int) (r, c int, ok bool) {
	r, c = row+j.Inside.Row0-s.Row0, col+j.Inside.Col0-s.Col0
	return r, c, r >= 0 && c >= 0 && r < s.Rows && c < s.Cols
}

func (j *judge) kthFloor(row, col int) floor.AGL {
	floors := slices.Repeat([]floor.AGL{floor.Unseen}, j.MinRadars)
	for _, s := range j.all {
		if r, c, ok := j.place(s, row, col); ok && s.Site.InService {
			floors = append(floors, s.Floor[r*s.Cols+c])
		}
	}
	slices.Sort(floors)
	return floors[j.MinRadars-1]
}

// answer is all that a network has to say.
func answer(n *network.Network) string {
	var out strings.Builder
	for i := range n.Inside.Runs {
		fmt.Fprintln(&out, n.Floors(i))
	}
	fmt.Fprintln(&out, n.Bands, n.Relief.Missing)
	return out.String()
}

// What another look has told of the ground, or of the floors as well, changes
// nothing.
func TestWhatIsKnownChangesNothing(t *testing.T) {
	ground, inside := rugged(11), ragged(11)
	for _, minRadars := range []int{1, 2} {
		scene := over(ground, inside, sight.Terrain, minRadars)
		scene.Ground.Panels[0].Float32[77*inside.Cols+50] = float32(math.NaN())
		all := surfaces(t, fleet(), sight.Terrain, ground)
		scene.Altitudes = bands[:2]
		before := look(t, scene, 2, all...)
		scene.Altitudes = bands
		want := answer(look(t, scene, 2, all...))
		scene.Relief = before.Relief
		if answer(look(t, scene, 2, all...)) != want {
			t.Errorf("%d radars at least: another answer where the relief is known", minRadars)
		}
		scene.Lowest = before.Lowest
		if answer(look(t, scene, 2, all...)) != want {
			t.Errorf("%d radars at least: another answer where the floors are known", minRadars)
		}
	}
}

// Rows where no radar is another repeat what they were.
func TestUnchangedRowsAreRepeated(t *testing.T) {
	ground, inside := rugged(12), ragged(12)
	for _, minRadars := range []int{1, 2} {
		scene := over(ground, inside, sight.Terrain, minRadars)
		all := surfaces(t, fleet(), sight.Terrain, ground)
		before := look(t, scene, 2, all[1:]...)
		want := answer(look(t, scene, 2, all...))
		scene.Relief = before.Relief
		scene.Earlier = &network.Earlier{Bands: before.Bands, Lowest: before.Lowest, Changed: make([]network.Columns, inside.Rows)}
		row, spans := network.Layer{Surface: all[0]}.Spans(inside.Lattice)
		copy(scene.Earlier.Changed[row:], spans)
		unchanged := inside.Rows - len(spans)
		if answer(look(t, scene, 2, all...)) != want || unchanged == 0 {
			t.Errorf("%d radars at least: another answer, with %d rows unchanged", minRadars, unchanged)
		}
		// Nothing but the earlier look tells what is seen.
		clear(scene.Earlier.Changed)
		if answer(look(t, scene, 2)) != answer(before) {
			t.Errorf("%d radars at least: rows are not repeated", minRadars)
		}
	}
}

// Neither the order of radars nor the number of workers shows, nor in how many
// parts the airspace is looked at.
func TestOrderWorkersAndPartsChangeNothing(t *testing.T) {
	ground, inside := rugged(9), ragged(9)
	scene := over(ground, inside, sight.Terrain, 2)
	scene.Ground.Panels[0].Float32[77*inside.Cols+50] = float32(math.NaN())
	scene.Ground.Panels[0].Float32[33*inside.Cols+60] = float32(math.NaN())
	all := surfaces(t, fleet(), sight.Terrain, ground)
	want := look(t, scene, 1, all...)
	if want.Relief.Missing.Posts != 2 {
		t.Errorf("%d cells are missing, want 2", want.Relief.Missing.Posts)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for _, workers := range []int{1, 8} {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if answer(look(t, scene, workers, all...)) != answer(want) {
			t.Errorf("%d workers, another order: another answer", workers)
		}
	}
	parts := network.New(scene)
	for from := 0; from < inside.Rows; from += 37 {
		to := min(from+37, inside.Rows)
		if err := parts.Look(context.Background(), rowsOnly(inside.Lattice, all, from, to), from, to, 2); err != nil {
			t.Fatal(err)
		}
	}
	if answer(parts) != answer(want) {
		t.Error("in parts: another answer")
	}
}

// rowsOnly cuts surfaces to some rows of an airspace.
func rowsOnly(l terrain.Lattice, all []*floor.Surface, from, to int) []network.Layer {
	var out []network.Layer
	for _, s := range all {
		out = append(out, network.Cut(s, l.Sub(0, from, l.Cols, to-from)))
	}
	return out
}

func TestARadarFarOffChangesNothing(t *testing.T) {
	ground, inside := rugged(2), ragged(2)
	far := fleet()[7]
	var all []*floor.Surface
	for _, offset := range [][2]int{{-290, 0}, {290, 0}, {0, -290}, {0, 290}, {1000, 1000}} {
		moved := *ground
		moved.Lattice = ground.Sub(offset[0], offset[1], ground.Cols, ground.Rows)
		r := far
		r.Position = orb.Point{far.Position.Lon() + float64(offset[0])/240, far.Position.Lat() - float64(offset[1])/240}
		all = append(all, surfaces(t, []radar.Radar{r}, sight.Disc, &moved)...)
	}
	n := look(t, over(ground, inside, sight.Disc, 1), 2, all...)
	if _, open := (&judge{n, ground, nil}).check(t, 0); open != inside.Count() {
		t.Errorf("%d cells are open, want all %d", open, inside.Count())
	}
}

func TestLookStops(t *testing.T) {
	ground, inside := rugged(3), ragged(3)
	all := layers(surfaces(t, fleet()[:1], sight.Terrain, ground))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, workers := range []int{0, 1, 8} {
		n := network.New(over(ground, inside, sight.Terrain, 1))
		if err := n.Look(ctx, all, 0, inside.Rows, workers); !errors.Is(err, context.Canceled) {
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

// Wherever a look is cut short, it says so.
func TestLookCutShortIsAnError(t *testing.T) {
	ground, inside := rugged(3), ragged(3)
	scene := over(ground, inside, sight.Disc, 1)
	s := surfaces(t, fleet()[:1], sight.Disc, ground)
	want := answer(look(t, scene, 1, s...))
	for asked, finished := int64(0), false; !finished; asked += 7 {
		n := network.New(scene)
		ctx := &countdown{Context: context.Background()}
		ctx.left.Store(asked)
		finished = n.Look(ctx, layers(s), 0, inside.Rows, 1) == nil
		if finished && answer(n) != want {
			t.Fatalf("cut short after %d checks, without an error", asked)
		}
	}
}
