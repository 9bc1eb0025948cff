package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/canopyradar/canopy/terrain"
)

// tileOf returns values of n elevations, all of them 7, behind a head.
func tileOf(t *testing.T, n int) *values {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tile")
	content := make([]byte, 10)
	for range n {
		content = binary.LittleEndian.AppendUint32(content, math.Float32bits(7))
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	v, err := openValues(file, int64(len(content)), n, 0, n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.close)
	return v
}

// TestFileCutShortUnderItsMapping must end in an error, and not in the death
// of the process.
func TestFileCutShortUnderItsMapping(t *testing.T) {
	const n = 1 << 20
	v := tileOf(t, n)
	if err := os.Truncate(v.path, 0); err != nil {
		t.Fatal(err)
	}
	err := v.guard(func() error { return v.read(make([]float32, n), 0) })
	var format *terrain.FormatError
	if !errors.As(err, &format) {
		t.Errorf("got %v", err)
	}
}

func TestOtherPanicsPass(t *testing.T) {
	defer func() {
		if got := recover(); got != "other" {
			t.Errorf("recovered %v", got)
		}
	}()
	_ = tileOf(t, 1).guard(func() error { panic("other") })
}

// TestEitherByteOrder reads as a machine does whose numbers are not as those in
// the file.
func TestEitherByteOrder(t *testing.T) {
	defer func(was bool) { littleEndian = was }(littleEndian)
	v := tileOf(t, 5)
	for _, littleEndian = range []bool{true, false} {
		if littleEndian && binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
			continue
		}
		got := make([]float32, 3)
		if err := v.read(got, 2); err != nil || got[0] != 7 || got[2] != 7 {
			t.Errorf("little endian %v: %v, %v", littleEndian, got, err)
		}
	}
	if err := v.read(make([]float32, 3), 3); err == nil {
		t.Error("it reads beyond the end")
	}
}

// FuzzManifest holds that a manifest that passes can be used, whatever it
// says, and comes back as it was.
func FuzzManifest(f *testing.F) {
	dir := f.TempDir()
	l := terrain.Lattice{PerDegLon: 240, PerDegLat: 240, Col0: 23990, Row0: 23990, Cols: 20, Rows: 20}
	g := terrain.NewGrid(l)
	g.ElevationM[3] = 1
	job := Job{Sources: []terrain.Model{grid{g}}, Sea: []Square{{LonDeg: -70, LatDeg: -11}}}
	if _, err := Import(context.Background(), dir, job); err != nil {
		f.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add(bytes.ReplaceAll(content, []byte("2399"), []byte("0")))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		m, err := parse(content)
		if err != nil {
			return
		}
		again, err := m.encode()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := parse(again); err != nil || back.identity() != m.identity() {
			t.Fatalf("comes back as %+v, %v", back, err)
		}
		s := newStore(dir, m)
		w := s.Lattice()
		w.Cols, w.Rows = min(w.Cols, 9), min(w.Rows, 9)
		if g, err := s.Read(context.Background(), w); err == nil && g.Posts() != w.Posts() {
			t.Fatalf("%d posts, want %d", g.Posts(), w.Posts())
		}
	})
}

// grid is a model made of a grid, which is read as a whole.
type grid struct{ *terrain.Grid }

func (g grid) Info() terrain.Info       { return terrain.Info{Identity: "memory:1", SpacingArcsec: 15} }
func (g grid) Lattice() terrain.Lattice { return g.Grid.Lattice }

func (g grid) Read(_ context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	out := terrain.NewGrid(l)
	for r := range out.Rows {
		for c := range out.RowM(r) {
			out.RowM(r)[c] = float32(g.AtPost(float64(l.Col0+c-g.Col0), float64(l.Row0+r-g.Row0)))
		}
	}
	return out, nil
}
