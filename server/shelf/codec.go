package shelf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"unsafe"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// What is kept is a header and then the floors, row by row, in 16 bits. All
// numbers are in the byte order of the machine: to one of another order it is
// damaged, as its magic number shows.

const (
	magic   = 0x726f6f6c66796e61 // "anyfloor", where bytes are little-endian
	version = 1
)

// header describes a surface. It is written field by field, without gaps.
type header struct {
	Magic   uint64
	Version uint32
	// FloorsCRC32C is the checksum of the floors.
	FloorsCRC32C uint32
	Key          surfaces.Key
	Lattice      struct {
		PerDegLon, PerDegLat, OffLon, OffLat float64
		Col0, Row0, Cols, Rows               int64
	}
	PostsInRange, Filled, MissingPosts int64
	MissingM2                          float64
	MissingBound                       orb.Bound
	// HeaderCRC32C is the checksum of all that stands before it.
	HeaderCRC32C uint32
}

var (
	headerB = binary.Size(header{})
	crc32c  = crc32.MakeTable(crc32.Castagnoli)

	errDamaged = errors.New("not a whole surface of this key")
)

// postB is the size of a floor.
const postB = int64(unsafe.Sizeof(floor.AGL(0)))

// encode returns what is kept of a surface, and its size. It copies no floors.
func encode(key surfaces.Key, s surfaces.Stored) (content io.Reader, sizeB int64, err error) {
	floors := bytesOf(s.Floor)
	h := header{
		Magic: magic, Version: version, FloorsCRC32C: crc32.Checksum(floors, crc32c), Key: key,
		PostsInRange: int64(s.PostsInRange), Filled: int64(s.Filled), MissingPosts: int64(s.Missing.Posts),
		MissingM2: s.Missing.AreaM2, MissingBound: s.Missing.Bound,
	}
	h.Lattice.PerDegLon, h.Lattice.PerDegLat, h.Lattice.OffLon, h.Lattice.OffLat = s.PerDegLon, s.PerDegLat, s.OffLon, s.OffLat
	h.Lattice.Col0, h.Lattice.Row0, h.Lattice.Cols, h.Lattice.Rows = int64(s.Col0), int64(s.Row0), int64(s.Cols), int64(s.Rows)
	head, err := binary.Append(nil, binary.NativeEndian, h)
	if err != nil {
		return nil, 0, err
	}
	before := len(head) - binary.Size(h.HeaderCRC32C)
	binary.NativeEndian.PutUint32(head[before:], crc32.Checksum(head[:before], crc32c))
	return io.MultiReader(bytes.NewReader(head), bytes.NewReader(floors)), int64(len(head)) + int64(len(floors)), nil
}

// decode reads sizeB bytes. It fails with errDamaged where they are not what
// encode gave for this key, in full, and else as r does.
func decode(r io.Reader, sizeB int64, key surfaces.Key) (s surfaces.Stored, err error) {
	if sizeB < int64(headerB) {
		return s, errDamaged
	}
	head := make([]byte, headerB)
	if _, err := io.ReadFull(r, head); err != nil {
		return s, err
	}
	var h header
	if err := binary.Read(bytes.NewReader(head), binary.NativeEndian, &h); err != nil {
		return s, err
	}
	before := len(head) - binary.Size(h.HeaderCRC32C)
	l := h.Lattice
	switch {
	case h.Magic != magic, h.Version != version, h.Key != key, h.HeaderCRC32C != crc32.Checksum(head[:before], crc32c),
		l.Cols < 1, l.Rows < 1, l.Cols > math.MaxInt32, l.Rows > math.MaxInt32, sizeB != int64(headerB)+postB*l.Cols*l.Rows:
		return s, errDamaged
	}
	s = surfaces.Stored{
		Lattice: terrain.Lattice{
			PerDegLon: l.PerDegLon, PerDegLat: l.PerDegLat, OffLon: l.OffLon, OffLat: l.OffLat,
			Col0: int(l.Col0), Row0: int(l.Row0), Cols: int(l.Cols), Rows: int(l.Rows),
		},
		PostsInRange: int(h.PostsInRange), Filled: int(h.Filled),
		Missing: floor.Missing{Posts: int(h.MissingPosts), AreaM2: h.MissingM2, Bound: h.MissingBound},
		Floor:   make([]floor.AGL, l.Cols*l.Rows),
	}
	switch sum, err := readFloors(r, bytesOf(s.Floor)); {
	case err != nil:
		return surfaces.Stored{}, err
	case sum != h.FloorsCRC32C:
		return surfaces.Stored{}, errDamaged
	}
	return s, nil
}

// readFloors fills floors and returns their checksum, which it takes of each
// part while that is in the processor's cache.
func readFloors(r io.Reader, floors []byte) (sum uint32, err error) {
	const part = 1 << 19
	for len(floors) > 0 && err == nil {
		next := floors[:min(part, len(floors))]
		_, err = io.ReadFull(r, next)
		sum = crc32.Update(sum, crc32c, next)
		floors = floors[len(next):]
	}
	return sum, err
}

// bytesOf returns the memory of floors.
func bytesOf(floors []floor.AGL) []byte {
	if len(floors) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&floors[0])), postB*int64(len(floors))) //nolint:gosec // the same memory, seen as bytes
}
