package gap_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
	"github.com/canopyradar/canopy/coverage/sight"
)

func TestDrawnGaps(t *testing.T) {
	tests := []struct {
		name, drawing string
		// wantCells are those of the gaps, largest first; wantHoles those in
		// the boundary of the first.
		wantCells []int
		wantHoles int
	}{
		{"all covered", `
			.....
			.....
			.....`, nil, 0},
		{"nothing covered", `
			#####
			#####
			#####`, []int{15}, 0},
		{"two gaps, the larger first", `
			##...
			.....
			..###`, []int{3, 2}, 0},
		{"cells that meet at a corner hang not together", `
			.....
			.#...
			..#..`, []int{1, 1}, 0},
		{"a gap around what is covered", `
			#####
			#.#.#
			#####`, []int{13}, 2},
		{"a gap in the hole of a gap", `
			#######
			#.....#
			#.##..#
			#.....#
			#######`, []int{20, 2}, 1},
		{"the edge of the airspace parts a gap", `
			##-##
			##-#.
			##-..`, []int{6, 3}, 0},
		{"an airspace of one cell", `
			-----
			--#--
			-----`, []int{1}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := drawn(t, tt.drawing)
			band := find(t, &gap.Finder{Network: n})
			var cells []int
			for _, g := range band.Gaps {
				count := airspace.Rasterise(orb.MultiPolygon{g.Boundary}, n.Ground.Lattice).Count()
				if want := float64(count) * cellM2(n.Ground.Lattice, n.Ground.Rows/2); !near(g.AreaM2, want) {
					t.Errorf("%d cells with an area of %.0f m², want %.0f", count, g.AreaM2, want)
				}
				if !sums(g.CausesM2[sight.AboveBeam], g.AreaM2) {
					t.Errorf("causes %v, want all above the beam", g.CausesM2)
				}
				cells = append(cells, count)
			}
			if !slices.Equal(cells, tt.wantCells) {
				t.Fatalf("gaps of %v cells, want %v", cells, tt.wantCells)
			}
			if len(cells) > 0 && len(band.Gaps[0].Boundary)-1 != tt.wantHoles {
				t.Errorf("%d holes, want %d", len(band.Gaps[0].Boundary)-1, tt.wantHoles)
			}
		})
	}
}

// At 500 m above the sea the plateaus are under ground, at 1200 m they are
// seen, and at 1600 m nothing is.
func TestUnderground(t *testing.T) {
	n := drawn(t, `
		.....
		.###.
		.....`, amsl(500), amsl(1200), amsl(1600), amsl(1000), amsl(-1))
	cell := cellM2(n.Ground.Lattice, 1)
	bands := findAll(t, &gap.Finder{Network: n})
	tests := []struct {
		name                            string
		covered, uncovered, underground float64
	}{
		{"below the plateau", 12, 0, 3},
		{"above the plateau", 15, 0, 0},
		{"above the height limit", 0, 15, 0},
		{"on the plateau", 15, 0, 0},
		{"below everything", 0, 0, 15},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := bands[i]
			if !near(b.CoveredM2, tt.covered*cell) || !near(b.UncoveredM2, tt.uncovered*cell) || !near(b.UndergroundM2, tt.underground*cell) {
				t.Errorf("covered %.2f, uncovered %.2f, underground %.2f cells; want %v, %v, %v",
					b.CoveredM2/cell, b.UncoveredM2/cell, b.UndergroundM2/cell, tt.covered, tt.uncovered, tt.underground)
			}
			if b.UncoveredM2 == 0 && len(b.Gaps) > 0 {
				t.Errorf("%d gaps where nothing is uncovered", len(b.Gaps))
			}
		})
	}
}

