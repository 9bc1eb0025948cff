// Package surfaces keeps floor surfaces for those who ask again: moving one
// radar of a network computes one surface, and another altitude none.
//
// Surfaces are kept under a hash of all that they depend on, so that there is
// nothing to invalidate: a changed radar, other terrain or another version of
// the kernel is another question. They are kept in memory, the most recently
// used ones up to a limit, and beyond that on a Shelf, if there is one. What is
// made of them, and what they are laid over, shares the memory.
package surfaces

import (
	"container/list"
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Kept is a surface, and what else its terrain gave rise to. Many requests
// share its floors, which must not be changed.
type Kept struct {
	*floor.Surface
	// Filled counts the posts in its window that were small voids, and were
	// interpolated.
	Filled int
}

// Stored is what a shelf has of a surface: all but what its question gives.
type Stored struct {
	terrain.Lattice
	Floor        []floor.AGL
	PostsInRange int
	Missing      floor.Missing
	Filled       int
}

// Shelf keeps surfaces beyond the life of a process. It answers for its own
// faults: what cannot be kept is not kept. It is safe for concurrent use.
type Shelf interface {
	// Has reports whether Take would probably return something.
	Has(Key) bool
	// Take returns what is kept under a key, in memory of the caller's; false
	// if nothing is, or nothing that can be trusted.
	Take(Key) (Stored, bool)
	// Put keeps a surface, which it does not change.
	Put(Key, Stored)
}

// Stats count what became of questions since the cache was made.
type Stats struct {
	// FromMemory and FromShelf were kept, Computed were not.
	FromMemory, FromShelf, Computed int
	// Evicted surfaces and other things had to leave the memory for others.
	Evicted int
	// Surfaces are in the memory now. They and other things take SizeB bytes.
	Surfaces int
	SizeB    int64
}

// Cache keeps surfaces. It is safe for concurrent use.
type Cache struct {
	shelf Shelf // nil for none
	// pens has a token for each surface that may be on its way to the shelf.
	pens    chan struct{}
	working sync.WaitGroup

	mu      sync.Mutex
	memoryB int64
	kept    map[Key]*list.Element // of order
	order   list.List             // of entry, the most recently used first
	flights map[Key]*flight
	stats   Stats
}

type entry struct {
	key   Key
	value any // a Kept, or what Keep was given
	sizeB int64
}

// pens is how many surfaces may wait for a shelf, beyond the memory's limit:
// enough for a disk to be busy, and a bound on what a slow one holds up.
const pens = 2

// New returns a cache of at most memoryB bytes in memory. shelf may be nil.
func New(memoryB int64, shelf Shelf) *Cache {
	return &Cache{
		memoryB: memoryB, shelf: shelf, pens: make(chan struct{}, pens),
		kept: map[Key]*list.Element{}, flights: map[Key]*flight{},
	}
}

// Close waits until the shelf has what was computed. The cache must not be
// asked any more.
func (c *Cache) Close() { c.working.Wait() }

// LimitMemory has the cache keep at most memoryB bytes in memory from now on: what
// is over, it forgets.
func (c *Cache) LimitMemory(memoryB int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.memoryB = memoryB
	c.shrink(memoryB)
}

// shrink is to be called with mu held.
func (c *Cache) shrink(toB int64) {
	for c.stats.SizeB > toB && c.order.Len() > 0 {
		c.evict(c.order.Back())
	}
}

// Stats returns what happened so far.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// Get returns the surface that answers a question, as it is kept or as compute
// makes it. Of those who ask the same at the same time one computes, and all
// wait: each for as long as its own ctx. Work that nobody waits for any more is
// stopped. It fails as compute does, and with ctx.Err().
func (c *Cache) Get(ctx context.Context, q Question, compute func(context.Context) (Kept, error)) (Kept, error) {
	key := q.Key()
	c.mu.Lock()
	if k, ok := c.fromMemory(key); ok {
		c.mu.Unlock()
		return k.of(q.Site), ctx.Err()
	}
	f := c.flights[key]
	if f == nil {
		f = c.takeOff(ctx, key, q, compute)
	}
	f.waiting++
	c.mu.Unlock()
	select {
	case <-f.done:
		return f.landed(q.Site)
	case <-ctx.Done():
		c.leave(key, f)
		return Kept{}, ctx.Err()
	}
}

// Has reports whether a surface is probably kept: in memory, or else on the
// shelf if that is asked as well.
func (c *Cache) Has(q Question, shelf bool) bool {
	key := q.Key()
	c.mu.Lock()
	_, inMemory := c.kept[key]
	c.mu.Unlock()
	return inMemory || shelf && c.shelf != nil && c.shelf.Has(key)
}

// Find returns a surface if it is kept: in memory, or else on the shelf if that
// is asked as well.
func (c *Cache) Find(q Question, shelf bool) (Kept, bool) {
	key := q.Key()
	c.mu.Lock()
	k, ok := c.fromMemory(key)
	c.mu.Unlock()
	if !ok && shelf {
		if k, ok = c.fromShelf(key, q); ok {
			c.keep(entry{key, k, k.sizeB()})
		}
	}
	return k.of(q.Site), ok
}

// of returns the surface for a radar that asks the same question under a name
// of its own.
func (k Kept) of(site *sight.Site) Kept {
	if k.Surface != nil {
		own := *k.Surface
		own.Site = site
		k.Surface = &own
	}
	return k
}

// fromMemory is to be called with mu held.
func (c *Cache) fromMemory(key Key) (Kept, bool) {
	k, ok := c.value(key).(Kept)
	if ok {
		c.stats.FromMemory++
	}
	return k, ok
}

// value is to be called with mu held. It returns nil for what is not kept.
func (c *Cache) value(key Key) any {
	e, ok := c.kept[key]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(entry).value
}

// Recall returns what Keep was given under a key, nil for what is not kept.
func (c *Cache) Recall(key Key) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.value(key)
}

