package network_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// drawLimits draws the limits of a radar from all that are valid.
func drawLimits(t *rapid.T, rangeM float64) radar.Limits {
	l := radar.Limits{RangeM: rangeM, HeightLimitAMSLM: radar.NoHeightLimit}
	l.MinElevationDeg = rapid.OneOf(rapid.SampledFrom([]float64{-10, -0.5, 0}), rapid.Float64Range(-10, 45)).Draw(t, "lowest beam")
	l.MaxElevationDeg = rapid.OneOf(rapid.Just(90.), rapid.Just(math.Max(20, l.MinElevationDeg)), rapid.Float64Range(l.MinElevationDeg, 90)).Draw(t, "highest beam")
	if rapid.IntRange(0, 3).Draw(t, "limited") == 0 {
		l.HeightLimitAMSLM = float64(rapid.IntRange(0, 12000).Draw(t, "height limit"))
	}
	if rapid.IntRange(0, 3).Draw(t, "blind") == 0 {
		l.MinRangeM = rapid.Float64Range(0, rangeM).Draw(t, "smallest range")
	}
	if rapid.IntRange(0, 3).Draw(t, "in sector") == 0 {
		l.Sector = &radar.Sector{FromDeg: rapid.Float64Range(0, 360).Draw(t, "from"), ToDeg: rapid.Float64Range(0, 360).Draw(t, "to")}
	}
	return l
}

// drawSurface draws a radar around a place, and floors above the posts in its
// range: where all is seen but what ceilings cut off, where nothing is, and in
// between.
func drawSurface(t *rapid.T, l terrain.Lattice, around orb.Point, rangeM float64, reach sight.Reach) *floor.Surface {
	at, _ := earth.Direct(around, rapid.Float64Range(0, 360).Draw(t, "azimuth"), rangeM*rapid.Float64Range(0, 1).Draw(t, "off"))
	r := radar.Radar{
		Position: at, MastM: rapid.OneOf(rapid.Just(0.), rapid.Just(15.), rapid.Float64Range(0, 1000)).Draw(t, "mast"),
		InService: rapid.IntRange(0, 4).Draw(t, "in service") > 0, Limits: drawLimits(t, rangeM*rapid.Float64Range(0.3, 1).Draw(t, "share of the range")),
	}
	groundM := rapid.OneOf(rapid.Just(0.), rapid.Just(250.3), rapid.Float64Range(-430, 8800)).Draw(t, "ground")
	site := sight.NewSite(r, groundM, rapid.OneOf(rapid.Just(earth.StandardK), rapid.Float64Range(0.5, 10)).Draw(t, "k"))
	window, err := floor.Window(&site, l)
	if err != nil {
		t.Skip(err)
	}
	floors := make([]floor.AGL, window.Posts())
	seed := rapid.Uint64().Draw(t, "floors")
	random := rand.New(rand.NewPCG(seed, 0))
	s := floor.Restore(&site, reach, window, floors, 0, floor.Missing{})
	for row := range s.Rows {
		first, last := s.Span(row)
		for col := range s.Cols {
			low, high := uint32(0), uint32(floor.Unseen)
			switch seed >> (2 * (col/80 + row/20%2)) % 4 {
			case 0:
				high = low
			case 1:
				low = high
			case 2:
				high = 20000
			}
			if floors[row*s.Cols+col] = floor.AGL(low + random.Uint32N(high-low+1)); col < first || col >= last {
				floors[row*s.Cols+col] = floor.Unseen
			}
		}
	}
	return s
}

// drawScene draws the ground around a place, altitudes, and what else a scene
// has but an airspace.
func drawScene(t *rapid.T, l terrain.Lattice, around orb.Point) (network.Scene, *terrain.Grid) {
	l.Cols, l.Rows = rapid.IntRange(1, 200).Draw(t, "columns"), rapid.IntRange(1, 40).Draw(t, "rows")
	l.Col0, l.Row0 = int(l.Col(around.Lon()))+l.Col0-l.Cols/2, int(l.Row(around.Lat()))+l.Row0-l.Rows/2
	seed := rapid.Uint64().Draw(t, "relief")
	random := rand.New(rand.NewPCG(seed, 1))
	ground := terrain.NewGrid(l)
	base, hills := rapid.Float64Range(-430, 5000).Draw(t, "lowest ground"), rapid.OneOf(rapid.Just(0.), rapid.Float64Range(0, 3000)).Draw(t, "hills")
	length := rapid.Float64Range(3, 200).Draw(t, "length of hills")
	for i := range ground.ElevationM {
		col, row := float64(i%l.Cols), float64(i/l.Cols)
		z := base + hills*(1+math.Sin(col/length)*math.Cos(row/length)+0.1*random.Float64())
		if seed%2 == 0 {
			z = math.Round(z)
		}
		ground.ElevationM[i] = float32(z)
	}
	scene := network.Scene{Ground: ground.View(), MinRadars: rapid.IntRange(1, 3).Draw(t, "smallest count")}
	scene.Reach = rapid.SampledFrom([]sight.Reach{sight.Terrain, sight.Terrain, sight.Horizon, sight.Disc}).Draw(t, "reach")
	for range rapid.IntRange(1, 4).Draw(t, "bands") {
		a := altitude.Altitude{Reference: rapid.SampledFrom([]altitude.Reference{altitude.AGL, altitude.AMSL, altitude.FlightLevel}).Draw(t, "reference")}
		a.Value = rapid.OneOf(rapid.Just(0.), rapid.Just(500.), rapid.Float64Range(-100, 20000)).Draw(t, "altitude")
		if a.Reference == altitude.FlightLevel {
			a.Value = float64(rapid.IntRange(0, 600).Draw(t, "level"))
		}
		a.Value = math.Round(a.Value*100) / 100 // or it may be lost on the ground
		scene.Altitudes = append(scene.Altitudes, a)
	}
	return scene, ground
}

