package coverage_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/terrain"
)

// large is a query that keeps the engine busy for a second, in parts of a
// hundred milliseconds and more, over terrain that is there without any file.
func large(t testing.TB) (*coverage.Engine, coverage.GapQuery) {
	s := scenario(t, catalog.DefaultScenarioID)
	q := coverage.GapQuery{Query: query(s.Radars...), Airspace: airspaceOf(t, "peru"), Altitudes: usualBands[:2],
		Airstrips: catalog.Default().Airstrips().All(), ToleranceM: -1}
	return &coverage.Engine{Terrain: terrain.Refine(demonstration(), shorter(20, 10))}, q
}

// TestCancel stops a query while each of its parts runs: some time after it
// was reported, so that the part is under way. 100 ms are promised. Neighbours
// may keep the processors busy, so one of some attempts, each a while after the last,
// must keep the promise.
func TestCancel(t *testing.T) {
	allowed := 100 * time.Millisecond
	if raceDetector {
		allowed *= 10
	}
	e, q := large(t)
	var slowest time.Duration
	for try := range 6 {
		time.Sleep(time.Duration(try) * time.Second)
		if slowest = slowestCancel(t, e, q); slowest <= allowed {
			return
		}
	}
	t.Errorf("%v from cancel to return, want at most %v", slowest, allowed)
}

// slowestCancel returns the longest time from cancelling a part of a query to
// its return, when no goroutine is left.
func slowestCancel(t *testing.T, e *coverage.Engine, q coverage.GapQuery) (slowest time.Duration) {
	t.Helper()
	for part := range 4 {
		latency, err := cancelAfter(e, q, part, 2*time.Millisecond)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("part %d: error %v, want context canceled", part, err)
		}
		if err := goleak.Find(goleak.IgnoreCurrent()); err != nil {
			t.Errorf("part %d: %v", part, err)
		}
		slowest = max(slowest, latency)
	}
	return slowest
}

// cancelAfter cancels a query a while after its n-th report, and returns how
// long it took to return.
func cancelAfter(e *coverage.Engine, q coverage.GapQuery, n int, while time.Duration) (time.Duration, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var cancelled atomic.Int64
	reports := 0
	watched := coverage.WithProgress(ctx, func(float64, string) {
		if reports == n {
			time.AfterFunc(while, func() {
				cancelled.Store(time.Now().UnixNano())
				cancel()
			})
		}
		reports++
	})
	result, err := e.FindGaps(watched, q)
	if result != nil {
		return 0, errors.New("a result beside the error")
	}
	return time.Duration(time.Now().UnixNano() - cancelled.Load()), err
}

func TestCancelledBeforeItStarts(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	e := &coverage.Engine{Terrain: andes()}
	q := query(site("r", valley, 60e3))
	to := coverage.Point{Position: east(valley, 0.3), Altitude: agl(300)}
	calls := map[string]func() error{
		"gaps": func() error { _, err := e.FindGaps(ctx, exactGaps(q, around(valley, 0.2), agl(300))); return err },
		"points": func() error {
			_, err := e.CheckPoints(ctx, coverage.PointQuery{Query: q, Points: []coverage.Point{to}})
			return err
		},
		"profile": func() error {
			_, err := e.Profile(ctx, coverage.ProfileQuery{Query: q, To: to, Count: 10, FrequencyMHz: 3000})
			return err
		},
		"strips": func() error { _, err := e.AssessAirstrips(ctx, q, nil); return err },
		"floor":  func() error { _, err := e.Floor(ctx, q); return err },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			if err := call(); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want context canceled", err)
			}
		})
	}
}

// countdown is a context that is cancelled once it has been asked a number of
// times whether it is.
type countdown struct {
	context.Context
	left atomic.Int64
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// Wherever a query is cut short, it never returns what it had by then.
func TestPointsCutShortAreAnError(t *testing.T) {
	var points []coverage.Point
	for _, p := range scattered(100, valley, 0.1) {
		points = append(points, coverage.Point{Position: p, Altitude: agl(300)})
	}
	e := &coverage.Engine{Terrain: andes(), Workers: 1}
	for asked, finished := int64(0), false; !finished; asked++ {
		ctx := &countdown{Context: context.Background()}
		ctx.left.Store(asked)
		r, err := e.CheckPoints(ctx, coverage.PointQuery{Query: query(site("r", valley, 60e3)), Points: points})
		finished = err == nil
		if finished && slices.ContainsFunc(r.Outcomes, func(o coverage.Outcome) bool { return o.Looks[0].DistanceM == 0 }) {
			t.Fatalf("cut short after %d checks, without an error", asked)
		}
	}
}

func TestProgress(t *testing.T) {
	q := query(site("a", valley, 60e3), site("b", east(valley, 0.3), 60e3))
	to := coverage.Point{Position: east(valley, 0.2), Altitude: agl(300)}
	e := &coverage.Engine{Terrain: andes(), Workers: 8}
	one := query(q.Radars[0])
	calls := map[string]func(ctx context.Context) error{
		"gaps": func(ctx context.Context) error {
			_, err := e.FindGaps(ctx, exactGaps(q, around(valley, 0.2), usualBands...))
			return err
		},
		"points": func(ctx context.Context) error {
			_, err := e.CheckPoints(ctx, coverage.PointQuery{Query: q, Points: []coverage.Point{to}})
			return err
		},
		"profile": func(ctx context.Context) error {
			_, err := e.Profile(ctx, coverage.ProfileQuery{Query: one, To: to, Count: 10, FrequencyMHz: 3000})
			return err
		},
		"floor": func(ctx context.Context) error { _, err := e.Floor(ctx, q); return err },
		"no radar": func(ctx context.Context) error {
			_, err := e.FindGaps(ctx, exactGaps(query(), around(valley, 0.2), agl(300)))
			return err
		},
		"no altitude": func(ctx context.Context) error {
			_, err := e.FindGaps(ctx, exactGaps(q, around(valley, 0.2)))
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			var shares []float64
			var reporting atomic.Int32
			err := call(coverage.WithProgress(context.Background(), func(share float64, doing string) {
				if reporting.Add(1) != 1 {
					t.Error("two reports at a time")
				}
				if doing == "" {
					t.Error("a report of nothing")
				}
				shares = append(shares, share)
				reporting.Add(-1)
			}))
			if err != nil {
				t.Fatal(err)
			}
			if len(shares) < 2 || shares[0] != 0 || shares[len(shares)-1] != 1 || !slices.IsSorted(shares) {
				t.Errorf("shares %v, want them to grow from 0 to 1", shares)
			}
		})
	}
}
