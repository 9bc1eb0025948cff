package terrain_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/canopyradar/canopy/terrain"
)

var nan = float32(math.NaN())

// square is a lattice of n × n posts, one per degree.
func square(n int) terrain.Lattice {
	return terrain.Lattice{PerDegLon: 1, PerDegLat: 1, Col0: 100, Row0: 90, Cols: n, Rows: n}
}

func TestElevationBetweenPosts(t *testing.T) {
	g := &terrain.Grid{Lattice: square(3), ElevationM: []float32{
		0, 10, 20,
		100, 110, 120,
		200, nan, 220,
	}}
	tests := []struct {
		name     string
		col, row float64
		want     float64
	}{
		{"at a post", 1, 1, 110},
		{"at the north-west post", 0, 0, 0},
		{"at the south-east post", 2, 2, 220},
		{"between two posts of a row", 0.25, 1, 102.5},
		{"between two posts of a column", 0, 0.5, 50},
		{"in the middle of four", 0.5, 0.5, 55},
		{"on the line that a missing post does not weigh on", 1, 1, 110},
		{"beside a missing post", 0.5, 1.5, math.NaN()},
		{"at a missing post", 1, 2, math.NaN()},
		{"outside", -0.001, 0, math.NaN()},
		{"outside in the south", 0, 2.001, math.NaN()},
		{"nowhere", math.NaN(), 0, math.NaN()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := g.AtPost(test.col, test.row)
			if got != test.want && !(math.IsNaN(got) && math.IsNaN(test.want)) {
				t.Errorf("AtPost(%v, %v) = %v, want %v", test.col, test.row, got, test.want)
			}
		})
	}
	if got := g.At(g.Lon(2), g.Lat(0)); got != 20 {
		t.Errorf("At the north-east post: %v, want 20", got)
	}
}

func TestMissing(t *testing.T) {
	g := terrain.NewGrid(square(4))
	if g.Missing() != 16 {
		t.Fatalf("a new grid has %d missing posts, want 16", g.Missing())
	}
	copy(g.RowM(0), []float32{1, 2, 3, 4})
	copy(g.RowM(1), []float32{1, nan, 3, 4})
	if g.Missing() != 9 {
		t.Errorf("%d posts are missing, want 9", g.Missing())
	}
	g.FillMissing(7)
	if g.Missing() != 0 || g.RowM(1)[0] != 1 || g.RowM(1)[1] != 7 || g.RowM(3)[3] != 7 {
		t.Errorf("filled: %v", g.ElevationM)
	}
}

// inMemory is a model made of a grid.
type inMemory struct{ *terrain.Grid }

func (m inMemory) Info() terrain.Info {
	return terrain.Info{Name: "made up", Identity: "memory:1", SpacingArcsec: 3600, Notes: []string{"made up"}}
}

func (m inMemory) Lattice() terrain.Lattice { return m.Grid.Lattice }

func (m inMemory) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	g, err := terrain.NewWindow(m.Grid.Lattice, l)
	if err != nil {
		return nil, err
	}
	part := l.Intersect(m.Grid.Lattice)
	for r := part.Row0; part.Cols > 0 && r < part.Row0+part.Rows; r++ {
		from := m.RowM(r - m.Row0)[part.Col0-m.Col0:]
		copy(g.RowM(r - l.Row0)[part.Col0-l.Col0:], from[:part.Cols])
	}
	return g, ctx.Err()
}

func rough(n int, seed uint64) inMemory {
	rng := rand.New(rand.NewPCG(seed, 0))
	g := terrain.NewGrid(square(n))
	for i := range g.ElevationM {
		if rng.IntN(20) > 0 {
			g.ElevationM[i] = float32(rng.IntN(6000))
		}
	}
	return inMemory{g}
}

