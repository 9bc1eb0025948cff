// Package source opens the files that elevation models are stored in, and
// notices when one changes under a model that has already been described.
package source

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/canopyradar/canopy/terrain"
)

// File is a regular file as it was when Stat saw it.
type File struct {
	Path     string
	SizeB    int64
	modified time.Time
}

// Stat describes the file at path. It fails with a *terrain.FormatError when
// there is none, when it is empty, or when it is not a regular file.
func Stat(path string) (File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return File{}, failure(path, err)
	case !info.Mode().IsRegular():
		return File{}, &terrain.FormatError{Path: path, Reason: "not a regular file"}
	case info.Size() == 0:
		return File{}, &terrain.FormatError{Path: path, Reason: "the file is empty (0 bytes)", Remedy: "fetch it again"}
	}
	return File{Path: path, SizeB: info.Size(), modified: info.ModTime()}, nil
}

// Open opens the file, which must be as Stat saw it: its identity stands on
// that. It fails with a *terrain.FormatError when it has changed or gone.
func (f File) Open() (*os.File, error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, failure(f.Path, err)
	}
	info, err := file.Stat()
	if err == nil && info.Size() == f.SizeB && info.ModTime().Equal(f.modified) {
		return file, nil
	}
	file.Close()
	return nil, &terrain.FormatError{Path: f.Path, Reason: "the file changed after it was opened as terrain",
		Remedy: openAgain, Err: err}
}

const openAgain = "open it again"

// With opens the file, as Open does, for do to read. Errors of do gain the
// path.
func (f File) With(do func(r io.ReaderAt) error) error {
	file, err := f.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	return At(f.Path, do(file))
}

// failure drops the path from err, which FormatError gives already.
func failure(path string, err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return &terrain.FormatError{Path: path, Reason: "cannot be read", Err: err}
}
