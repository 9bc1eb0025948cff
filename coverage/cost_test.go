package coverage_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// unread fails the test that reads it.
type unread struct {
	*formula
	t *testing.T
}

func (m unread) Read(context.Context, terrain.Lattice) (*terrain.Grid, error) {
	m.t.Error("an estimate reads terrain")
	return nil, errors.New("not to be read")
}

func pair() coverage.GapQuery {
	return exactGaps(query(site("a", valley, 40e3), site("b", east(valley, 0.4), 60e3)), around(valley, 0.3), agl(300), amsl(4000))
}

// tallied returns how many posts work sweeps.
func tallied(t *testing.T, work func(context.Context) error) int64 {
	t.Helper()
	var swept atomic.Int64
	if err := work(coverage.WithTally(context.Background(), func(posts int) { swept.Add(int64(posts)) })); err != nil {
		t.Fatal(err)
	}
	return swept.Load()
}

// away does tasks on another engine, and is the shelf that it puts floors on.
type away struct {
	other *coverage.Engine
	mu    sync.Mutex
	kept  map[surfaces.Key]surfaces.Stored
}

func (a *away) Has(key surfaces.Key) bool { _, ok := a.Take(key); return ok }

func (a *away) Take(key surfaces.Key) (surfaces.Stored, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, ok := a.kept[key]
	return s, ok
}

func (a *away) Put(key surfaces.Key, s surfaces.Stored) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept[key] = s
}

func (a *away) Floors(_ context.Context, tasks []coverage.Task) error {
	for _, t := range tasks {
		made, err := a.other.MakeFloor(context.Background(), t)
		if err != nil {
			return err
		}
		a.Put(t.Key, made)
	}
	return nil
}

