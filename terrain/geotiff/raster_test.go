package geotiff_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

// wholeM is the elevation of a post of the rasters that are written here, over
// all of the values that there are, of which some are missing.
func wholeM(r, c int) int16 {
	switch {
	case (r+c)%101 == 0:
		return geotiff.NoDataInt16
	case c%7 == 0:
		return int16(r * c * 31)
	}
	return int16(2000 + 10*r - 3*c)
}

func wholeRow(r int, dst []int16) error {
	for c := range dst {
		dst[c] = wholeM(r, c)
	}
	return nil
}

// wholePosts are those of l, with NaN for the missing ones.
func wholePosts(l terrain.Lattice) []float32 {
	out := make([]float32, 0, l.Posts())
	for r := range l.Rows {
		for c := range l.Cols {
			z := float32(wholeM(r, c))
			if z == geotiff.NoDataInt16 {
				z = float32(math.NaN())
			}
			out = append(out, z)
		}
	}
	return out
}

func raster(t testing.TB, l terrain.Lattice, o geotiff.Options) string {
	t.Helper()
	f, err := geotiff.NewRaster(t.Context(), l, wholeRow, o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	n, err := f.WriteTo(&out)
	if err != nil || n != f.SizeB() || int(n) != out.Len() {
		t.Fatalf("%d bytes, told %d and at first %d; %v", out.Len(), n, f.SizeB(), err)
	}
	var posts []int16
	for r := range l.Rows {
		row := make([]int16, l.Cols)
		if err := wholeRow(r, row); err != nil {
			t.Fatal(err)
		}
		posts = append(posts, row...)
	}
	made, err := geotiff.NewRasterOf(t.Context(), l, posts, o)
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if _, err := made.WriteTo(&again); err != nil || !bytes.Equal(again.Bytes(), out.Bytes()) {
		t.Fatalf("of rows that are made already, %d bytes that are not the same; %v", again.Len(), err)
	}
	return out.String()
}

var rasterOptions = []struct {
	name string
	o    geotiff.Options
}{
	{"plain", geotiff.Options{Plain: true}},
	{"DEFLATE", geotiff.Options{}},
	{"ZSTD", geotiff.Options{Compression: geotiff.ZSTD}},
}

// rasterLattices are more than one strip, and more than one band of rows that
// are written at once.
var rasterLattices = append(writtenLattices, []struct {
	name string
	l    terrain.Lattice
}{
	{"several bands", terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 132000, Row0: 122400, Cols: 1999, Rows: 1203}},
	{"rows longer than a strip", terrain.Lattice{PerDegLon: 6000, PerDegLat: 6000, Col0: 132000, Row0: 122400, Cols: 140000, Rows: 9}},
}...)

func TestRastersMeanTheSameToCanopyAndGDAL(t *testing.T) {
	if testing.Short() {
		t.Skip("GDAL takes seconds over all sizes")
	}
	for _, test := range rasterLattices {
		for _, stored := range rasterOptions {
			t.Run(test.name+", "+stored.name, func(t *testing.T) {
				content := raster(t, test.l, stored.o)
				m := parse(t, content)
				if m.Lattice() != test.l {
					t.Fatalf("the lattice is %+v, was %+v", m.Lattice(), test.l)
				}
				want := wholePosts(test.l)
				gdaltest.Same(t, read(t, m, test.l).ElevationM, want)
				path := filepath.Join(t.TempDir(), "floor.tif")
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				gdaltest.Same(t, gdaltest.Posts(t, path, geotiff.NoDataInt16), want)
			})
		}
	}
}

func TestGDALDescribesRasters(t *testing.T) {
	l := rasterLattices[2].l
	tests := []struct {
		name, compression, predictor string
		block                        [2]int
	}{
		{"plain", "", "", [2]int{700, 187}},
		{"DEFLATE", "DEFLATE", "2", [2]int{512, 512}},
		{"ZSTD", "ZSTD", "2", [2]int{512, 512}},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := rasterOptions[i].o
			o.Description, o.Unit, o.Metadata = "coverage floor", "metres AMSL", map[string]string{"radars": "pem <1>"}
			path := filepath.Join(t.TempDir(), "floor.tif")
			if err := os.WriteFile(path, []byte(raster(t, l, o)), 0o600); err != nil {
				t.Fatal(err)
			}
			var got info
			if err := json.Unmarshal([]byte(gdaltest.Run(t, "gdalinfo", "-json", path)), &got); err != nil {
				t.Fatal(err)
			}
			if len(got.Bands) != 1 || got.Size != [2]int{700, 300} {
				t.Fatalf("%+v", got)
			}
			band, stored := got.Bands[0], got.Metadata["IMAGE_STRUCTURE"]
			if band.Type != "Int16" || band.Block != test.block || band.NoDataValue != geotiff.NoDataInt16 ||
				band.Unit != "metres AMSL" || band.Description != "coverage floor" || got.Metadata[""]["radars"] != "pem <1>" {
				t.Errorf("the band is %+v, with %v", band, got.Metadata)
			}
			if stored["COMPRESSION"] != test.compression || stored["PREDICTOR"] != test.predictor {
				t.Errorf("the image structure is %v", stored)
			}
			if epsg := gdaltest.Run(t, "gdalsrsinfo", "-o", "epsg", path); !strings.Contains(epsg, "EPSG:4326") {
				t.Errorf("the reference system is %s", epsg)
			}
		})
	}
}

