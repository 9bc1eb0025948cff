package store

import (
	"fmt"
	"os"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/canopyradar/canopy/terrain"
)

// openFiles is how many files of a level stay open when nobody reads them.
const openFiles = 64

// files are those of tiles that were read lately: to open one takes longer than to
// read a post of it.
type files struct {
	mu   sync.Mutex
	open *simplelru.LRU[Square, *file]
}

// file is that of a tile. It is closed at once when it has left the files that stay
// open and nobody reads it any more: left to the garbage collector, files of small
// reads would be more than a process may have open before that has cause to run.
type file struct {
	*os.File
	of    *files
	users int // its place in files.open is one
}

func newFiles() *files {
	f := &files{}
	// It fails for sizes below 1 alone.
	f.open, _ = simplelru.NewLRU(openFiles, func(_ Square, left *file) { left.leave() })
	return f
}

// take returns the file of a tile, which is to be released. It had the right size
// when it was opened. It fails with a *terrain.FormatError.
func (p *posts) take(t *Tile) (*file, error) {
	if found := p.files.find(t.Square); found != nil {
		return found, nil
	}
	path := tilePath(p.dir, p.level.Name, t.Square)
	fresh, err := os.Open(path)
	if err != nil {
		return nil, &terrain.FormatError{Path: path, Reason: "a tile of the store cannot be read", Err: plain(err), Remedy: remedyTile}
	}
	if err := checkSize(fresh, t); err != nil {
		_ = fresh.Close() // of which nothing was read
		return nil, err
	}
	return p.files.add(t.Square, fresh), nil
}

// checkSize fails with a *terrain.FormatError for a file that is not as long as the
// tile's.
func checkSize(file *os.File, t *Tile) error {
	info, err := file.Stat()
	if err == nil && info.Size() != t.SizeB {
		err = fmt.Errorf("%d bytes, where the manifest has %d", info.Size(), t.SizeB)
	}
	if err != nil {
		return &terrain.FormatError{Path: file.Name(), Reason: "damaged tile", Err: plain(err), Remedy: remedyTile}
	}
	return nil
}

// find returns nil for a file that is not open.
func (f *files) find(s Square) *file {
	f.mu.Lock()
	defer f.mu.Unlock()
	found, ok := f.open.Get(s)
	if !ok {
		return nil
	}
	found.users++
	return found
}

// add returns the file that is open, which may be another's that was quicker.
func (f *files) add(s Square, fresh *os.File) *file {
	f.mu.Lock()
	defer f.mu.Unlock()
	added, ok := f.open.Get(s)
	if ok {
		_ = fresh.Close() // of which nothing was read
	} else {
		added = &file{File: fresh, of: f, users: 1}
		f.open.Add(s, added)
	}
	added.users++
	return added
}

func (f *file) release() {
	f.of.mu.Lock()
	defer f.of.mu.Unlock()
	f.leave()
}

// leave is to be called with files.mu held.
func (f *file) leave() {
	if f.users--; f.users == 0 {
		_ = f.Close() // which was only read
	}
}
