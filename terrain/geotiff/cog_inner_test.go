package geotiff

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
)

// tilted is a raster with an overview.
var tilted = tiler[int16]{
	Lattice: terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Cols: 700, Rows: 600},
	rows: func(r int, dst []int16) error {
		for c := range dst {
			dst[c] = int16(3*r - 2*c)
		}
		return nil
	},
	predict: predictInt16,
}

// BigTIFF is for files beyond 4 GiB, of which one of tiles would take a test
// too long to make. So a small one is made to be one.
func TestBigTIFFIsCloudOptimized(t *testing.T) {
	images, err := tilted.pack(t.Context(), Deflate)
	if err != nil {
		t.Fatal(err)
	}
	s := storage{sample: sampleInt16, noData: fmt.Sprint(NoDataInt16)}
	tiles := s.tiles(images, Deflate, predictorHorizontal)
	head, _ := s.headOf(tilted.Lattice, "", true)
	if head[2] != 43 {
		t.Fatalf("the header % x is none of BigTIFF", head[:4])
	}
	path := filepath.Join(t.TempDir(), "big.tif")
	if err := os.WriteFile(path, append(head, bytes.Join(tiles, nil)...), 0o600); err != nil {
		t.Fatal(err)
	}
	for level, f := range map[string]int{"NONE": 1, "0": 2} {
		cols, rows := tilted.Cols/f, tilted.Rows/f
		want := make([]float32, cols*rows)
		for i := range want {
			want[i] = float32(3*(i/cols*f+f/2) - 2*(i%cols*f+f/2))
		}
		gdaltest.Same(t, gdaltest.Posts(t, path, NoDataInt16, "-oo", "OVERVIEW_LEVEL="+level), want)
	}
	m, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if m.Lattice() != tilted.Lattice {
		t.Errorf("the lattice is %+v, was %+v", m.Lattice(), tilted.Lattice)
	}
	gdaltest.COG(t, path)
}

// A file of packed tiles is a classic TIFF's as long as that can hold it.
func TestTilesBeyond4GiB(t *testing.T) {
	l := terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Cols: 4 * writtenTile, Rows: writtenTile}
	const tileB = 1 << 30
	for _, test := range []struct {
		name  string
		lessB uint64
		want  byte
	}{{"beyond", 0, 43}, {"below", 4096, 42}} {
		s := storage{sample: sampleInt16, compression: compressionDeflate, noData: fmt.Sprint(NoDataInt16)}
		s.images = []storedImage{{cols: l.Cols, rows: l.Rows, countsB: append(slices.Repeat([]uint64{tileB}, 3), tileB-test.lessB)}}
		if head, err := s.head(l, Options{}); err != nil || head[2] != test.want {
			t.Errorf("%s 4 GiB: version %d, want %d; %v", test.name, head[2], test.want, err)
		}
	}
}
