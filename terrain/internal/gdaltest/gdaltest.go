// Package gdaltest asks GDAL's programs what they make of a file, for tests
// that hold Canopy's readers to the same.
package gdaltest

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
)

// Run runs one of GDAL's programs and returns what it prints. It skips the
// test where the program is absent.
func Run(t testing.TB, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(args[0]); err != nil {
		t.Skip(args[0] + " is not installed")
	}
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...) //nolint:gosec // tests say what they run
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v: %s%s", args, err, out, complaints.String())
	}
	return string(out)
}

// COG fails the test unless GDAL's own check finds the file at path to be a
// Cloud Optimized GeoTIFF, to the last tile, and has no advice to give either.
// It skips the test where the check is absent.
func COG(t testing.TB, path string) {
	t.Helper()
	// Debian's packages are for Debian's own Python.
	const python, check = "/usr/bin/python3", "osgeo_utils.samples.validate_cloud_optimized_geotiff"
	if exec.CommandContext(t.Context(), python, "-c", "import "+check).Run() != nil {
		t.Skip("GDAL's check of Cloud Optimized GeoTIFFs (python3-gdal) is not installed")
	}
	found := Run(t, python, "-m", check, "--full-check=yes", path)
	if !strings.Contains(found, path+" is a valid cloud optimized GeoTIFF") || strings.Contains(found, "warning") {
		t.Errorf("GDAL's check of the Cloud Optimized GeoTIFF says: %s", found)
	}
}

// Posts returns the values of a file, row by row from the north-west, as
// single-precision numbers; NaN where they are noDataM.
func Posts(t testing.TB, path string, noDataM float32, options ...string) []float32 {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.raw")
	args := append([]string{"gdal_translate", "-q", "-of", "ENVI", "-ot", "Float32"}, options...)
	Run(t, append(args, path, out)...)
	return raw(t, out, noDataM)
}

// Bilinear returns the values of a file at the posts of l, which may lie
// between its own, as GDAL interpolates them; NaN where it has none. It is
// exact to the rounding of single precision.
func Bilinear(t testing.TB, path string, l terrain.Lattice) []float32 {
	t.Helper()
	const missing = -99999
	out := filepath.Join(t.TempDir(), "out.raw")
	west, north := l.Lon(0)-0.5/l.PerDegLon, l.Lat(0)+0.5/l.PerDegLat
	east, south := l.Lon(l.Cols-1)+0.5/l.PerDegLon, l.Lat(l.Rows-1)-0.5/l.PerDegLat
	Run(t, "gdalwarp", "-q", "-of", "ENVI", "-ot", "Float32", "-wt", "Float32", "-r", "bilinear", "-et", "0",
		"-te", number(west), number(south), number(east), number(north),
		"-ts", fmt.Sprint(l.Cols), fmt.Sprint(l.Rows), "-dstnodata", fmt.Sprint(missing), path, out)
	return raw(t, out, missing)
}

func number(v float64) string { return fmt.Sprintf("%.17g", v) }

func raw(t testing.TB, path string, noDataM float32) []float32 {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	values := make([]float32, len(content)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(content[i*4:]))
		if values[i] == noDataM {
			values[i] = float32(math.NaN())
		}
	}
	return values
}

// Same fails the test at the first post that is not want's; NaN equals NaN.
func Same(t testing.TB, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d posts, want %d", len(got), len(want))
	}
	for i, z := range got {
		if z != want[i] && (z == z || want[i] == want[i]) {
			t.Fatalf("post %d is %v, want %v", i, z, want[i])
		}
	}
}

// Model returns all elevations of m.
func Model(t testing.TB, m terrain.Model) []float32 {
	t.Helper()
	g, err := m.Read(t.Context(), m.Lattice())
	if err != nil {
		t.Fatal(err)
	}
	return g.ElevationM
}

// SameBetween holds m, the model of the file at path, to what GDAL
// interpolates between its posts: a grid of points shifted by fractions of a
// post, over the posts from (col, row) on.
func SameBetween(t testing.TB, path string, m terrain.Model, window terrain.Lattice) {
	t.Helper()
	g, err := m.Read(t.Context(), m.Lattice())
	if err != nil {
		t.Fatal(err)
	}
	for _, shift := range [][2]float64{{0.5, 0.5}, {0.125, 0.75}, {0.3, 0}} {
		l := window
		l.OffLon += shift[0]
		l.OffLat += shift[1]
		compared := 0
		for i, want := range Bilinear(t, path, l) {
			col, row := float64(l.Col0+i%l.Cols-g.Col0)+shift[0], float64(l.Row0+i/l.Cols-g.Row0)+shift[1]
			got := g.AtPost(col, row)
			// Single precision keeps 24 bits of up to 8848 m.
			const tolerance = 2e-3
			if math.IsNaN(got) {
				continue // GDAL makes do with three posts
			}
			compared++
			if !(math.Abs(got-float64(want)) <= tolerance) {
				t.Fatalf("shifted by %v: post (%d, %d) is %v, GDAL says %v", shift, i%l.Cols, i/l.Cols, got, want)
			}
		}
		if compared < l.Posts()/2 {
			t.Errorf("shifted by %v: only %d of %d posts have an elevation to compare", shift, compared, l.Posts())
		}
	}
}
