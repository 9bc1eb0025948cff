package output

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
)

// Replace writes a file in full or not at all: what stood there before stays
// until the new content is safe on the disk. Devices and pipes are written
// to directly.
func Replace(path string, write View) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeTo(path, os.O_WRONLY, write)
	}
	temporary := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d.part", filepath.Base(path), os.Getpid()))
	err := writeTo(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, write)
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		return withRemoval(err, temporary)
	}
	return nil
}

func withRemoval(err error, temporary string) error {
	if removeErr := os.Remove(temporary); removeErr != nil && !os.IsNotExist(removeErr) {
		return fmt.Errorf("%w (and %s is left over)", err, temporary)
	}
	return err
}

// writeTo leaves the mode of a new file to the umask, which os.CreateTemp
// does not.
func writeTo(path string, flag int, write View) error {
	f, err := os.OpenFile(path, flag, 0o666) //nolint:gosec // the umask decides, as for every file that a user makes
	if err != nil {
		return err
	}
	info, err := f.Stat()
	regular := err == nil && info.Mode().IsRegular()
	if err == nil {
		err = buffered(f, regular, write)
	}
	if err == nil && regular {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

func buffered(f *os.File, regular bool, write View) error {
	b := &file{Writer: bufio.NewWriter(f)}
	if regular {
		b.onDisk = f
	}
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}

// file is what a View of Replace writes to.
type file struct {
	*bufio.Writer
	// onDisk is nil for devices and pipes.
	onDisk *os.File
}

// Reserve asks for the room on the disk that all of a file takes, for a View that
// knows how long it will be: a disk that is too full is told before any of
// it is written, and one that is not takes the file more quickly. It does nothing for what
// is not to be a file, or where files cannot be promised room.
func Reserve(w io.Writer, sizeB int64) error {
	if f, ok := w.(*file); ok && f.onDisk != nil && sizeB > 0 {
		return reserve(f.onDisk, sizeB)
	}
	return nil
}

// CheckFile refuses a path where no file can be written, before any work is
// done. flag is the one that names the file.
func CheckFile(flag, path string) error {
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fault.Badf("%s %s: there is no folder %s", flag, path, folder)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fault.Badf("%s %s is a folder: name a file", flag, path)
	}
	return nil
}
