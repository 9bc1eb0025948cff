package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// freeSpace returns the bytes that may still be written below dir.
func freeSpace(dir string) (float64, bool) {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return 0, false
	}
	return float64(s.Bavail) * float64(s.Bsize), true
}

// startWriting has the system begin to write a file's content to the disk, so
// that settle finds little left to wait for.
func startWriting(f *os.File) {
	_ = unix.SyncFileRange(int(f.Fd()), 0, 0, unix.SYNC_FILE_RANGE_WRITE)
}
