package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Directory is a Store in a directory, which several processes may use.
//
// Everything has a file of its own. It is written under another name and then
// renamed, so that a name stands for a whole file, which never changes. What a
// crash of the machine or a fault of the disk leaves behind is for readers to
// find, by checksums of their own.
//
// When the files outgrow a limit, those that were not used for longest are
// removed. Files of other names are left alone.
type Directory struct {
	dir    string
	limitB int64
	// create makes a file that is not there yet.
	create func(path string) (io.WriteCloser, error)

	mu sync.Mutex
	// roomB is how much may be written before the directory is looked at.
	roomB int64
}

// DefaultLimitB is a limit for those who name none: some 70 surfaces of 400 km
// at 3 arc-seconds, or 1700 at 15.
const DefaultLimitB = 10 << 30

// OpenDirectory returns a store of about limitB bytes in dir, which it makes if
// there is none. It fails when that cannot be, or cannot be listed.
func OpenDirectory(dir string, limitB int64) (*Directory, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil { //nolint:gosec // the umask decides, as for every directory that a user makes
		return nil, fmt.Errorf("%s cannot keep surfaces: %w", dir, plain(err))
	}
	if _, err := os.ReadDir(dir); err != nil {
		return nil, fmt.Errorf("%s cannot keep surfaces: %w", dir, plain(err))
	}
	return &Directory{dir: dir, limitB: limitB, create: create}, nil
}

func create(path string) (io.WriteCloser, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // the umask decides
}

// partPrefix begins the names of files that are being written. It is that of
// versions that kept nothing but floors, with which the directory may be shared.
const partPrefix = ".floor-part-"

func (d *Directory) String() string { return d.dir }

func (d *Directory) path(name string) string { return filepath.Join(d.dir, name) }

// Has implements Store.
func (d *Directory) Has(_ context.Context, name string) bool {
	if checkName(name) != nil {
		return false
	}
	_, err := os.Stat(d.path(name))
	return err == nil
}

// Get implements Store. The reader is the file itself, so that nothing is copied
// on the way.
func (d *Directory) Get(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return nil, 0, err
	}
	file, err := os.Open(d.path(name))
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	// That it was used is worth no error: another process may have removed it.
	now := time.Now()
	_ = os.Chtimes(d.path(name), now, now)
	return file, info.Size(), nil
}

// Put implements Store.
func (d *Directory) Put(ctx context.Context, name string, content io.Reader, sizeB int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	if sizeB > d.limitB {
		return ErrTooLarge
	}
	d.makeRoom(sizeB)
	return plain(d.write(d.path(name), hold(ctx, content, sizeB)))
}

func (d *Directory) write(path string, content io.Reader) error {
	part := filepath.Join(d.dir, fmt.Sprintf("%s%016x", partPrefix, rand.Uint64()))
	file, err := d.create(part)
	if errors.Is(err, fs.ErrNotExist) { // who empties the store may take it away
		_ = os.MkdirAll(d.dir, 0o777) //nolint:gosec // as OpenDirectory does
		file, err = d.create(part)
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		_ = os.Remove(part)
	}
	return err
}

// Remove implements Store.
func (d *Directory) Remove(ctx context.Context, name string) error {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return err
	}
	if err := os.Remove(d.path(name)); !errors.Is(err, fs.ErrNotExist) {
		return plain(err)
	}
	return nil
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

// clocksDiffer is how far those may of machines that share a directory.
const clocksDiffer = time.Minute

// makeRoom removes what there is no room for beside a file to come.
func (d *Directory) makeRoom(sizeB int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.roomB >= sizeB {
		d.roomB -= sizeB
		return
	}
	files, totalB := d.look()
	if keepB := d.limitB - d.limitB/freeShare; totalB+sizeB > d.limitB {
		for len(files) > 0 && totalB+sizeB > keepB {
			// Of two processes that do the same at the same time, one finds
			// nothing left to remove.
			_ = os.Remove(d.path(files[0].Name()))
			totalB -= files[0].Size()
			files = files[1:]
		}
	}
	d.roomB = min(d.limitB/lookShare, d.limitB-totalB) - sizeB
}

// look lists what is kept, that first which was not used for longest, and counts
// its bytes and those of parts. Abandoned parts it removes.
func (d *Directory) look() (files []fs.FileInfo, totalB int64) {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, 0 // which the next write will tell
	}
	now := time.Now()
	for _, e := range entries {
		part := strings.HasPrefix(e.Name(), partPrefix)
		if !part && checkName(e.Name()) != nil {
			continue
		}
		info, err := e.Info()
		if err == nil && info.ModTime().After(now.Add(clocksDiffer)) {
			// The clock was set back. What is used from here on is used later.
			_ = os.Chtimes(d.path(e.Name()), now, now)
		}
		switch {
		case err != nil: // removed meanwhile
		case part && now.Sub(info.ModTime()) > abandoned:
			_ = os.Remove(d.path(e.Name()))
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

// plain drops paths from err.
func plain(err error) error {
	var pathErr *fs.PathError
	var linkErr *os.LinkError
	switch {
	case errors.As(err, &pathErr):
		return pathErr.Err
	case errors.As(err, &linkErr):
		return linkErr.Err
	}
	return err
}
