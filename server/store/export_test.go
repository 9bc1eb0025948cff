package store

import (
	"io"
	"os"
	"syscall"
	"testing"
)

// OpenFull opens a directory on a disk of so much room.
func OpenFull(t *testing.T, roomB int) Store {
	t.Helper()
	d, err := OpenDirectory(t.TempDir(), DefaultLimitB)
	if err != nil {
		t.Fatal(err)
	}
	d.create = func(path string) (io.WriteCloser, error) {
		file, err := create(path)
		return &cramped{file, d, roomB}, err
	}
	return d
}

// cramped is a file on a disk of so much room.
type cramped struct {
	io.WriteCloser
	on    *Directory
	roomB int
}

func (c *cramped) Write(p []byte) (int, error) {
	leftB := c.roomB
	entries, err := os.ReadDir(c.on.dir)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return 0, err
		}
		leftB -= int(info.Size())
	}
	if len(p) <= leftB {
		return c.WriteCloser.Write(p)
	}
	n, err := c.WriteCloser.Write(p[:leftB])
	if err == nil {
		err = syscall.ENOSPC
	}
	return n, err
}

// Impatient has the store take for abandoned what is not whole.
func (j *JetStream) Impatient() { j.abandoned = 0 }