func TestRefinedModelIsTheSameSurface(t *testing.T) {
	source := rough(9, 7)
	for _, factor := range []int{2, 3, 7} {
		m := terrain.Refine(source, factor)
		g, err := m.Read(t.Context(), m.Lattice())
		if err != nil {
			t.Fatal(err)
		}
		for r := range g.Rows {
			for c, got := range g.RowM(r) {
				f := float64(factor)
				if want := float32(source.AtPost(float64(c)/f, float64(r)/f)); !same(got, want) {
					t.Fatalf("by %d: post (%d, %d) is %v, want %v", factor, c, r, got, want)
				}
			}
		}
	}
}

func same(a, b float32) bool { return a == b || a != a && b != b }

func TestRefinedWindowsAgree(t *testing.T) {
	const seed, factor = 11, 4
	m := terrain.Refine(rough(9, seed), factor)
	whole, err := m.Read(t.Context(), m.Lattice().Sub(-9, -9, 60, 60))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	for range 200 {
		col, row := rng.IntN(50), rng.IntN(50)
		w, err := m.Read(t.Context(), whole.Sub(col, row, 1+rng.IntN(60-col), 1+rng.IntN(60-row)))
		if err != nil {
			t.Fatal(err)
		}
		for r := range w.Rows {
			for c, z := range w.RowM(r) {
				if !same(z, whole.RowM(row + r)[col+c]) {
					t.Fatalf("seed %d: post (%d, %d) of the window at (%d, %d) differs", seed, c, r, col, row)
				}
			}
		}
	}
}

func TestRefineDescribesItsSource(t *testing.T) {
	source := rough(3, 1)
	if terrain.Refine(source, 1) != terrain.Model(source) {
		t.Error("a factor of 1 makes another model")
	}
	info := terrain.Refine(source, 3).Info()
	if info.Identity != "memory:1*3" || info.SpacingArcsec != 3600 || len(info.Notes) != 2 {
		t.Errorf("got %+v", info)
	}
}

func TestReadRefusesOtherPosts(t *testing.T) {
	m := terrain.Refine(rough(3, 1), 2)
	shifted := m.Lattice()
	shifted.OffLon = 0.25
	tests := []struct {
		name   string
		window terrain.Lattice
	}{
		{"the source's posts", square(3)},
		{"shifted posts", shifted},
		{"fewer than no columns", m.Lattice().Sub(0, 0, -1, 4)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := m.Read(t.Context(), test.window)
			var spacing *terrain.SpacingError
			if !errors.As(err, &spacing) {
				t.Errorf("got %v, want a SpacingError", err)
			}
		})
	}
	if g, err := m.Read(t.Context(), m.Lattice().Sub(0, 0, 0, 0)); err != nil || g.Posts() != 0 {
		t.Errorf("an empty window: %v, %v", g, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Read(ctx, m.Lattice()); !errors.Is(err, context.Canceled) {
		t.Errorf("with the context done: %v", err)
	}
}

func TestFormatErrorIsOneLine(t *testing.T) {
	cause := errors.New("input/output error")
	tests := []struct {
		name string
		err  *terrain.FormatError
		want string
	}{
		{"bare", &terrain.FormatError{Path: "a.tif", Reason: "damaged"}, "a.tif: damaged"},
		{"with all", &terrain.FormatError{Path: "a.tif", Reason: "damaged", Remedy: "fetch it again", Err: cause},
			"a.tif: damaged: input/output error; fetch it again"},
	}
	for _, test := range tests {
		if got := test.err.Error(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if !errors.Is(tests[1].err, cause) {
		t.Error("the cause is lost")
	}
}

func BenchmarkRefine_1700x1730_to_5098x5188(b *testing.B) {
	l := terrain.Lattice{PerDegLon: 240, PerDegLat: 240, Col0: 24000, Row0: 24000, Cols: 1700, Rows: 1730}
	m := terrain.Refine(inMemory{terrain.NewGrid(l)}, 3)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Read(b.Context(), m.Lattice()); err != nil {
			b.Fatal(err)
		}
	}
}
