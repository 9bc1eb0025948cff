package raster_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
	"github.com/canopyradar/canopy/terrain"
)

func TestComponents(t *testing.T) {
	tests := []struct {
		name, drawing string
		// want holds cells, columns and rows of each component, half-open.
		want []string
	}{
		{"none", `...`, nil},
		{"one cell", `
			...
			..#`,
			[]string{"1 cells, columns 2-3, rows 1-2"}},
		{"corners do not connect", `
			#.#
			.#.
			#.#`,
			[]string{
				"1 cells, columns 0-1, rows 0-1", "1 cells, columns 2-3, rows 0-1",
				"1 cells, columns 1-2, rows 1-2",
				"1 cells, columns 0-1, rows 2-3", "1 cells, columns 2-3, rows 2-3",
			}},
		{"two arms that meet below are one", `
			#...#
			#.#.#
			#####`,
			[]string{"10 cells, columns 0-5, rows 0-3"}},
		{"numbered by first cell, not by where they were joined", `
			..#.#
			#.###
			#....`,
			[]string{"5 cells, columns 2-5, rows 0-2", "2 cells, columns 0-1, rows 1-3"}},
		{"rows wider than a word", `
			################################################################################
			...............................................................................#
			################################################################.............###`,
			[]string{"84 cells, columns 0-80, rows 0-3", "64 cells, columns 0-64, rows 2-3"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			components, _ := raster.Components(rastertest.Draw(test.drawing).Runs)
			for _, c := range components {
				got = append(got, fmt.Sprintf("%d cells, columns %d-%d, rows %d-%d",
					c.Cells, c.Col0, c.Col1, c.Row0, c.Row1))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func components(m *raster.Mask) []raster.Component {
	all, _ := raster.Components(m.Runs)
	return all
}

// flood returns the component number of each cell by filling from cell to
// cell, −1 outside of the mask.
func flood(m *raster.Mask) []int {
	labels := make([]int, m.Posts())
	for i := range labels {
		labels[i] = -1
	}
	next := 0
	var fill func(col, row int)
	fill = func(col, row int) {
		if col < 0 || row < 0 || col >= m.Cols || row >= m.Rows || !m.Has(col, row) || labels[row*m.Cols+col] >= 0 {
			return
		}
		labels[row*m.Cols+col] = next
		for _, step := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			fill(col+step[0], row+step[1])
		}
	}
	for i := range labels {
		if fill(i%m.Cols, i/m.Cols); labels[i] == next {
			next++
		}
	}
	return labels
}

func TestComponentsAreThoseOfAFlood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rastertest.Noise(
			rapid.IntRange(1, 150).Draw(t, "cols"), rapid.IntRange(1, 40).Draw(t, "rows"),
			rapid.Float64Range(0, 1).Draw(t, "density"), rapid.Uint64().Draw(t, "seed"))
		got := make([]int, m.Posts())
		for i := range got {
			got[i] = -1
		}
		components, of := raster.Components(m.Runs)
		for i, run := range m.Runs {
			if !slices.Contains(components[of[i]].Runs, run) {
				t.Fatalf("run %v is not in component %d", run, of[i])
			}
		}
		for k, c := range components {
			for _, run := range c.Runs {
				for col := run.Col0; col < run.Col1; col++ {
					got[int(run.Row)*m.Cols+int(col)] = k
				}
			}
		}
		if want := flood(m); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v, for\n%s", got, want, rastertest.Picture(m))
		}
	})
}

func TestInside(t *testing.T) {
	tests := []struct {
		name, drawing string
		col, row      int
	}{
		{"one cell", `.#`, 1, 0},
		{"the middle of a square", `
			###
			###
			###`, 1, 1},
		{"of a large part, not of a long one", `
			#########
			......###
			......###`, 7, 1},
		{"not in a hole", `
			#####
			#...#
			#...#
			#..##
			#####`, 3, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := components(rastertest.Draw(test.drawing))[0]
			if col, row := c.Inside(); col != test.col || row != test.row {
				t.Errorf("got column %d, row %d, want %d, %d", col, row, test.col, test.row)
			}
		})
	}
}

