package surfaces_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// numbered asks about one of many radars that differ in their masts.
func numbered(i int) surfaces.Question {
	return question(ofSite(func(s *sight.Site) { s.MastM = float64(i) }))
}

// surfaceOf is what a kernel would answer: floors that tell whose they are.
func surfaceOf(q surfaces.Question) surfaces.Kept {
	l := q.Ground.Window
	floors := make([]floor.AGL, l.Posts())
	for i := range floors {
		floors[i] = floor.AGL(q.Site.MastM)
	}
	return surfaces.Kept{Surface: floor.Restore(q.Site, q.Reach, l, floors, 7, floor.Missing{Posts: 3}), Filled: 5}
}

// sizeB is what a surface takes in memory.
var sizeB = func() int64 {
	c := surfaces.New(1<<20, nil)
	ask(c, 0)
	return c.Stats().SizeB
}()

func ask(c *surfaces.Cache, i int) (surfaces.Kept, error) {
	q := numbered(i)
	return c.Get(context.Background(), q, func(context.Context) (surfaces.Kept, error) { return surfaceOf(q), nil })
}

// askAll asks about radars in turn and fails on a wrong answer.
func askAll(t *testing.T, c *surfaces.Cache, radars ...int) {
	t.Helper()
	for _, i := range radars {
		k, err := ask(c, i)
		if err != nil {
			t.Fatal(err)
		}
		check(t, k, i)
	}
}

func check(t *testing.T, k surfaces.Kept, radar int) {
	t.Helper()
	if k.Floor[0] != floor.AGL(radar) || k.Site.MastM != float64(radar) || k.PostsInRange != 7 || k.Missing.Posts != 3 || k.Filled != 5 {
		t.Errorf("radar %d: floor %d of radar %v, %d posts in range, %d missing, %d filled", radar, k.Floor[0], k.Site.MastM, k.PostsInRange, k.Missing.Posts, k.Filled)
	}
}

