package geotiff_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
)

// gdalFloat32 returns what GDAL makes of a file, row by row.
func gdalFloat32(t *testing.T, path string, options ...string) []float64 {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.raw")
	gdaltest.Run(t, append(append([]string{"gdal_translate", "-q", "-of", "ENVI", "-ot", "Float32"}, options...), path, out)...)
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	values := make([]float64, len(raw)/4)
	for i := range values {
		values[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[i*4:])))
	}
	return values
}

// orMissing puts NaN where values equal noData.
func orMissing(values []float64, noData float64) []float64 {
	for i, z := range values {
		if z == noData {
			values[i] = math.NaN()
		}
	}
	return values
}

func open(t testing.TB, path string) terrain.Model {
	t.Helper()
	m, err := geotiff.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOwnFilesMeanTheSameToGDAL(t *testing.T) {
	dir := t.TempDir()
	i := 0
	variants(func(name string, im image) {
		i++
		if i%5 != 0 {
			return // one in five, as each takes a process
		}
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, "own.tif")
			if err := os.WriteFile(path, []byte(im.encode()), 0o600); err != nil {
				t.Fatal(err)
			}
			expect(t, float32s(gdalFloat32(t, path)), im.valuesM)
		})
	})
}

func float32s(values []float64) []float32 {
	out := make([]float32, len(values))
	for i, z := range values {
		out[i] = float32(z)
	}
	return out
}

func TestFilesOfGDAL(t *testing.T) {
	if testing.Short() {
		t.Skip("a hundred runs of gdal_translate take ten seconds")
	}
	dir := t.TempDir()
	source := filepath.Join(dir, "source.tif")
	im := ramp(83, 61).with(42113, ascii("4321"))
	im.kind = "Float32"
	for i := range im.valuesM {
		im.valuesM[i] += 0.5
		if i%11 == 0 {
			im.valuesM[i] = 4321
		}
	}
	if err := os.WriteFile(source, []byte(im.encode()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"Int16", "UInt16", "Int32", "Float32"} {
		plain := filepath.Join(dir, kind+".tif")
		gdaltest.Run(t, "gdal_translate", "-q", "-ot", kind, source, plain)
		want := orMissing(gdalFloat32(t, plain), 4321)
		for _, order := range []string{"LITTLE", "BIG"} {
			for _, layout := range []string{"BLOCKYSIZE=7", "TILED=YES BLOCKXSIZE=32 BLOCKYSIZE=16", "BIGTIFF=YES"} {
				for _, packing := range []string{"NONE", "LZW", "LZW PREDICTOR=2", "LZW PREDICTOR=3",
					"DEFLATE", "DEFLATE PREDICTOR=2", "DEFLATE PREDICTOR=3", "ZSTD", "ZSTD PREDICTOR=2 ZSTD_LEVEL=22", "ZSTD PREDICTOR=3"} {
					if strings.Contains(packing, "=3") && kind != "Float32" {
						continue
					}
					options := fmt.Sprintf("ENDIANNESS=%s %s COMPRESS=%s", order, layout, packing)
					t.Run(kind+" "+options, func(t *testing.T) {
						path := filepath.Join(dir, "gdal.tif")
						args := []string{"gdal_translate", "-q", "-ot", kind}
						for o := range strings.FieldsSeq(options) {
							args = append(args, "-co", o)
						}
						gdaltest.Run(t, append(args, source, path)...)
						m := open(t, path)
						want := want
						if order == "BIG" && strings.Contains(packing, "=3") {
							// GDAL 3.6 writes other values than it was given.
							want = orMissing(gdalFloat32(t, path), 4321)
						}
						expect(t, read(t, m, m.Lattice()).ElevationM, want)
					})
				}
			}
		}
	}
}

// Pixels that are areas and those that are points lie where GDAL has them, half
// a pixel apart or not.
func TestRegistrationMatchesGDAL(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, "source.tif")
	im := ramp(83, 61)
	if err := os.WriteFile(source, []byte(im.encode()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, options := range []string{
		"-mo AREA_OR_POINT=Area", "-mo AREA_OR_POINT=Point", "-mo AREA_OR_POINT=Point -co BIGTIFF=YES",
		"-mo AREA_OR_POINT=Area -co GEOTIFF_VERSION=1.1", "-mo AREA_OR_POINT=Point -a_ullr 290 -12 290.5 -12.25",
	} {
		t.Run(options, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "gdal.tif")
			gdaltest.Run(t, append(append([]string{"gdal_translate", "-q"}, strings.Fields(options)...), source, path)...)
			m := open(t, path)
			expect(t, gdaltest.Model(t, m), im.valuesM)
			if !strings.Contains(options, "290") { // GDAL does not look for 70° W at 290° E
				gdaltest.SameBetween(t, path, m, m.Lattice().Sub(0, 0, 82, 60))
			}
			col, row := 40, 30
			lon := m.Lattice().Lon(col)
			if strings.Contains(options, "290") {
				lon += 360
			}
			at := gdaltest.Run(t, "gdallocationinfo", "-valonly", "-geoloc", path, fmt.Sprint(lon), fmt.Sprint(m.Lattice().Lat(row)))
			if want := fmt.Sprintln(im.valuesM[row*83+col]); at != want {
				t.Errorf("GDAL has %s at our post (%d, %d), want %s", at, col, row, want)
			}
		})
	}
}

