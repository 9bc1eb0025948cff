package access

import (
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"
)

// lookEvery is how often files are looked at, at most.
const lookEvery = time.Second

// current is what files say, which are read again when they have changed. Where
// that fails, it stays as it was, and the log has one line.
type current[T any] struct {
	paths  []string
	read   func() (T, error)
	logger *slog.Logger

	mu     sync.Mutex
	value  T
	seen   []fs.FileInfo
	looked time.Time
}

func newCurrent[T any](paths []string, read func() (T, error), logger *slog.Logger) (*current[T], error) {
	c := &current[T]{paths: paths, read: read, logger: logger, seen: look(paths), looked: time.Now()}
	var err error
	c.value, err = read()
	return c, err
}

func (c *current[T]) get() T {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) < lookEvery {
		return c.value
	}
	c.looked = time.Now()
	// Looked at before it is read: what changes meanwhile is read once more.
	seen := look(c.paths)
	if slices.EqualFunc(c.seen, seen, same) {
		return c.value
	}
	c.seen = seen
	value, err := c.read()
	if err != nil {
		c.logger.Warn("what has changed cannot be used, and what was read before stays in use", "error", err)
		return c.value
	}
	c.value = value
	c.logger.Info("read again", "files", c.paths)
	return value
}

// look has nil for a file that is not there.
func look(paths []string) []fs.FileInfo {
	seen := make([]fs.FileInfo, len(paths))
	for i, path := range paths {
		if info, err := os.Stat(path); err == nil {
			seen[i] = info
		}
	}
	return seen
}

func same(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size() && os.SameFile(a, b)
}
