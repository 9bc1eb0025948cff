// Package storetest holds stores to what package store promises: one suite for
// all of them.
package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/canopyradar/canopy/server/store"
)

// Open opens the store at a place, in this process or in another one.
type Open func(ctx context.Context, place string) (store.Store, error)

// Kind is a kind of stores.
type Kind struct {
	Open Open
	// Place makes one where nothing is kept.
	Place func(t *testing.T) string
	// Full makes a store that has room for FullB bytes, and not for twice as
	// many; nil where that cannot be made.
	Full func(t *testing.T) store.Store
}

// FullB is what a full store has room for.
const FullB = 1 << 20

// patience ends a check that hangs.
const patience = 2 * time.Minute

// Run holds a kind to all checks. Its test needs a TestMain that calls Main.
func Run(t *testing.T, k Kind) {
	t.Helper()
	for _, c := range Checks {
		t.Run(c.Name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			place := k.Place(t)
			if err := c.Do(ctx, func() (store.Store, error) { return k.Open(ctx, place) }); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("no room", func(t *testing.T) {
		if k.Full == nil {
			t.Skip("there is always room")
		}
		if err := checkFull(t.Context(), k.Full(t)); err != nil {
			t.Error(err)
		}
	})
	t.Run("killed in the middle", func(t *testing.T) { checkKilled(t, k.Open, k.Place(t)) })
}

// Check is a promise. Do breaks off at the first thing that is wrong. It opens
// the store once or more, as several processes would.
type Check struct {
	Name string
	Do   func(ctx context.Context, open func() (store.Store, error)) error
}

// Checks are the promises that hold in one process.
var Checks = slices.Concat(keeping, refusing, sharing)
