package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
)

func TestVerify(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	source := elevations(t, "dem.tif", 300)
	if got := run(t, &fake.Server{}, "terrain", "import", source, "--into", dir); got.code != 0 {
		t.Fatal(got.stderr)
	}
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"a sound store", []string{"--terrain", dir}, 0, "are as they were imported"},
		{"a file", []string{"--terrain", source}, 2, "--verify needs a terrain store"},
		{"the built-in terrain", nil, 2, "--verify needs a terrain store"},
		{"a server", []string{"--server", "127.0.0.1:1"}, 2, "give its folder to --terrain, and no --server"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, &fake.Server{}, append([]string{"terrain", "info", "--verify"}, tt.args...)...)
			if got.code != tt.code || !strings.Contains(got.stderr, tt.want) {
				t.Errorf("exit %d, %s; want %d and %s", got.code, got.stderr, tt.code, tt.want)
			}
		})
	}
	tiles, err := filepath.Glob(filepath.Join(dir, "15s", "*.tif"))
	if err != nil || len(tiles) == 0 {
		t.Fatal(tiles, err)
	}
	content, err := os.ReadFile(tiles[0])
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)-1] ^= 1
	if err := os.WriteFile(tiles[0], content, 0o600); err != nil {
		t.Fatal(err)
	}
	got := run(t, &fake.Server{}, "terrain", "info", "--verify", "--terrain", dir)
	if got.code != 1 || !strings.Contains(got.stderr, "damaged tile: its checksum is") {
		t.Errorf("a changed tile: exit %d, %s", got.code, got.stderr)
	}
}
