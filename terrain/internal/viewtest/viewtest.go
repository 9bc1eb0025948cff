// Package viewtest holds views to what is read.
package viewtest

import (
	"context"
	"math"
	"os"
	"strings"

	"github.com/canopyradar/canopy/terrain"
)

// Tester is a *testing.T or a *rapid.T.
type Tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// Open returns a view, which is to be closed.
func Open(t Tester, m terrain.Model, l terrain.Lattice) *terrain.View {
	t.Helper()
	v, err := terrain.ViewOf(context.Background(), m, l)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Posts copies a window from a view.
func Posts(t Tester, v *terrain.View, l terrain.Lattice) *terrain.Grid {
	t.Helper()
	g := &terrain.Grid{Lattice: l, ElevationM: make([]float32, l.Posts()), Filled: v.Filled}
	if err := v.Guard(func() error { v.CopyTo(g.ElevationM, l); return nil }); err != nil {
		t.Fatal(err)
	}
	return g
}

// Same fails unless a view of m has the bits that Read returns, closes without
// an error, and is of panels that lie side by side.
func Same(t Tester, m terrain.Model, l terrain.Lattice) {
	t.Helper()
	want, err := m.Read(context.Background(), l)
	if err != nil {
		t.Fatal(err)
	}
	v := Open(t, m, l)
	got := Posts(t, v, l)
	if v.Lattice != l || v.Filled != want.Filled {
		t.Fatalf("a view of %+v with %d filled posts, want %+v with %d", v.Lattice, v.Filled, l, want.Filled)
	}
	for i, z := range got.ElevationM {
		if math.Float32bits(z) != math.Float32bits(want.ElevationM[i]) {
			t.Fatalf("post (%d, %d) of %+v is %v, want %v", i%l.Cols, i/l.Cols, l, z, want.ElevationM[i])
		}
	}
	sameByCursor(t, v, want)
	if v.Whole() && want.Missing() > 0 {
		t.Fatalf("a view of %+v is whole, and %d posts are missing", l, want.Missing())
	}
	for i, p := range v.Panels {
		if p.Posts() == 0 || p.Intersect(l) != p.Lattice {
			t.Fatalf("panel %+v does not lie in %+v", p.Lattice, l)
		}
		for _, q := range v.Panels[:i] {
			if p.Intersect(q.Lattice).Posts() > 0 {
				t.Fatalf("panels %+v and %+v overlap", p.Lattice, q.Lattice)
			}
		}
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
}

// sameByCursor fails unless places on and between posts, and just outside, are
// looked up as in a grid.
func sameByCursor(t Tester, v *terrain.View, want *terrain.Grid) {
	t.Helper()
	at := v.Cursor()
	err := v.Guard(func() error {
		for i := range min(4*(want.Posts()+1), 60) {
			// Multiples of the plastic number's inverses strew places evenly; some are on posts.
			col, row := spread(i, 0.754877666, want.Cols), spread(i, 0.569840291, want.Rows)
			if i%4 == 0 {
				col, row = math.Floor(col), math.Floor(row)
			}
			if got, z := at.AtPost(col, row), want.AtPost(col, row); math.Float64bits(got) != math.Float64bits(z) && (got == got || z == z) {
				t.Fatalf("(%v, %v) of %+v is %v, want %v", col, row, v.Lattice, got, z)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// spread returns a number from −1 to n.
func spread(i int, step float64, n int) float64 {
	_, share := math.Modf(float64(i) * step)
	return share*float64(n+1) - 1
}

// Mapped counts the mappings of files whose path has a part; false where the
// system does not tell.
func Mapped(t Tester, part string) (int, bool) {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/maps")
	return strings.Count(string(maps), part), err == nil
}