func TestTheLeastRecentlyUsedHasToLeave(t *testing.T) {
	tests := []struct {
		name   string
		memory int64
		asked  []int
		want   surfaces.Stats
	}{
		{"room for all", 3 * sizeB, []int{1, 2, 3, 1, 2, 3}, surfaces.Stats{FromMemory: 3, Computed: 3, Surfaces: 3}},
		{"the first leaves", 2 * sizeB, []int{1, 2, 3, 2, 3}, surfaces.Stats{FromMemory: 2, Computed: 3, Evicted: 1, Surfaces: 2}},
		{"use keeps", 2 * sizeB, []int{1, 2, 1, 3, 1}, surfaces.Stats{FromMemory: 2, Computed: 3, Evicted: 1, Surfaces: 2}},
		{"one by one round", 2 * sizeB, []int{1, 2, 3, 1, 2, 3}, surfaces.Stats{Computed: 6, Evicted: 4, Surfaces: 2}},
		{"too large for the memory", sizeB - 1, []int{1, 1}, surfaces.Stats{Computed: 2}},
		{"no memory", 0, []int{1, 1}, surfaces.Stats{Computed: 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := surfaces.New(tt.memory, nil)
			askAll(t, c, tt.asked...)
			tt.want.SizeB = int64(tt.want.Surfaces) * sizeB
			if got := c.Stats(); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// A surface is that of the radar which is asked about, whoever asked first.
func TestASurfaceHasTheNameOfWhoAsks(t *testing.T) {
	c := surfaces.New(1<<20, nil)
	askAll(t, c, 1)
	q := numbered(1)
	q.Site.ID, q.Site.InService = "other", false
	k, err := c.Get(context.Background(), q, nil)
	if err != nil || k.Site != q.Site {
		t.Errorf("%v, of %+v", err, k.Site)
	}
	if k, ok := c.Find(numbered(1), false); !ok || k.Site.ID != "a" || !k.Site.InService {
		t.Errorf("who asked in between left %+v", k.Site)
	}
}

func TestFailuresAreNotKept(t *testing.T) {
	c := surfaces.New(1<<20, nil)
	wrong := errors.New("the terrain cannot be read")
	if _, err := c.Get(context.Background(), numbered(1), func(context.Context) (surfaces.Kept, error) {
		return surfaceOf(numbered(2)), wrong
	}); !errors.Is(err, wrong) {
		t.Errorf("error %v", err)
	}
	askAll(t, c, 1)
	if got := c.Stats(); got.Computed != 1 || got.FromMemory != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAPanicReachesWhoAsks(t *testing.T) {
	defer func() {
		if cause := fmt.Sprint(recover()); !strings.HasPrefix(cause, "lost\n") || !strings.Contains(cause, "surfaces_test.go") {
			t.Errorf("recovered %q, want the cause and where it was", cause)
		}
	}()
	c := surfaces.New(1<<20, nil)
	_, _ = c.Get(context.Background(), numbered(1), func(context.Context) (surfaces.Kept, error) { panic("lost") })
}

// slow is a computation that ends when it is told, or when it is stopped.
type slow struct {
	started, stopped atomic.Int32
	finish           chan struct{}
}

func newSlow() *slow { return &slow{finish: make(chan struct{})} }

func (s *slow) of(q surfaces.Question) func(context.Context) (surfaces.Kept, error) {
	return func(ctx context.Context) (surfaces.Kept, error) {
		s.started.Add(1)
		select {
		case <-s.finish:
			return surfaceOf(q), nil
		case <-ctx.Done():
			s.stopped.Add(1)
			return surfaces.Kept{}, ctx.Err()
		}
	}
}

func TestAtTheSameTimeOneComputes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := surfaces.New(1<<20, nil), newSlow()
		var asking sync.WaitGroup
		for range 20 {
			asking.Go(func() {
				k, err := c.Get(t.Context(), numbered(1), s.of(numbered(1)))
				if err != nil {
					t.Error(err)
					return
				}
				check(t, k, 1)
			})
		}
		synctest.Wait()
		close(s.finish)
		asking.Wait()
		if n := s.started.Load(); n != 1 {
			t.Errorf("computed %d times", n)
		}
	})
}

// Who gives up takes nothing from the others; nor does who asked first.
func TestWhoeverWaitsGetsTheSurface(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := surfaces.New(1<<20, nil), newSlow()
		first, giveUp := context.WithCancel(t.Context())
		var asking sync.WaitGroup
		asking.Go(func() {
			if _, err := c.Get(first, numbered(1), s.of(numbered(1))); !errors.Is(err, context.Canceled) {
				t.Errorf("who gave up: %v", err)
			}
		})
		synctest.Wait()
		asking.Go(func() {
			k, err := c.Get(t.Context(), numbered(1), s.of(numbered(1)))
			if err != nil {
				t.Error(err)
				return
			}
			check(t, k, 1)
		})
		synctest.Wait()
		giveUp()
		synctest.Wait()
		close(s.finish)
		asking.Wait()
		if started, stopped := s.started.Load(), s.stopped.Load(); started != 1 || stopped != 0 {
			t.Errorf("started %d times, stopped %d times", started, stopped)
		}
	})
}

// Nothing goes on once the last one has given up, and who asks then is served.
func TestWhatNobodyWaitsForStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := surfaces.New(1<<20, nil), newSlow()
		ctx, giveUp := context.WithCancel(t.Context())
		var asking sync.WaitGroup
		for range 3 {
			asking.Go(func() {
				if _, err := c.Get(ctx, numbered(1), s.of(numbered(1))); !errors.Is(err, context.Canceled) {
					t.Errorf("error %v", err)
				}
			})
		}
		synctest.Wait()
		giveUp()
		asking.Wait()
		if started, stopped := s.started.Load(), s.stopped.Load(); started != 1 || stopped != 1 {
			t.Errorf("started %d times, stopped %d times", started, stopped)
		}
		askAll(t, c, 1)
	})
}

// drawer is a shelf in memory.
type drawer struct {
	mu   sync.Mutex
	kept map[surfaces.Key]surfaces.Stored
	// wait, if there is one, holds up Put.
	wait chan struct{}
}

func newDrawer() *drawer { return &drawer{kept: map[surfaces.Key]surfaces.Stored{}} }

func (d *drawer) Has(key surfaces.Key) bool {
	_, ok := d.Take(key)
	return ok
}

func (d *drawer) Take(key surfaces.Key) (surfaces.Stored, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.kept[key]
	return s, ok
}