// depth returns how many rings of cells around a cell are in the mask, itself
// included.
func depth(m *raster.Mask, col, row int) int {
	for d := 0; ; d++ {
		for r := row - d; r <= row+d; r++ {
			for c := col - d; c <= col+d; c++ {
				if c < 0 || r < 0 || c >= m.Cols || r >= m.Rows || !m.Has(c, r) {
					return d
				}
			}
		}
	}
}

func TestInsideIsDeepest(t *testing.T) {
	for seed := range uint64(20) {
		m := rastertest.Ragged(60, 40, seed)
		for _, c := range components(m) {
			deepest := 0
			for _, run := range c.Runs {
				for col := run.Col0; col < run.Col1; col++ {
					deepest = max(deepest, depth(m, int(col), int(run.Row)))
				}
			}
			if col, row := c.Inside(); depth(m, col, row) != deepest {
				t.Errorf("seed %d: column %d, row %d is %d deep, want %d, in\n%s",
					seed, col, row, depth(m, col, row), deepest, rastertest.Picture(m))
			}
		}
	}
}

func TestMask(t *testing.T) {
	runs := []raster.Run{{1, 60, 100}, {1, 101, 130}, {1, 199, 200}, {2, 0, 1}}
	m := raster.NewMask(rastertest.Lattice(200, 4), slices.Clone(runs))
	if got := m.Count(); got != 71 {
		t.Errorf("count %d, want 71", got)
	}
	index := 0
	for row, want := range [][]raster.Run{nil, runs[:3], runs[3:], nil} {
		got, first := m.Row(row)
		if !slices.Equal(got, want) || first != index {
			t.Errorf("row %d: runs %v from %d, want %v from %d", row, got, first, want, index)
		}
		index += len(want)
		for col := range m.Cols {
			in := slices.ContainsFunc(want, func(r raster.Run) bool { return int(r.Col0) <= col && col < int(r.Col1) })
			if m.Has(col, row) != in {
				t.Errorf("has (%d, %d): %v", col, row, !in)
			}
		}
	}
	if got := raster.All(rastertest.Lattice(7, 5)).Count(); got != 35 {
		t.Errorf("all of 7 × 5 cells are %d", got)
	}
}

func TestCornerPoint(t *testing.T) {
	poles := terrain.Lattice{PerDegLon: 1, PerDegLat: 1, Cols: 361, Rows: 181}
	tests := []struct {
		name     string
		l        terrain.Lattice
		col, row int
		lon, lat float64
	}{
		{"pixel centres have whole corners", rastertest.Lattice(9, 9), 0, 0, -75, -8},
		{"to seven decimals", rastertest.Lattice(9, 9), 1, 1, -74.9958333, -8.0041667},
		{"not beyond the pole", poles, 0, 0, -180, 90},
		{"nor beyond the antimeridian", poles, 361, 181, 180, -90},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if p := raster.CornerPoint(test.l, test.col, test.row); p.Lon() != test.lon || p.Lat() != test.lat {
				t.Errorf("got %v, want %v %v", p, test.lon, test.lat)
			}
		})
	}
}

func TestBound(t *testing.T) {
	m := rastertest.Draw("...\n.##")
	c := components(m)[0]
	b := c.Bound(m.Lattice)
	if nw, se := raster.CornerPoint(m.Lattice, 1, 1), raster.CornerPoint(m.Lattice, 3, 2); b.LeftTop() != nw || b.RightBottom() != se {
		t.Errorf("bound %v, want %v to %v", b, nw, se)
	}
}

func BenchmarkComponents4000x4000(b *testing.B) {
	m := rastertest.Ragged(4000, 4000, 1)
	b.ReportAllocs()
	for b.Loop() {
		raster.Components(m.Runs)
	}
}

func BenchmarkInside4000x4000(b *testing.B) {
	all := components(rastertest.Ragged(4000, 4000, 1))
	b.ReportAllocs()
	for b.Loop() {
		for i := range all {
			all[i].Inside()
		}
	}
}
