package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// kept are files in a directory, named by the digest of their content, so that
// a name stands for the same bytes for ever. When they outgrow a limit, those
// that were not used for longest go. Several programs may share the directory.
type kept struct {
	dir       string
	temporary bool
	limitB    int64
	// making keeps two from making room at the same time.
	making sync.Mutex
}

// The endings of floors and of what is known about them, and the beginning of
// files that are being written.
const (
	floorEnding = ".tif"
	aboutEnding = ".json"
	partPrefix  = "part-"
)

// abandoned is the age of a file that was not written to its end because its
// program was killed: no computation lasts as long.
const abandoned = 24 * time.Hour

// clocksDiffer is how far those may of machines that share a directory.
const clocksDiffer = time.Minute

func openKept(dir string, limitB int64) (*kept, error) {
	path, temporary, err := floorsDir(dir)
	if err != nil {
		return nil, fmt.Errorf("floors cannot be kept: %w", err)
	}
	return &kept{dir: path, temporary: temporary, limitB: limitB}, nil
}

func (k *kept) close() error {
	if !k.temporary {
		return nil
	}
	return os.RemoveAll(k.dir)
}

// part is a file that is being written.
type part struct {
	*os.File
	out io.Writer
	sum interface{ Sum([]byte) []byte }
}

func (k *kept) create() (*part, error) {
	file, err := os.CreateTemp(k.dir, partPrefix)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	return &part{File: file, out: io.MultiWriter(file, sum), sum: sum}, nil
}

func (p *part) Write(b []byte) (int, error) { return p.out.Write(b) }

// discard removes a file that was not kept; of one that was, there is nothing.
func (p *part) discard() {
	_ = p.Close()
	_ = os.Remove(p.Name())
}

// keep gives the file its name, and returns that. It makes room for the file and
// for what was written before and belongs to it.
func (k *kept) keep(p *part, ending string, before ...string) (name string, err error) {
	if err := p.Close(); err != nil {
		return "", err
	}
	name = hex.EncodeToString(p.sum.Sum(nil)) + ending
	if err := os.Rename(p.Name(), filepath.Join(k.dir, name)); err != nil {
		return "", err
	}
	return name, k.makeRoom(append(before, name))
}

var nameForm = regexp.MustCompile(`^[0-9a-f]{64}\.[a-z]+$`)

// open returns a file; fs.ErrNotExist if it is not kept, or not any more.
func (k *kept) open(name string) (*os.File, error) {
	if !nameForm.MatchString(name) {
		return nil, fs.ErrNotExist
	}
	path := filepath.Join(k.dir, name)
	file, err := os.Open(path) //nolint:gosec // the name has its form, and so leads nowhere else
	if err != nil {
		return nil, err
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // another program may have removed it
	return file, nil
}

// makeRoom removes the files that were not used for longest until the others
// are within the limit, but never those that were just written.
func (k *kept) makeRoom(newest []string) error {
	k.making.Lock()
	defer k.making.Unlock()
	entries, err := os.ReadDir(k.dir)
	if err != nil {
		return err
	}
	now := time.Now()
	var files []fs.FileInfo
	totalB := int64(0)
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && info.ModTime().After(now.Add(clocksDiffer)) {
			// The clock was set back. What is used from here on is used later.
			_ = os.Chtimes(filepath.Join(k.dir, info.Name()), now, now)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist): // another program was quicker
		case err != nil:
			return err
		case strings.HasPrefix(info.Name(), partPrefix) && now.Sub(info.ModTime()) > abandoned:
			_ = os.Remove(filepath.Join(k.dir, info.Name()))
		case nameForm.MatchString(info.Name()):
			files = append(files, info)
			totalB += info.Size()
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int {
		return cmp.Or(a.ModTime().Compare(b.ModTime()), cmp.Compare(a.Name(), b.Name()))
	})
	for _, info := range files {
		if totalB <= k.limitB {
			break
		}
		if !slices.Contains(newest, info.Name()) && os.Remove(filepath.Join(k.dir, info.Name())) == nil {
			totalB -= info.Size()
		}
	}
	return nil
}
