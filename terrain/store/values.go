package store

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"unsafe"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// values are the elevations of a tile: the end of its file, as little-endian
// 32-bit numbers, row by row.
type values struct {
	path    string
	offsetB int64
	content content
	file    *file // nil for one that another closes
}

// content is what is read of a file.
type content interface {
	// readAt fills p with what is there from offsetB on, within guard.
	readAt(p []byte, offsetB int64) error
	guard(reading func() error) error
	close()
}

const remedyTile = "run the import again, which makes it anew"

// openValues makes count elevations from the first on ready to be read, of the n
// which are the last of the sizeB bytes of a tile's file. That is to stay open until
// the values are closed. It fails with a *terrain.FormatError.
func openValues(file *os.File, sizeB int64, n, first, count int) (v *values, err error) {
	v = &values{path: file.Name(), offsetB: sizeB - int64(n)*valueB}
	v.content, err = openContent(file, v.offsetB+int64(first)*valueB, int64(count)*valueB)
	if err != nil {
		return nil, &terrain.FormatError{Path: v.path, Reason: "a tile of the store cannot be read", Err: plain(err)}
	}
	return v, nil
}

// openContent maps n bytes of the file from offsetB on, unless they are few.
func openContent(file *os.File, offsetB, n int64) (content, error) {
	if n <= fewB {
		return opened{file}, nil
	}
	m, err := source.Map(file, offsetB, n, remedyTile)
	if errors.Is(err, errors.ErrUnsupported) {
		return opened{file}, nil
	}
	return mapped{m, offsetB}, err
}

// fewB are read in less time than it takes to map them.
const fewB = 16 << 10

// mapped is a part of a file in memory.
type mapped struct {
	*source.Mapping
	firstB int64 // where in the file it begins
}

func (m mapped) readAt(p []byte, offsetB int64) error {
	if copy(p, m.Bytes[offsetB-m.firstB:]) < len(p) {
		return io.ErrUnexpectedEOF
	}
	return nil
}

func (m mapped) guard(reading func() error) error { return terrain.Guard(m, reading) }
func (m mapped) close()                           { m.Unmap() }

// opened is a file that is read piece by piece.
type opened struct{ *os.File }

func (o opened) readAt(p []byte, offsetB int64) error {
	_, err := o.ReadAt(p, offsetB)
	return err
}

func (o opened) guard(reading func() error) error { return reading() }
func (o opened) close()                           {}

func (v *values) guard(reading func() error) error { return v.content.guard(reading) }

func (v *values) close() {
	v.content.close()
	if v.file != nil {
		v.file.release()
	}
}

// read fills outM with the elevations from the first on, within guard.
func (v *values) read(outM []float32, first int) error {
	raw := bytesOf(outM)
	if err := v.content.readAt(raw, v.offsetB+int64(first)*valueB); err != nil {
		return &terrain.FormatError{Path: v.path, Reason: "cannot be read", Err: plain(err), Remedy: remedyTile}
	}
	if !littleEndian {
		decode(outM, raw)
	}
	return nil
}

// bytesOf returns the memory of v.
func bytesOf(v []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(v))), len(v)*valueB) //nolint:gosec // float32 has no invalid bits, and the length is that of v
}

// littleEndian says whether numbers in memory are as those in tiles.
var littleEndian = source.LittleEndian

// decode turns little-endian bytes, which may be outM's own, into numbers.
func decode(outM []float32, raw []byte) {
	for i := range outM {
		outM[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[i*valueB:]))
	}
}
