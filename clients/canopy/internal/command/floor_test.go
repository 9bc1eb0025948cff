package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
)

func TestFloor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "floor.tif")
	got := run(t, &fake.Server{GeoTIFF: []byte("II*\x00raster")}, "floor", "--out", path)
	if text, err := os.ReadFile(path); err != nil || string(text) != "II*\x00raster" {
		t.Errorf("file %q, %v", text, err)
	}
	golden(t, "floor.txt", strings.ReplaceAll(got.stdout, path, "floor.tif"))
}

func TestFloorAsJSON(t *testing.T) {
	got := run(t, &fake.Server{GeoTIFF: []byte("II")}, "floor", "-o", "json", "--out", filepath.Join(t.TempDir(), "floor.tif"))
	golden(t, "floor.json", got.stdout)
}

func TestFloorThatEndsEarlyLeavesNoFile(t *testing.T) {
	folder := t.TempDir()
	got := run(t, &fake.Server{GeoTIFF: []byte("II*\x00raster"), CutShort: true}, "floor", "--out", filepath.Join(folder, "floor.tif"))
	if got.code != fault.Failed || got.stdout != "" || got.stderr != "canopy: cut short\n" {
		t.Errorf("got %+v", got)
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestFloorRefuses(t *testing.T) {
	tests := []struct{ name, args, want string }{
		{"no folder", "--out /nowhere/floor.tif", "there is no folder /nowhere"},
		{"a format of its own", "--out floor.tif -o geojson", "-o geojson is not offered here: want table, json"},
		{"an unknown compression", "--out floor.tif --compress lzw", "--compress: \"lzw\" is not a compression: want none, deflate or zstd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, &fake.Server{}, append([]string{"floor"}, strings.Fields(tt.args)...)...)
			if got.code != fault.Usage || !strings.Contains(got.stderr, tt.want) {
				t.Errorf("got %+v", got)
			}
		})
	}
}
