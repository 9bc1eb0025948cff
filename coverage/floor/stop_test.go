package floor_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"go.uber.org/goleak"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

func TestStopsBeforeItBegins(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := stand(t, amid, 0, nil)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	late, cancelLate := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancelLate()
	tests := []struct {
		name string
		ctx  context.Context
		want error
	}{
		{"cancelled", cancelled, context.Canceled},
		{"past its deadline", late, context.DeadlineExceeded},
	}
	for _, tt := range tests {
		for _, reach := range []sight.Reach{sight.Terrain, sight.Horizon, sight.Disc} {
			surface, err := floor.Compute(tt.ctx, s.site, reach, floor.Land{Ground: s.ground.View()}, 2)
			if !errors.Is(err, tt.want) || surface != nil {
				t.Errorf("%s, reach %v: error %v, surface %v", tt.name, reach, err, surface != nil)
			}
		}
	}
}

// TestStopsOnTheWay cancels sweeps at several moments. They are to stop within
// 50 ms; a busy machine may need a few tries to show it, each a while after the last.
func TestStopsOnTheWay(t *testing.T) {
	if testing.Short() {
		t.Skip("a long sweep")
	}
	const within, tries = 50 * time.Millisecond * slowdown, 8
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	site := radarAt(orb.Point{-69, -13}, 400e3, 15)
	land := floor.Land{Ground: manyPosts(t, site)}
	tests := []struct {
		name  string
		reach sight.Reach
		after time.Duration
	}{
		{"before the sweep", sight.Terrain, 2 * time.Millisecond},
		{"at its beginning", sight.Terrain, 30 * time.Millisecond},
		{"amid it", sight.Terrain, 150 * time.Millisecond},
		{"during the rows of a horizon", sight.Horizon, 150 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			best := time.Hour
			for try := 0; try < tries && best > within; try++ {
				time.Sleep(time.Duration(try) * time.Second)
				late, err := lateness(tt.after, func(ctx context.Context) error {
					_, err := floor.Compute(ctx, site, tt.reach, land, 2)
					return err
				})
				if !errors.Is(err, context.Canceled) {
					t.Fatalf("error %v after %v", err, late)
				}
				best = min(best, late)
			}
			t.Logf("stopped after %v", best)
			if best > within {
				t.Errorf("stopped after %v, want %v", best, within)
			}
		})
	}
}

// manyPosts returns ground in whole metres 3 arc-seconds apart, of which every
// row is alike but shifted.
func manyPosts(t *testing.T, site *sight.Site) *terrain.View {
	t.Helper()
	w, err := floor.Window(site, posts(1200))
	if err != nil {
		t.Fatal(err)
	}
	row := make([]int16, 2*w.Cols)
	for i := range row {
		row[i] = int16(i * i % 97)
	}
	p := terrain.Panel{Lattice: w, Stride: w.Cols, Int16: make([]int16, 0, w.Posts()), HasVoid: true, Void: -1}
	for r := range w.Rows {
		p.Int16 = append(p.Int16, row[r*89%w.Cols:][:w.Cols]...)
	}
	return terrain.NewView(w, []terrain.Panel{p})
}

// lateness cancels work after a while, and returns how long it went on.
func lateness(after time.Duration, work func(ctx context.Context) error) (time.Duration, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	told := make(chan time.Time, 1)
	time.AfterFunc(after, func() {
		told <- time.Now()
		cancel()
	})
	err := work(ctx)
	return time.Since(<-told), err
}
