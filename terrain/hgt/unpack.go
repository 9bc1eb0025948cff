package hgt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zip"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// packing says how a tile is packed, which the end of the file's name tells:
// a tile has no mark of its own.
type packing int

const (
	packedNot packing = iota
	packedGzip
	packedZip
)

func packingOf(path string) packing {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".gz":
		return packedGzip
	case ".zip":
		return packedZip
	}
	return packedNot
}

// ending is what the packing adds to a file's name.
func (p packing) ending() string { return [...]string{"", ".gz", ".zip"}[p] }

// when says which size of a file is meant.
func (p packing) when() string {
	if p == packedNot {
		return ""
	}
	return " when unpacked"
}

// damaged returns the error for a file that cannot be unpacked.
func damaged(reason string, err error) error {
	return &terrain.FormatError{Reason: "damaged: " + reason, Remedy: source.Again, Err: err}
}

// gzipContentB returns the size in bytes that a gzip file of sizeB bytes gives
// at its end (RFC 1952, section 2.3.1): what it unpacks to, modulo 4 GiB.
func gzipContentB(r io.ReaderAt, sizeB int64) (int64, error) {
	const leastB, magic = 18, "\x1f\x8b"
	var head [2]byte
	var tail [4]byte
	if sizeB < leastB {
		return 0, damaged(fmt.Sprintf("%d bytes are too few for a gzip file", sizeB), nil)
	}
	if _, err := r.ReadAt(head[:], 0); err != nil || string(head[:]) != magic {
		return 0, damaged("not a gzip file", err)
	}
	if _, err := r.ReadAt(tail[:], sizeB-int64(len(tail))); err != nil && err != io.EOF {
		return 0, damaged("the end cannot be read", err)
	}
	return int64(binary.LittleEndian.Uint32(tail[:])), nil
}

// zipEntry returns the one tile of a zip archive of sizeB bytes.
func zipEntry(r io.ReaderAt, sizeB int64) (*zip.File, error) {
	archive, err := zip.NewReader(r, sizeB)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged("not a whole zip archive", err)
	}
	var found *zip.File
	tiles := 0
	for _, f := range archive.File {
		name := strings.ToLower(filepath.Base(f.Name))
		if strings.HasSuffix(name, ".hgt") && !strings.HasPrefix(name, ".") {
			found = f
			tiles++
		}
	}
	if tiles != 1 {
		return nil, &terrain.FormatError{Reason: fmt.Sprintf("the zip archive holds %d .hgt files, not one", tiles),
			Remedy: "unzip it, and name the directory"}
	}
	return found, nil
}

// unpack returns the tileB bytes that a file of sizeB bytes unpacks to. It
// does not unpack more, and checks their checksum.
func (p packing) unpack(r io.ReaderAt, sizeB, tileB int64) ([]byte, error) {
	var content io.Reader
	var err error
	if p == packedGzip {
		content, err = gzip.NewReader(io.NewSectionReader(r, 0, sizeB))
	} else {
		var entry *zip.File
		if entry, err = zipEntry(r, sizeB); err != nil {
			return nil, err
		}
		content, err = entry.Open()
	}
	if err != nil {
		return nil, damaged("it cannot be unpacked", err)
	}
	return exactly(content, tileB)
}

// exactly reads n bytes, after which r must end.
func exactly(r io.Reader, n int64) ([]byte, error) {
	raw := make([]byte, n)
	k, err := io.ReadFull(r, raw)
	switch {
	case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, damaged(fmt.Sprintf("it ends after %d of %d bytes", k, n), nil)
	case err != nil:
		return nil, damaged("it cannot be unpacked", err)
	}
	switch k, err := io.ReadFull(r, make([]byte, 1)); {
	case k > 0:
		return nil, damaged(fmt.Sprintf("it unpacks to more than %d bytes", n), nil)
	case err != io.EOF:
		return nil, damaged("it cannot be unpacked", err)
	}
	return raw, nil
}