// Keep keeps anything of a size in memory, as it does surfaces, in place of what
// is kept under the key. It must not be changed any more.
func (c *Cache) Keep(key Key, value any, sizeB int64) { c.keep(entry{key, value, sizeB}) }

func (c *Cache) fromShelf(key Key, q Question) (Kept, bool) {
	if c.shelf == nil {
		return Kept{}, false
	}
	s, ok := c.shelf.Take(key)
	if !ok || s.Lattice != q.Ground.Window || len(s.Floor) != s.Posts() {
		return Kept{}, false
	}
	c.count(func(stats *Stats) { stats.FromShelf++ })
	site := *q.Site
	return Kept{floor.Restore(&site, q.Reach, s.Lattice, s.Floor, s.PostsInRange, s.Missing), s.Filled}, true
}

func (c *Cache) count(add func(*Stats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.stats)
}

// stepB is what a surface takes beside its floors for each of its rows and
// columns: polynomials, mostly.
const stepB = 320

func (k Kept) sizeB() int64 { return 2*int64(len(k.Floor)) + stepB*int64(k.Rows+k.Cols) }

// keep puts an entry into the memory, if it fits there, in place of those that
// were not used for longest.
func (c *Cache) keep(e entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.sizeB > c.memoryB {
		return
	}
	if before, twice := c.kept[e.key]; twice {
		c.remove(before)
	}
	c.shrink(c.memoryB - e.sizeB)
	c.kept[e.key] = c.order.PushFront(e)
	c.stats.SizeB += e.sizeB
	c.stats.Surfaces += e.surfaces()
}

// surfaces is how many the entry is.
func (e *entry) surfaces() int {
	if _, ok := e.value.(Kept); ok {
		return 1
	}
	return 0
}

func (c *Cache) evict(e *list.Element) {
	c.remove(e)
	c.stats.Evicted++
}

func (c *Cache) remove(e *list.Element) {
	gone := c.order.Remove(e).(entry)
	delete(c.kept, gone.key)
	c.stats.SizeB -= gone.sizeB
	c.stats.Surfaces -= gone.surfaces()
}

// flight is a computation on its way. It goes on without those who asked for
// it first, as long as anybody waits.
type flight struct {
	waiting int // guarded by Cache.mu
	cancel  context.CancelFunc
	// done is closed when the rest is set.
	done     chan struct{}
	kept     Kept
	err      error
	panicked any
}

// takeOff starts a computation. It is to be called with mu held.
func (c *Cache) takeOff(ctx context.Context, key Key, q Question, compute func(context.Context) (Kept, error)) *flight {
	f := &flight{done: make(chan struct{})}
	ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
	// Who asked may be gone before the surface is.
	site := *q.Site
	q.Site = &site
	c.flights[key] = f
	c.working.Go(func() {
		defer f.cancel()
		computed := c.fly(ctx, f, key, q, compute)
		shelve := computed && c.shelf != nil && c.pen(ctx)
		c.land(key, f)
		if shelve {
			c.shelf.Put(key, f.kept.Stored())
			<-c.pens
		}
	})
	return f
}

// fly finds or computes a surface, and reports whether it was computed.
func (c *Cache) fly(ctx context.Context, f *flight, key Key, q Question, compute func(context.Context) (Kept, error)) (computed bool) {
	defer func() {
		if cause := recover(); cause != nil {
			f.panicked = fmt.Sprintf("%v\n%s", cause, debug.Stack())
		}
	}()
	var found bool
	if f.kept, found = c.fromShelf(key, q); found {
		return false
	}
	kept, err := compute(ctx)
	if err != nil {
		f.err = err
		return false
	}
	f.kept = kept.of(q.Site)
	c.count(func(stats *Stats) { stats.Computed++ })
	return true
}

// pen waits for a turn at the shelf.
func (c *Cache) pen(ctx context.Context) bool {
	select {
	case c.pens <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// land hands a surface to those who wait, and keeps it.
func (c *Cache) land(key Key, f *flight) {
	if f.kept.Surface != nil {
		c.keep(entry{key, f.kept, f.kept.sizeB()})
	}
	c.mu.Lock()
	if c.flights[key] == f {
		delete(c.flights, key)
	}
	c.mu.Unlock()
	close(f.done)
}

// landed returns what came of a flight, to one who waited.
func (f *flight) landed(site *sight.Site) (Kept, error) {
	if f.panicked != nil {
		panic(f.panicked)
	}
	return f.kept.of(site), f.err
}

// leave stops waiting. The last one to leave stops the work, and returns when
// it has stopped; who asks then starts it anew.
func (c *Cache) leave(key Key, f *flight) {
	c.mu.Lock()
	f.waiting--
	last := f.waiting == 0
	if last && c.flights[key] == f {
		delete(c.flights, key)
	}
	c.mu.Unlock()
	if last {
		f.cancel()
		<-f.done
	}
}

// Stored returns the surface as a shelf has it.
func (k Kept) Stored() Stored {
	return Stored{Lattice: k.Lattice, Floor: k.Floor, PostsInRange: k.PostsInRange, Missing: k.Missing, Filled: k.Filled}
}
