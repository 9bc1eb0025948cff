//go:build linux || darwin || freebsd

package fetch

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
)

// freeB returns what a user may still write below a folder, in bytes, whether
// or not the folder is there yet.
func freeB(folder string) (int64, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return 0, err
	}
	var disk syscall.Statfs_t
	err = syscall.Statfs(folder, &disk)
	if errors.Is(err, fs.ErrNotExist) && filepath.Dir(folder) != folder {
		return freeB(filepath.Dir(folder))
	}
	return int64(disk.Bavail) * int64(disk.Bsize), err //nolint:unconvert // of other types on other systems
}
