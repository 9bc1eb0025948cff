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

// writtenTile is the width and height of the tiles that are written, and of the
// smallest image that has no overview.
const writtenTile = 512

// value is the type of a post that can be written.
type value interface{ int16 | float32 }

// rowsOf puts row r, counted from the north, into dst. It is called by several
// goroutines at a time.
type rowsOf[T value] func(r int, dst []T) error

// tiler packs the rows of a raster, and of its overviews, into tiles.
type tiler[T value] struct {
	terrain.Lattice
	rows rowsOf[T]
	// predict writes a row of a tile in the form that packs best.
	predict func(out []byte, row []T)
}

// packed is an image in packed tiles, row by row from the north-west.
type packed struct {
	cols, rows int
	tiles      [][]byte
}

func newPacked(cols, rows int) *packed {
	return &packed{cols, rows, make([][]byte, tilesIn(cols)*tilesIn(rows))}
}

// tilesIn returns how many tiles hold n columns or rows.
func tilesIn(n int) int { return (n + writtenTile - 1) / writtenTile }

// pack returns the raster and then its overviews, largest first. Beside the
// packed tiles, a few bands of tiles for each processor are in memory.
func (t *tiler[T]) pack(ctx context.Context, c Compression) ([]*packed, error) {
	whole := newPacked(t.Cols, t.Rows)
	overviews := newOverviews[T](t.Cols, t.Rows)
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
		band := d.band[:count*t.Cols]
		if err := t.packBand(ctx, d, whole, first/writtenTile, band); err != nil {
			return err
		}
		for _, o := range overviews {
			for i, full := range o.take(first, band, t.Cols) {
				if err := t.packBand(ctx, d, o.packed, i, full); err != nil {
					return err
				}
			}
		}
		return nil
	})
	images := []*packed{whole}
	for _, o := range overviews {
		images = append(images, o.packed)
	}
	return images, err
}

// desk is what packing a band of tiles takes.
type desk[T value] struct {
	packer packer
	out    bytes.Buffer
	band   []T
}

// packBand packs the tiles of an image's band, whose rows are given.
func (t *tiler[T]) packBand(ctx context.Context, d *desk[T], into *packed, index int, band []T) error {
	across := tilesIn(into.cols)
	for i := range across {
		if err := ctx.Err(); err != nil {
			return err
		}
		tile, err := t.packTile(d, band, into.cols, i*writtenTile)
		if err != nil {
			return err
		}
		into.tiles[index*across+i] = tile
	}
	return nil
}

// packTile packs the tile of a band of rows that begins at a column, between
// its margins. Beyond the band it repeats the last column and row, which packs
// best.
func (t *tiler[T]) packTile(d *desk[T], band []T, cols, col int) ([]byte, error) {
	d.out.Reset()
	d.out.Write(make([]byte, marginB))
	d.packer.Reset(&d.out)
	width := min(writtenTile, cols-col)
	row, predicted := make([]T, writtenTile), make([]byte, writtenTile*sampleOf[T]().sizeB())
	for r := range writtenTile {
		if r < len(band)/cols {
			copy(row, band[r*cols+col:][:width])
			for i := width; i < writtenTile; i++ {
				row[i] = row[width-1]
			}
			t.predict(predicted, row)
		}
		if _, err := d.packer.Write(predicted); err != nil {
			return nil, err
		}
	}
	if err := d.packer.Close(); err != nil {
		return nil, err
	}
	tile := make([]byte, d.out.Len()+marginB)
	copy(tile, d.out.Bytes())
	fillMargins(tile)
	return tile, nil
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
