package coverage

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// Executor has sweeps done by other engines, on other machines perhaps, which
// stand on the same terrain. Answers are the same, to the last bit, whoever sweeps.
//
// Both methods tell ProgressOf(ctx) which share of the tasks is done, and return
// when all are, when ctx is done, or when one cannot be done at all: with ErrNotKept
// where it is the result that gets lost. The engine then does itself what is left.
type Executor interface {
	// Floors has the floors of tasks of one radar each put on the shelf of
	// Engine.Surfaces.
	Floors(ctx context.Context, tasks []Task) error
	// Seen calls use with what each radar of a task sees of the targets; by several
	// goroutines at a time, and in no order.
	Seen(ctx context.Context, tasks []Task, targets []Target, use func(task int, seen []Sighted) error) error
}

// ErrNotKept is returned by an Executor of which results do not arrive.
var ErrNotKept = errors.New("results of workers cannot be kept")

// Task is a sweep, with all that another engine must know of it.
type Task struct {
	// Key names the answer. An engine that derives another from the rest, and from
	// its own terrain, would give another answer, and refuses.
	Key surfaces.Key
	// Radars, Reach and K are those of a query, but for what radars are called.
	Radars []radar.Radar
	Reach  sight.Reach
	K      float64
	Resolution
}

// Resolution says which posts a computation has.
type Resolution struct {
	// Factor is how many times fewer they are than the terrain's own, which are
	// kept around radars.
	Factor int
	// Denser posts are refined where gaps need it.
	Denser bool
	// Strictest has the maxima of the posts around hide aircraft.
	Strictest bool
}

// Sighted is what one radar sees of some targets.
type Sighted struct {
	// Seen has target t as bit t%64 of word t/64.
	Seen []uint64
	// Missing of PostsInRange terrain posts are taken as sea level.
	Missing      floor.Missing
	PostsInRange int
}

// TaskError is returned for a task that is another here.
type TaskError struct {
	// Asked and Own are the keys of its answer, there and here.
	Asked, Own surfaces.Key
}

func (e *TaskError) Error() string {
	return fmt.Sprintf("task %.12s is %.12s here: this engine stands on other terrain, or is another version; give all of them the same", e.Asked, e.Own)
}

// ahead has the floors made that are not kept, of radars that reach into a box
// (one of no posts is everywhere). A single one is made sooner than sent.
func (s *stage) ahead(ctx context.Context, q Query, sites []sight.Site, box terrain.Lattice, p *progress) error {
	if s.Executor == nil || s.Surfaces == nil || q.Reach != sight.Terrain {
		return nil
	}
	var tasks []Task
	inRange := 0.0
	for i := range sites {
		window, err := s.window(&sites[i], box)
		if err != nil {
			return err
		}
		question, ok := s.question(q.Reach, &sites[i], window)
		if ok && window.Posts() > 0 && !s.Surfaces.Has(question, true) {
			tasks = append(tasks, s.task(q, question.Key(), sites[i].Radar))
			inRange += posts(window) * math.Pi / 4
		}
	}
	if len(tasks) < 2 {
		return nil
	}
	steps, made := float64(len(tasks)), 0.0
	p.steps += len(tasks)
	err := s.Executor.Floors(WithProgress(ctx, func(share float64, doing string) {
		made = share
		report(ctx, p.shareAt(float64(p.done)+share*steps), "%s", doing)
	}), tasks)
	p.done += len(tasks)
	if err == nil {
		made = 1
	}
	tally(ctx, int(made*inRange))
	if errors.Is(err, ErrNotKept) {
		return nil
	}
	return err
}

// task leaves out what radars are called: answers do not depend on it, and who
// shares them, or reads the logs of workers, need not know. Their IDs are numbers.
func (s *stage) task(q Query, key surfaces.Key, radars ...radar.Radar) Task {
	for i := range radars {
		radars[i].ID, radars[i].Name, radars[i].ModelID = strconv.Itoa(i+1), "", ""
	}
	return Task{Key: key, Radars: radars, Reach: q.Reach, K: q.K, Resolution: s.Resolution}
}

// MakeFloor does a task of Executor.Floors. It fails with a *TaskError.
func (e *Engine) MakeFloor(ctx context.Context, t Task) (surfaces.Stored, error) {
	s, q, sites, err := e.begin(ctx, t)
	if err != nil {
		return surfaces.Stored{}, err
	}
	site := &sites[0]
	window, err := s.window(site, terrain.Lattice{})
	if err != nil {
		return surfaces.Stored{}, err
	}
	question, ok := s.question(t.Reach, site, window)
	if own := question.Key(); !ok || own != t.Key || len(sites) != 1 {
		return surfaces.Stored{}, &TaskError{t.Key, own}
	}
	surface, filled, err := s.compute(ctx, q, site, window, terrain.Lattice{})
	if err != nil {
		return surfaces.Stored{}, err
	}
	return surfaces.Kept{Surface: surface, Filled: filled}.Stored(), nil
}

