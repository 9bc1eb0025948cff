package terrain_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/terrain"
)

// panelled is a model that is viewed in panels of every kind.
type panelled struct {
	inMemory
	panels []terrain.Panel
	// open counts the views that are.
	open *atomic.Int32
	err  error
}

// newPanelled cuts a model into panels of 7 × 5 posts: in turn Float32, Int16,
// sea, and none; about one post in holes is missing.
func newPanelled(cols, rows, holes int, seed uint64) panelled {
	m := panelled{inMemory: uneven(cols, rows, seed), open: new(atomic.Int32)}
	rng := rand.New(rand.NewPCG(seed, 1))
	const width, height, void = 7, 5, -9999
	for r := 0; r < rows; r += height {
		for c := 0; c < cols; c += width {
			l := m.Sub(c, r, min(width, cols-c), min(height, rows-r))
			p := terrain.Panel{Lattice: l, Stride: l.Cols + rng.IntN(3), HasVoid: true}
			kind := rng.IntN(8)
			switch kind {
			case 0, 1, 2:
				p.Float32 = make([]float32, l.Rows*p.Stride)
			case 3, 4, 5:
				p.Int16, p.Void = make([]int16, l.Rows*p.Stride), void
			case 6:
				p.HasVoid = false
			}
			for y := range l.Rows {
				for x := range l.Cols {
					z := float32(rng.IntN(6000))
					switch missing := rng.IntN(holes) == 0; {
					case kind == 7, missing && kind < 6:
						z = nan
					case kind == 6:
						z = 0
					}
					m.RowM(r + y)[c+x] = z
					if p.Float32 != nil {
						p.Float32[y*p.Stride+x] = z
					}
					if p.Int16 != nil && z != z {
						p.Int16[y*p.Stride+x] = void
					} else if p.Int16 != nil {
						p.Int16[y*p.Stride+x] = int16(z)
					}
				}
			}
			if kind < 7 {
				m.panels = append(m.panels, p)
			}
		}
	}
	return m
}

func (m panelled) View(ctx context.Context, l terrain.Lattice) (*terrain.View, error) {
	var panels []terrain.Panel
	for _, p := range m.panels {
		part := p.Intersect(l)
		if part.Posts() == 0 {
			continue
		}
		from := (part.Row0-p.Row0)*p.Stride + part.Col0 - p.Col0
		if p.Float32 != nil {
			p.Float32 = p.Float32[from:]
		}
		if p.Int16 != nil {
			p.Int16 = p.Int16[from:]
		}
		p.Lattice = part
		panels = append(panels, p)
	}
	m.open.Add(1)
	return terrain.NewView(l, panels, mapping{m}), ctx.Err()
}

// mapping is of a panelled model.
type mapping struct{ panelled }

func (m mapping) Fault(uintptr) error { return nil }

func (m mapping) Close() error {
	m.open.Add(-1)
	return m.err
}

func viewOf(t testing.TB, m terrain.Model, l terrain.Lattice) *terrain.View {
	t.Helper()
	v, err := terrain.ViewOf(context.Background(), m, l)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// posts returns what CopyTo gives of a window.
func posts(t testing.TB, v *terrain.View, l terrain.Lattice) *terrain.Grid {
	t.Helper()
	g := &terrain.Grid{Lattice: l, ElevationM: make([]float32, l.Posts()), Filled: v.Filled}
	if err := v.Guard(func() error { v.CopyTo(g.ElevationM, l); return nil }); err != nil {
		t.Fatal(err)
	}
	return g
}

func sameGrids(t testing.TB, got, want *terrain.Grid) {
	t.Helper()
	if got.Lattice != want.Lattice || got.Filled != want.Filled {
		t.Fatalf("%+v with %d filled posts, want %+v with %d", got.Lattice, got.Filled, want.Lattice, want.Filled)
	}
	for i, z := range got.ElevationM {
		if !same(z, want.ElevationM[i]) {
			t.Fatalf("post (%d, %d) of %+v is %v, want %v", i%got.Cols, i/got.Cols, got.Lattice, z, want.ElevationM[i])
		}
	}
}

func TestViewsAreWhatIsRead(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := newPanelled(60, 50, rapid.SampledFrom([]int{5, 100, 1 << 30}).Draw(r, "holes"), rapid.Uint64().Draw(r, "seed"))
		window := func(l terrain.Lattice, name string) terrain.Lattice {
			return l.Sub(rapid.IntRange(-20, l.Cols+5).Draw(r, name+"-col"), rapid.IntRange(-20, l.Rows+5).Draw(r, name+"-row"),
				rapid.IntRange(0, l.Cols+25).Draw(r, name+"-cols"), rapid.IntRange(0, l.Rows+25).Draw(r, name+"-rows"))
		}
		l := window(m.Lattice(), "view")
		for _, model := range []terrain.Model{m, m.inMemory, terrain.FillVoids(m), terrain.FillVoids(m.inMemory)} {
			v, want := viewOf(t, model, l), read(t, model, l)
			if v.Lattice != l {
				t.Fatalf("a view of %+v, want %+v", v.Lattice, l)
			}
			sameGrids(t, posts(t, v, l), want)
			part := window(l, "part")
			sameGrids(t, posts(t, v, part), &terrain.Grid{Lattice: part, Filled: want.Filled, ElevationM: read(t, inMemory{want}, part).ElevationM})
			if err := v.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if n := m.open.Load(); n != 0 {
			t.Fatalf("%d views are left open", n)
		}
	})
}

