package gap_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// hidden returns a network over random hills, of one radar that sees some of
// it and does not reach over all.
func hidden(t *testing.T) (*network.Network, *terrain.Grid) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 8))
	l := rastertest.Lattice(120, 100)
	site := sight.NewSite(radar.Radar{Position: orb.Point{l.Lon(50), l.Lat(50)}, MastM: 15, InService: true, Limits: radar.Limits{
		RangeM: 20e3, MinElevationDeg: -10, MaxElevationDeg: 89, HeightLimitAMSLM: radar.NoHeightLimit}}, 600, earth.StandardK)
	window, err := floor.Window(&site, l)
	if err != nil {
		t.Fatal(err)
	}
	ground := terrain.NewGrid(l)
	for i := range ground.ElevationM {
		ground.ElevationM[i] = float32(500 + 300*math.Sin(float64(i%l.Cols)/9)*math.Cos(float64(i/l.Cols)/7) + 100*random.Float64())
	}
	s, err := floor.Compute(context.Background(), &site, sight.Terrain, floor.Land{Ground: enlarge(ground, window).View()}, 2)
	if err != nil {
		t.Fatal(err)
	}
	return look(t, ground, raster.All(l), s, aglBands...), ground
}

var aglBands = []altitude.Altitude{{Reference: altitude.AGL, Value: 200}, {Reference: altitude.AGL, Value: 50}, {Reference: altitude.AMSL, Value: 1000}}

// TestFloorStatistics sorts the floors of the cells in each gap.
func TestFloorStatistics(t *testing.T) {
	n, ground := hidden(t)
	gaps := 0
	for _, b := range findAll(t, &gap.Finder{Network: n}) {
		gaps += len(b.Gaps)
		for _, g := range b.Gaps {
			var amsl, agl []cell
			never := 0.0
			for _, run := range airspace.Rasterise(orb.MultiPolygon{g.Boundary}, ground.Lattice).Runs {
				areaM2 := cellM2(ground.Lattice, int(run.Row))
				for c := run.Col0; c < run.Col1; c++ {
					z := float64(ground.RowM(int(run.Row))[c])
					if f := n.Floors(int(run.Row))[c]; f == floor.Unseen { // the airspace has a run a row
						never += areaM2
					} else {
						amsl = append(amsl, cell{z + f.M(), areaM2})
						agl = append(agl, cell{f.M(), areaM2})
					}
				}
			}
			checkFloors(t, amsl, [3]float64{g.Floor.LowestAMSLM, g.Floor.MedianAMSLM, g.Floor.HighestAMSLM})
			checkFloors(t, agl, [3]float64{g.Floor.LowestAGLM, g.Floor.MedianAGLM, g.Floor.HighestAGLM})
			if !near(g.Floor.NeverSeenM2, never) {
				t.Errorf("never seen %v m², want %v", g.Floor.NeverSeenM2, never)
			}
		}
	}
	if gaps < 30 {
		t.Errorf("%d gaps show too little", gaps)
	}
}

type cell struct{ floorM, areaM2 float64 }

// checkFloors wants lowest, median and highest to the metre.
func checkFloors(t *testing.T, cells []cell, got [3]float64) {
	t.Helper()
	if len(cells) == 0 {
		if !math.IsNaN(got[0]) || !math.IsNaN(got[1]) || !math.IsNaN(got[2]) {
			t.Errorf("%v where no cell has a floor", got)
		}
		return
	}
	slices.SortFunc(cells, func(a, b cell) int { return cmp.Compare(a.floorM, b.floorM) })
	// Half a metre, and what single precision rounds.
	const off = 0.501
	if math.Abs(got[0]-cells[0].floorM) > off || math.Abs(got[2]-cells[len(cells)-1].floorM) > off {
		t.Errorf("from %v to %v m, want %v to %v", got[0], got[2], cells[0].floorM, cells[len(cells)-1].floorM)
	}
	// Halves may tie, and then the rounding of corners to 1e-7° decides: it
	// moves the area of a cell by 2e-5.
	const tie = 1e-4
	low, high := quantile(cells, 0.5-tie), quantile(cells, 0.5+tie)
	if got[1] < low-off || got[1] > high+off {
		t.Errorf("median %v m, want %v to %v to the metre", got[1], low, high)
	}
}

// quantile is the floor that a share of the area of sorted cells lies at or
// below.
func quantile(sorted []cell, share float64) float64 {
	total, sum := 0.0, 0.0
	for _, c := range sorted {
		total += c.areaM2
	}
	for _, c := range sorted {
		if sum += c.areaM2; sum >= share*total {
			return c.floorM
		}
	}
	return sorted[len(sorted)-1].floorM
}

// Where the distribution over the whole airspace is known, cells are left
// uncounted, and nothing else changes.
func TestWhole(t *testing.T) {
	n, _ := hidden(t)
	want := findAll(t, &gap.Finder{Network: n, MinAreaM2: 1e6})
	whole := &gap.Whole{}
	for _, name := range []string{"filled in", "known"} {
		got := findAll(t, &gap.Finder{Network: n, MinAreaM2: 1e6, Whole: whole})
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s: another answer", name)
		}
	}
	if whole.SizeB() == 0 {
		t.Error("the whole is of no size")
	}
}