func TestFixturesOfGDAL(t *testing.T) {
	var want []float64
	for i := range 37 * 29 {
		want = append(want, float64((i%37*97+i/37*389)%5000))
	}
	tests := []struct {
		name string
		off  float64
	}{
		{"int16_big_endian_lzw_tiled", 0.5}, {"float32_deflate_floating", 0.5}, {"float32_lzw_horizontal", 0.5},
		{"uint16_bigtiff_point", 0.5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := open(t, filepath.Join("testdata", test.name+".tif"))
			if l := m.Lattice(); l.PerDegLon != 240 || l.OffLon != test.off || l.OffLat != test.off || l.Col0 != 26400 || l.Row0+l.Rows != 24720 {
				t.Errorf("%+v", l)
			}
			expect(t, read(t, m, m.Lattice()).ElevationM, want)
		})
	}
}

func TestFixturesThatAreRefused(t *testing.T) {
	tests := []struct{ name, want string }{
		{"utm", "the coordinate reference system is EPSG:32718 (WGS 84 / UTM zone 18S), not EPSG:4326; convert it with: gdalwarp -t_srs EPSG:4326 in.tif out.tif"},
		{"masked", "missing posts are marked in a mask"},
	}
	for _, test := range tests {
		_, err := geotiff.Open(t.Context(), filepath.Join("testdata", test.name+".tif"))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

// composite is a real model, tiled, packed by DEFLATE with predictor 2.
const composite = "../../../shared/data/peru_composite_15s_int16.tif"

func realModel(t testing.TB) terrain.Model {
	if _, err := os.Stat(composite); err != nil {
		t.Skip("the composite model of Peru is not here")
	}
	return open(t, composite)
}

func TestRealModelMatchesGDAL(t *testing.T) {
	m := realModel(t)
	l := m.Lattice()
	if l.PerDegLon != 240 || l.OffLon != 0.5 || l.Cols != 5280 || l.Rows != 6720 || l.Bound().Center()[0] != -75 {
		t.Fatalf("%+v", l)
	}
	want := gdalFloat32(t, composite, "-srcwin", "2900", "3900", "700", "600")
	expect(t, read(t, m, l.Sub(2900, 3900, 700, 600)).ElevationM, want)
}

func TestRealModelLiesWhereGDALSays(t *testing.T) {
	m := realModel(t)
	l := m.Lattice()
	places := []struct {
		name     string
		lon, lat float64
	}{
		{"Puerto Maldonado", -69.2282, -12.6131}, {"Pucallpa", -74.5743, -8.3779},
		{"Pichari in the VRAEM", -73.82, -12.52}, {"Huascarán", -77.6042, -9.1214}, {"the sea", -80, -12},
	}
	for _, test := range places {
		t.Run(test.name, func(t *testing.T) {
			post := l.Sub(int(math.Round(l.Col(test.lon))), int(math.Round(l.Row(test.lat))), 1, 1)
			want := gdaltest.Run(t, "gdallocationinfo", "-valonly", "-wgs84", composite,
				fmt.Sprint(post.Lon(0)), fmt.Sprint(post.Lat(0)))
			if got := fmt.Sprintln(read(t, m, post).ElevationM[0]); got != want {
				t.Errorf("%s m, GDAL says %s", strings.TrimSpace(got), want)
			}
		})
	}
}

func TestOverviewsAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	source, path := filepath.Join(dir, "source.tif"), filepath.Join(dir, "cog.tif")
	im := ramp(1100, 700)
	if err := os.WriteFile(source, []byte(im.encode()), 0o600); err != nil {
		t.Fatal(err)
	}
	gdaltest.Run(t, "gdal_translate", "-q", "-of", "COG", "-co", "COMPRESS=LZW", source, path)
	if out := gdaltest.Run(t, "gdalinfo", path); !strings.Contains(out, "Overviews: ") {
		t.Fatalf("there are none: %s", out)
	}
	m := open(t, path)
	expect(t, read(t, m, m.Lattice()).ElevationM, im.valuesM)
}

func BenchmarkOpenComposite_15MB(b *testing.B) {
	realModel(b)
	b.ReportAllocs()
	for b.Loop() {
		open(b, composite)
	}
}

func BenchmarkRead_1700x1730(b *testing.B) {
	m := realModel(b)
	b.ReportAllocs()
	for b.Loop() {
		read(b, m, m.Lattice().Sub(2500, 3500, 1700, 1730))
	}
}
