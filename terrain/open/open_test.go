package open_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/open"
)

// zeroTile is an SRTM tile of 3 arc-seconds at sea level.
var zeroTile = make([]byte, 1201*1201*2)

func floor(t *testing.T) []byte {
	t.Helper()
	l := terrain.Lattice{PerDegLon: 12, PerDegLat: 12, Col0: 1300, Row0: 1200, Cols: 4, Rows: 3}
	var out bytes.Buffer
	if err := geotiff.Write(&out, terrain.NewGrid(l), geotiff.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPath(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, content []byte) {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	put("tiles/S13W070.hgt", zeroTile)
	put("none/readme.txt", []byte("?"))
	put("floor.tif", floor(t))
	put("floor", floor(t))
	put("S13W071.hgt", floor(t))
	put("S13W070.HGT", zeroTile)
	put("short.hgt", zeroTile[:3])
	put("empty.tif", nil)
	put("notes.txt", []byte("elevations"))
	put("one", []byte("I"))
	put("tiles.zip", []byte("PK\x03\x04...."))
	put("broken.tif", floor(t)[:50])
	tests := []struct {
		name, path string
		// identity is how that of the model begins, err what the error says.
		identity, err string
	}{
		{"a directory of tiles", "tiles", "hgt:", ""},
		{"one tile", "S13W070.HGT", "hgt:", ""},
		{"a GeoTIFF", "floor.tif", "geotiff:", ""},
		{"a GeoTIFF without an ending", "floor", "geotiff:", ""},
		{"a GeoTIFF with another ending", "S13W071.hgt", "geotiff:", ""},
		{"nothing", "nothing", "", `nothing: no such file or directory; give a directory of SRTM tiles`},
		{"a directory without tiles", "none", "", "none: no SRTM tiles here"},
		{"an empty file", "empty.tif", "", "empty.tif: the file is empty (0 bytes)"},
		{"a tile without a corner", "short.hgt", "", "short.hgt: the name does not give a tile's south-west corner"},
		{"text", "notes.txt", "", "notes.txt: neither a GeoTIFF file nor an SRTM tile; give a directory"},
		{"a single byte", "one", "", "one: neither a GeoTIFF"},
		{"a zip archive", "tiles.zip", "", "tiles.zip: a zip archive; unzip it first"},
		{"a broken GeoTIFF", "broken.tif", "", "broken.tif: damaged"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := open.Path(t.Context(), filepath.Join(dir, test.path))
			if test.err == "" {
				if err != nil || !strings.HasPrefix(m.Info().Identity, test.identity) {
					t.Fatalf("%v, want a model %s…", err, test.identity)
				}
				return
			}
			var format *terrain.FormatError
			if !errors.As(err, &format) || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, test.err)
			}
		})
	}
	if _, err := open.Path(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "no path given; give a directory") {
		t.Errorf("without a path: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := open.Path(cancelled, filepath.Join(dir, "floor.tif")); !errors.Is(err, context.Canceled) {
		t.Errorf("with the context done: %v", err)
	}
}
