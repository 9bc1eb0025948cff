package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/mosaic"
	"github.com/canopyradar/canopy/terrain/store"
)

var nan = float32(math.NaN())

// around is a lattice of 15″ whose post (0, 0) is the one on the corner, at
// 80° W and 10° S, of four tiles of every level: those have 5°, 10° and 20°.
func around(col, row, cols, rows int) terrain.Lattice {
	const perDeg = 240
	return terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg, Col0: 100*perDeg + col, Row0: 100*perDeg + row, Cols: cols, Rows: rows}
}

// memory is a model made of a grid.
type memory struct {
	*terrain.Grid
	info terrain.Info
	// reading, which may be nil, is told of each read.
	reading func()
}

func (m memory) Info() terrain.Info       { return m.info }
func (m memory) Lattice() terrain.Lattice { return m.Grid.Lattice }

func (m memory) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	if m.reading != nil {
		m.reading()
	}
	g, err := terrain.NewWindow(m.Grid.Lattice, l)
	if err != nil {
		return nil, err
	}
	part := l.Intersect(m.Grid.Lattice)
	for r := part.Row0; part.Cols > 0 && r < part.Row0+part.Rows; r++ {
		copy(g.RowM(r - l.Row0)[part.Col0-l.Col0:], m.RowM(r - m.Row0)[part.Col0-m.Col0:][:part.Cols])
	}
	return g, ctx.Err()
}

// hills is a model on l with voids of all sizes, as many as its posts share.
func hills(l terrain.Lattice, seed uint64) memory {
	rng := rand.New(rand.NewPCG(seed, 0))
	g := terrain.NewGrid(l)
	for i := range g.ElevationM {
		g.ElevationM[i] = float32(rng.Float64() * 6000)
	}
	for range l.Posts() / 200 {
		c, r, cols, rows := rng.IntN(l.Cols), rng.IntN(l.Rows), 1+rng.IntN(5), 1+rng.IntN(5)
		if rng.IntN(9) == 0 {
			cols, rows = 1+rng.IntN(25), 1+rng.IntN(25)
		}
		for y := r; y < min(l.Rows, r+rows); y++ {
			for x := c; x < min(l.Cols, c+cols); x++ {
				g.RowM(y)[x] = nan
			}
		}
	}
	return memory{Grid: g, info: terrain.Info{
		Name: fmt.Sprintf("hills %d", seed), Identity: fmt.Sprintf("memory:%x", seed), SpacingArcsec: 15,
	}}
}

// level is a model on l at one elevation.
func level(l terrain.Lattice, elevationM float32) memory {
	g := terrain.NewGrid(l)
	for i := range g.ElevationM {
		g.ElevationM[i] = elevationM
	}
	return memory{Grid: g, info: terrain.Info{
		Name: fmt.Sprintf("at %g m", elevationM), Identity: fmt.Sprintf("memory:%g", elevationM), SpacingArcsec: 15,
	}}
}

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func importInto(t tester, dir string, job store.Job) *store.Summary {
	t.Helper()
	s, err := store.Import(context.Background(), dir, job)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t tester, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t tester, m terrain.Model, l terrain.Lattice) *terrain.Grid {
	t.Helper()
	g, err := m.Read(context.Background(), l)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// combined is what the sources are without a store.
func combined(t tester, sources ...terrain.Model) terrain.Model {
	t.Helper()
	m, err := mosaic.New("sources", sources)
	if err != nil {
		t.Fatal(err)
	}
	return terrain.FillVoids(m)
}

// same fails unless both models hold the same bits in a window.
func same(t tester, got, want terrain.Model, l terrain.Lattice) {
	t.Helper()
	g, w := read(t, got, l), read(t, want, l)
	if g.Lattice != l || g.Filled != w.Filled {
		t.Fatalf("%v with %d filled posts, want %v with %d", g.Lattice, g.Filled, l, w.Filled)
	}
	for i, z := range g.ElevationM {
		if math.Float32bits(z) != math.Float32bits(w.ElevationM[i]) {
			t.Fatalf("post (%d, %d) of %+v is %v, want %v", i%l.Cols, i/l.Cols, l, z, w.ElevationM[i])
		}
	}
}

// contents returns the files below dir.
func contents(t tester, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func sameFiles(t tester, got, want map[string]string) {
	t.Helper()
	for name, content := range want {
		if other, ok := got[name]; !ok || other != content {
			t.Fatalf("%s differs: %.300q, want %.300q", name, other, content)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d files, want %d", len(got), len(want))
	}
}

// refused fails unless err is a *terrain.FormatError of one line with all the
// words.
func refused(t *testing.T, err error, words ...string) {
	t.Helper()
	var format *terrain.FormatError
	if !errors.As(err, &format) {
		t.Fatalf("got %v, want a FormatError", err)
	}
	for _, word := range append(words, "; ") {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%q has more than one line", err)
	}
}
