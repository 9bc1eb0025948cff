package geotiff

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math"
	"sync"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// Compression is a way to pack values.
type Compression int

// The compressions that can be written. Every GIS program reads Deflate; ZSTD
// needs one that stands on GDAL 2.3 or later.
const (
	Deflate Compression = iota
	ZSTD
)

// tag returns the compression's number in tag 259.
func (c Compression) tag() uint16 {
	if c == ZSTD {
		return compressionZSTD
	}
	return compressionDeflate
}

// packer compresses one block after the other.
type packer interface {
	io.WriteCloser
	Reset(w io.Writer)
}

func (c Compression) packer() packer {
	if c == ZSTD {
		// Only unknown options make it fail.
		z, _ := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
		return z
	}
	return zlib.NewWriter(nil)
}

// writtenTile is the width and height of the tiles that are written.
const writtenTile = 256

// value is the type of a post that can be written.
type value interface{ int16 | float32 }

// rowsOf puts row r, counted from the north, into dst. It is called by several
// goroutines at a time.
type rowsOf[T value] func(r int, dst []T) error

// tiler packs the rows of a raster into tiles.
type tiler[T value] struct {
	terrain.Lattice
	rows rowsOf[T]
	// predict writes a row of a tile in the form that packs best.
	predict func(out []byte, row []T)
}

// pack returns the packed tiles, row by row from the north-west.
func (t *tiler[T]) pack(ctx context.Context, c Compression) ([][]byte, error) {
	across, down := (t.Cols+writtenTile-1)/writtenTile, (t.Rows+writtenTile-1)/writtenTile
	tiles := make([][]byte, across*down)
	idle := sync.Pool{New: func() any {
		return &desk[T]{packer: c.packer(), band: make([]T, min(writtenTile, t.Rows)*t.Cols)}
	}}
	err := source.Bands(ctx, t.Rows, writtenTile, func(ctx context.Context, first, count int) error {
		d := idle.Get().(*desk[T])
		defer idle.Put(d)
		for r := range count {
			if err := t.rows(first+r, d.band[r*t.Cols:][:t.Cols]); err != nil {
				return err
			}
		}
		for i := range across {
			if err := ctx.Err(); err != nil {
				return err
			}
			tile, err := t.packTile(d, i*writtenTile, count)
			if err != nil {
				return err
			}
			tiles[first/writtenTile*across+i] = tile
		}
		return nil
	})
	return tiles, err
}

// desk is what packing a band of tiles takes.
type desk[T value] struct {
	packer packer
	band   []T
}

// packTile packs the tile of the band that begins at a column. Beyond the
// raster it repeats the last column and row, which packs best.
func (t *tiler[T]) packTile(d *desk[T], col, rows int) ([]byte, error) {
	var packed bytes.Buffer
	d.packer.Reset(&packed)
	width := min(writtenTile, t.Cols-col)
	row, predicted := make([]T, writtenTile), make([]byte, writtenTile*sampleOf[T]().sizeB())
	for r := range writtenTile {
		if r < rows {
			copy(row, d.band[r*t.Cols+col:][:width])
			for i := width; i < writtenTile; i++ {
				row[i] = row[width-1]
			}
			t.predict(predicted, row)
		}
		if _, err := d.packer.Write(predicted); err != nil {
			return nil, err
		}
	}
	err := d.packer.Close()
	return packed.Bytes(), err
}

// predictInt16 is the inverse of undoHorizontal16.
func predictInt16(out []byte, row []int16) {
	var last int16
	for i, v := range row {
		binary.LittleEndian.PutUint16(out[2*i:], uint16(v-last))
		last = v
	}
}

// predictFloat is the inverse of undoFloat.
func predictFloat(planes []byte, row []float32) {
	n := len(row)
	for i, v := range row {
		word := math.Float32bits(v)
		planes[i], planes[n+i] = byte(word>>24), byte(word>>16)
		planes[2*n+i], planes[3*n+i] = byte(word>>8), byte(word)
	}
	for i := len(planes) - 1; i > 0; i-- {
		planes[i] -= planes[i-1]
	}
}
