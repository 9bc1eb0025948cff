package open_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
	"github.com/canopyradar/canopy/terrain/mosaic"
	"github.com/canopyradar/canopy/terrain/open"
)

// degree returns a tile's posts: those of its edges are included, and neighbours
// do not agree on them.
func degree(lonDeg, latDeg int) *terrain.Grid {
	l := onTile
	l.Col0, l.Row0 = (lonDeg+180)*1200, (89-latDeg)*1200
	g := terrain.NewGrid(l)
	for i := range g.ElevationM {
		col, row := l.Col0+i%1201, l.Row0+i/1201
		if (col*7+row*13)%1009 != 0 {
			g.ElevationM[i] = float32((col*31+row*17)%4000 - lonDeg - 7*latDeg)
		}
	}
	return g
}

// tile writes a degree as one SRTM tile.
func tile(t *testing.T, path string, g *terrain.Grid) {
	t.Helper()
	var raw []byte
	for _, z := range g.ElevationM {
		if z != z {
			z = -32768
		}
		raw = binary.BigEndian.AppendUint16(raw, uint16(int16(z)))
	}
	if strings.HasSuffix(path, ".gz") {
		raw = gzipped(t, raw)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Four tiles in four formats make one surface: at each post, on the seams and
// between posts, the one that GDAL makes of them.
func TestMixedFormatsMatchGDAL(t *testing.T) {
	if testing.Short() {
		t.Skip("GDAL takes seconds over four tiles")
	}
	dir, scratch := t.TempDir(), t.TempDir()
	source := func(name string, lonDeg, latDeg int) string {
		path := filepath.Join(scratch, name)
		tile(t, path, degree(lonDeg, latDeg))
		return path
	}
	// From the north-east to the south-west: GDAL lets the last of several win.
	files := []string{"n12w069.dt1", "S13W070.hgt.gz", "S14W069.asc", "S14W070.tif"}
	gdaltest.Run(t, "gdal_translate", "-q", "-of", "DTED", source("S13W069.hgt", -69, -13), filepath.Join(dir, files[0]))
	tile(t, filepath.Join(dir, files[1]), degree(-70, -13))
	gdaltest.Run(t, "gdal_translate", "-q", "-of", "AAIGrid", source("S14W069.hgt", -69, -14), filepath.Join(dir, files[2]))
	gdaltest.Run(t, "gdal_translate", "-q", "-of", "COG", "-ot", "Float32", "-co", "COMPRESS=ZSTD", "-co", "PREDICTOR=YES",
		source("S14W070.hgt", -70, -14), filepath.Join(dir, files[3]))

	// Not open.Path, which fills voids, as GDAL does not.
	parts, skipped, err := open.Files(t.Context(), dir)
	if err != nil || len(skipped) > 0 {
		t.Fatal(skipped, err)
	}
	m, err := mosaic.New("all", parts)
	if err != nil {
		t.Fatal(err)
	}
	if l := m.Lattice(); l.Cols != 2401 || l.Rows != 2401 || l.OffLon != 0 || len(m.Info().Notes) > 0 {
		t.Fatalf("%+v, %+v", l, m.Info())
	}
	all := filepath.Join(scratch, "all.vrt")
	args := []string{"gdalbuildvrt", "-q", "-vrtnodata", "-99999", all}
	for i, name := range files {
		path := filepath.Join(dir, name)
		if strings.HasSuffix(name, ".gz") {
			path = source("S13W070.hgt", -70, -13)
		}
		same := filepath.Join(scratch, fmt.Sprintf("%d.tif", i))
		gdaltest.Run(t, "gdal_translate", "-q", "-ot", "Float32", "-a_srs", "EPSG:4326", path, same)
		args = append(args, same)
	}
	gdaltest.Run(t, args...)
	got := gdaltest.Model(t, m)
	if !slices.ContainsFunc(got, func(z float32) bool { return math.IsNaN(float64(z)) }) {
		t.Error("no post is missing, so that nothing is shown of voids")
	}
	gdaltest.Same(t, got, gdaltest.Posts(t, all, -99999))
	l := m.Lattice()
	for name, window := range map[string]terrain.Lattice{
		"where four tiles meet": l.Sub(1150, 1150, 100, 100),
		"the north-west rim":    l.Sub(0, 0, 60, 60),
		"the south-east rim":    l.Sub(2340, 2340, 60, 60),
	} {
		t.Run(name, func(t *testing.T) { gdaltest.SameBetween(t, all, m, window) })
	}
}

func TestEveryFormatIsRecognised(t *testing.T) {
	dir := t.TempDir()
	scratch := filepath.Join(t.TempDir(), "S13W070.hgt")
	tile(t, scratch, degree(-70, -13))
	gdaltest.Run(t, "gdal_translate", "-q", "-of", "DTED", scratch, filepath.Join(dir, "cell.dt1"))
	gdaltest.Run(t, "gdal_translate", "-q", "-of", "AAIGrid", scratch, filepath.Join(dir, "grid.asc"))
	gdaltest.Run(t, "gdal_translate", "-q", scratch, filepath.Join(dir, "image.tif"))
	for name, want := range map[string]string{"cell.dt1": "dted:", "grid.asc": "esriascii:", "image.tif": "geotiff:"} {
		path := filepath.Join(dir, name)
		bare := strings.TrimSuffix(path, filepath.Ext(path)) // the content tells as well
		if err := os.Link(path, bare); err != nil {
			t.Skip(err)
		}
		for _, p := range []string{path, bare} {
			m, err := open.Path(t.Context(), p)
			if err != nil || !strings.HasPrefix(m.Info().Identity, want) {
				t.Errorf("%s: %v, want a model %s…", p, err, want)
			}
		}
	}
}

// Tiles of Copernicus do not share posts: each leaves its southern and eastern
// edge to its neighbours. Between them the ground goes on.
func TestCopernicusTilesSideBySide(t *testing.T) {
	if testing.Short() {
		t.Skip("GDAL takes seconds over four tiles")
	}
	dir, scratch := t.TempDir(), t.TempDir()
	args := []string{"gdalbuildvrt", "-q", "-vrtnodata", "-99999", filepath.Join(scratch, "all.vrt")}
	for _, corner := range [][2]int{{-70, -13}, {-69, -13}, {-70, -14}, {-69, -14}} {
		whole := degree(corner[0], corner[1])
		g := terrain.NewGrid(whole.Sub(0, 0, 1200, 1200))
		for r := range g.Rows {
			for c, z := range whole.RowM(r)[:1200] {
				if g.RowM(r)[c] = z / 7; z != z {
					g.RowM(r)[c] = 500 // Copernicus has no voids
				}
			}
		}
		name := fmt.Sprintf("Copernicus_DSM_COG_30_S%d_00_W0%d_00_DEM", -corner[1], -corner[0])
		plain, path := filepath.Join(scratch, name+".tif"), filepath.Join(dir, name, name+".tif")
		var out bytes.Buffer
		if err := errors.Join(geotiff.Write(&out, g, geotiff.Options{Plain: true}),
			os.WriteFile(plain, out.Bytes(), 0o600), os.Mkdir(filepath.Dir(path), 0o700)); err != nil {
			t.Fatal(err)
		}
		gdaltest.Run(t, "gdal_translate", "-q", "-of", "COG", "-a_nodata", "none", "-co", "COMPRESS=DEFLATE",
			"-co", "PREDICTOR=FLOATING_POINT", "-co", "BLOCKSIZE=1024", plain, path)
		args = append(args, path)
	}
	gdaltest.Run(t, args...)
	all := args[4]
	m, err := open.Path(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	l := m.Lattice()
	if l.Cols != 2400 || l.Rows != 2400 || l.Lon(0) != -70 || l.Lat(0) != -12 {
		t.Fatalf("%+v", l)
	}
	gdaltest.Same(t, gdaltest.Model(t, m), gdaltest.Posts(t, all, -99999))
	gdaltest.SameBetween(t, all, m, l.Sub(1150, 1150, 100, 100))
	gdaltest.SameBetween(t, all, m, l.Sub(2340, 0, 59, 60))
}
