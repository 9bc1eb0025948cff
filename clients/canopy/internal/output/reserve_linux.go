package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// reserve fails where there is no room; other refusals cost only time.
func reserve(f *os.File, sizeB int64) error {
	err := unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, sizeB)
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) || errors.Is(err, unix.EFBIG) {
		return fmt.Errorf("no room for the %d bytes of the file in %s (%w): make room, or name a file on another disk",
			sizeB, filepath.Dir(f.Name()), err)
	}
	return nil
}
