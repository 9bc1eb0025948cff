package source

import (
	"encoding/binary"
	"errors"
	"math"
	"os"
	"runtime"
	"sync/atomic"
	"unsafe"

	"github.com/canopyradar/canopy/terrain"
)

// Mapping is part of a file, mapped into memory. Its pages are those of the
// system's cache, which all readers share. It is a terrain.Mapping.
type Mapping struct {
	// Bytes are those of the part, until the mapping is closed.
	Bytes  []byte
	pages  []byte // whole ones, around Bytes
	path   string
	mapped os.FileInfo
	remedy string
}

// Map maps n bytes from offsetB on of a file, which must have them and may be
// closed then. remedy is what errors advise when the file turns out to be cut
// short. It fails with errors.ErrUnsupported on systems that cannot.
func Map(file *os.File, offsetB, n int64, remedy string) (*Mapping, error) {
	mapped, err := file.Stat()
	if err != nil {
		return nil, err
	}
	before := offsetB % int64(os.Getpagesize())
	if n > math.MaxInt-before {
		return nil, errors.ErrUnsupported
	}
	pages, err := mapPages(file, offsetB-before, int(before+n))
	if err != nil {
		return nil, err
	}
	PreferLargePages(pages)
	return &Mapping{Bytes: pages[before:], pages: pages, path: file.Name(), mapped: mapped, remedy: remedy}, nil
}

// Fault returns a *terrain.FormatError for an address in the mapping: the file
// was cut short under it, or its disk failed.
func (m *Mapping) Fault(address uintptr) error {
	first := uintptr(unsafe.Pointer(unsafe.SliceData(m.pages))) //nolint:gosec // an address, which is compared
	size := uintptr(os.Getpagesize())
	if last := (first + uintptr(len(m.pages)) + size - 1) / size * size; address < first || address >= last {
		return nil
	}
	return &terrain.FormatError{Path: m.path, Remedy: m.remedy,
		Reason: "damaged: it was cut short while it was read, or the disk failed"}
}

// Unmap lets go of the file, whatever became of it. Bytes must not be used
// afterwards.
func (m *Mapping) Unmap() { unmapPages(m.pages) }

// Close is Unmap, and fails with a *terrain.FormatError if the file is not what
// it was when it was mapped.
func (m *Mapping) Close() error {
	m.Unmap()
	return Unchanged(m.path, m.mapped)
}

// Unchanged fails with a *terrain.FormatError if the file at path is not the one
// that was described, or was written to since.
func Unchanged(path string, described os.FileInfo) error {
	now, err := os.Stat(path)
	if err == nil && os.SameFile(now, described) && now.Size() == described.Size() && now.ModTime().Equal(described.ModTime()) {
		return nil
	}
	if err != nil {
		return failure(path, err)
	}
	return &terrain.FormatError{Path: path, Reason: "the file changed while it was read", Remedy: openAgain}
}

// LittleEndian says whether numbers in memory are little-endian.
var LittleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// Numbers returns little-endian bytes as the numbers that they are, in place;
// false where this machine's are others, or cannot begin at this address.
func Numbers[T int16 | float32](raw []byte) ([]T, bool) {
	var one T
	p := unsafe.Pointer(unsafe.SliceData(raw)) //nolint:gosec // looked at, and used below
	if !LittleEndian || uintptr(p)%unsafe.Alignof(one) != 0 {
		return nil, false
	}
	return unsafe.Slice((*T)(p), len(raw)/int(unsafe.Sizeof(one))), true //nolint:gosec // any bits are a number, and the length is that of raw
}

// Spare is the mapping of a whole file that who looked at all of it leaves to who
// looks at it next, so that its pages need not be found twice.
type Spare struct{ mapping atomic.Pointer[Mapping] }

// last is what was left last: a folder of many files is not to stay mapped.
var last atomic.Pointer[Spare]

// Leave leaves a mapping, or none, until it is taken, another one is left, or owner
// is gone.
func Leave[T any](owner *T, m *Mapping) *Spare {
	s := &Spare{}
	s.mapping.Store(m)
	runtime.AddCleanup(owner, (*Spare).drop, s)
	if before := last.Swap(s); before != nil {
		before.drop()
	}
	return s
}

// Take returns the mapping to the first who asks; nil to others.
func (s *Spare) Take() *Mapping { return s.mapping.Swap(nil) }

func (s *Spare) drop() {
	if m := s.Take(); m != nil {
		m.Unmap()
	}
}
