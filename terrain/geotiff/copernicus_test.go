package geotiff_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
)

// mountains returns rough made-up terrain: sines of many lengths, and
// centimetres of noise as in a radar's elevations.
func mountains(l terrain.Lattice) *terrain.Grid {
	random := rand.New(rand.NewPCG(7, 8))
	g := terrain.NewGrid(l)
	for r := range l.Rows {
		lat := l.Lat(r)
		for c := range l.Cols {
			lon, z := l.Lon(c), 1200.0
			for k := 3.0; k < 3000; k *= 2.7 {
				z += 900 / math.Sqrt(k) * math.Sin(k*lon+k/2) * math.Cos(k*lat*1.1)
			}
			g.ElevationM[r*l.Cols+c] = float32(z + 0.2*random.Float64())
		}
	}
	return g
}

// copernicus makes a look-alike of a tile of the Copernicus model: pixels are
// areas, with their centres on whole degrees in the north-west, and the
// southern and eastern edge left to the neighbours.
func copernicus(t testing.TB, lonDeg, latDeg, cols, rows int) (path string, g *terrain.Grid) {
	t.Helper()
	g = mountains(terrain.Lattice{PerDegLon: float64(cols), PerDegLat: float64(rows),
		Col0: (lonDeg + 180) * cols, Row0: (89 - latDeg) * rows, Cols: cols, Rows: rows})
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain.tif")
	path = filepath.Join(dir, fmt.Sprintf("Copernicus_DSM_COG_%d_%d_%d_DEM.tif", cols, latDeg, lonDeg))
	if err := os.WriteFile(plain, []byte(write(t, g, geotiff.Options{Plain: true})), 0o600); err != nil {
		t.Fatal(err)
	}
	gdaltest.Run(t, "gdal_translate", "-q", "-of", "COG", "-a_nodata", "none", "-co", "COMPRESS=DEFLATE",
		"-co", "PREDICTOR=FLOATING_POINT", "-co", "BLOCKSIZE=1024", "-co", "OVERVIEWS=AUTO", plain, path)
	return path, g
}

func TestCopernicusTiles(t *testing.T) {
	tests := []struct {
		name           string
		lonDeg, latDeg int
		cols, rows     int
	}{
		{"GLO-90", -70, -13, 1200, 1200},
		{"GLO-90, 50° to 60° north", 8, 55, 800, 1200},
		{"GLO-90, 80° to 85° south", -70, -84, 240, 1200},
		{"GLO-30", -70, -13, 3600, 3600},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if testing.Short() && test.cols > 1200 {
				t.Skip("packing with GDAL takes seconds")
			}
			path, g := copernicus(t, test.lonDeg, test.latDeg, test.cols, test.rows)
			described := gdaltest.Run(t, "gdalinfo", path)
			for _, want := range []string{"COMPRESSION=DEFLATE", "PREDICTOR=3", "LAYOUT=COG", "AREA_OR_POINT=Area", "Type=Float32",
				fmt.Sprintf("Origin = (%.15f", float64(test.lonDeg)-0.5/float64(test.cols))[:16]} {
				if !strings.Contains(described, want) {
					t.Fatalf("the look-alike is none, without %q: %s", want, described)
				}
			}
			if test.cols > 1024 && !strings.Contains(described, "Overviews: ") {
				t.Fatalf("there are no overviews: %s", described)
			}
			m := open(t, path)
			l := m.Lattice()
			if l != g.Lattice || l.OffLon != 0 || l.Lon(0) != float64(test.lonDeg) || l.Lat(0) != float64(test.latDeg+1) {
				t.Fatalf("the lattice is %+v, want %+v", l, g.Lattice)
			}
			gdaltest.Same(t, gdaltest.Model(t, m), g.ElevationM)
			gdaltest.Same(t, gdaltest.Model(t, m), gdaltest.Posts(t, path, -99999))
			gdaltest.SameBetween(t, path, m, l.Sub(0, 0, 60, 60))
			gdaltest.SameBetween(t, path, m, l.Sub(l.Cols-101, l.Rows-101, 100, 100))
		})
	}
}

func BenchmarkReadCopernicus_3600x3600(b *testing.B) {
	path, g := copernicus(b, -70, -13, 3600, 3600)
	m := open(b, path)
	b.SetBytes(int64(4 * g.Posts()))
	b.ReportAllocs()
	for b.Loop() {
		read(b, m, m.Lattice())
	}
}

// BenchmarkReadPacked_3600x3600 reads the same posts from every way of storing
// that there is, in tiles of 512 × 512; "plain" is a file by Options.Plain.
func BenchmarkReadPacked_3600x3600(b *testing.B) {
	g := mountains(terrain.Lattice{PerDegLon: 3600, PerDegLat: 3600, Col0: 110 * 3600, Row0: 102 * 3600, Cols: 3600, Rows: 3600})
	dir := b.TempDir()
	plain := filepath.Join(dir, "plain.tif")
	if err := os.WriteFile(plain, []byte(write(b, g, geotiff.Options{Plain: true})), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, packing := range []string{"plain", "NONE", "LZW PREDICTOR=3", "DEFLATE PREDICTOR=3", "ZSTD PREDICTOR=3"} {
		b.Run(packing, func(b *testing.B) {
			path := plain
			if packing != "plain" {
				path = filepath.Join(dir, "packed.tif")
				args := []string{"gdal_translate", "-q", "-co", "TILED=YES", "-co", "BLOCKXSIZE=512", "-co", "BLOCKYSIZE=512"}
				for o := range strings.FieldsSeq("COMPRESS=" + packing) {
					args = append(args, "-co", o)
				}
				gdaltest.Run(b, append(args, plain, path)...)
			}
			m := open(b, path)
			b.SetBytes(int64(4 * g.Posts()))
			b.ReportAllocs()
			for b.Loop() {
				read(b, m, m.Lattice())
			}
		})
	}
}

// BenchmarkReadPlain_64x64 reads a small window of a file in one strip.
func BenchmarkReadPlain_64x64(b *testing.B) {
	g := terrain.NewGrid(terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 132000, Row0: 122400, Cols: 1800, Rows: 1800})
	path := filepath.Join(b.TempDir(), "plain.tif")
	if err := os.WriteFile(path, []byte(write(b, g, geotiff.Options{Plain: true})), 0o600); err != nil {
		b.Fatal(err)
	}
	m := open(b, path)
	b.ReportAllocs()
	for b.Loop() {
		read(b, m, m.Lattice().Sub(900, 900, 64, 64))
	}
}
