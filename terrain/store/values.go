package store

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"unsafe"

	"github.com/canopyradar/canopy/terrain"
)

// values are the elevations of a tile: the end of its file, as little-endian
// 32-bit numbers, row by row.
type values struct {
	path    string
	offsetB int64
	content content
}

// content is an open file.
type content interface {
	// readAt fills p with what is there from offsetB on.
	readAt(p []byte, offsetB int64) error
	close()
}

// openValues opens the file at path, which must have sizeB bytes, of which n
// elevations are the last. It fails with a *terrain.FormatError.
func openValues(path string, sizeB int64, n int) (*values, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, &terrain.FormatError{Path: path, Reason: "a tile of the store cannot be read", Err: plain(err), Remedy: remedyTile}
	}
	info, err := file.Stat()
	if err == nil && info.Size() != sizeB {
		err = fmt.Errorf("%d bytes, where the manifest has %d", info.Size(), sizeB)
	}
	if err != nil {
		file.Close()
		return nil, &terrain.FormatError{Path: path, Reason: "damaged tile", Err: plain(err), Remedy: remedyTile}
	}
	c, err := openContent(file, sizeB)
	if err != nil {
		return nil, &terrain.FormatError{Path: path, Reason: "a tile of the store cannot be read", Err: plain(err)}
	}
	return &values{path: path, offsetB: sizeB - int64(n)*valueB, content: c}, nil
}

const remedyTile = "run the import again, which makes it anew"

func (v *values) close() { v.content.close() }

// read fills outM with the elevations from the first on.
func (v *values) read(outM []float32, first int) error {
	raw := bytesOf(outM)
	if err := v.content.readAt(raw, v.offsetB+int64(first)*valueB); err != nil {
		return &terrain.FormatError{Path: v.path, Reason: "cannot be read", Err: plain(err)}
	}
	if !littleEndian {
		decode(outM, raw)
	}
	return nil
}

// guard runs what reads, and turns a fault of the memory into an error: the
// file was cut short, or its disk failed, under the mapping.
func (v *values) guard(reading func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }:
			err = &terrain.FormatError{Path: v.path, Reason: "damaged tile: it was cut short while it was read, or the disk failed",
				Remedy: remedyTile}
		default:
			panic(fault)
		}
	}()
	return reading()
}

// bytesOf returns the memory of v.
func bytesOf(v []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(v))), len(v)*valueB) //nolint:gosec // float32 has no invalid bits, and the length is that of v
}

// littleEndian says whether numbers in memory are as those in tiles.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// decode turns little-endian bytes, which may be outM's own, into numbers.
func decode(outM []float32, raw []byte) {
	for i := range outM {
		outM[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[i*valueB:]))
	}
}
