package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/surfaces"
)

// task is one as it lies in the queue.
type task struct {
	coverage.Task
	// Targets name those of a task of seen; nil for a floor.
	Targets *surfaces.Key
}

// String tells people what the task is.
func (t *task) String() string {
	if t.Targets == nil {
		return fmt.Sprintf("task %.12s, a floor", t.Key)
	}
	return fmt.Sprintf("task %.12s, what %d radars see", t.Key, len(t.Radars))
}

// Words that names in the store end in, after that of floors, which is the shelf's.
const (
	seenWord    = ".seen"
	targetsWord = ".targets"
)

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(v)
	return b.Bytes(), err
}

func decode(b []byte, v any) error { return gob.NewDecoder(bytes.NewReader(b)).Decode(v) }

// keyOf returns the key that a subject ends in.
func keyOf(subject string) (key surfaces.Key, ok bool) {
	text := subject[strings.LastIndexByte(subject, '.')+1:]
	n, err := hex.Decode(key[:], []byte(text[:min(len(text), 2*len(key))]))
	return key, err == nil && n == len(key)
}

// putTargets puts targets into the store, unless they are there. Those who ask for
// the same at the same time share it, and go on when one of them is gone.
func (q *Queue) putTargets(ctx context.Context, key surfaces.Key, targets []coverage.Target) error {
	name := key.String() + targetsWord
	put := q.putting.DoChan(name, func() (any, error) {
		ctx, cancel := context.WithTimeout(q.ending, patience)
		defer cancel()
		if q.cfg.Store.Has(ctx, name) {
			return nil, nil
		}
		content, err := encode(targets)
		if err != nil {
			return nil, err
		}
		return nil, q.cfg.Store.Put(ctx, name, bytes.NewReader(content), int64(len(content)))
	})
	select {
	case <-ctx.Done():
		return ctx.Err()
	case r := <-put:
		return r.Err
	}
}

// loaded are targets in memory.
type loaded struct {
	key     surfaces.Key
	targets []coverage.Target
}

// targets reads targets from the store. Damaged ones are removed.
func (q *Queue) targets(ctx context.Context, key surfaces.Key) ([]coverage.Target, error) {
	q.mu.Lock()
	last := q.loaded
	q.mu.Unlock()
	if last.key == key {
		return last.targets, nil
	}
	name := key.String() + targetsWord
	content, err := q.get(ctx, name)
	if err != nil {
		return nil, err
	}
	var targets []coverage.Target
	if err := decode(content, &targets); err != nil || coverage.TargetsKey(targets) != key {
		return nil, q.damaged(ctx, name)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.loaded = loaded{key, targets}
	return targets, nil
}

func (q *Queue) get(ctx context.Context, name string) (content []byte, err error) {
	r, _, err := q.cfg.Store.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // which was only read
	return io.ReadAll(r)
}

// putSeen puts the result of a task into the store, behind its checksum.
func (q *Queue) putSeen(ctx context.Context, key surfaces.Key, seen []coverage.Sighted) error {
	content, err := encode(seen)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	content = append(sum[:], content...)
	return q.cfg.Store.Put(ctx, key.String()+seenWord, bytes.NewReader(content), int64(len(content)))
}

// seen reads the result of a task of so many radars from the store. A damaged one
// is removed.
func (q *Queue) seen(ctx context.Context, key surfaces.Key, radars int) (seen []coverage.Sighted, err error) {
	name := key.String() + seenWord
	content, err := q.get(ctx, name)
	if err != nil {
		return nil, err
	}
	if len(content) < sha256.Size || sha256.Sum256(content[sha256.Size:]) != [sha256.Size]byte(content[:sha256.Size]) {
		return nil, q.damaged(ctx, name)
	}
	if err := decode(content[sha256.Size:], &seen); err != nil || len(seen) != radars {
		return nil, q.damaged(ctx, name)
	}
	return seen, nil
}

// damaged removes what cannot be used.
func (q *Queue) damaged(ctx context.Context, name string) error {
	q.cfg.Logger.Warn("removed a damaged result", "name", name, "store", q.cfg.Store.String())
	if err := q.cfg.Store.Remove(ctx, name); err != nil {
		return err
	}
	return &damagedError{name}
}

// damagedError is of what was removed, and can be made again.
type damagedError struct{ name string }

func (e *damagedError) Error() string { return e.name + " was damaged, and is removed" }
