package esriascii_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/esriascii"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
)

// What GDAL and ArcGIS write into .prj files.
const (
	prjGDAL = `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]`
	prjEsri = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	prjWKT2 = "GEOGCRS[\"WGS 84\",\n ENSEMBLE[\"World Geodetic System 1984 ensemble\",\n MEMBER[\"x\"]],\n CS[ellipsoidal,2]]"
	prjInfo = "Projection    GEOGRAPHIC\nDatum         WGS84\nSpheroid      WGS84\nUnits         DD\nZunits        NO\nParameters\n"
	prjUTM  = `PROJCS["WGS_1984_UTM_Zone_18S",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]]]]`
	prjPSAD = `GEOGCS["GCS_Provisional_S_American_1956",DATUM["D_Provisional_S_American_1956",SPHEROID["International_1924",6378388.0,297.0]]]`
)

// lay writes a grid, and its .prj file if prj is not empty.
func lay(t testing.TB, content, prj string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dem.asc")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if prj != "" {
		if err := os.WriteFile(strings.TrimSuffix(path, ".asc")+".prj", []byte(prj), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func open(t testing.TB, path string) terrain.Model {
	t.Helper()
	m, err := esriascii.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The headers of 4 × 3 posts, of which the south-west cell begins at 70° W,
// 13° S.
const (
	size   = "ncols 4\nnrows 3\n"
	corner = "xllcorner -70\nyllcorner -13\ncellsize 0.25\n"
	values = "1 2 3 4\n5 6 7 8\n9 10 11 12\n"
)

var (
	inMiddle = terrain.Lattice{PerDegLon: 4, PerDegLat: 4, OffLon: 0.5, OffLat: 0.5, Col0: 440, Row0: 409, Cols: 4, Rows: 3}
	onCorner = terrain.Lattice{PerDegLon: 4, PerDegLat: 4, Col0: 440, Row0: 410, Cols: 4, Rows: 3}
	counted  = []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
)

func TestGrids(t *testing.T) {
	nan := float32(math.NaN())
	tests := []struct {
		name, content string
		lattice       terrain.Lattice
		want          []float32
	}{
		{"corners", size + corner + values, inMiddle, counted},
		{"centres", size + "xllcenter -70\nyllcenter -13\ncellsize 0.25\n" + values, onCorner, counted},
		{"a corner and a centre", size + "xllcorner -70\nyllcenter -13\ncellsize 0.25\n" + values,
			terrain.Lattice{PerDegLon: 4, PerDegLat: 4, OffLon: 0.5, Col0: 440, Row0: 410, Cols: 4, Rows: 3}, counted},
		{"two distances", size + "xllcenter -70\nyllcenter -13\ndx 0.5\ndy 0.25\n" + values,
			terrain.Lattice{PerDegLon: 2, PerDegLat: 4, Col0: 220, Row0: 410, Cols: 4, Rows: 3}, counted},
		{"another case and order", "NROWS 3\r\nNCols 4\r\nYLLCORNER -13\r\nXLLCORNER -70\r\nNODATA_VALUE 7\r\nCellSize .25\r\n" + values,
			inMiddle, []float32{1, 2, 3, 4, 5, 6, nan, 8, 9, 10, 11, 12}},
		{"a byte order mark", "\ufeff" + size + corner + values, inMiddle, counted},
		{"one number a line", size + corner + strings.ReplaceAll(values, " ", "\n"), inMiddle, counted},
		{"one line", size + corner + strings.ReplaceAll(values, "\n", "  "), inMiddle, counted},
		{"rows broken anywhere, tabs", size + corner + "1 2\n3\t4 5\n\n\n 6 7 8 9\r\n10 11 12", inMiddle, counted},
		{"decimals and exponents", size + corner + "1.5 -2.25 .5 4. 1e3 -1.5E-2 +7 8848.86 0.1 123456.7e-2 00010 0", inMiddle,
			[]float32{1.5, -2.25, .5, 4, 1000, -0.015, 7, 8848.86, 0.1, 1234.567, 10, 0}},
		{"void not given", size + corner + "-9999 2 -9999.0 4 nan 6 NaN 8 99999 -32768 1e400 12", inMiddle,
			[]float32{nan, 2, nan, 4, nan, 6, nan, 8, nan, nan, nan, 12}},
		{"void given", size + corner + "NODATA_value -1\n" + "-9999 2 -1 4 5 6 7 8 9 -1.0 11 12", inMiddle,
			[]float32{-9999, 2, nan, 4, 5, 6, 7, 8, 9, nan, 11, 12}},
		{"void in decimals", size + corner + "NODATA_value -3.40282346638528859812e+38\n-3.40282346638528859812e+38 2 3 4\n5 6 7 8\n9 10 11 12", inMiddle,
			[]float32{nan, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		{"void is nan", size + corner + "NODATA_value nan\nnan 2 3 4\n5 6 7 8\n9 10 11 12", inMiddle,
			[]float32{nan, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := open(t, lay(t, test.content, prjEsri))
			if m.Lattice() != test.lattice {
				t.Errorf("the lattice is %+v, want %+v", m.Lattice(), test.lattice)
			}
			gdaltest.Same(t, gdaltest.Model(t, m), test.want)
			if notes := m.Info().Notes; len(notes) > 0 {
				t.Errorf("the notes are %q", notes)
			}
		})
	}
}

// A distance given in few digits must not move the north of a long grid.
func TestRoundedDistancesDoNotAddUp(t *testing.T) {
	content := "ncols 1\nnrows 6000\nxllcenter -70\nyllcenter -15\ncellsize 0.000833333\n" + strings.Repeat("1\n", 6000)
	l := open(t, lay(t, content, prjEsri)).Lattice()
	want := terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 110 * 1200, Row0: 105*1200 - 5999, Cols: 1, Rows: 6000}
	if l != want {
		t.Errorf("the lattice is %+v, want %+v", l, want)
	}
}

func TestProjections(t *testing.T) {
	tests := []struct {
		name, prj string
		want      []string
	}{
		{"GDAL", prjGDAL, nil},
		{"Esri", prjEsri, nil},
		{"WKT 2", prjWKT2, nil},
		{"Arc/Info", prjInfo, nil},
		{"UTM", prjUTM, []string{`is "WGS_1984_UTM_Zone_18S", not WGS-84`, "gdalwarp -t_srs EPSG:4326 in.asc out.tif"}},
		{"another datum", prjPSAD, []string{`is "GCS_Provisional_S_American_1956", not WGS-84`}},
		{"UTM by Arc/Info", "Projection UTM\nZone 18\nDatum WGS84\nUnits METERS\n", []string{`is "UTM METERS", not`}},
		{"another datum by Arc/Info", "Projection GEOGRAPHIC\nDatum NAD27\nUnits DD\n", []string{`is "GEOGRAPHIC NAD27", not`}},
		{"something else", "hello", []string{`cannot be understood ("hello")`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := lay(t, size+corner+values, test.prj)
			if test.want == nil {
				open(t, path)
				return
			}
			_, err := esriascii.Open(t.Context(), path)
			requireFormatError(t, err, append(test.want, "dem.asc: ")...)
		})
	}
}

func TestInfo(t *testing.T) {
	path := lay(t, size+corner+values, "")
	info := open(t, path).Info()
	if info.Name != "Esri ASCII grid dem.asc" || info.SpacingArcsec != 900 || !strings.HasPrefix(info.Identity, "esriascii:") {
		t.Errorf("%+v", info)
	}
	if len(info.Notes) != 1 || !strings.Contains(info.Notes[0], "without a .prj file") {
		t.Errorf("the notes are %q", info.Notes)
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name, content string
		want          []string
	}{
		{"nothing", "", []string{"0 bytes"}},
		{"text", "elevations of Peru", []string{`not an Esri ASCII grid (its header has "elevations")`}},
		{"numbers alone", "1 2 3", []string{"damaged: the header has no ncols"}},
		{"another grid", "north: 5\nsouth: 4\n", []string{`its header has "north:"`}},
		{"no rows", "ncols 4\n" + corner + values, []string{"the header has no nrows"}},
		{"no place", size + "xllcorner -70\ncellsize 0.25\n" + values, []string{"neither yllcorner nor yllcenter"}},
		{"one distance", size + "xllcorner -70\nyllcorner -13\ndx 0.25\n" + values, []string{"neither cellsize nor dy"}},
		{"half a column", "ncols 4.5\nnrows 3\n" + corner + values, []string{"ncols is 4.5"}},
		{"minus one row", "ncols 4\nnrows -1\n" + corner + values, []string{"nrows is -1"}},
		{"endless columns", "ncols inf\nnrows 1\n" + corner + values, []string{"ncols is +Inf"}},
		{"too many columns", "ncols 99999999\nnrows 1\n" + corner + values, []string{"ncols is 9.9999999e+07; 1 to 4194304"}},
		{"more posts than bytes", "ncols 40\nnrows 40\n" + corner + values, []string{"cannot hold"}},
		{"a word for a number", size + "xllcorner west\nyllcorner -13\ncellsize 0.25\n" + values, []string{`damaged: xllcorner is "west", not a number`}},
		{"a header that ends", "ncols", []string{`ncols is "", not a number`}},
		{"a decimal comma in the header", size + "xllcorner -70,5\nyllcorner -13\ncellsize 0.25\n" + values,
			[]string{`xllcorner is "-70,5": a comma`, "sed 's/,/./g'"}},
		{"decimal commas", size + corner + "1,5 2 3 4\n5 6 7 8\n9 10 11 12", []string{"line 6: a comma", "sed 's/,/./g'"}},
		{"a stray word", size + corner + "1 2 3 4\n5 6 x 8\n9 10 11 12", []string{"line 7: 'x' is no part of a number"}},
		{"too few", size + corner + "1 2 3 4\n5 6 7 8\n9 10 11  ", []string{"damaged: 11 elevations, but 4 × 3 are announced"}},
		{"too many", size + corner + values + "13", []string{"damaged: 13 elevations, but 4 × 3"}},
		{"metres", "ncols 4\nnrows 3\nxllcorner 500000\nyllcorner 8600000\ncellsize 30\n" + values,
			[]string{"the south-west post is at 500015, 8600015", "gdalwarp -s_srs EPSG:CODE -t_srs EPSG:4326 in.asc out.tif"}},
		{"metres near the origin", "ncols 4\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 30\n" + values, []string{"pixels of 30° × 30°", "EPSG:CODE"}},
		{"no distance", size + "xllcorner -70\nyllcorner -13\ncellsize 0\n" + values, []string{"pixels of 0° × 0°"}},
		{"beyond the antimeridian", size + "xllcorner 179.5\nyllcorner -13\ncellsize 0.25\n" + values, []string{"beyond longitude 180"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := esriascii.Open(t.Context(), lay(t, test.content, ""))
			requireFormatError(t, err, append(test.want, "dem.asc: ")...)
		})
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

func TestDamageIsFound(t *testing.T) {
	for _, word := range []string{"1-2", "..", "-", "e5", "1.2.3", "fan"} {
		m := open(t, lay(t, size+corner+"1 2 3 4\n5 6 "+word+" 8\n9 10 11 12", ""))
		_, err := m.Read(t.Context(), m.Lattice())
		requireFormatError(t, err, fmt.Sprintf("dem.asc: damaged: row 1, column 2: %q is not a number; fetch it again", word))
		if _, err := m.Read(t.Context(), m.Lattice().Sub(0, 0, 4, 1)); err != nil {
			t.Errorf("a row that is sound: %v", err)
		}
	}
}

func TestReadStops(t *testing.T) {
	path := lay(t, size+corner+values, "")
	m := open(t, path)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Read(cancelled, m.Lattice()); !errors.Is(err, context.Canceled) {
		t.Errorf("Read with the context done: %v", err)
	}
	if _, err := esriascii.Open(cancelled, path); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with the context done: %v", err)
	}
	if err := os.Truncate(path, 10); err != nil {
		t.Fatal(err)
	}
	_, err := m.Read(t.Context(), m.Lattice())
	requireFormatError(t, err, "dem.asc: the file changed")
	var spacing *terrain.SpacingError
	if _, err := m.Read(t.Context(), m.Lattice().Refine(2)); !errors.As(err, &spacing) {
		t.Errorf("posts that the file does not have: %v", err)
	}
}

// hills is a grid of 1200 posts per degree on l's window.
func hills(cols, rows int) *terrain.Grid {
	random := rand.New(rand.NewPCG(9, 10))
	g := terrain.NewGrid(terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, OffLon: 0.5, OffLat: 0.5,
		Col0: 110 * 1200, Row0: 102 * 1200, Cols: cols, Rows: rows})
	for i := range g.ElevationM {
		if random.IntN(50) > 0 {
			g.ElevationM[i] = float32(6000*random.Float64() - 300)
		}
	}
	return g
}

// ascii has GDAL make an Esri ASCII grid of g.
func ascii(t testing.TB, g *terrain.Grid, options ...string) string {
	t.Helper()
	dir := t.TempDir()
	tif, path := filepath.Join(dir, "in.tif"), filepath.Join(dir, "dem.asc")
	out, err := os.Create(tif)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(geotiff.Write(out, g, geotiff.Options{}), out.Close()); err != nil {
		t.Fatal(err)
	}
	gdaltest.Run(t, append(append([]string{"gdal_translate", "-q", "-of", "AAIGrid"}, options...), tif, path)...)
	return path
}

func TestFilesOfGDAL(t *testing.T) {
	g := hills(300, 200)
	for name, options := range map[string][]string{
		"9 digits":   {"-co", "SIGNIFICANT_DIGITS=9"},
		"3 decimals": {"-co", "DECIMAL_PRECISION=3"},
		"integers":   {"-ot", "Int16", "-a_nodata", "-32768"},
		"0 to 360":   {"-a_ullr", "290", "-12", "290.25", "-12.1666666666667"},
	} {
		t.Run(name, func(t *testing.T) {
			path := ascii(t, g, options...)
			m := open(t, path)
			if m.Lattice() != g.Lattice || len(m.Info().Notes) > 0 {
				t.Errorf("the lattice is %+v, want %+v; the notes are %q", m.Lattice(), g.Lattice, m.Info().Notes)
			}
			void := float32(-9999)
			if name == "integers" {
				void = -32768
			}
			want := gdaltest.Posts(t, path, void)
			for i, z := range want {
				if z == -9999 {
					want[i] = float32(math.NaN()) // what the source had, and -a_nodata renamed
				}
			}
			got := gdaltest.Model(t, m)
			for i, z := range got {
				if z == -9999 {
					got[i] = float32(math.NaN())
				}
			}
			gdaltest.Same(t, got, want)
			if name == "9 digits" {
				gdaltest.Same(t, got, g.ElevationM)
				gdaltest.SameBetween(t, path, m, m.Lattice().Sub(0, 0, 100, 100))
				gdaltest.SameBetween(t, path, m, m.Lattice().Sub(199, 99, 100, 100))
			}
		})
	}
}

func TestWindowsAgree(t *testing.T) {
	m := open(t, lay(t, size+corner+values, ""))
	for _, w := range [][4]int{{0, 0, 1, 1}, {3, 2, 1, 1}, {-1, -1, 6, 5}, {1, 0, 2, 3}, {4, 0, 2, 2}, {1, 1, 0, 0}} {
		g, err := m.Read(t.Context(), m.Lattice().Sub(w[0], w[1], w[2], w[3]))
		if err != nil {
			t.Fatal(err)
		}
		for r := range g.Rows {
			for c, z := range g.RowM(r) {
				col, row, want := w[0]+c, w[1]+r, float32(math.NaN())
				if col >= 0 && row >= 0 && col < 4 && row < 3 {
					want = counted[row*4+col]
				}
				if z != want && (z == z || want == want) {
					t.Fatalf("post (%d, %d) is %v, want %v", col, row, z, want)
				}
			}
		}
	}
}

func BenchmarkOpen_1200x1200(b *testing.B) {
	path := ascii(b, hills(1200, 1200))
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	for b.Loop() {
		open(b, path)
	}
}

func BenchmarkRead_1200x1200(b *testing.B) {
	m := open(b, ascii(b, hills(1200, 1200)))
	b.SetBytes(4 * 1200 * 1200)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Read(b.Context(), m.Lattice()); err != nil {
			b.Fatal(err)
		}
	}
}
