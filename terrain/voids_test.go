package terrain_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/terrain"
)

// drawn makes a model of a drawing: a dot is a known post, on a plane that
// rises 3.25 m a column and falls 7.5 m a row; all else is missing.
func drawn(drawing string) inMemory {
	rows := strings.Fields(drawing)
	l := terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 1000, Row0: 2000, Cols: len(rows[0]), Rows: len(rows)}
	g := terrain.NewGrid(l)
	for r, row := range rows {
		for c, mark := range row {
			if mark == '.' {
				g.RowM(r)[c] = planeM(c, r)
			}
		}
	}
	return inMemory{g}
}

func planeM(c, r int) float32 { return 8000 + 3.25*float32(c) - 7.5*float32(r) }

// framed puts a drawing of x into a frame of known posts.
func framed(cols, rows int) string {
	edge := strings.Repeat(".", cols+2) + "\n"
	return edge + strings.Repeat("."+strings.Repeat("x", cols)+".\n", rows) + edge
}

func TestFillVoids(t *testing.T) {
	tests := []struct {
		name, drawing   string
		filled, missing int
		voids           int64
	}{
		{"nothing is missing", "....\n....\n....", 0, 0, 0},
		{"one post", "...\n.x.\n...", 1, 0, 1},
		{"two voids", ".....\n.x.x.\n.....", 2, 0, 2},
		{"connected across a corner", ".....\n.x...\n..x..\n...x.\n.....", 3, 0, 1},
		{"a ring and its island", "......\n.xxxx.\n.x..x.\n.xxxx.\n......", 10, 0, 1},
		{"the largest", framed(16, 16), 256, 0, 1},
		{"one column too wide", framed(17, 3), 0, 51, 0},
		{"one row too high", framed(3, 17), 0, 51, 0},
		{"open to the west", "....\nx...\n....", 0, 1, 0},
		{"open to the north", ".x..\n....\n....", 0, 1, 0},
		{"open to the east, across a corner", "....\n..x.\n...x\n....", 0, 2, 0},
		{"open to the south", "....\n....\n..x.", 0, 1, 0},
		{"all is missing", "xx\nxx", 0, 4, 0},
		{"small beside large", strings.Repeat(".", 21) + "\n.x." + strings.Repeat("x", 17) + ".\n" + strings.Repeat(".", 21), 1, 17, 1},
		{"two arms that meet in the south", ".....\n.x.x.\n.x.x.\n.xxx.\n.....", 7, 0, 1},
		{"two arms that meet in the north", ".....\n.xxx.\n.x.x.\n.x.x.\n.....", 7, 0, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := drawn(test.drawing)
			// Windows with and without what lies around.
			for _, margin := range []int{0, 1, 40} {
				l := source.Sub(-margin, -margin, source.Cols+2*margin, source.Rows+2*margin)
				g := read(t, terrain.FillVoids(source), l)
				outside := g.Posts() - source.Posts()
				if g.Filled != test.filled || g.Missing()-outside != test.missing {
					t.Errorf("margin %d: %d filled and %d missing, want %d and %d",
						margin, g.Filled, g.Missing()-outside, test.filled, test.missing)
				}
				for i, z := range g.ElevationM {
					c, r := i%g.Cols-margin, i/g.Cols-margin
					if z == z && math.Abs(float64(z-planeM(c, r))) > 0.001 {
						t.Fatalf("post (%d, %d) of a plane is %v, want %v", c, r, z, planeM(c, r))
					}
				}
				n, err := terrain.CountVoids(t.Context(), source, l)
				want := terrain.VoidCount{Small: test.voids, PostsFilled: int64(test.filled), PostsMissing: int64(test.missing + outside)}
				if err != nil || n != want {
					t.Errorf("margin %d: counted %+v, %v; want %+v", margin, n, err, want)
				}
			}
		})
	}
}

// holed is a model of hills with voids of all sizes.
func holed(side int, seed uint64) inMemory {
	rng := rand.New(rand.NewPCG(seed, 0))
	g := terrain.NewGrid(terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 72000, Row0: 61200, Cols: side, Rows: side})
	for i := range g.ElevationM {
		g.ElevationM[i] = float32(2000 + 900*math.Sin(float64(i%side)/7) + 700*math.Cos(float64(i/side)/5) + 40*rng.Float64())
	}
	for range side * side / 150 {
		c, r, cols, rows := rng.IntN(side), rng.IntN(side), 1+rng.IntN(6), 1+rng.IntN(6)
		if rng.IntN(40) == 0 {
			cols, rows = 1+rng.IntN(25), 1+rng.IntN(25)
		}
		for y := r; y < min(side, r+rows); y++ {
			for x := c; x < min(side, c+cols); x++ {
				g.RowM(y)[x] = nan
			}
		}
	}
	return inMemory{g}
}

