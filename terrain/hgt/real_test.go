package hgt_test

import (
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/hgt"
)

// sierraNevada holds nine real tiles, N36W120 to N38W118.
const sierraNevada = "../../../shared/data/srtm3_sierra_nevada"

func sierra(t testing.TB) terrain.Model {
	if _, err := os.Stat(sierraNevada); err != nil {
		t.Skip("the Sierra Nevada tiles are not here")
	}
	return open(t, sierraNevada)
}

// gdalFloat32 returns what GDAL makes of a file, row by row.
func gdalFloat32(t *testing.T, path string) []float32 {
	t.Helper()
	if _, err := exec.LookPath("gdal_translate"); err != nil {
		t.Skip("gdal_translate is not installed")
	}
	out := filepath.Join(t.TempDir(), "out.raw")
	cmd := exec.Command("gdal_translate", "-q", "-of", "ENVI", "-ot", "Float32", path, out)
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, msg)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	values := make([]float32, len(raw)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[i*4:]))
	}
	return values
}

func TestRealTilesMatchGDAL(t *testing.T) {
	sierra(t)
	for _, name := range []string{"N36W120.hgt", "N37W119.hgt", "N38W118.hgt"} {
		path := filepath.Join(sierraNevada, name)
		want := gdalFloat32(t, path)
		m, err := hgt.OpenTile(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		for i, z := range read(t, m, m.Lattice()).ElevationM {
			if z != want[i] {
				t.Fatalf("%s: post (%d, %d) is %v, GDAL says %v", name, i%n, i/n, z, want[i])
			}
		}
	}
}

// Neighbours need not agree on the posts that they share: here N37W120 has
// 2132 m and N37W119, which comes second, 2131 m.
func TestRealSeam(t *testing.T) {
	m := sierra(t)
	if z := read(t, m, m.Lattice().Sub(1200, 1200+107, 1, 1)).ElevationM[0]; z != 2132 {
		t.Errorf("the shared post is at %v m, want 2132", z)
	}
}

func TestMadeUpTileMatchesGDAL(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "S13W070.hgt")
	writeTile(t, path, func(col, row int) int16 {
		if (col+row)%97 == 0 {
			return void
		}
		return int16(col*7 - row*5)
	})
	want := gdalFloat32(t, path)
	m := open(t, dir)
	for i, z := range read(t, m, m.Lattice()).ElevationM {
		if z != want[i] && !(z != z && want[i] == void) {
			t.Fatalf("post (%d, %d) is %v, GDAL says %v", i%n, i/n, z, want[i])
		}
	}
}

func TestRealTilesAreWhole(t *testing.T) {
	m := sierra(t)
	g := read(t, m, m.Lattice())
	if g.Cols != 3601 || g.Rows != 3601 || g.Missing() != 0 {
		t.Fatalf("%d × %d posts, %d missing", g.Cols, g.Rows, g.Missing())
	}
	// Mount Whitney, 36.5786° N 118.2920° W: 4421 m; at 3″ its top is blunted.
	if z := g.At(-118.2920, 36.5786); z < 4300 || z > 4421 {
		t.Errorf("Mount Whitney is at %v m", z)
	}
}

func BenchmarkOpenNineTiles(b *testing.B) {
	sierra(b)
	b.ReportAllocs()
	for b.Loop() {
		open(b, sierraNevada)
	}
}

func BenchmarkRead_1700x1730(b *testing.B) {
	m := sierra(b)
	b.ReportAllocs()
	for b.Loop() {
		read(b, m, m.Lattice().Sub(900, 900, 1700, 1730))
	}
}
