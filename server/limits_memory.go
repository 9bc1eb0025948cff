package server

import (
	"context"
	"math"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/server/problem"
)

// budget is the memory of the process that large requests and the cache share:
// requests reserve from it what they are estimated to need, and surfaces are kept
// in what is left.
type budget struct {
	totalB, cacheB int64
	cache          *surfaces.Cache // nil for none
	free           *semaphore.Weighted

	mu        sync.Mutex
	reservedB int64
}

func newBudget(totalB, cacheB int64, cache *surfaces.Cache) *budget {
	b := &budget{totalB: totalB, cacheB: cacheB, cache: cache, free: semaphore.NewWeighted(totalB)}
	b.take(0) // as the cache may have been allowed more than there is
	return b
}

// reserve waits for so much memory, or all that there is where that is less, and
// returns what gives it back. It returns ctx.Err() if ctx is done first.
func (b *budget) reserve(ctx context.Context, bytes float64) (release func(), err error) {
	n := b.clip(bytes)
	if err := b.free.Acquire(ctx, n); err != nil {
		return nil, err
	}
	return b.reserved(n), nil
}

// tryReserve is reserve for those who cannot wait: it returns a
// *problem.MemoryError.
func (b *budget) tryReserve(bytes float64) (release func(), err error) {
	n := b.clip(bytes)
	if !b.free.TryAcquire(n) {
		return nil, &problem.MemoryError{NeededB: n, TotalB: b.totalB}
	}
	return b.reserved(n), nil
}

func (b *budget) clip(bytes float64) int64 { return min(int64(math.Ceil(bytes)), b.totalB) }

func (b *budget) reserved(n int64) (release func()) {
	b.take(n)
	return func() {
		b.take(-n)
		b.free.Release(n)
	}
}

// take has the cache make room, or lets it grow again.
func (b *budget) take(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reservedB += n
	if b.cache != nil {
		b.cache.LimitMemory(min(b.cacheB, b.totalB-b.reservedB))
	}
}

// inUse returns how many bytes are reserved.
func (b *budget) inUse() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reservedB
}