func TestFilledPostsAreMeansOfTheirNeighbours(t *testing.T) {
	source := holed(150, 4)
	g := read(t, terrain.FillVoids(source), source.Lattice())
	checked := 0
	for i, z := range g.ElevationM {
		if z != z || source.ElevationM[i] == source.ElevationM[i] {
			continue
		}
		checked++
		mean := (float64(g.ElevationM[i-1]) + float64(g.ElevationM[i+1]) +
			float64(g.ElevationM[i-g.Cols]) + float64(g.ElevationM[i+g.Cols])) / 4
		// Five roundings to single precision below 4096 m: 5 × 0.12 mm.
		if math.Abs(float64(z)-mean) > 0.001 {
			t.Fatalf("post %d is %v, its neighbours' mean %v", i, z, mean)
		}
	}
	if checked != g.Filled || checked < 100 {
		t.Errorf("%d posts filled, %d counted", checked, g.Filled)
	}
}

func TestFilledWindowsAgree(t *testing.T) {
	const side = 100
	rapid.Check(t, func(t *rapid.T) {
		source := holed(side, rapid.Uint64().Draw(t, "seed"))
		m := terrain.FillVoids(source)
		all, err := m.Read(context.Background(), m.Lattice())
		if err != nil {
			t.Fatal(err)
		}
		col, row := rapid.IntRange(-5, side).Draw(t, "col"), rapid.IntRange(-5, side).Draw(t, "row")
		w, err := m.Read(context.Background(), m.Lattice().Sub(col, row, rapid.IntRange(0, 40).Draw(t, "cols"), rapid.IntRange(0, 40).Draw(t, "rows")))
		if err != nil {
			t.Fatal(err)
		}
		filled := 0
		part := w.Intersect(all.Lattice)
		for r := part.Row0; r < part.Row0+part.Rows; r++ {
			for c := part.Col0; c < part.Col0+part.Cols; c++ {
				i := (r-all.Row0)*side + c - all.Col0
				if got, want := w.RowM(r - w.Row0)[c-w.Col0], all.ElevationM[i]; !same(got, want) {
					t.Fatalf("post (%d, %d) is %v, and %v in all of the model", c, r, got, want)
				} else if got == got && source.ElevationM[i] != source.ElevationM[i] {
					filled++
				}
			}
		}
		if w.Filled != filled {
			t.Fatalf("%d posts filled, %d counted", filled, w.Filled)
		}
	})
}

// TestVoidsAreCountedOnce holds that windows side by side count what one does.
func TestVoidsAreCountedOnce(t *testing.T) {
	source := holed(120, 8)
	want, err := terrain.CountVoids(t.Context(), source, source.Lattice())
	if err != nil {
		t.Fatal(err)
	}
	var got terrain.VoidCount
	for r := 0; r < 120; r += 30 {
		for c := 0; c < 120; c += 24 {
			n, err := terrain.CountVoids(t.Context(), source, source.Sub(c, r, 24, 30))
			if err != nil {
				t.Fatal(err)
			}
			got.Small += n.Small
			got.PostsFilled += n.PostsFilled
			got.PostsMissing += n.PostsMissing
		}
	}
	if got != want || want.Small < 30 {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

func TestFillVoidsDescribesItsSource(t *testing.T) {
	info := terrain.FillVoids(drawn("..\n..")).Info()
	if info.Identity != "memory:1+filled" || info.Name != "made up" {
		t.Errorf("described as %+v", info)
	}
}

// failing reads only once.
type failing struct {
	inMemory
	left int
}

var errFailing = errors.New("read once too often")

func (f *failing) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	if f.left--; f.left < 0 {
		return nil, errFailing
	}
	return f.inMemory.Read(ctx, l)
}

func TestFillVoidsFails(t *testing.T) {
	open := drawn("x..\n...\n...")
	for _, left := range []int{0, 1} {
		m := &failing{open, left}
		if _, err := terrain.FillVoids(m).Read(t.Context(), m.Lattice()); !errors.Is(err, errFailing) {
			t.Errorf("after %d reads: %v", left, err)
		}
		m.left = left
		if _, err := terrain.CountVoids(t.Context(), m, m.Lattice()); !errors.Is(err, errFailing) {
			t.Errorf("after %d reads: counted with %v", left, err)
		}
	}
}

func BenchmarkFillVoids_2400x2400(b *testing.B) {
	whole := holed(2400, 1)
	for i, z := range whole.ElevationM {
		if z != z {
			whole.ElevationM[i] = 1
		}
	}
	for _, test := range []struct {
		name string
		m    terrain.Model
	}{
		{"without-filling", whole},
		{"no-voids", terrain.FillVoids(whole)},
		{"many-voids", terrain.FillVoids(holed(2400, 1))},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				read(b, test.m, test.m.Lattice())
			}
		})
	}
}
