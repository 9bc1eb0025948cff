// Package shelf keeps floor surfaces in a directory, for processes to come and
// for others beside.
//
// Each surface is a file of its own, named by its key. It is written under
// another name and then renamed, so that a name stands for a whole file, which
// never changes: no process needs to wait for another, and one may be killed at
// any time. What a crash of the machine or a fault of the disk leaves behind is
// found by its checksums, and removed.
//
// When the files outgrow a limit, those that were not used for longest are
// removed. Files of other names are left alone.
package shelf

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/canopyradar/canopy/coverage/surfaces"
)

// Shelf is a surfaces.Shelf in a directory.
type Shelf struct {
	dir    string
	limitB int64
	logger *slog.Logger
	// create makes a file that is not there yet.
	create func(path string) (io.WriteCloser, error)

	// failed is for the one line that a disk that cannot be written is worth.
	failed sync.Once
	mu     sync.Mutex
	// roomB is how much may be written before the directory is looked at.
	roomB int64
}

// DefaultLimitB is a limit for those who name none: some 70 surfaces of 400 km
// at 3 arc-seconds, or 1700 at 15.
const DefaultLimitB = 10 << 30

// Open returns a shelf of about limitB bytes in dir, which it makes if there is
// none. It fails when that cannot be, or cannot be listed.
func Open(dir string, limitB int64, logger *slog.Logger) (*Shelf, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil { //nolint:gosec // the umask decides, as for every directory that a user makes
		return nil, fmt.Errorf("%s cannot keep surfaces: %w", dir, plain(err))
	}
	s := &Shelf{dir: dir, limitB: limitB, logger: logger, create: create}
	if _, err := os.ReadDir(dir); err != nil {
		return nil, fmt.Errorf("%s cannot keep surfaces: %w", dir, plain(err))
	}
	return s, nil
}

func create(path string) (io.WriteCloser, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // the umask decides
}

// Names of files: whole ones, and those that are being written.
const (
	suffix     = ".floor"
	partPrefix = ".floor-part-"
)

func (s *Shelf) path(key surfaces.Key) string { return filepath.Join(s.dir, key.String()+suffix) }

// Has reports whether there is a file for a key, whole or not.
func (s *Shelf) Has(key surfaces.Key) bool {
	_, err := os.Stat(s.path(key))
	return err == nil
}

// Take reads a surface, and removes a file that does not hold it.
func (s *Shelf) Take(key surfaces.Key) (surfaces.Stored, bool) {
	path := s.path(key)
	file, err := os.Open(path)
	if err != nil {
		return surfaces.Stored{}, false
	}
	defer func() { _ = file.Close() }() // which was only read
	info, err := file.Stat()
	if err != nil {
		return surfaces.Stored{}, false
	}
	stored, err := decode(file, info.Size(), key)
	if err != nil {
		s.logger.Warn("removed a damaged surface", "file", path)
		_ = os.Remove(path)
		return surfaces.Stored{}, false
	}
	// That it was used is worth no error: another process may have removed it.
	now := time.Now()
	_ = os.Chtimes(path, now, now)
	return stored, true
}

// Put writes a surface, unless it is larger than the shelf. The first time that
// it cannot, it says so in the log.
func (s *Shelf) Put(key surfaces.Key, stored surfaces.Stored) {
	sizeB := fileB(stored)
	if sizeB > s.limitB {
		return
	}
	s.makeRoom(sizeB)
	if err := s.write(key, stored); err != nil {
		s.failed.Do(func() {
			s.logger.Error("surfaces cannot be kept; answers are the same, but take longer", "directory", s.dir, "error", plain(err))
		})
	}
}

func (s *Shelf) write(key surfaces.Key, stored surfaces.Stored) error {
	part := filepath.Join(s.dir, fmt.Sprintf("%s%016x", partPrefix, rand.Uint64()))
	file, err := s.create(part)
	if errors.Is(err, fs.ErrNotExist) { // who empties the shelf may take it away
		_ = os.MkdirAll(s.dir, 0o777) //nolint:gosec // as Open does
		file, err = s.create(part)
	}
	if err != nil {
		return err
	}
	err = encode(file, key, stored)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(part, s.path(key))
	}
	if err != nil {
		_ = os.Remove(part)
	}
	return err
}

// The directory is looked at when a 16th of the limit was written since, in
// which time other processes may have written as much each. An eighth is left
// free then, so that the next look is not due at once.
const (
	lookShare = 16
	freeShare = 8
)

// abandoned is after which time a part that nobody writes to is one that a
// killed process has left. A surface is written in a second or a few.
const abandoned = 5 * time.Minute

// makeRoom removes what there is no room for beside a file to come.
func (s *Shelf) makeRoom(sizeB int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.roomB >= sizeB {
		s.roomB -= sizeB
		return
	}
	files, totalB := s.look()
	if keepB := s.limitB - s.limitB/freeShare; totalB+sizeB > s.limitB {
		for len(files) > 0 && totalB+sizeB > keepB {
			// Of two processes that do the same at the same time, one finds
			// nothing left to remove.
			_ = os.Remove(filepath.Join(s.dir, files[0].Name()))
			totalB -= files[0].Size()
			files = files[1:]
		}
	}
	s.roomB = min(s.limitB/lookShare, s.limitB-totalB) - sizeB
}

// look lists the surfaces, those first that were not used for longest, and
// counts their bytes and those of parts. Abandoned parts it removes.
func (s *Shelf) look() (files []fs.FileInfo, totalB int64) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, 0 // which the next write will tell
	}
	for _, e := range entries {
		part := strings.HasPrefix(e.Name(), partPrefix)
		if !part && !isSurface(e.Name()) {
			continue
		}
		info, err := e.Info()
		switch {
		case err != nil: // removed meanwhile
		case part && time.Since(info.ModTime()) > abandoned:
			_ = os.Remove(filepath.Join(s.dir, e.Name()))
		default:
			totalB += info.Size()
			if !part {
				files = append(files, info)
			}
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	return files, totalB
}

// isSurface reports whether a name is one that path gives.
func isSurface(name string) bool {
	digits, ok := strings.CutSuffix(name, suffix)
	return ok && len(digits) == 2*len(surfaces.Key{}) && strings.Trim(digits, "0123456789abcdef") == ""
}

// plain drops the path from err.
func plain(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