// drawAirspace draws some of the cells: none on the rim of a radar, of which a
// surface has its own idea.
func drawAirspace(t *rapid.T, l terrain.Lattice, all []*floor.Surface) *raster.Mask {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "airspace"), 2))
	onRim := func(row, col int) bool {
		return slices.ContainsFunc(all, func(s *floor.Surface) bool {
			r, c := row+l.Row0-s.Row0, col+l.Col0-s.Col0
			return r >= 0 && r < s.Rows && c >= 0 && c < s.Cols && math.Abs(s.DistanceM(r, c)-s.Site.RangeM)*s.PerDegLat < 0.02*111e3
		})
	}
	var runs []raster.Run
	for row := range l.Rows {
		left, inside := 0, random.IntN(2) == 0
		for col := range l.Cols {
			if left--; left < 0 {
				left, inside = random.IntN(150), !inside
			}
			last := len(runs) - 1
			switch {
			case !inside || onRim(row, col):
			case last >= 0 && int(runs[last].Row) == row && int(runs[last].Col1) == col:
				runs[last].Col1++
			default:
				runs = append(runs, raster.Run{Row: int32(row), Col0: int32(col), Col1: int32(col + 1)})
			}
		}
	}
	return raster.NewMask(l, runs)
}

// drawAll draws a scene, and radars around it.
func drawAll(t *rapid.T, radars int) (network.Scene, *terrain.Grid, []*floor.Surface) {
	around := orb.Point{-70, rapid.OneOf(rapid.Float64Range(-20, 5), rapid.Float64Range(-70, 70)).Draw(t, "latitude")}
	// Nearer to a pole, surfaces are refused.
	farthestM := min(400e3, 8e3*(75-math.Abs(around.Lat())))
	rangeM := math.Exp(rapid.Float64Range(math.Log(500), math.Log(farthestM)).Draw(t, "log of the range"))
	perDeg := 111e3 / rangeM * rapid.Float64Range(30, 150).Draw(t, "posts in range")
	l := terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg, OffLon: 0.5, OffLat: 0.5}
	scene, ground := drawScene(t, l, around)
	var all []*floor.Surface
	for range rapid.IntRange(0, radars).Draw(t, "radars") {
		all = append(all, drawSurface(t, l, around, rangeM, scene.Reach))
	}
	scene.Inside = drawAirspace(t, ground.Lattice, all)
	return scene, ground, all
}

// Whatever the radars, the ground and the floors: what is decided for many cells
// at once is what the envelope of each says.
func TestAnyLookIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scene, ground, all := drawAll(t, 4)
		n := network.New(scene)
		if err := n.Look(t.Context(), layers(all), 0, scene.Inside.Rows, 1); err != nil {
			t.Fatal(err)
		}
		j := judge{n, ground, all}
		for band := range n.Bands {
			j.check(t, band)
		}
	})
}

// Whatever other radars there were: what is repeated of an earlier look, and what
// is looked at, are together what a look tells that knows of none.
func TestAnyLookGoesOnFromAnEarlierOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scene, _, all := drawAll(t, 6)
		look := func(s network.Scene, radars []*floor.Surface) *network.Network {
			n := network.New(s)
			if err := n.Look(t.Context(), layers(radars), 0, s.Inside.Rows, 1); err != nil {
				t.Fatal(err)
			}
			return n
		}
		var before, now []*floor.Surface
		changed := make([]network.Columns, scene.Inside.Rows)
		for _, s := range all {
			from, to := rapid.Bool().Draw(t, "before"), rapid.Bool().Draw(t, "now")
			if from {
				before = append(before, s)
			}
			if to {
				now = append(now, s)
			}
			row, spans := network.Layer{Surface: s}.Spans(scene.Inside.Lattice)
			for i := range spans {
				if from != to {
					changed[row+i] = changed[row+i].Join(spans[i])
				}
			}
		}
		want, earlier := look(scene, now), look(scene, before)
		scene.Relief = earlier.Relief
		scene.Earlier = &network.Earlier{Bands: earlier.Bands, Lowest: earlier.Lowest, Changed: changed}
		if got := look(scene, now); answer(got) != answer(want) {
			t.Error("another answer")
		}
		if scene.Lowest = want.Lowest; answer(look(scene, now)) != answer(want) {
			t.Error("another answer, with known floors")
		}
	})
}
