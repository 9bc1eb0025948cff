package geotiff_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
)

// hilly returns a grid with fractions of metres, and some posts missing.
func hilly(l terrain.Lattice) *terrain.Grid {
	g := terrain.NewGrid(l)
	for i := range g.ElevationM {
		if i%101 != 0 {
			g.ElevationM[i] = float32(2000*math.Sin(float64(i%l.Cols)/40) + 1500*math.Cos(float64(i)/float64(l.Cols)/30))
		}
	}
	return g
}

func write(t testing.TB, g *terrain.Grid, o geotiff.Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := geotiff.Write(&out, g, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var writtenLattices = []struct {
	name string
	l    terrain.Lattice
}{
	{"one post", terrain.Lattice{PerDegLon: 12, PerDegLat: 12, Col0: 1300, Row0: 1200, Cols: 1, Rows: 1}},
	{"one tile exactly", terrain.Lattice{PerDegLon: 240, PerDegLat: 240, OffLon: 0.5, OffLat: 0.5, Col0: 26000, Row0: 24000, Cols: 512, Rows: 512}},
	{"two tiles", terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 132000, Row0: 122400, Cols: 700, Rows: 300}},
	{"uneven", terrain.Lattice{PerDegLon: 3600.5, PerDegLat: 1801.25, OffLon: 0.25, OffLat: 0.123456, Col0: 390001, Row0: 180003, Cols: 50, Rows: 513}},
	{"in the far south-east", terrain.Lattice{PerDegLon: 60, PerDegLat: 60, Col0: 21500, Row0: 10700, Cols: 90, Rows: 90}},
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	for _, test := range writtenLattices {
		t.Run(test.name, func(t *testing.T) {
			g := hilly(test.l)
			m := parse(t, write(t, g, geotiff.Options{Description: "coverage floor", Unit: "metres AMSL"}))
			if m.Lattice() != test.l {
				t.Fatalf("the lattice is %+v, was %+v", m.Lattice(), test.l)
			}
			back := read(t, m, test.l)
			for i, z := range back.ElevationM {
				if want := g.ElevationM[i]; z != want && (z == z || want == want) {
					t.Fatalf("post %d is %v, was %v", i, z, want)
				}
			}
		})
	}
}

func TestGDALReadsWhatIsWritten(t *testing.T) {
	for _, test := range writtenLattices {
		t.Run(test.name, func(t *testing.T) {
			g := hilly(test.l)
			path := filepath.Join(t.TempDir(), "floor.tif")
			if err := os.WriteFile(path, []byte(write(t, g, geotiff.Options{})), 0o600); err != nil {
				t.Fatal(err)
			}
			want := orMissing(gdalFloat32(t, path), geotiff.NoDataM)
			expect(t, g.ElevationM, want)
		})
	}
}

// A plain file ends with its values, as they are in memory, and means the same
// to GDAL as to Canopy.
func TestPlainFiles(t *testing.T) {
	for _, test := range writtenLattices {
		t.Run(test.name, func(t *testing.T) {
			g := hilly(test.l)
			content := write(t, g, geotiff.Options{Plain: true, Metadata: map[string]string{"TERRAIN": "SRTM"}})
			m := parse(t, content)
			if m.Lattice() != test.l {
				t.Fatalf("the lattice is %+v, was %+v", m.Lattice(), test.l)
			}
			want := make([]float64, g.Posts())
			for i, z := range g.ElevationM {
				want[i] = float64(z)
			}
			expect(t, read(t, m, test.l).ElevationM, want)
			at := len(content) - 4*g.Posts()
			if at%64 != 0 {
				t.Errorf("the values begin at byte %d, which is no multiple of 64", at)
			}
			for i, z := range g.ElevationM {
				raw := math.Float32frombits(binary.LittleEndian.Uint32([]byte(content[at+4*i:])[:4]))
				if raw != z && (raw == raw || z == z) {
					t.Fatalf("value %d of the last %d is %v, want %v", i, g.Posts(), raw, z)
				}
			}
			path := filepath.Join(t.TempDir(), "plain.tif")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			expect(t, g.ElevationM, gdalFloat32(t, path))
		})
	}
}

func TestGDALDescribesPlainFiles(t *testing.T) {
	l := writtenLattices[3].l
	path := filepath.Join(t.TempDir(), "plain.tif")
	if err := os.WriteFile(path, []byte(write(t, hilly(l), geotiff.Options{Plain: true})), 0o600); err != nil {
		t.Fatal(err)
	}
	described := gdaltest.Run(t, "gdalinfo", path)
	for _, want := range []string{"Size is 50, 513", "NoData Value=nan", "Type=Float32", `ID["EPSG",4326]`} {
		if !strings.Contains(described, want) {
			t.Errorf("no %q in %s", want, described)
		}
	}
}

// info is the part of gdalinfo -json that is compared.
type info struct {
	Size         [2]int
	GeoTransform [6]float64
	Metadata     map[string]map[string]string
	Bands        []struct {
		Type, Description, Unit string
		Block                   [2]int
		NoDataValue             float64
	}
	CoordinateSystem struct{ WKT string }
}

func TestGDALDescribesWhatIsWritten(t *testing.T) {
	l := writtenLattices[2].l
	path := filepath.Join(t.TempDir(), "floor.tif")
	content := write(t, hilly(l), geotiff.Options{
		Description: "coverage floor, \"lowest\" <of> all & more", Unit: "metres AMSL",
		Metadata: map[string]string{"TERRAIN": "SRTM <tiles> & \"voids\"", "EFFECTIVE_EARTH_K": "1.3333"},
	})
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	var got info
	if err := json.Unmarshal([]byte(gdaltest.Run(t, "gdalinfo", "-json", path)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Size != [2]int{700, 300} || len(got.Bands) != 1 {
		t.Fatalf("%+v", got)
	}
	band := got.Bands[0]
	if band.Type != "Float32" || band.Block != [2]int{512, 512} || band.NoDataValue != geotiff.NoDataM ||
		band.Unit != "metres AMSL" || band.Description != `coverage floor, "lowest" <of> all & more` {
		t.Errorf("the band is %+v", band)
	}
	for i, want := range [6]float64{l.Lon(0) - 0.5/1200, 1.0 / 1200, 0, l.Lat(0) + 0.5/1200, 0, -1.0 / 1200} {
		// gdalinfo prints 15 to 17 digits.
		if math.Abs(got.GeoTransform[i]-want) > 1e-12 {
			t.Errorf("geotransform %d is %v, want %v", i, got.GeoTransform[i], want)
		}
	}
	if m := got.Metadata[""]; m["AREA_OR_POINT"] != "Area" || m["TERRAIN"] != `SRTM <tiles> & "voids"` || m["EFFECTIVE_EARTH_K"] != "1.3333" {
		t.Errorf("the metadata are %v", m)
	}
	if m := got.Metadata["IMAGE_STRUCTURE"]; m["COMPRESSION"] != "DEFLATE" || m["PREDICTOR"] != "3" {
		t.Errorf("the image structure is %v", m)
	}
	if epsg := gdaltest.Run(t, "gdalsrsinfo", "-o", "epsg", path); !bytes.Contains([]byte(epsg), []byte("EPSG:4326")) {
		t.Errorf("the reference system is %s", epsg)
	}
}

func TestBytesDoNotDependOnWorkers(t *testing.T) {
	g := hilly(writtenLattices[2].l)
	o := geotiff.Options{Metadata: map[string]string{"A": "1", "B": "2", "C": "3"}}
	many := write(t, g, o)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if one := write(t, g, o); one != many {
		t.Error("one worker writes other bytes than many")
	}
}

func TestInfinitiesAreWrittenAsMissing(t *testing.T) {
	g := terrain.NewGrid(writtenLattices[2].l.Sub(0, 0, 3, 1))
	copy(g.ElevationM, []float32{float32(math.Inf(1)), 30480, float32(math.Inf(-1))})
	m := parse(t, write(t, g, geotiff.Options{}))
	expect(t, read(t, m, m.Lattice()).ElevationM, []float64{math.NaN(), 30480, math.NaN()})
}

// fullDisk fails after a number of bytes.
type fullDisk struct{ leftB int }

var errFull = errors.New("no space left on device")

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.leftB -= len(p); d.leftB < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteFails(t *testing.T) {
	g := hilly(writtenLattices[2].l)
	for _, leftB := range []int{0, 1000} {
		if err := geotiff.Write(&fullDisk{leftB}, g, geotiff.Options{}); !errors.Is(err, errFull) {
			t.Errorf("with %d bytes left: %v", leftB, err)
		}
	}
	empty := terrain.NewGrid(g.Sub(0, 0, 0, 5))
	if err := geotiff.Write(&fullDisk{1 << 20}, empty, geotiff.Options{}); err == nil {
		t.Error("a grid without posts is written")
	}
}

func BenchmarkWritePlain_1800x1800(b *testing.B) {
	l := terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 132000, Row0: 122400, Cols: 1800, Rows: 1800}
	g := hilly(l)
	b.ReportAllocs()
	b.SetBytes(int64(4 * g.Posts()))
	for b.Loop() {
		if err := geotiff.Write(io.Discard, g, geotiff.Options{Plain: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite_1700x1730(b *testing.B) {
	l := terrain.Lattice{PerDegLon: 240, PerDegLat: 240, Col0: 26000, Row0: 24000, Cols: 1700, Rows: 1730}
	g := hilly(l)
	b.ReportAllocs()
	for b.Loop() {
		write(b, g, geotiff.Options{})
	}
}
