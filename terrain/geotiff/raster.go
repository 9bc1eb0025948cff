package geotiff

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
)

// NoDataInt16 is what stands for a missing post in the rows of a Raster, and is
// declared as GDAL_NODATA.
const NoDataInt16 = math.MinInt16

// Raster is a GeoTIFF file of whole metres whose rows are made as it is
// written: one band of Int16, in EPSG:4326, with the posts in the pixel
// centres, in strips if it is plain, else a Cloud Optimized GeoTIFF: in packed
// tiles with the horizontal predictor, and with overviews. The same rows and
// options give the same bytes. A file beyond 4 GiB is a BigTIFF.
type Raster struct {
	lattice terrain.Lattice
	rows    rowsOf[int16]
	// posts are all rows, where they are made already.
	posts []int16
	head  []byte
	// tiles are packed, in the order of the file; nil in a plain one.
	tiles [][]byte
}

// NewRaster returns the file on l whose rows, counted from the north, are what
// rows puts into dst. It is called once for each row, by several goroutines at
// a time: for a plain file by each WriteTo, else here, so that the packed tiles
// are in memory.
//
// It fails for a lattice without posts, when rows does, and with ctx.Err() when
// ctx is done.
func NewRaster(ctx context.Context, l terrain.Lattice, rows func(r int, dst []int16) error, o Options) (*Raster, error) {
	if err := checkSize(l); err != nil {
		return nil, err
	}
	f := &Raster{lattice: l, rows: rows}
	s := storage{sample: sampleInt16, noData: fmt.Sprint(NoDataInt16)}
	if o.Plain {
		s.strips(l, max(1, stripB/(2*l.Cols)))
	} else {
		t := tiler[int16]{l, rows, predictInt16}
		images, err := t.pack(ctx, o.Compression)
		if err != nil {
			return nil, err
		}
		f.tiles = s.tiles(images, o.Compression, predictorHorizontal)
	}
	var err error
	f.head, err = s.head(l, o)
	return f, err
}

// NewRasterOf is NewRaster of rows that are made already, one after the other in
// posts. It uses these as long as the file is written.
func NewRasterOf(ctx context.Context, l terrain.Lattice, posts []int16, o Options) (*Raster, error) {
	f, err := NewRaster(ctx, l, func(r int, dst []int16) error {
		copy(dst, posts[r*l.Cols:])
		return nil
	}, o)
	if err == nil {
		f.posts = posts
	}
	return f, err
}

// SizeB returns the length of the file in bytes.
func (f *Raster) SizeB() int64 {
	sum := int64(len(f.head))
	if f.tiles == nil {
		return sum + 2*int64(f.lattice.Posts())
	}
	for _, t := range f.tiles {
		sum += int64(len(t))
	}
	return sum
}

// WriteTo writes the file to w, from its beginning to its end. Of a plain file
// it makes and writes about a megabyte at a time, one for each processor, and
// calls w from several goroutines, one after the other. It fails when w does
// and, in a plain file, when rows does.
func (f *Raster) WriteTo(w io.Writer) (int64, error) {
	written, err := writeParts(w, append([][]byte{f.head}, f.tiles...))
	if err != nil || f.tiles != nil {
		return written, err
	}
	if f.posts == nil || !nativeOrder() {
		n, err := writeRows(w, f.lattice, f.rows)
		return written + n, err
	}
	var parts [][]byte
	for part := range slices.Chunk(f.posts, bandB/2) {
		parts = append(parts, littleEndian(part))
	}
	n, err := writeParts(w, parts)
	return written + n, err
}

// stripB is about the length of a strip of a plain Raster: what is read at least
// of a window.
const stripB = 1 << 18

// bandB is how many bytes of rows are written at a time: few enough to be in a
// processor's own cache still when the system takes them.
const bandB = 1 << 20

// writeRows writes rows as they are in memory. The goroutine that makes a band
// also writes it, when its turn has come.
func writeRows[T value](w io.Writer, l terrain.Lattice, rows rowsOf[T]) (written int64, err error) {
	height := max(1, bandB/(l.Cols*sampleOf[T]().sizeB()))
	workers := min(runtime.GOMAXPROCS(0), (l.Rows+height-1)/height)
	turns := make([]chan struct{}, workers)
	for i := range turns {
		turns[i] = make(chan struct{}, 1)
	}
	turns[0] <- struct{}{}
	group, ctx := errgroup.WithContext(context.Background())
	for i := range workers {
		group.Go(func() error {
			band := make([]T, height*l.Cols)
			for first := i * height; first < l.Rows; first += workers * height {
				band = band[:min(height, l.Rows-first)*l.Cols]
				for r := range len(band) / l.Cols {
					if err := rows(first+r, band[r*l.Cols:][:l.Cols]); err != nil {
						return err
					}
				}
				select {
				case <-turns[i]:
				case <-ctx.Done():
					return ctx.Err()
				}
				n, err := w.Write(littleEndian(band))
				written += int64(n)
				if err != nil {
					return err
				}
				turns[(i+1)%workers] <- struct{}{}
			}
			return nil
		})
	}
	err = group.Wait()
	return written, err
}

// littleEndian returns values as a file has them. They are in it, or else are
// exchanged with it.
func littleEndian[T value](values []T) []byte {
	b := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values)*sampleOf[T]().sizeB()) //nolint:gosec // all values are bytes, and T holds no pointers
	if !nativeOrder() {
		swap(b, sampleOf[T]().sizeB())
	}
	return b
}

// nativeOrder reports whether a file has numbers as memory does.
func nativeOrder() bool { return binary.NativeEndian.Uint16([]byte{1, 0}) == 1 }

func sampleOf[T value]() sample {
	var v T
	if _, whole := any(v).(int16); whole {
		return sampleInt16
	}
	return sampleFloat32
}