func TestSmallGapsAreSummedUp(t *testing.T) {
	n := drawn(t, `
		####.#.##
		####.....
		.....#.##`)
	cell := cellM2(n.Ground.Lattice, 1)
	tests := []struct {
		name             string
		minCells         float64
		wantGaps, wantNo int
		wantSmall        float64
	}{
		{"none is too small for zero", 0, 5, 0, 0},
		{"single cells", 1.5, 3, 2, 2},
		{"pairs", 2.5, 1, 4, 6},
		{"all", 1e6, 0, 5, 14},
		{"no number at all asks for nothing", math.NaN(), 5, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := find(t, &gap.Finder{Network: n, MinAreaM2: tt.minCells * cell})
			if len(b.Gaps) != tt.wantGaps || b.SmallCount != tt.wantNo || !near(b.SmallM2, tt.wantSmall*cell) {
				t.Errorf("%d gaps, %d small ones of %.2f cells; want %d, %d of %v",
					len(b.Gaps), b.SmallCount, b.SmallM2/cell, tt.wantGaps, tt.wantNo, tt.wantSmall)
			}
			if !near(b.CausesM2[sight.AboveBeam], 14*cell) {
				t.Errorf("causes %v leave out small gaps", b.CausesM2)
			}
		})
	}
}

func TestAirstripsLieInTheirGap(t *testing.T) {
	n := drawn(t, `
		-####.....
		-####..##.
		-.........`, kilometre, amsl(500))
	at := func(id string, col, row float64) *airstrip.Airstrip {
		l := n.Ground.Lattice
		return &airstrip.Airstrip{ID: id, Position: orb.Point{l.Lon(0) + col/l.PerDegLon, l.Lat(0) - row/l.PerDegLat}}
	}
	strips := []*airstrip.Airstrip{
		at("small", 7.3, 1.2), at("z-large", 1.4, 0.4), at("a-large", 4.4, 1.4), at("seen", 6, 0), at("beside", 4.6, 1),
		at("outside of the airspace", 0, 0), at("outside of everything", -400, 0), at("south of everything", 3, 99),
	}
	ids := func(g gap.Gap) (ids []string) {
		for _, a := range g.Airstrips {
			ids = append(ids, a.ID)
		}
		return ids
	}
	bands := findAll(t, &gap.Finder{Network: n, Airstrips: strips})
	b := bands[0]
	if got := ids(b.Gaps[0]); !slices.Equal(got, []string{"a-large", "z-large"}) {
		t.Errorf("the large gap holds %q", got)
	}
	if got := ids(b.Gaps[1]); !slices.Equal(got, []string{"small"}) {
		t.Errorf("the small gap holds %q", got)
	}
	if b.AirstripsSeen != 2 || b.AirstripsUnseen != 3 {
		t.Errorf("%d seen, %d unseen; want 2 and 3", b.AirstripsSeen, b.AirstripsUnseen)
	}
	if under := bands[1]; under.AirstripsSeen != 2 || under.AirstripsUnseen != 0 {
		t.Errorf("%d seen, %d unseen with the plateaus under ground; want 2 and 0", under.AirstripsSeen, under.AirstripsUnseen)
	}
}

func TestDepartments(t *testing.T) {
	n := drawn(t, `
		####..
		####.#`)
	const labels = "113322103322"
	var departments []*raster.Mask
	for _, label := range "123" {
		departments = append(departments, rastertest.Mask(n.Ground.Lattice, func(col, row int) bool {
			return labels[row*n.Ground.Cols+col] == byte(label)
		}))
	}
	b := find(t, &gap.Finder{Network: n, Departments: departments})
	cell := cellM2(n.Ground.Lattice, 1)
	for i, want := range [][]float64{{3, 0, 4}, {0, 1, 0}} {
		for d, cells := range want {
			if got := b.Gaps[i].DepartmentsM2[d]; !near(got, cells*cell) {
				t.Errorf("gap %d has %.2f cells in department %d, want %v", i, got/cell, d+1, cells)
			}
		}
	}
	if bare := find(t, &gap.Finder{Network: n}); len(bare.Gaps[0].DepartmentsM2) != 0 {
		t.Errorf("departments %v, where there are none", bare.Gaps[0].DepartmentsM2)
	}
}

