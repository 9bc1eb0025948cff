package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
	openers "github.com/canopyradar/canopy/terrain/open"
	"github.com/canopyradar/canopy/terrain/store"
)

// testData holds real elevations, outside of the repository. Where it is
// absent, tests on them are skipped.
const testData = "../../../shared/data"

// realSources opens the files of that name in the test data.
func realSources(t testing.TB, name string) []terrain.Model {
	t.Helper()
	path := filepath.Join(testData, name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("needs the test data: " + err.Error())
	}
	sources, _, err := openers.Files(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// TestSamePostsThreeWays holds tiles, a GeoTIFF file of the same posts, and
// the stores of both to each other, at the rim too.
func TestSamePostsThreeWays(t *testing.T) {
	if testing.Short() {
		t.Skip("converts 13 million posts")
	}
	tiles := realSources(t, "srtm3_sierra_nevada")
	names, err := filepath.Glob(filepath.Join(testData, "srtm3_sierra_nevada", "*.hgt"))
	if err != nil {
		t.Fatal(err)
	}
	// Later files go before earlier ones there: first the northern ones.
	slices.SortStableFunc(names, func(a, b string) int {
		return strings.Compare(filepath.Base(b)[:3], filepath.Base(a)[:3])
	})
	dir := t.TempDir()
	vrt, tif := filepath.Join(dir, "all.vrt"), filepath.Join(dir, "all.tif")
	gdaltest.Run(t, append([]string{"gdalbuildvrt", "-q", vrt}, names...)...)
	gdaltest.Run(t, "gdal_translate", "-q", vrt, tif)
	one, _, err := openers.Files(t.Context(), tif)
	if err != nil {
		t.Fatal(err)
	}
	want := combined(t, tiles...)
	l := want.Lattice().Sub(-20, -20, want.Lattice().Cols+40, want.Lattice().Rows+40)
	same(t, combined(t, one...), want, l)
	for name, sources := range map[string][]terrain.Model{"of-tiles": tiles, "of-tif": one} {
		importInto(t, filepath.Join(dir, name), store.Job{Sources: sources})
		same(t, open(t, filepath.Join(dir, name)), want, l)
	}
}
