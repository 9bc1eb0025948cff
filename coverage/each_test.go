package coverage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
)

// candidates stand side by side along a parallel.
func candidates(n int, rangeM float64) (all []radar.Radar) {
	for i := range n {
		all = append(all, site(fmt.Sprint("c", i), east(valley, float64(i)/20), rangeM))
	}
	return all
}

// Candidates that share terrain and memory have the surfaces that each has on
// its own, whatever the workers.
func TestEachSurfaceIsItsOwn(t *testing.T) {
	q := query(candidates(7, 20e3)...)
	q.ResolutionArcsec = 15
	var want [][]floor.AGL
	for i := range q.Radars {
		one := q
		one.Radars = q.Radars[i : i+1]
		each(t, &coverage.Engine{Terrain: andes()}, one, func(_ int, s *floor.Surface) error {
			want = append(want, slices.Clone(s.Floor))
			return nil
		})
	}
	for _, workers := range []int{1, 4} {
		var mu sync.Mutex
		got := make([][]floor.AGL, len(q.Radars))
		each(t, &coverage.Engine{Terrain: andes(), Workers: workers}, q, func(i int, s *floor.Surface) error {
			mu.Lock()
			defer mu.Unlock()
			if got[i] != nil || s.Site.ID != q.Radars[i].ID {
				t.Errorf("radar %d is used as %s, once more: %v", i, s.Site.ID, got[i] != nil)
			}
			got[i] = slices.Clone(s.Floor)
			return nil
		})
		for i := range want {
			if !slices.Equal(got[i], want[i]) {
				t.Errorf("%d workers: radar %d has another surface than alone", workers, i)
			}
		}
	}
}

// Where the box around all radars has more posts than a request may have, or than
// fit into memory, they are swept group by group, to the same surfaces.
func TestEachSurfaceInGroups(t *testing.T) {
	var spread []radar.Radar
	for i := range 12 {
		at := orb.Point{valley.Lon() + float64(i%3)/2 - 0.5, valley.Lat() + float64(i*5%12)/4 - 1.5}
		spread = append(spread, site(fmt.Sprint("r", i), at, 20e3))
	}
	q := query(spread...)
	q.ResolutionArcsec = 15
	surfacesOf := func(e *coverage.Engine) [][]floor.AGL {
		var mu sync.Mutex
		all := make([][]floor.AGL, len(spread))
		shares := 0.0
		ctx := coverage.WithProgress(context.Background(), func(share float64, _ string) { shares = max(shares, share) })
		_, err := e.EachSurface(ctx, q, func(i int, s *floor.Surface) error {
			mu.Lock()
			defer mu.Unlock()
			all[i] = slices.Clone(s.Floor)
			return nil
		})
		if err != nil || shares != 1 {
			t.Fatal(err, shares)
		}
		return all
	}
	want := surfacesOf(&coverage.Engine{Terrain: andes()})
	for _, e := range []*coverage.Engine{{MaxPosts: 60_000}, {MaxPosts: 9_000}, {MemoryB: 300_000}} {
		e.Terrain = andes()
		for i, got := range surfacesOf(e) {
			if len(got) == 0 || !slices.Equal(got, want[i]) {
				t.Errorf("at most %d posts, %d bytes: radar %d has another surface than among all", e.MaxPosts, e.MemoryB, i)
			}
		}
	}
	var limit *coverage.LimitError
	if _, err := (&coverage.Engine{Terrain: andes(), MaxPosts: 5_000}).EachSurface(context.Background(), q, nil); !errors.As(err, &limit) {
		t.Errorf("error %v, want that one radar is too much", err)
	}
}

func each(tb testing.TB, e *coverage.Engine, q coverage.Query, use func(int, *floor.Surface) error) {
	tb.Helper()
	if _, err := e.EachSurface(context.Background(), q, use); err != nil {
		tb.Fatal(err)
	}
}

// What goes wrong with one surface ends the work, and so does the context.
func TestEachSurfaceStops(t *testing.T) {
	e := &coverage.Engine{Terrain: andes(), Workers: 2}
	broken := errors.New("broken")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	uses := []func() error{
		func() error { return broken },
		func() error { cancel(); return nil },
	}
	for i, want := range []error{broken, context.Canceled} {
		var used atomic.Int64
		_, err := e.EachSurface(ctx, query(candidates(50, 10e3)...), func(int, *floor.Surface) error {
			used.Add(1)
			return uses[i]()
		})
		if !errors.Is(err, want) || used.Load() > 4 {
			t.Errorf("error %v after %d radars, want %v", err, used.Load(), want)
		}
	}
	if _, err := e.EachSurface(context.Background(), query(site("a", orb.Point{179.99, 0}, 50e3)), nil); err == nil {
		t.Error("a radar on the antimeridian is not refused")
	}
}

// BenchmarkEachSurface sweeps candidates all over Peru on the composite's
// quarter, with one worker, beside the same one by one.
func BenchmarkEachSurface(b *testing.B) {
	var all []radar.Radar
	for lon := -77.0; lon < -70; lon += 0.5 {
		for lat := -13.0; lat < -4; lat += 0.9 {
			all = append(all, site(fmt.Sprint(lon, lat), orb.Point{lon, lat}, 400e3))
		}
	}
	q := query(all...)
	q.ResolutionArcsec = 60
	e := &coverage.Engine{Terrain: stored(b), Workers: 1}
	ignore := func(int, *floor.Surface) error { return nil }
	b.Run(fmt.Sprintf("60s/400km/together/radars=%d", len(all)), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			each(b, e, q, ignore)
		}
		b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(all)), "ms/radar")
	})
	b.Run(fmt.Sprintf("60s/400km/one_by_one/radars=%d", len(all)), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for i := range all {
				one := q
				one.Radars = all[i : i+1]
				each(b, e, one, ignore)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(all)), "ms/radar")
	})
}
