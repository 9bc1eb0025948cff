package open_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/viewtest"
	"github.com/canopyradar/canopy/terrain/open"
	"github.com/canopyradar/canopy/terrain/store"
)

// zeroTile is an SRTM tile of 3 arc-seconds at sea level.
var zeroTile = make([]byte, 1201*1201*2)

// onTile is the lattice of the SRTM tile S13W069.
var onTile = terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 111 * 1200, Row0: 102 * 1200, Cols: 1201, Rows: 1201}

// coarse is the lattice of a small model of another spacing.
var coarse = terrain.Lattice{PerDegLon: 12, PerDegLat: 12, Col0: 1300, Row0: 1200, Cols: 4, Rows: 3}

// tif is a GeoTIFF file on l, at 100 m.
func tif(t *testing.T, l terrain.Lattice) []byte {
	t.Helper()
	g := terrain.NewGrid(l)
	for i := range g.ElevationM {
		g.ElevationM[i] = 100
	}
	var out bytes.Buffer
	if err := geotiff.Write(&out, g, geotiff.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// lay puts files, by their paths below a new directory, and returns that.
func lay(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestPathToAFile(t *testing.T) {
	dir := lay(t, map[string][]byte{
		"floor.tif": tif(t, coarse), "floor": tif(t, coarse), "S13W071.hgt": tif(t, coarse),
		"S13W070.HGT": zeroTile, "S13W070.hgt.gz": gzipped(t, zeroTile),
		"short.hgt": zeroTile[:3], "empty.tif": nil, "empty": nil, "notes.txt": []byte("elevations"), "one": []byte("I"),
		"tiles.zip": []byte("PK\x03\x04...."), "broken.tif": tif(t, coarse)[:50], "text.tif": []byte("elevations"),
		"Copernicus_DSM_COG_30_S13_00_W070_00_HEM.tif": tif(t, coarse),
	})
	tests := []struct {
		name, path string
		// identity is how that of the model begins, err what the error says.
		identity, err string
	}{
		{"a tile", "S13W070.HGT", "hgt:", ""},
		{"a packed tile", "S13W070.hgt.gz", "hgt:", ""},
		{"a GeoTIFF", "floor.tif", "geotiff:", ""},
		{"a GeoTIFF without an ending", "floor", "geotiff:", ""},
		{"a GeoTIFF with another ending", "S13W071.hgt", "geotiff:", ""},
		{"nothing", "nothing", "", `nothing: no such file or directory; give a file in EPSG:4326, a directory`},
		{"an empty file", "empty.tif", "", "empty.tif: the file is empty (0 bytes)"},
		{"an empty file of no format", "empty", "", "empty: the file is empty (0 bytes)"},
		{"a tile without a corner", "short.hgt", "", "short.hgt: the name does not give a tile's south-west corner"},
		{"text", "notes.txt", "", "notes.txt: not an elevation model that can be read; give a file"},
		{"text with the name of a GeoTIFF", "text.tif", "", "text.tif: not a TIFF file"},
		{"a single byte", "one", "", "one: not an elevation model"},
		{"a broken zip archive", "tiles.zip", "", "tiles.zip: damaged: not a whole zip archive"},
		{"a broken GeoTIFF", "broken.tif", "", "broken.tif: damaged"},
		{"errors of height", "Copernicus_DSM_COG_30_S13_00_W070_00_HEM.tif", "", "not an elevation model"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := open.Path(t.Context(), filepath.Join(dir, test.path))
			if test.err != "" {
				requireFormatError(t, err, test.err)
			} else if err != nil || !strings.HasPrefix(m.Info().Identity, test.identity) {
				t.Fatalf("%v, want a model %s…", err, test.identity)
			}
		})
	}
	_, err := open.Path(t.Context(), "")
	requireFormatError(t, err, "no path given; give a file")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, path := range []string{filepath.Join(dir, "floor.tif"), dir} {
		if _, err := open.Path(cancelled, path); !errors.Is(err, context.Canceled) {
			t.Errorf("%s with the context done: %v", path, err)
		}
	}
}

func requireFormatError(t *testing.T, err error, want ...string) {
	t.Helper()
	var format *terrain.FormatError
	if !errors.As(err, &format) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v, want a FormatError of one line", err)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

func TestPathToADirectory(t *testing.T) {
	fine := tif(t, onTile)
	tests := []struct {
		name  string
		files map[string][]byte
		// identity is how that of the model begins, notes what its notes say.
		identity string
		notes    []string
		// err is what the error says.
		err []string
	}{
		{name: "one tile", files: map[string][]byte{"S13W070.hgt": zeroTile}, identity: "hgt:"},
		{name: "several formats", files: map[string][]byte{"S13W070.hgt": zeroTile, "S13W069.tif": fine, "S13W071.hgt.gz": gzipped(t, zeroTile)},
			identity: "mosaic:"},
		{name: "files below", files: map[string][]byte{"west/S13W070.hgt": zeroTile, "east/dem/S13W069.tif": fine}, identity: "mosaic:"},
		{name: "as Copernicus delivers", files: map[string][]byte{
			"Copernicus_DSM_COG_30_S13_00_W069_00_DEM/Copernicus_DSM_COG_30_S13_00_W069_00_DEM.tif": fine,
			"Copernicus_DSM_COG_30_S13_00_W069_00_DEM/AUXFILES/x_HEM.tif":                           fine,
			"Copernicus_DSM_COG_30_S13_00_W069_00_DEM/INFO/eula.pdf":                                []byte("%PDF"),
		}, identity: "geotiff:"},
		{name: "files that accompany others", files: map[string][]byte{"S13W070.hgt": zeroTile, "S13W070.hgt.aux.xml": []byte("<"),
			"x.prj": []byte("G"), "x.tif.ovr": fine, "x.md5": []byte("0"), "SHA256SUMS": []byte("0"), ".hidden": []byte("?")}, identity: "hgt:"},
		{name: "good, bad and other files", files: map[string][]byte{"S13W070.hgt": zeroTile, "S13W069.tif": fine,
			"a.hgt": zeroTile, "S14W070.hgt": zeroTile[2:], "b.tif": []byte("?"), "c.tif": nil, "d.tif": fine[:99], "readme.txt": []byte("read me")},
			identity: "mosaic:",
			notes: []string{
				"not used, as unreadable: S14W070.hgt (2884800 bytes; a tile has 2884802",
				"and 2 more", "not used, as not elevation models: readme.txt"}},
		{name: "a store below", files: map[string][]byte{"S13W070.hgt": zeroTile, "store/manifest.json": []byte("{}"), "store/0.tif": tif(t, coarse)},
			identity: "hgt:"},
		{name: "nothing", files: map[string][]byte{"x/.hidden": nil}, err: []string{"no elevation model here; give a file in EPSG:4326"}},
		{name: "other files only", files: map[string][]byte{"readme.txt": []byte("read me"), "map.png": []byte("PNG")},
			err: []string{"no elevation model here, not used, as not elevation models: map.png, readme.txt; give"}},
		{name: "bad files only", files: map[string][]byte{"S13W070.hgt": zeroTile[2:]},
			err: []string{"no elevation model here, not used, as unreadable: S13W070.hgt (2884800 bytes"}},
		{name: "two spacings", files: map[string][]byte{"S13W070.hgt": zeroTile, "coarse.tif": tif(t, coarse)},
			err: []string{"SRTM tile S13W070.hgt has 1200 × 1200 posts per degree", "GeoTIFF coarse.tif has 12 × 12", "gdalwarp -tr"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := lay(t, test.files)
			m, err := open.Path(t.Context(), dir)
			if test.err != nil {
				requireFormatError(t, err, append(test.err, dir+": ")...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			notes := strings.Join(m.Info().Notes, "\n")
			if !strings.HasPrefix(m.Info().Identity, test.identity) || (notes == "") != (test.notes == nil) {
				t.Errorf("%+v, want a model %s…", m.Info(), test.identity)
			}
			for _, want := range test.notes {
				if !strings.Contains(notes, want) {
					t.Errorf("the notes do not say %q:\n%s", want, notes)
				}
			}
		})
	}
}

// A post has the elevation of the file that knows it, whatever its format.
func TestFormatsStandSideBySide(t *testing.T) {
	dir := lay(t, map[string][]byte{"S13W070.hgt": zeroTile, "east.tif": tif(t, onTile)})
	m, err := open.Path(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	l := m.Lattice()
	if l.Cols != 2401 || l.Rows != 1201 || !strings.Contains(m.Info().Name, "2 terrain files in ") {
		t.Fatalf("%+v, %+v", l, m.Info())
	}
	g, err := m.Read(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	for c, z := range g.RowM(600) {
		if want := float32(100 * (c / 1201)); z != want {
			t.Fatalf("column %d is at %v m, want %v", c, z, want)
		}
	}
}

func TestFiles(t *testing.T) {
	dir := lay(t, map[string][]byte{
		"in/S13W070.hgt": zeroTile, "in/bad.tif": []byte("?"), "in/readme.txt": []byte("read me"), "floor.tif": tif(t, coarse),
	})
	in, floor := filepath.Join(dir, "in"), filepath.Join(dir, "floor.tif")
	parts, skipped, err := open.Files(t.Context(), in, floor, filepath.Join(in, "S13W070.hgt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) != 2 || parts[0].Info().Name != "GeoTIFF floor.tif" || parts[1].Info().Name != "SRTM tile S13W070.hgt" {
		t.Errorf("the parts are %v", parts)
	}
	if len(skipped) != 2 || skipped[0].Path != filepath.Join(in, "bad.tif") || skipped[0].Err == nil ||
		skipped[1].Path != filepath.Join(in, "readme.txt") || skipped[1].Err != nil {
		t.Errorf("skipped are %v", skipped)
	}
	_, _, err = open.Files(t.Context(), in, filepath.Join(dir, "none"))
	requireFormatError(t, err, "none: no such file or directory")
	_, _, err = open.Files(t.Context(), filepath.Join(in, "bad.tif"), filepath.Join(in, "readme.txt"))
	requireFormatError(t, err, "bad.tif", "not a TIFF file", "no elevation model here")
	_, _, err = open.Files(t.Context())
	requireFormatError(t, err, "no path given")
}

// A link to a directory may lead back to one that holds it.
func TestLinks(t *testing.T) {
	dir := lay(t, map[string][]byte{"in/S13W070.hgt": zeroTile})
	for from, to := range map[string]string{"in/up": dir, "in/S13W069.hgt": filepath.Join(dir, "in", "S13W070.hgt"), "link": filepath.Join(dir, "in")} {
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Skip(err)
		}
	}
	for _, path := range []string{"in", "link"} {
		parts, _, err := open.Files(t.Context(), filepath.Join(dir, path))
		if err != nil || len(parts) != 2 {
			t.Errorf("%s: %d parts, %v; want two", path, len(parts), err)
		}
	}
}

// A store is opened as one, and not as the tiles that it consists of; a void
// in a file is filled as it is in a store.
func TestPathToAStore(t *testing.T) {
	source := t.TempDir()
	tile(t, filepath.Join(source, "S13W070.hgt"), degree(-70, -13))
	parts, _, err := open.Files(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "store")
	if _, err := store.Import(t.Context(), dir, store.Job{Sources: parts}); err != nil {
		t.Fatal(err)
	}
	imported, err := open.Path(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	loose, err := open.Path(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := imported.(terrain.Overviewed); !ok || imported.Lattice() != loose.Lattice() {
		t.Fatalf("%T, %+v", imported, imported.Lattice())
	}
	window := loose.Lattice().Sub(100, 100, 900, 900)
	a, errA := imported.Read(t.Context(), window)
	b, errB := loose.Read(t.Context(), window)
	if errA != nil || errB != nil || a.Filled == 0 || a.Filled != b.Filled || a.Missing() != 0 || !slices.Equal(a.ElevationM, b.ElevationM) {
		t.Errorf("%v, %v: %d and %d posts filled, %d missing", errA, errB, a.Filled, b.Filled, a.Missing())
	}
}

// Plain tiles of a directory are looked at in place, side by side, also where
// the directory holds more than terrain.
func TestViewOfADirectory(t *testing.T) {
	l := terrain.Lattice{PerDegLon: 60, PerDegLat: 60, OffLon: 0.5, OffLat: 0.5, Col0: 6600, Row0: 6100, Cols: 60, Rows: 60}
	plain := func(l terrain.Lattice) []byte {
		g := terrain.NewGrid(l)
		for i := range g.ElevationM {
			g.ElevationM[i] = float32(i)
		}
		var out bytes.Buffer
		if err := geotiff.Write(&out, g, geotiff.Options{Plain: true}); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	dir := lay(t, map[string][]byte{"west.tif": plain(l), "east.tif": plain(l.Sub(60, 0, 60, 60)), "readme.txt": []byte("terrain")})
	m, err := open.Path(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	window := l.Sub(30, 30, 70, 10)
	viewtest.Same(t, m, window)
	v := viewtest.Open(t, m, window)
	defer v.Close()
	if !v.InPlace() || len(v.Panels) != 2 {
		t.Errorf("%d panels, in place: %v", len(v.Panels), v.InPlace())
	}
}
