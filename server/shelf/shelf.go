// Package shelf keeps floor surfaces in a store, for processes to come and for
// others beside.
//
// What a crash of a machine or a fault of a disk leaves of a surface is found by
// its checksums, and removed.
package shelf

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/server/store"
)

// Shelf is a surfaces.Shelf in a store.
type Shelf struct {
	store    store.Store
	logger   *slog.Logger
	failures atomic.Int64

	mu sync.Mutex
	// toldAt is when the log last had a failure, and restsTo how long the store
	// is left alone.
	toldAt, restsTo time.Time
}

// A store on another machine may be out of reach. What it does not do in
// patience it has failed to do. After a failure that somebody has waited for, it
// is left alone for a rest, so that an answer waits for it once and not at each
// surface. A failure is worth a line in the log, if there was none for a while.
const (
	patience = 30 * time.Second
	waiting  = time.Second
	rest     = 30 * time.Second
	while    = 10 * time.Minute
)

// New returns a shelf of the surfaces in a store.
func New(s store.Store, logger *slog.Logger) *Shelf {
	return &Shelf{store: s, logger: logger}
}

// Failures counts how often the store has failed.
func (s *Shelf) Failures() int64 { return s.failures.Load() }

func name(key surfaces.Key) string { return key.String() + ".floor" }

// Has reports whether there is something for a key, whole or not.
func (s *Shelf) Has(key surfaces.Key) (there bool) {
	s.try(func(ctx context.Context) error {
		there = s.store.Has(ctx, name(key))
		return ctx.Err()
	})
	return there
}

// Take reads a surface, and removes what does not hold it.
func (s *Shelf) Take(key surfaces.Key) (stored surfaces.Stored, ok bool) {
	s.try(func(ctx context.Context) (err error) {
		stored, err = s.take(ctx, key)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case errors.Is(err, errDamaged):
			s.logger.Warn("removed a damaged surface", "store", s.store, "name", name(key))
			return s.store.Remove(ctx, name(key))
		}
		ok = err == nil
		return err
	})
	return stored, ok
}

func (s *Shelf) take(ctx context.Context, key surfaces.Key) (surfaces.Stored, error) {
	content, sizeB, err := s.store.Get(ctx, name(key))
	if err != nil {
		return surfaces.Stored{}, err
	}
	defer func() { _ = content.Close() }() // which was only read
	return decode(content, sizeB, key)
}

// Put writes a surface, unless it is larger than the store.
func (s *Shelf) Put(key surfaces.Key, stored surfaces.Stored) {
	s.try(func(ctx context.Context) error {
		content, sizeB, err := encode(key, stored)
		if err != nil {
			return err
		}
		if err := s.store.Put(ctx, name(key), content, sizeB); !errors.Is(err, store.ErrTooLarge) {
			return err
		}
		return nil
	})
}

// try does something with the store, unless that is left alone.
func (s *Shelf) try(do func(context.Context) error) {
	begin := time.Now()
	s.mu.Lock()
	rests := begin.Before(s.restsTo)
	s.mu.Unlock()
	if rests {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := do(ctx); err != nil {
		s.failed(err, time.Since(begin))
	}
}

func (s *Shelf) failed(err error, after time.Duration) {
	s.failures.Add(1)
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if after >= waiting {
		s.restsTo = now.Add(rest)
	}
	if s.toldAt.IsZero() || now.Sub(s.toldAt) >= while {
		s.toldAt = now
		s.logger.Error("surfaces cannot be kept; answers are the same, but take longer", "store", s.store, "error", err)
	}
}
