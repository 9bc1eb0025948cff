//go:build unix

package store

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// mapped is a file in memory. Its pages are those of the system's cache, which
// all readers share.
type mapped []byte

// openContent maps the file, which has sizeB bytes, and closes it.
func openContent(file *os.File, sizeB int64) (content, error) {
	defer file.Close()
	m, err := unix.Mmap(int(file.Fd()), 0, int(sizeB), unix.PROT_READ, unix.MAP_SHARED)
	return mapped(m), err
}

func (m mapped) readAt(p []byte, offsetB int64) error {
	if copy(p, m[offsetB:]) < len(p) {
		return io.ErrUnexpectedEOF
	}
	return nil
}

func (m mapped) close() { _ = unix.Munmap(m) }