// sparse leaves out what is all zeros, for the system to fill in.
type sparse struct{ *os.File }

func (s sparse) Write(p []byte) (int, error) {
	if bytes.Count(p, []byte{0}) < len(p) {
		return s.File.Write(p)
	}
	_, err := s.Seek(int64(len(p)), io.SeekCurrent)
	return len(p), err
}

func TestRasterBeyond4GiB(t *testing.T) {
	l := terrain.Lattice{PerDegLon: 600, PerDegLat: 600, Col0: 60000, Row0: 20000, Cols: 60000, Rows: 40000}
	f, err := geotiff.NewRaster(t.Context(), l, func(r int, dst []int16) error {
		if dst[0] = 0; r == 0 || r == l.Rows-1 {
			dst[0] = int16(1 + r%1000)
		}
		return nil
	}, geotiff.Options{Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "big.tif")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	n, err := f.WriteTo(sparse{file})
	if err := errors.Join(err, file.Close()); err != nil || n != f.SizeB() || n < 4<<30 {
		t.Fatalf("%d of %d bytes, %v", n, f.SizeB(), err)
	}
	// Canopy would read all of it, for its identity.
	for _, test := range []struct{ row, want int }{{0, 1}, {20000, 0}, {39999, 1000}} {
		if got := gdaltest.Run(t, "gdallocationinfo", "-valonly", path, "0", fmt.Sprint(test.row)); got != fmt.Sprintln(test.want) {
			t.Errorf("row %d begins with %v, GDAL says; want %v", test.row, got, test.want)
		}
	}
}

func TestRastersDoNotDependOnWorkers(t *testing.T) {
	l := rasterLattices[5].l
	for _, stored := range rasterOptions {
		many := raster(t, l, stored.o)
		before := runtime.GOMAXPROCS(1)
		one := raster(t, l, stored.o)
		runtime.GOMAXPROCS(before)
		if one != many {
			t.Errorf("%s: one worker writes other bytes than many", stored.name)
		}
	}
}

func TestRasterFails(t *testing.T) {
	l, broken := rasterLattices[5].l, errors.New("cannot be read")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	half := func(r int, _ []int16) error {
		if r > l.Rows/2 {
			return broken
		}
		return nil
	}
	// made returns the error of making a file and of writing it where leftB
	// bytes are left.
	made := func(ctx context.Context, l terrain.Lattice, rows func(int, []int16) error, o geotiff.Options, leftB int) error {
		f, err := geotiff.NewRaster(ctx, l, rows, o)
		if err != nil {
			return err
		}
		_, err = f.WriteTo(&fullDisk{leftB})
		return err
	}
	for _, stored := range rasterOptions {
		for _, leftB := range []int{0, 1000, 100_000} {
			if err := made(t.Context(), l, wholeRow, stored.o, leftB); !errors.Is(err, errFull) {
				t.Errorf("%s with %d bytes left: %v", stored.name, leftB, err)
			}
		}
		if err := made(t.Context(), l, half, stored.o, math.MaxInt); !errors.Is(err, broken) {
			t.Errorf("%s with rows that fail: %v", stored.name, err)
		}
		if err := made(t.Context(), l.Sub(0, 0, 5, 0), wholeRow, stored.o, math.MaxInt); err == nil {
			t.Errorf("%s without posts is written", stored.name)
		}
	}
	if err := made(cancelled, l, wholeRow, geotiff.Options{}, math.MaxInt); !errors.Is(err, context.Canceled) {
		t.Errorf("with the context done: %v", err)
	}
}

func BenchmarkRaster_8800x8700(b *testing.B) {
	l := terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 132000, Row0: 80000, Cols: 8800, Rows: 8700}
	for _, stored := range rasterOptions {
		b.Run(stored.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(2 * int64(l.Posts()))
			for b.Loop() {
				f, err := geotiff.NewRaster(b.Context(), l, func(r int, dst []int16) error {
					for c := range dst {
						dst[c] = int16((r + c) / 8)
					}
					return nil
				}, stored.o)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := f.WriteTo(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
