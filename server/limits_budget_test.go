package server

import (
	"context"
	"errors"
	"testing"

	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/server/problem"
)

// TestBudget: the cache has what requests leave of the memory, and no more than its
// own limit.
func TestBudget(t *testing.T) {
	cache := surfaces.New(400, nil)
	b := newBudget(1000, 400, cache)
	key := func(i byte) surfaces.Key { return surfaces.Key{i} }
	for i := range byte(4) {
		cache.Keep(key(i), "a hundred bytes", 100)
	}
	release, err := b.reserve(context.Background(), 750)
	if err != nil {
		t.Fatal(err)
	}
	if kept := cache.Stats().SizeB; kept != 200 || b.inUse() != 750 {
		t.Errorf("%d bytes are kept beside %d that are reserved, want 200 of 1000 beside 750", kept, b.inUse())
	}
	if cache.Recall(key(3)) == nil || cache.Recall(key(0)) != nil {
		t.Error("the last ones kept are not those that stay")
	}
	var taken *problem.MemoryError
	if _, err := b.tryReserve(251); !errors.As(err, &taken) || taken.NeededB != 251 || taken.TotalB != 1000 {
		t.Errorf("more than is left: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.reserve(ctx, 251); !errors.Is(err, context.Canceled) {
		t.Errorf("one who has gone: %v", err)
	}
	release()
	for i := range byte(9) {
		cache.Keep(key(i), "a hundred bytes", 100)
	}
	if kept := cache.Stats().SizeB; kept != 400 {
		t.Errorf("%d bytes are kept when all is given back, want 400", kept)
	}
	all, err := b.reserve(context.Background(), 5000)
	if err != nil || b.inUse() != 1000 || cache.Stats().SizeB != 0 {
		t.Errorf("one who needs more than there is: %v, with %d reserved and %d kept", err, b.inUse(), cache.Stats().SizeB)
	}
	all()
}

// TestCacheWithinTheBudget: a cache that was allowed more than there is keeps to it
// before anything is reserved, as small requests reserve nothing.
func TestCacheWithinTheBudget(t *testing.T) {
	cache := surfaces.New(400, nil)
	newBudget(250, 400, cache)
	for i := range byte(4) {
		cache.Keep(surfaces.Key{i}, "a hundred bytes", 100)
	}
	if kept := cache.Stats().SizeB; kept != 200 {
		t.Errorf("%d bytes are kept, want 200 of 250", kept)
	}
}
