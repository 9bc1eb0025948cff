package geotiff_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
)

// sized returns a lattice somewhere in the Andes.
func sized(cols, rows int) terrain.Lattice {
	return terrain.Lattice{PerDegLon: 1200, PerDegLat: 1000, Col0: 126003, Row0: 102405, Cols: cols, Rows: rows}
}

// pyramids are rasters with the sizes of their overviews.
var pyramids = []struct {
	cols, rows int
	overviews  [][2]int
}{
	{1, 1, nil},
	{511, 511, nil},
	{512, 512, nil},
	{513, 1, [][2]int{{257, 1}}},
	{513, 513, [][2]int{{257, 257}}},
	{1024, 1024, [][2]int{{512, 512}}},
	{3, 2051, [][2]int{{2, 1026}, {1, 513}, {1, 257}}},
	{1300, 2703, [][2]int{{650, 1352}, {325, 676}, {163, 338}}},
}

// written puts content into a file and returns its path.
func written(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "floor.tif")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// described is what gdalinfo says of a file, or of one of its overviews.
func described(t *testing.T, path string, options ...string) (d struct {
	Size         [2]int
	GeoTransform [6]float64
	Bands        []struct {
		Block     [2]int
		Overviews []struct{ Size [2]int }
	}
},
) {
	t.Helper()
	said := gdaltest.Run(t, append(append([]string{"gdalinfo", "-json"}, options...), path)...)
	if err := json.Unmarshal([]byte(said), &d); err != nil || len(d.Bands) != 1 {
		t.Fatalf("%v in %s", err, said)
	}
	return d
}

func TestPackedFilesAreCloudOptimized(t *testing.T) {
	if testing.Short() {
		t.Skip("GDAL takes seconds over all sizes")
	}
	for _, p := range pyramids {
		l := sized(p.cols, p.rows)
		files := map[string]string{
			"DEFLATE": raster(t, l, geotiff.Options{Description: "coverage floor", Unit: "metres AMSL"}),
			"ZSTD":    raster(t, l, geotiff.Options{Compression: geotiff.ZSTD}),
			"Float32": write(t, hilly(l), geotiff.Options{}),
		}
		for name, content := range files {
			t.Run(fmt.Sprintf("%d × %d, %s", p.cols, p.rows, name), func(t *testing.T) {
				path := written(t, content)
				band := described(t, path).Bands[0]
				if band.Block != [2]int{512, 512} || len(band.Overviews) != len(p.overviews) {
					t.Fatalf("the blocks are %v, the overviews %v, want %v", band.Block, band.Overviews, p.overviews)
				}
				for i, o := range band.Overviews {
					if o.Size != p.overviews[i] {
						t.Errorf("overview %d is %v, want %v", i, o.Size, p.overviews[i])
					}
				}
				gdaltest.COG(t, path)
			})
		}
	}
}

// Each pixel of an overview has the value of the post below its middle, by the
// place on earth that GDAL gives it, and lies within the raster.
func TestOverviewsHaveTheNearestPosts(t *testing.T) {
	for _, p := range pyramids {
		l := sized(p.cols, p.rows)
		path := written(t, raster(t, l, geotiff.Options{}))
		for i := range p.overviews {
			t.Run(fmt.Sprintf("%d × %d, overview %d", p.cols, p.rows, i), func(t *testing.T) {
				level := fmt.Sprintf("OVERVIEW_LEVEL=%d", i)
				d := described(t, path, "-oo", level)
				place := d.GeoTransform
				var want []float32
				for r := range d.Size[1] {
					for c := range d.Size[0] {
						// Posts are the middles of their pixels. Where a middle lies
						// between two posts, it counts for the latter.
						const between = 1e-6
						col := l.Col(place[0]+place[1]*(float64(c)+0.5)) + 0.5 + between
						row := l.Row(place[3]+place[5]*(float64(r)+0.5)) + 0.5 + between
						want = append(want, orNaN(wholeM(int(math.Floor(row)), int(math.Floor(col)))))
					}
				}
				gdaltest.Same(t, gdaltest.Posts(t, path, geotiff.NoDataInt16, "-oo", level), want)
				west, south := l.Lon(0)-0.5/l.PerDegLon, l.Lat(l.Rows-1)-0.5/l.PerDegLat
				if gotSouth := place[3] + place[5]*float64(d.Size[1]); math.Abs(place[0]-west) > 1e-9 || math.Abs(gotSouth-south) > 1e-9 {
					t.Errorf("the south-western corner is %v, %v, want %v, %v", place[0], gotSouth, west, south)
				}
			})
		}
	}
}

func orNaN(z int16) float32 {
	if z == geotiff.NoDataInt16 {
		return float32(math.NaN())
	}
	return float32(z)
}

// GDAL takes the same posts when it shrinks the raster itself.
func TestOverviewsAreWhatGDALTakes(t *testing.T) {
	l := sized(2048, 1024)
	path := written(t, raster(t, l, geotiff.Options{}))
	flat := written(t, raster(t, l, geotiff.Options{Plain: true}))
	for i, size := range [][2]string{{"1024", "512"}, {"512", "256"}} {
		overview := gdaltest.Posts(t, path, geotiff.NoDataInt16, "-oo", fmt.Sprintf("OVERVIEW_LEVEL=%d", i))
		shrunk := gdaltest.Posts(t, flat, geotiff.NoDataInt16, "-outsize", size[0], size[1], "-r", "nearest")
		gdaltest.Same(t, overview, shrunk)
	}
}

func TestOwnOverviewsAreLeftAlone(t *testing.T) {
	for _, p := range pyramids {
		l := sized(p.cols, p.rows)
		m := parse(t, raster(t, l, geotiff.Options{Compression: geotiff.ZSTD}))
		if m.Lattice() != l {
			t.Fatalf("the lattice is %+v, was %+v", m.Lattice(), l)
		}
		want := make([]float32, l.Posts())
		for i := range want {
			want[i] = orNaN(wholeM(i/l.Cols, i%l.Cols))
		}
		gdaltest.Same(t, read(t, m, l).ElevationM, want)
	}
}

func TestPyramidsDoNotDependOnWorkers(t *testing.T) {
	l := sized(1300, 2703)
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	one := raster(t, l, geotiff.Options{})
	for _, workers := range []int{2, 3, 8} {
		runtime.GOMAXPROCS(workers)
		if raster(t, l, geotiff.Options{}) != one {
			t.Errorf("%d workers write other bytes than one", workers)
		}
	}
}
