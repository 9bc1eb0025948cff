package hgt_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/hgt"
)

const (
	n    = 1201
	void = -32768
)

// heightM is the elevation that made-up tiles have at a post, numbered over
// all tiles from 180° W and 90° N.
func heightM(col, row int) int16 { return int16((col*31 + row*17) % 5000) }

// writeTile makes the 3″ tile whose south-west corner is (lonDeg, latDeg), with
// the elevations of at, called with posts numbered within the tile.
func writeTile(t testing.TB, path string, at func(col, row int) int16) {
	t.Helper()
	raw := make([]byte, 0, n*n*2)
	for row := range n {
		for col := range n {
			raw = binary.BigEndian.AppendUint16(raw, uint16(at(col, row)))
		}
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// shifted is heightM for posts numbered within a tile.
func shifted(lonDeg, latDeg int) func(col, row int) int16 {
	return func(col, row int) int16 {
		return heightM((lonDeg+180)*1200+col, (89-latDeg)*1200+row)
	}
}

// twoByTwo makes three tiles around 70° W, 13° S, and leaves out the
// south-eastern one.
func twoByTwo(t testing.TB) string {
	dir := t.TempDir()
	writeTile(t, filepath.Join(dir, "S13W071.hgt"), shifted(-71, -13))
	writeTile(t, filepath.Join(dir, "s13w070.HGT"), shifted(-70, -13))
	writeTile(t, filepath.Join(dir, "S14W071.hgt"), shifted(-71, -14))
	return dir
}

func open(t testing.TB, dir string) terrain.Model {
	t.Helper()
	m, err := hgt.OpenDir(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func read(t testing.TB, m terrain.Model, l terrain.Lattice) *terrain.Grid {
	t.Helper()
	g, err := m.Read(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTilesMakeOneModel(t *testing.T) {
	m := open(t, twoByTwo(t))
	l := m.Lattice()
	if l.Cols != 2401 || l.Rows != 2401 || l.Lon(0) != -71 || l.Lat(0) != -12 || l.Lon(2400) != -69 || l.Lat(2400) != -14 {
		t.Fatalf("the lattice is %+v", l)
	}
	if got := m.Info().SpacingArcsec; got != 3 {
		t.Errorf("spacing %v, want 3", got)
	}
	g := read(t, m, l.Sub(-5, -5, 2411, 2411))
	for r := range g.Rows {
		for c, got := range g.RowM(r) {
			col, row := c-5, r-5
			known := col >= 0 && row >= 0 && col <= 2400 && row <= 2400 && (col <= 1200 || row <= 1200)
			if !known && got == got {
				t.Fatalf("post (%d, %d) is %v, want it missing", col, row, got)
			}
			if want := float32(heightM(g.Col0+c, g.Row0+r)); known && got != want {
				t.Fatalf("post (%d, %d) is %v, want %v", col, row, got, want)
			}
		}
	}
}

func TestWindowsAgree(t *testing.T) {
	m := open(t, twoByTwo(t))
	whole := read(t, m, m.Lattice())
	windows := []struct {
		name                 string
		col, row, cols, rows int
	}{
		{"within a tile", 10, 20, 300, 400},
		{"over the seam", 1100, 1100, 200, 200},
		{"the seam alone", 1200, 1200, 1, 1},
		{"one row", 0, 1200, 2401, 1},
		{"one column", 1200, 0, 1, 2401},
		{"in the gap", 1300, 1300, 50, 50},
	}
	for _, test := range windows {
		t.Run(test.name, func(t *testing.T) {
			g := read(t, m, m.Lattice().Sub(test.col, test.row, test.cols, test.rows))
			for r := range g.Rows {
				for c, got := range g.RowM(r) {
					if want := whole.RowM(test.row + r)[test.col+c]; got != want && (got == got || want == want) {
						t.Fatalf("post (%d, %d) is %v, in the whole model %v", c, r, got, want)
					}
				}
			}
		})
	}
}

func TestSeams(t *testing.T) {
	tests := []struct {
		name       string
		west, east int16
		want       float32
	}{
		{"both agree", 700, 700, 700},
		{"void in the west", void, 700, 700},
		{"void in the east", 700, void, 700},
		{"the western tile wins", 700, 800, 700},
		{"void in both", void, void, float32(void)},
	}
	constant := func(z int16) func(int, int) int16 { return func(int, int) int16 { return z } }
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			writeTile(t, filepath.Join(dir, "N00E000.hgt"), constant(test.west))
			writeTile(t, filepath.Join(dir, "N00E001.hgt"), constant(test.east))
			m := open(t, dir)
			got := read(t, m, m.Lattice().Sub(1200, 600, 1, 1)).ElevationM[0]
			if got != test.want && (got == got || test.want != void) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestOpenDirRefuses(t *testing.T) {
	sparse := func(name string, sizeB int64) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, sizeB); err != nil {
				t.Fatal(err)
			}
		}
	}
	both := func(a, b func(*testing.T, string)) func(*testing.T, string) {
		return func(t *testing.T, dir string) { a(t, dir); b(t, dir) }
	}
	const small, large = n * n * 2, 3601 * 3601 * 2
	tests := []struct {
		name string
		make func(t *testing.T, dir string)
		want []string
	}{
		{"an empty directory", func(*testing.T, string) {}, []string{"no SRTM tiles here", "name the directory"}},
		{"other files only", sparse("a.png", 9), []string{"only a.png"}},
		{"zipped tiles only", sparse("S13W070.hgt.zip", 9), []string{"unzip the tiles first"}},
		{"an empty tile", sparse("S13W070.hgt", 0), []string{"S13W070.hgt", "0 bytes"}},
		{"a truncated tile", sparse("S13W070.hgt", small-2), []string{"S13W070.hgt", "2884800 bytes", "2884802", "25934402"}},
		{"an odd size", sparse("S13W070.hgt", 12345), []string{"S13W070.hgt", "12345 bytes"}},
		{"mixed resolutions", both(sparse("S13W070.hgt", small), sparse("S13W069.hgt", large)),
			[]string{"S13W069.hgt", "1 arc-seconds", "S13W070.hgt has 3"}},
		{"the same degree twice", both(sparse("S13W070.hgt", small), sparse("s13w070.hgt", small)),
			[]string{"covers the same degree", "S13W070.hgt", "s13w070.hgt"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			test.make(t, dir)
			_, err := hgt.OpenDir(t.Context(), dir)
			var format *terrain.FormatError
			if !errors.As(err, &format) {
				t.Fatalf("got %v, want a FormatError", err)
			}
			for _, want := range append(test.want, dir) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

func TestOtherFilesAreNoted(t *testing.T) {
	dir := twoByTwo(t)
	for _, name := range []string{"README.txt", "S13W070.hgt.aux.xml", "W070S13.hgt", "S99W070.hgt", "S13W181.hgt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("?"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	notes := open(t, dir).Info().Notes
	if len(notes) != 1 || !strings.Contains(notes[0], "README.txt") || !strings.Contains(notes[0], "and 2 more") {
		t.Errorf("the notes are %q", notes)
	}
}

func TestIdentity(t *testing.T) {
	dir := twoByTwo(t)
	before := open(t, dir).Info().Identity
	if !strings.HasPrefix(before, "hgt:") || len(before) != len("hgt:")+64 {
		t.Fatalf("the identity is %q", before)
	}
	rename := func(from, to string) {
		if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	rename("s13w070.HGT", "S13W070.hgt")
	if got := open(t, dir).Info().Identity; got != before {
		t.Error("it changes with the case of a name")
	}
	rename("S13W070.hgt", "S13W069.hgt")
	if got := open(t, dir).Info().Identity; got == before {
		t.Error("it does not change when a tile moves")
	}
	rename("S13W069.hgt", "S13W070.hgt")
	writeTile(t, filepath.Join(dir, "S13W070.hgt"), func(int, int) int16 { return 1 })
	if got := open(t, dir).Info().Identity; got == before {
		t.Error("it does not change with an elevation")
	}
}

func TestReadStops(t *testing.T) {
	dir := twoByTwo(t)
	m := open(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Read(ctx, m.Lattice()); !errors.Is(err, context.Canceled) {
		t.Errorf("Read with the context done: %v", err)
	}
	if _, err := hgt.OpenDir(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("OpenDir with the context done: %v", err)
	}
	if err := os.Truncate(filepath.Join(dir, "S14W071.hgt"), 100); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Read(t.Context(), m.Lattice()); err == nil || !strings.Contains(err.Error(), "S14W071.hgt: the file changed") {
		t.Errorf("Read of a file cut short: %v", err)
	}
	if _, err := m.Read(t.Context(), m.Lattice().Refine(2)); err == nil {
		t.Error("Read of posts that the tiles do not have succeeds")
	}
}

func TestOneTile(t *testing.T) {
	dir := twoByTwo(t)
	m, err := hgt.OpenTile(t.Context(), filepath.Join(dir, "S14W071.hgt"))
	if err != nil {
		t.Fatal(err)
	}
	if l := m.Lattice(); l.Posts() != n*n || l.Lat(0) != -13 || m.Info().Name != "SRTM tile S14W071.hgt" {
		t.Errorf("%+v, %+v", l, m.Info())
	}
	other := filepath.Join(dir, "tile.hgt")
	writeTile(t, other, shifted(0, 0))
	if _, err := hgt.OpenTile(t.Context(), other); err == nil || !strings.Contains(err.Error(), "name it like S13W070.hgt") {
		t.Errorf("a nameless tile: %v", err)
	}
}

func TestOneArcSecond(t *testing.T) {
	path := filepath.Join(t.TempDir(), "N00W001.hgt")
	raw := make([]byte, 3601*3601*2)
	binary.BigEndian.PutUint16(raw[(3600*3601+1)*2:], 123)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := hgt.OpenTile(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	l := m.Lattice()
	if l.PerDegLon != 3600 || l.Cols != 3601 || l.Lat(3600) != 0 || l.Lon(3600) != 0 || m.Info().SpacingArcsec != 1 {
		t.Errorf("%+v, %+v", l, m.Info())
	}
	if g := read(t, m, l.Sub(0, 3600, 3, 1)); g.ElevationM[0] != 0 || g.ElevationM[1] != 123 || g.ElevationM[2] != 0 {
		t.Errorf("the last row begins with %v", g.ElevationM)
	}
}

func TestReadersDoNotDisturbEachOther(t *testing.T) {
	m := open(t, twoByTwo(t))
	want := read(t, m, m.Lattice())
	for i := range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			g := read(t, m, m.Lattice().Sub(i*300, i*300, 500, 500))
			for r := range g.Rows {
				if z := g.RowM(r)[0]; z != want.RowM(i*300 + r)[i*300] && z == z {
					t.Fatalf("row %d begins with %v", r, z)
				}
			}
		})
	}
}
