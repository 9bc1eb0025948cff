package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	openers "github.com/canopyradar/canopy/terrain/open"
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
