package command_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/command"
	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/store"
)

// elevations writes a model of 40 × 30 posts every 15″ south-east of 70° W,
// 12° S, at one elevation but for a void of one post, and returns its path.
func elevations(t *testing.T, name string, elevationM float32) string {
	t.Helper()
	g := terrain.NewGrid(terrain.Lattice{PerDegLon: 240, PerDegLat: 240, Col0: 110 * 240, Row0: 102 * 240, Cols: 40, Rows: 30})
	for i := range g.ElevationM {
		g.ElevationM[i] = elevationM
	}
	g.RowM(7)[9] = float32(-geotiff.NoDataM * 10) // stands for unknown
	var out bytes.Buffer
	if err := geotiff.Write(&out, g, geotiff.Options{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTerrainImport(t *testing.T) {
	dem := elevations(t, "dem.tif", 300)
	readme := filepath.Join(filepath.Dir(dem), "readme.txt")
	if err := os.WriteFile(readme, []byte("read me"), 0o600); err != nil {
		t.Fatal(err)
	}
	into := filepath.Join(t.TempDir(), "peru")
	got := run(t, &fake.Server{}, "terrain", "import", filepath.Dir(dem), "--into", into, "--origin", "a survey", "--licence", "free", "--jobs", "1")
	if got.code != 0 {
		t.Fatalf("exit %d: %s", got.code, got.stderr)
	}
	for _, want := range []string{"terrain store " + into, "5 tiles written, 0 as they were", "1,200, every 15″", "every 30″, 60″",
		"no posts missing; 1 post filled", "1 small void"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("stdout does not say %q:\n%s", want, got.stdout)
		}
	}
	if want := "canopy: not imported: " + readme + ": not an elevation model\n"; got.stderr != want {
		t.Errorf("stderr %q, want %q", got.stderr, want)
	}
	s, err := store.Open(into)
	if err != nil {
		t.Fatal(err)
	}
	if info := s.Info(); info.Source != "a survey" || info.Licence != "free" {
		t.Errorf("described as %+v", info)
	}
	again := run(t, &fake.Server{}, "terrain", "import", dem, "--into", into, "--origin", "a survey", "--licence", "free")
	if again.code != 0 || !strings.Contains(again.stdout, "0 tiles written, 5 as they were") {
		t.Errorf("once more: exit %d\n%s%s", again.code, again.stdout, again.stderr)
	}
}

func TestTerrainImportOfDepths(t *testing.T) {
	dem := elevations(t, "sea.tif", -4000)
	into := filepath.Join(t.TempDir(), "sea")
	if got := run(t, &fake.Server{}, "terrain", "import", dem, "--into", into); !strings.Contains(got.stdout, "Warnings\n") || !strings.Contains(got.stdout, "--bathymetry") {
		t.Errorf("no warning:\n%s%s", got.stdout, got.stderr)
	}
	if got := run(t, &fake.Server{}, "terrain", "import", dem, "--into", into, "--bathymetry"); got.code != 0 || strings.Contains(got.stdout, "--bathymetry") {
		t.Errorf("exit %d\n%s%s", got.code, got.stdout, got.stderr)
	}
}

func TestTerrainImportRefuses(t *testing.T) {
	dem := elevations(t, "dem.tif", 300)
	stored := filepath.Join(t.TempDir(), "stored")
	if got := run(t, &fake.Server{}, "terrain", "import", dem, "--into", stored); got.code != 0 {
		t.Fatal(got.stderr)
	}
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"nothing to import", []string{"--into", stored}, 2, "no files"},
		{"nowhere to", []string{dem}, 2, "no --into"},
		{"fewer than no jobs", []string{dem, "--into", stored, "--jobs", "-1"}, 2, "--jobs -1"},
		{"no such file", []string{"nowhere.tif", "--into", stored}, 2, "nowhere.tif: no such file"},
		{"a store", []string{stored, "--into", stored + "2"}, 2, "a terrain store already"},
		{"a folder with other things", []string{dem, "--into", filepath.Dir(dem)}, 2, "neither a terrain store nor empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := run(t, &fake.Server{}, append([]string{"terrain", "import"}, test.args...)...)
			if got.code != test.code || !strings.Contains(got.stderr, test.want) || strings.Count(got.stderr, "\n") != 1 || got.stdout != "" {
				t.Errorf("exit %d, want %d with %q:\n%s%s", got.code, test.code, test.want, got.stdout, got.stderr)
			}
		})
	}
}

// TestTerrainImportIsInterrupted interrupts before the first file, and imports
// again.
func TestTerrainImportIsInterrupted(t *testing.T) {
	dem := elevations(t, "dem.tif", 300)
	into := filepath.Join(t.TempDir(), "peru")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	app := &command.App{Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }}
	if code := app.Run(ctx, []string{"terrain", "import", dem, "--into", into}); code != 130 || stderr.String() != "canopy: interrupted\n" {
		t.Errorf("exit %d: %s", code, stderr.String())
	}
	if got := run(t, &fake.Server{}, "terrain", "import", dem, "--into", into); got.code != 0 {
		t.Errorf("afterwards: exit %d: %s", got.code, got.stderr)
	}
}

func TestTerrainImportShowsProgress(t *testing.T) {
	dem := elevations(t, "dem.tif", 300)
	got := runWith(t, &fake.Server{}, func(app *command.App) { app.Screen.Progress = true },
		"terrain", "import", dem, "--into", filepath.Join(t.TempDir(), "peru"))
	if got.code != 0 || !strings.Contains(got.stderr, "\r") {
		t.Errorf("exit %d: %q", got.code, got.stderr)
	}
}