// MakeSeen does a task of Executor.Seen. It fails with a *TaskError.
func (e *Engine) MakeSeen(ctx context.Context, t Task, targets []Target) ([]Sighted, error) {
	s, q, sites, err := e.begin(ctx, t)
	if err != nil {
		return nil, err
	}
	all := make([]int, len(sites))
	for i := range all {
		all[i] = i
	}
	own, ok, err := s.seenKey(q, sites, all, TargetsKey(targets))
	if err == nil && (!ok || own != t.Key) {
		err = &TaskError{t.Key, own}
	}
	if err != nil {
		return nil, err
	}
	sighted := make([]Sighted, len(sites))
	return sighted, s.sight(ctx, q, sites, targets, func(i int, seen Sighted) error {
		sighted[i] = seen
		return nil
	})
}

// begin puts the radars of a task on their ground.
func (e *Engine) begin(ctx context.Context, t Task) (*stage, Query, []sight.Site, error) {
	q := Query{Radars: t.Radars, Reach: t.Reach, K: t.K, MinRadars: 1}
	if len(t.Radars) == 0 || t.Factor < 1 {
		return nil, q, nil, fmt.Errorf("task %.12s has %d radars, on posts %d times coarser: at least one of each", t.Key, len(t.Radars), t.Factor)
	}
	basis, err := e.basis(ctx, q)
	return e.at(t.Resolution), q, basis.Sites, err
}

// batchOfSeen is how many neighbours are swept together: few enough that workers
// end at about the same time, and enough to share a look at their terrain. They
// follow each other from west to east in bands of latitude.
const (
	batchOfSeen = 4
	bandDeg     = 2
)

// elsewhere has what the radars see found out by the executor. ok is false where
// that is better done here.
func (s *stage) elsewhere(ctx context.Context, q Query, sites []sight.Site, targets []Target, use func(int, Sighted) error) (ok bool, err error) {
	if s.Executor == nil || q.Reach != sight.Terrain || s.Terrain.Info().Identity == "" {
		return false, nil
	}
	groups, err := s.neighbours(sites)
	if err != nil {
		return true, err
	}
	var tasks []Task
	var batches [][]int
	targetsKey := TargetsKey(targets)
	for _, g := range groups {
		slices.SortStableFunc(g.radars, func(a, b int) int {
			p, q := sites[a].Position, sites[b].Position
			return cmp.Or(cmp.Compare(math.Floor(p.Lat()/bandDeg), math.Floor(q.Lat()/bandDeg)), cmp.Compare(p.Lon(), q.Lon()))
		})
		for batch := range slices.Chunk(g.radars, batchOfSeen) {
			key, _, err := s.seenKey(q, sites, batch, targetsKey)
			if err != nil {
				return true, err
			}
			radars := make([]radar.Radar, len(batch))
			for k, i := range batch {
				radars[k] = sites[i].Radar
			}
			batches, tasks = append(batches, batch), append(tasks, s.task(q, key, radars...))
		}
	}
	var mu sync.Mutex
	var left []int
	for i := range sites {
		left = append(left, i)
	}
	err = s.Executor.Seen(ctx, tasks, targets, func(task int, seen []Sighted) error {
		for k, i := range batches[task] {
			tally(ctx, seen[k].PostsInRange)
			if err := use(i, seen[k]); err != nil {
				return err
			}
		}
		mu.Lock()
		defer mu.Unlock()
		left = slices.DeleteFunc(left, func(i int) bool { return slices.Contains(batches[task], i) })
		done := len(sites) - len(left)
		report(ctx, float64(done)/float64(len(sites)), "%d of %d radars", done, len(sites))
		return nil
	})
	if !errors.Is(err, ErrNotKept) {
		return true, err
	}
	rest := make([]sight.Site, len(left))
	for k, i := range left {
		rest[k] = sites[i]
	}
	return true, s.sight(ctx, q, rest, targets, func(k int, seen Sighted) error { return use(left[k], seen) })
}

// seenKey names what some of the sites see of targets.
func (s *stage) seenKey(q Query, sites []sight.Site, some []int, targets surfaces.Key) (key surfaces.Key, ok bool, err error) {
	keys := make([]surfaces.Key, len(some))
	for k, i := range some {
		window, err := s.window(&sites[i], terrain.Lattice{})
		if err != nil {
			return key, false, err
		}
		question, known := s.question(q.Reach, &sites[i], window)
		if !known {
			return key, false, nil
		}
		keys[k] = question.Key()
	}
	return surfaces.SeenKey(targets, keys), true, nil
}

// TargetsKey names some targets.
func TargetsKey(targets []Target) surfaces.Key {
	var all []byte
	for _, t := range targets {
		lower := 0.0
		if t.OrLower {
			lower = 1
		}
		for _, v := range []float64{t.Position.Lon(), t.Position.Lat(), float64(t.Altitude.Reference), t.Altitude.Value, lower} {
			all = binary.LittleEndian.AppendUint64(all, math.Float64bits(v+0)) // −0 is 0
		}
	}
	return sha256.Sum256(all)
}
