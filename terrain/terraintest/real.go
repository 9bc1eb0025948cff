// Package terraintest opens elevation models for tests.
package terraintest

import (
	"context"
	"os"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/open"
)

// Real opens a real elevation model, and skips the test where it is not at hand, and
// under the race detector, for which it takes long: made-up terrain has all that races,
// and less to sweep.
func Real(t testing.TB, path string) terrain.Model {
	t.Helper()
	if RaceDetector {
		t.Skip("takes long under the race detector")
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("the real terrain is not here: ", err)
	}
	m, err := open.Path(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
