package floor_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
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

// TestStopsOnTheWay cancels sweeps that take longer. A service stops
// its work within 100 ms of a client's cancellation; a busy machine, and the
// race detector, get ten times that here.
func TestStopsOnTheWay(t *testing.T) {
	if testing.Short() {
		t.Skip("a long sweep")
	}
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	site, ground := hills(1200, 200e3)
	tests := []struct {
		name  string
		reach sight.Reach
		after time.Duration
	}{
		{"at the beginning", sight.Terrain, 2 * time.Millisecond},
		{"during the sweep", sight.Terrain, 30 * time.Millisecond},
		{"during the rows of a horizon", sight.Horizon, 30 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			late, err := lateness(tt.after, func(ctx context.Context) error {
				_, err := floor.Compute(ctx, site, tt.reach, floor.Land{Ground: ground.View()}, 2)
				return err
			})
			if !errors.Is(err, context.Canceled) || late > time.Second {
				t.Errorf("stopped after %v with error %v", late, err)
			}
			t.Logf("stopped after %v", late)
		})
	}
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