// Of areas like those of mountains, all parts add up.
func TestAreasAddUp(t *testing.T) {
	for seed := range uint64(3) {
		high := rastertest.Ragged(150, 120, seed)
		inside := rastertest.Mask(high.Lattice, func(col, row int) bool {
			return row < high.Rows-10 && col >= row/7 && col < 140-row/5
		})
		n := plateaus(t, inside, high, kilometre, amsl(700), amsl(2000))
		var departments []*raster.Mask
		for d := range 3 {
			departments = append(departments, rastertest.Mask(n.Ground.Lattice, func(col, _ int) bool { return col/40 == d+1 }))
		}
		for _, b := range findAll(t, &gap.Finder{Network: n, Departments: departments, MinAreaM2: 2e6}) {
			checkSums(t, n, b)
		}
	}
}

func checkSums(t *testing.T, n *network.Network, b gap.Band) {
	t.Helper()
	if whole := gap.AreaM2(n.Inside); !sums(b.AirspaceM2, whole) || !sums(b.CoveredM2+b.UncoveredM2+b.UndergroundM2, whole) {
		t.Errorf("%v: %v + %v + %v m² are not %v", b.Altitude, b.CoveredM2, b.UncoveredM2, b.UndergroundM2, whole)
	}
	uncovered := b.SmallM2
	for _, g := range b.Gaps {
		uncovered += g.AreaM2
		if g.AreaM2 < 2e6 {
			t.Errorf("%v: a gap of %v m²", b.Altitude, g.AreaM2)
		}
		if !sums(total(g.CausesM2[:]), g.AreaM2) {
			t.Errorf("%v: causes %v of a gap of %v m²", b.Altitude, g.CausesM2, g.AreaM2)
		}
		if total(g.DepartmentsM2) > g.AreaM2*(1+1e-9) {
			t.Errorf("%v: departments %v of a gap of %v m²", b.Altitude, g.DepartmentsM2, g.AreaM2)
		}
	}
	if !sums(uncovered, b.UncoveredM2) || !sums(total(b.CausesM2[:]), b.UncoveredM2) {
		t.Errorf("%v: gaps of %v m² with causes of %v, want %v", b.Altitude, uncovered, total(b.CausesM2[:]), b.UncoveredM2)
	}
	if !slices.IsSortedFunc(b.Gaps, func(a, b gap.Gap) int { return int(math.Copysign(1, b.AreaM2-a.AreaM2)) }) {
		t.Errorf("%v: gaps are not sorted by area", b.Altitude)
	}
}

func total(areas []float64) (sum float64) {
	for _, a := range areas {
		sum += a
	}
	return sum
}

func TestFindStops(t *testing.T) {
	l := rastertest.Lattice(60, 60)
	n := plateaus(t, raster.All(l), rastertest.Ragged(60, 60, 1))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (&gap.Finder{Network: n}).Find(ctx, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context canceled", err)
	}
}

// Cells make up the area of their gap, and are there for who asks.
func TestCellsOfGaps(t *testing.T) {
	n := drawn(t, `
		####.#.##
		####.....
		.....#.##`)
	for _, asked := range []bool{false, true} {
		b := find(t, &gap.Finder{Network: n, MinAreaM2: 1.5 * cellM2(n.Ground.Lattice, 1), Cells: asked})
		for _, g := range b.Gaps {
			areaM2 := 0.0
			for _, run := range g.Cells {
				areaM2 += float64(run.Len()) * cellM2(n.Ground.Lattice, int(run.Row))
			}
			if asked != near(areaM2, g.AreaM2) || asked != (g.Cells != nil) {
				t.Errorf("asked %v: cells %v of %v m², the gap has %v", asked, g.Cells, areaM2, g.AreaM2)
			}
		}
		if len(b.Gaps) != 3 {
			t.Errorf("%d gaps, want 3", len(b.Gaps))
		}
	}
}
