package server

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
)

const watchedID = "the id of a call"

// begun begins a call that can be watched.
func begun(t *testing.T, w *watches, id string) (end func()) {
	t.Helper()
	ctx := metadata.NewIncomingContext(context.Background(), metadata.Pairs(CallIDKey, id))
	_, end, err := w.begin(ctx, canopyv1.CoverageService_FindGaps_FullMethodName)
	if err != nil {
		t.Fatal(err)
	}
	return end
}

func wantNothingLeft(t *testing.T, w *watches) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.calls) != 0 || w.open != 0 {
		t.Errorf("%d calls and %d watches are left", len(w.calls), w.open)
	}
}

func TestSharesDoNotFall(t *testing.T) {
	w := newWatches()
	end := begun(t, w, watchedID)
	c, err := w.enter(watchedID)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ share, want float64 }{{0.2, 0.2}, {0.5, 0.5}, {0.3, 0.5}, {1, 1}, {0, 1}} {
		w.publish(c, step.share, "work")
		if got := w.news(c).GetShare(); got != step.want {
			t.Errorf("after %v the share is %v, want %v", step.share, got, step.want)
		}
	}
	end()
	w.leave(watchedID, c)
	wantNothingLeft(t, w)
}

// Two calls with one id are one to those who watch; a third, later, is another.
func TestCallsWithOneID(t *testing.T) {
	w := newWatches()
	first, second := begun(t, w, watchedID), begun(t, w, watchedID)
	c, err := w.enter(watchedID)
	if err != nil {
		t.Fatal(err)
	}
	w.publish(c, 0.75, "work")
	first()
	select {
	case <-c.ended:
		t.Error("the watch ends with the first call")
	default:
	}
	second()
	<-c.ended
	third := begun(t, w, watchedID)
	later, err := w.enter(watchedID)
	if err != nil {
		t.Fatal(err)
	}
	if share := w.news(later).GetShare(); share != 0 {
		t.Errorf("the third call begins at %v", share)
	}
	w.leave(watchedID, c)
	third()
	w.leave(watchedID, later)
	wantNothingLeft(t, w)
}

func TestTooManyWatches(t *testing.T) {
	w := newWatches()
	c, err := w.enter(watchedID)
	for range maxWatches - 1 {
		_, err = w.enter(watchedID)
	}
	if err != nil {
		t.Fatal(err)
	}
	var watched *problem.WatchedError
	if _, err := w.enter("another id of a call"); !errors.As(err, &watched) || watched.Watches != maxWatches {
		t.Errorf("one more: %v", err)
	}
	// Calls are not kept from anything.
	begun(t, w, "another id of a call")()
	for range maxWatches {
		w.leave(watchedID, c)
	}
	wantNothingLeft(t, w)
}

// A watcher that does not read holds nothing up, and misses what is old.
func TestNewsDoNotWaitForWatchers(t *testing.T) {
	w := newWatches()
	end := begun(t, w, watchedID)
	c, err := w.enter(watchedID)
	if err != nil {
		t.Fatal(err)
	}
	reading := make(chan struct{})
	var shares []float64
	var following sync.WaitGroup
	following.Go(func() {
		err := w.follow(t.Context(), c, func(news *canopyv1.WatchProgressResponse) error {
			<-reading
			shares = append(shares, news.GetShare())
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	const reports = 10000
	for i := range reports {
		w.publish(c, float64(i+1)/reports, "work")
	}
	end()
	close(reading)
	following.Wait()
	// The first may be of any time before the last.
	if n := len(shares); n < 1 || n > 2 || shares[n-1] != 1 {
		t.Errorf("the watcher hears %v", shares)
	}
	w.leave(watchedID, c)
	wantNothingLeft(t, w)
}

func TestNewsComeTenTimesASecondAtMost(t *testing.T) {
	w := newWatches()
	end := begun(t, w, watchedID)
	c, err := w.enter(watchedID)
	if err != nil {
		t.Fatal(err)
	}
	heard := 0
	var following sync.WaitGroup
	began := time.Now()
	following.Go(func() {
		_ = w.follow(t.Context(), c, func(*canopyv1.WatchProgressResponse) error { heard++; return nil })
	})
	for time.Since(began) < 3*lookEvery {
		w.publish(c, 0, "work")
		time.Sleep(time.Millisecond)
	}
	end()
	following.Wait()
	// At once, then as often as it looks, and when the call has ended.
	if most := int(time.Since(began)/lookEvery) + 2; heard < 2 || heard > most {
		t.Errorf("the watcher hears %d times, want up to %d", heard, most)
	}
}

func TestWatchersThatFail(t *testing.T) {
	w := newWatches()
	defer begun(t, w, watchedID)()
	c, err := w.enter(watchedID)
	if err != nil {
		t.Fatal(err)
	}
	gone := errors.New("gone")
	if err := w.follow(t.Context(), c, func(*canopyv1.WatchProgressResponse) error { return gone }); !errors.Is(err, gone) {
		t.Errorf("follow = %v", err)
	}
}

// Calls and watches with few ids come and go in any order; the race detector
// judges as well.
func TestWatchesLeaveNothingBehind(t *testing.T) {
	w := newWatches()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 300 {
				begun(t, w, watchedID+string(rune('a'+rand.IntN(3))))()
			}
		})
		all.Go(func() {
			for range 300 {
				id := watchedID + string(rune('a'+rand.IntN(3)))
				c, err := w.enter(id)
				if err != nil {
					t.Error(err)
					return
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(300))*time.Microsecond)
				if err := w.follow(ctx, c, func(*canopyv1.WatchProgressResponse) error { return nil }); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				cancel()
				w.leave(id, c)
			}
		})
	}
	all.Wait()
	wantNothingLeft(t, w)
}