func (d *drawer) Put(key surfaces.Key, s surfaces.Stored) {
	if d.wait != nil {
		<-d.wait
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept[key] = s
}

func TestAShelfOutlivesTheCache(t *testing.T) {
	d := newDrawer()
	first := surfaces.New(0, d)
	askAll(t, first, 1, 2)
	first.Close()
	second := surfaces.New(1<<20, d)
	askAll(t, second, 1, 2, 3, 1)
	second.Close()
	if got, want := second.Stats(), (surfaces.Stats{FromMemory: 1, FromShelf: 2, Computed: 1, Surfaces: 3, SizeB: 3 * sizeB}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// What does not answer the question is computed, whatever the shelf says.
func TestAWrongShelfIsNotTrusted(t *testing.T) {
	for name, spoil := range map[string]func(*surfaces.Stored){
		"another window": func(s *surfaces.Stored) { s.Col0++ },
		"too few floors": func(s *surfaces.Stored) { s.Floor = s.Floor[1:] },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDrawer()
			c := surfaces.New(0, d)
			askAll(t, c, 1)
			c.Close()
			s := d.kept[numbered(1).Key()]
			spoil(&s)
			d.kept[numbered(1).Key()] = s
			askAll(t, c, 1)
			c.Close()
			if got := c.Stats(); got.FromShelf != 0 || got.Computed != 2 {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestFindDoesNotCompute(t *testing.T) {
	d := newDrawer()
	c := surfaces.New(sizeB, d)
	askAll(t, c, 1, 2) // of which the memory has the second
	c.Close()
	for _, tt := range []struct {
		name  string
		radar int
		shelf bool
		want  bool
	}{
		{"in memory", 2, false, true},
		{"on the shelf, which is not asked", 1, false, false},
		{"nowhere", 3, true, false},
		{"on the shelf", 1, true, true},
		{"in memory since", 1, false, true},
	} {
		if has := c.Has(numbered(tt.radar), tt.shelf); has != tt.want {
			t.Errorf("%s: has %v", tt.name, has)
		}
		k, ok := c.Find(numbered(tt.radar), tt.shelf)
		if ok != tt.want {
			t.Errorf("%s: found %v", tt.name, ok)
		} else if ok {
			check(t, k, tt.radar)
		}
	}
	if got := c.Stats(); got.Computed != 2 || got.FromShelf != 1 || got.FromMemory != 2 {
		t.Errorf("%+v", got)
	}
}

// A shelf takes its time after the answer; when it lags behind by two
// surfaces, it is waited for, so that memory stays bounded.
func TestAnAnswerWaitsForASlowShelfInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDrawer()
		d.wait = make(chan struct{})
		c := surfaces.New(0, d)
		askAll(t, c, 1, 2)
		var asking sync.WaitGroup
		var answered atomic.Bool
		asking.Go(func() {
			askAll(t, c, 3)
			answered.Store(true)
		})
		synctest.Wait()
		if answered.Load() {
			t.Error("three surfaces wait for the shelf")
		}
		ctx, giveUp := context.WithCancel(t.Context())
		asking.Go(func() {
			if _, err := c.Get(ctx, numbered(4), newDone(4)); !errors.Is(err, context.Canceled) {
				t.Errorf("who gave up waiting for the shelf: %v", err)
			}
		})
		synctest.Wait()
		giveUp()
		synctest.Wait()
		d.wait <- struct{}{}
		synctest.Wait()
		if !answered.Load() {
			t.Error("the shelf is free, and nobody is answered")
		}
		close(d.wait)
		asking.Wait()
		c.Close()
		if len(d.kept) != 3 {
			t.Errorf("%d surfaces on the shelf", len(d.kept))
		}
	})
}

func newDone(i int) func(context.Context) (surfaces.Kept, error) {
	return func(context.Context) (surfaces.Kept, error) { return surfaceOf(numbered(i)), nil }
}

// Other things share the memory with surfaces, first come, first to leave.
func TestKeep(t *testing.T) {
	c := surfaces.New(3*sizeB, nil)
	key := func(i byte) surfaces.Key { return surfaces.Key{i} }
	c.Keep(key(1), "one", sizeB)
	c.Keep(key(2), "too large", 4*sizeB)
	c.Keep(key(1), "another", sizeB)
	askAll(t, c, 1, 2)
	if got := c.Recall(key(1)); got != "another" {
		t.Errorf("got %v", got)
	}
	if got, want := c.Stats(), (surfaces.Stats{Computed: 2, Surfaces: 2, SizeB: 3 * sizeB}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	askAll(t, c, 3) // in place of the first surface
	askAll(t, c, 4) // and of the second
	askAll(t, c, 5) // and of the other thing
	if got := c.Recall(key(1)); got != nil || c.Recall(key(2)) != nil {
		t.Errorf("got %v", got)
	}
	if got, want := c.Stats(), (surfaces.Stats{Computed: 5, Evicted: 3, Surfaces: 3, SizeB: 3 * sizeB}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
