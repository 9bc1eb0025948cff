//go:build unix

package source

import (
	"os"

	"golang.org/x/sys/unix"
)

func mapPages(file *os.File, offsetB int64, n int) ([]byte, error) {
	return unix.Mmap(int(file.Fd()), offsetB, n, unix.PROT_READ, unix.MAP_SHARED)
}

func unmapPages(pages []byte) { _ = unix.Munmap(pages) }