func (a *away) Seen(_ context.Context, tasks []coverage.Task, targets []coverage.Target, use func(int, []coverage.Sighted) error) error {
	for i, t := range tasks {
		seen, err := a.other.MakeSeen(context.Background(), t, targets)
		if err == nil {
			err = use(i, seen)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A range is a circle in its box, of which it fills π/4: so much of what was
// estimated is swept.
func TestCostsAreOfWhatIsSwept(t *testing.T) {
	e := &coverage.Engine{Terrain: andes()}
	workers := &away{other: e, kept: map[surfaces.Key]surfaces.Stored{}}
	sent := &coverage.Engine{Terrain: andes(), Executor: workers, Surfaces: surfaces.New(1<<30, workers)}
	defer sent.Surfaces.Close()
	gaps := pair()
	targets := []coverage.Target{{Point: coverage.Point{Position: valley, Altitude: agl(300)}}}
	tests := []struct {
		name string
		cost func(*coverage.Engine) (coverage.Cost, error)
		work func(context.Context) error
	}{
		{"gaps", func(e *coverage.Engine) (coverage.Cost, error) { return e.GapCost(gaps) },
			func(ctx context.Context) error { _, err := e.FindGaps(ctx, gaps); return err }},
		{"floor", func(e *coverage.Engine) (coverage.Cost, error) { return e.FloorCost(gaps.Query) },
			func(ctx context.Context) error { _, err := e.Floor(ctx, gaps.Query); return err }},
		{"each", func(e *coverage.Engine) (coverage.Cost, error) { return e.EachCost(gaps.Query) },
			func(ctx context.Context) error {
				_, err := e.EachSurface(ctx, gaps.Query, func(int, *floor.Surface) error { return nil })
				return err
			}},
		{"gaps, by workers", func(e *coverage.Engine) (coverage.Cost, error) { return e.GapCost(gaps) },
			func(ctx context.Context) error { _, err := sent.FindGaps(ctx, gaps); return err }},
		{"each, by workers", func(e *coverage.Engine) (coverage.Cost, error) { return e.EachCost(gaps.Query) },
			func(ctx context.Context) error {
				_, err := sent.EachSeen(ctx, gaps.Query, targets, func(int, []uint64) error { return nil })
				return err
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cost, err := tt.cost(&coverage.Engine{Terrain: unread{andes(), t}})
			if err != nil {
				t.Fatal(err)
			}
			if share := float64(tallied(t, tt.work)) / cost.SweptPosts; share < 0.7 || share > 0.8 {
				t.Errorf("%v of the posts that were estimated are swept, want about π/4", share)
			}
			if cost.Posts < cost.SweptPosts || cost.MemoryB <= 0 || cost.MemoryB > coverage.DefaultMemoryB {
				t.Errorf("%+v", cost)
			}
		})
	}
}

// broken says that it has made a share of the floors before it fails.
type broken struct {
	coverage.Executor
	share float64
	err   error
}

func (b broken) Floors(ctx context.Context, _ []coverage.Task) error {
	coverage.ProgressOf(ctx)(b.share, "")
	return b.err
}

// Who gives up while workers sweep pays for what they have done by then.
func TestFloorsThatAreNotMadeCostNothing(t *testing.T) {
	whole := tallied(t, func(ctx context.Context) error {
		_, err := (&coverage.Engine{Terrain: andes()}).FindGaps(ctx, pair())
		return err
	})
	kept := &away{kept: map[surfaces.Key]surfaces.Stored{}}
	for _, share := range []float64{0, 0.5} {
		e := &coverage.Engine{Terrain: andes(), Executor: broken{share: share, err: context.Canceled}, Surfaces: surfaces.New(0, kept)}
		swept := tallied(t, func(ctx context.Context) error {
			if _, err := e.FindGaps(ctx, pair()); !errors.Is(err, context.Canceled) {
				return fmt.Errorf("%w, want context canceled", err)
			}
			return nil
		})
		if got := float64(swept) / float64(whole); math.Abs(got-share) > 0.05 { // of a box around a range, with its margin
			t.Errorf("%v of what a whole answer takes is charged when %v was made", got, share)
		}
	}
}

func TestKeptSurfacesCostNothing(t *testing.T) {
	e := &coverage.Engine{Terrain: andes(), Surfaces: surfaces.New(1<<30, nil)}
	find := func(ctx context.Context) error { _, err := e.FindGaps(ctx, pair()); return err }
	if tallied(t, find) == 0 || tallied(t, find) != 0 {
		t.Error("surfaces are swept twice, or not at all")
	}
}

// TestLookCost: few points near a radar are cheap, many far away are not, unless
// they are read off surfaces.
func TestLookCost(t *testing.T) {
	// 8° × 8° of posts every 3″ around the valley, which nobody reads.
	fine := andes()
	fine.lattice = terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 106 * 1200, Row0: 96 * 1200, Cols: 8*1200 + 1, Rows: 8*1200 + 1}
	var many []coverage.Point
	for i := range 5000 {
		at := orb.Point{valley.Lon() - 0.5 + 0.0002*float64(i), valley.Lat() + 0.4}
		many = append(many, coverage.Point{Position: at, Altitude: agl(300)})
	}
	q := coverage.PointQuery{Query: query(site("a", valley, 100e3), site("b", east(valley, 0.1), 100e3)), Points: many}
	tests := []struct {
		name  string
		query coverage.PointQuery
		cheap bool
	}{
		{"one", coverage.PointQuery{Query: q.Query, Points: many[:1]}, true},
		{"none in range", coverage.PointQuery{Query: query(site("a", valley, 10e3)), Points: many}, true},
		{"many", q, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := &coverage.Engine{Terrain: unread{fine, t}}
			c, err := e.LookCost(context.Background(), tt.query.Query, tt.query.Places(), false)
			if err != nil || c.Cheap() != tt.cheap {
				t.Errorf("%+v, %v: want cheap %v", c, err, tt.cheap)
			}
		})
	}
	e := &coverage.Engine{Terrain: andes(), Surfaces: surfaces.New(1<<30, nil)}
	dense := coverage.PointQuery{Query: q.Query}
	for range 4 {
		dense.Points = append(dense.Points, many...)
	}
	for _, want := range []bool{false, true} {
		if c, err := e.LookCost(context.Background(), dense.Query, dense.Places(), true); err != nil || c.Cheap() != want {
			t.Errorf("surfaces kept: %v: %+v, %v", want, c, err)
		}
		if _, err := e.FindGaps(context.Background(), exactGaps(q.Query, around(valley, 0.2), agl(300))); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCostOfABadResolution: what cannot be estimated fails as the computation does.
func TestCostOfABadResolution(t *testing.T) {
	e := &coverage.Engine{Terrain: andes()}
	bad := pair()
	bad.ResolutionArcsec = 20
	_, gaps := e.GapCost(bad)
	_, floors := e.FloorCost(bad.Query)
	_, each := e.EachCost(bad.Query)
	for i, err := range []error{gaps, floors, each} {
		if wrong := new(coverage.ResolutionError); !errors.As(err, &wrong) {
			t.Errorf("estimate %d: %v", i, err)
		}
	}
	if got := fmt.Sprint(gaps); got != "20 arc-seconds is no multiple of the terrain's own 15: ask for 15 or 30" {
		t.Error(got)
	}
}