// TestViewsStayInPlace holds that voids that are not filled do not cost a view
// its panels.
func TestViewsStayInPlace(t *testing.T) {
	tests := []struct {
		name, drawing string
		margin        int
		inPlace       bool
	}{
		{"nothing is missing", "...\n...\n...", 0, true},
		{"nothing is missing, in a window beyond the model", "...\n...\n...", 9, true},
		{"a small void", "...\n.x.\n...", 0, false},
		{"a large void", framed(17, 3), 0, true},
		{"a large void, of which the window has a little", framed(17, 19), -17, true},
		{"a small void, of which the window has a little", framed(9, 9), -8, false},
		{"open to the edge", "..x\n...\n...", 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := drawn(test.drawing)
			m := panelled{inMemory: source, open: new(atomic.Int32), panels: source.View().Panels}
			l := source.Sub(-test.margin, -test.margin, source.Cols+test.margin, source.Rows+test.margin)
			v := viewOf(t, terrain.FillVoids(m), l)
			if got := m.open.Load() == 1; got != test.inPlace {
				t.Errorf("in place: %v, want %v", got, test.inPlace)
			}
			sameGrids(t, posts(t, v, l), read(t, terrain.FillVoids(source), l))
		})
	}
}

func TestViewsFail(t *testing.T) {
	m := newPanelled(20, 20, 1<<30, 1)
	other := m.Lattice()
	other.OffLon = 0.5
	var spacing *terrain.SpacingError
	if _, err := terrain.ViewOf(t.Context(), m.inMemory, other); !errors.As(err, &spacing) {
		t.Errorf("of other posts: %v", err)
	}
	m.err = &terrain.FormatError{Path: "tile", Reason: "changed"}
	v := viewOf(t, m, m.Lattice())
	if err := v.Close(); !errors.Is(err, m.err) {
		t.Errorf("closed with %v", err)
	}
	if err := v.Close(); err != nil || m.open.Load() != 0 {
		t.Errorf("closed once more with %v, %d open", err, m.open.Load())
	}
	holes := newPanelled(40, 40, 3, 1)
	holes.err = m.err
	if _, err := terrain.ViewOf(t.Context(), terrain.FillVoids(holes), holes.Lattice()); !errors.Is(err, m.err) || holes.open.Load() != 0 {
		t.Errorf("looked at while it changed: %v, %d open", err, holes.open.Load())
	}
	for left := range 2 {
		reads := &failing{drawn("x..\n...\n..."), left}
		if _, err := terrain.ViewOf(t.Context(), terrain.FillVoids(reads), reads.Lattice()); !errors.Is(err, errFailing) {
			t.Errorf("after %d reads: %v", left, err)
		}
	}
}

func TestGuardPassesOn(t *testing.T) {
	m := newPanelled(9, 9, 9, 1)
	v := viewOf(t, m, m.Lattice())
	if err := v.Guard(func() error { return errFailing }); !errors.Is(err, errFailing) {
		t.Errorf("the error is %v", err)
	}
	defer func() {
		if got := recover(); got != "other" {
			t.Errorf("recovered %v", got)
		}
	}()
	_ = v.Guard(func() error { panic("other") })
}

func BenchmarkCopyTo_8700x100(b *testing.B) {
	l := terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Cols: 8700, Rows: 100}
	for _, test := range []struct {
		name  string
		panel terrain.Panel
	}{
		{"float32", terrain.Panel{Float32: make([]float32, l.Posts()), HasVoid: true}},
		{"int16", terrain.Panel{Int16: make([]int16, l.Posts())}},
		{"int16-voids", terrain.Panel{Int16: make([]int16, l.Posts()), Void: -32768, HasVoid: true}},
		{"sea", terrain.Panel{}},
	} {
		for _, rows := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/%d-rows", test.name, rows), func(b *testing.B) {
				test.panel.Lattice, test.panel.Stride = l, l.Cols
				v := terrain.NewView(l, []terrain.Panel{test.panel})
				rowsM := make([]float32, rows*l.Cols)
				b.SetBytes(int64(l.Posts() * 4))
				for b.Loop() {
					for r := 0; r+rows <= l.Rows; r += rows {
						v.CopyTo(rowsM, l.Sub(0, r, l.Cols, rows))
					}
				}
			})
		}
	}
}
