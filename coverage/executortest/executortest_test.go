package executortest_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"strconv"
	"sync"
	"testing"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/executortest"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// shelf keeps surfaces in memory.
type shelf struct {
	mu   sync.Mutex
	kept map[surfaces.Key]surfaces.Stored
}

func (s *shelf) Has(key surfaces.Key) bool {
	_, ok := s.Take(key)
	return ok
}

func (s *shelf) Take(key surfaces.Key) (surfaces.Stored, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored, ok := s.kept[key]
	return stored, ok
}

func (s *shelf) Put(key surfaces.Key, stored surfaces.Stored) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[key] = stored
}

// engines are an executor of some engines, of which each does one task at a time.
type engines struct {
	free  chan *coverage.Engine
	shelf *shelf
	// spoil changes what one radar is said to see.
	spoil func(*coverage.Sighted)
}

func newEngines(workers int, t terrain.Model) *engines {
	e := &engines{free: make(chan *coverage.Engine, workers), shelf: &shelf{kept: map[surfaces.Key]surfaces.Stored{}}, spoil: func(*coverage.Sighted) {}}
	for range workers {
		e.free <- &coverage.Engine{Terrain: t, Workers: 1}
	}
	return e
}

// each does tasks as if elsewhere: how far one of them is, nobody is told.
func (e *engines) each(ctx context.Context, tasks []coverage.Task, do func(context.Context, int, *coverage.Engine) error) error {
	ctx = coverage.WithProgress(ctx, nil)
	errs := make([]error, len(tasks))
	var all sync.WaitGroup
	for i := range tasks {
		all.Go(func() {
			engine := <-e.free
			defer func() { e.free <- engine }()
			errs[i] = do(ctx, i, engine)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func (e *engines) Floors(ctx context.Context, tasks []coverage.Task) error {
	return e.each(ctx, tasks, func(ctx context.Context, i int, engine *coverage.Engine) error {
		made, err := engine.MakeFloor(ctx, tasks[i])
		if err == nil {
			e.shelf.Put(tasks[i].Key, made)
		}
		return err
	})
}

func (e *engines) Seen(ctx context.Context, tasks []coverage.Task, targets []coverage.Target, use func(int, []coverage.Sighted) error) error {
	return e.each(ctx, tasks, func(ctx context.Context, i int, engine *coverage.Engine) error {
		seen, err := engine.MakeSeen(ctx, tasks[i], targets)
		if err != nil {
			return err
		}
		e.spoil(&seen[0])
		return use(i, seen)
	})
}

// start has nothing but the shelf keep surfaces, so that what is on it counts.
func (e *engines) start(*testing.T, int) *coverage.Engine {
	return &coverage.Engine{Terrain: executortest.Terrain(), Workers: 2, Executor: e, Surfaces: surfaces.New(0, e.shelf)}
}

func TestEngines(t *testing.T) {
	executortest.Run(t, func(t *testing.T, workers int) *coverage.Engine {
		return newEngines(workers, executortest.Terrain()).start(t, workers)
	})
}

// What the executor says is what counts: were it wrong, the suite would tell.
func TestTheExecutorIsAsked(t *testing.T) {
	honest, err := executortest.Sightings(t.Context(), newEngines(1, executortest.Terrain()).start(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	liars := newEngines(1, executortest.Terrain())
	liars.spoil = func(s *coverage.Sighted) { s.Seen[0] ^= 1 }
	spoilt, err := executortest.Sightings(t.Context(), liars.start(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	differing := 0
	for i := range honest {
		if honest[i][0] != spoilt[i][0] {
			differing++
		}
	}
	if differing == 0 {
		t.Error("whatever the executor says, the answer is the same")
	}
}

// What does not arrive the engine does itself, and nothing twice.
func TestResultsThatDoNotArrive(t *testing.T) {
	want, err := executortest.Sightings(t.Context(), &coverage.Engine{Terrain: executortest.Terrain()})
	if err != nil {
		t.Fatal(err)
	}
	e := newEngines(1, executortest.Terrain())
	engine := e.start(t, 1)
	engine.Executor = &losing{Executor: e, after: 3}
	got, err := executortest.Sightings(t.Context(), engine)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("error %v, or other sightings", err)
	}
	if _, err := engine.FindGaps(t.Context(), executortest.Gaps()); err != nil {
		t.Error(err)
	}
	engine.Surfaces.Close()
	if stats := engine.Surfaces.Stats(); stats.Computed != 5 {
		t.Errorf("%d floors computed, want all 5", stats.Computed)
	}
}

// losing is an executor of which the results of some tasks arrive.
type losing struct {
	coverage.Executor
	after int
}

func (l *losing) Floors(context.Context, []coverage.Task) error { return coverage.ErrNotKept }

func (l *losing) Seen(ctx context.Context, tasks []coverage.Task, targets []coverage.Target, use func(int, []coverage.Sighted) error) error {
	return errors.Join(l.Executor.Seen(ctx, tasks[:l.after], targets, use), coverage.ErrNotKept)
}

// Floors that are computed elsewhere are not computed again.
func TestFloorsAreTakenFromTheShelf(t *testing.T) {
	e := newEngines(2, executortest.Terrain())
	engine := e.start(t, 2)
	if _, err := engine.FindGaps(t.Context(), executortest.Gaps()); err != nil {
		t.Fatal(err)
	}
	engine.Surfaces.Close()
	if stats := engine.Surfaces.Stats(); stats.Computed > 0 || stats.FromShelf != 5 {
		t.Errorf("%d floors computed and %d from the shelf, want 0 and 5", stats.Computed, stats.FromShelf)
	}
}

// other is another model of the same posts.
type other struct{ terrain.Model }

func (o other) Info() terrain.Info {
	info := o.Model.Info()
	info.Identity = "other"
	return info
}

// An engine on other terrain does no task: not even one that looks the same.
func TestOtherTerrainIsRefused(t *testing.T) {
	e := newEngines(1, other{executortest.Terrain()})
	engine := e.start(t, 1)
	var refused *coverage.TaskError
	if _, err := engine.FindGaps(t.Context(), executortest.Gaps()); !errors.As(err, &refused) {
		t.Errorf("floors of other terrain: %v, want a TaskError", err)
	}
	if _, err := executortest.Sightings(t.Context(), engine); !errors.As(err, &refused) {
		t.Errorf("sightings on other terrain: %v, want a TaskError", err)
	}
	if kept := maps.Clone(e.shelf.kept); len(kept) > 0 {
		t.Errorf("%d floors of other terrain were kept", len(kept))
	}
}

// A task whose words were changed on the way is refused as well.
func TestChangedTasksAreRefused(t *testing.T) {
	var tasks []coverage.Task
	spy := &spy{take: func(all []coverage.Task) { tasks = all }}
	e := newEngines(1, executortest.Terrain())
	engine := e.start(t, 1)
	engine.Executor = spy
	if _, err := engine.FindGaps(t.Context(), executortest.Gaps()); err != nil {
		t.Fatal(err)
	}
	changes := map[string]func(*coverage.Task){
		"mast":       func(t *coverage.Task) { t.Radars[0].MastM++ },
		"k":          func(t *coverage.Task) { t.K++ },
		"factor":     func(t *coverage.Task) { t.Factor = 2 },
		"strictest":  func(t *coverage.Task) { t.Strictest = true },
		"reach":      func(t *coverage.Task) { t.Reach++ },
		"radars":     func(t *coverage.Task) { t.Radars = append(t.Radars, t.Radars[0]) },
		"no radars":  func(t *coverage.Task) { t.Radars = nil },
		"no factor":  func(t *coverage.Task) { t.Factor = 0 },
		"the answer": func(t *coverage.Task) { t.Key[0]++ },
	}
	worker := &coverage.Engine{Terrain: executortest.Terrain()}
	if _, err := worker.MakeFloor(t.Context(), tasks[1]); err != nil {
		t.Fatalf("an unchanged task: %v", err)
	}
	for name, change := range changes {
		changed := tasks[1]
		changed.Radars = append(changed.Radars[:0:0], changed.Radars...)
		change(&changed)
		if _, err := worker.MakeFloor(t.Context(), changed); err == nil {
			t.Errorf("a task of which the %s was changed is done", name)
		}
	}
}

// spy does nothing but look.
type spy struct{ take func([]coverage.Task) }

func (s *spy) Floors(_ context.Context, tasks []coverage.Task) error {
	s.take(tasks)
	return nil
}

func (s *spy) Seen(_ context.Context, tasks []coverage.Task, _ []coverage.Target, _ func(int, []coverage.Sighted) error) error {
	s.take(tasks)
	return nil
}

// What a caller calls its radars stays here: tasks are shared with other callers, and
// the errors of workers are logged.
func TestTasksDoNotSayWhatRadarsAreCalled(t *testing.T) {
	tasks := 0
	engine := newEngines(1, executortest.Terrain()).start(t, 1)
	engine.Executor = &spy{take: func(all []coverage.Task) {
		for _, task := range all {
			tasks++
			for i, r := range task.Radars {
				if r.ID != strconv.Itoa(i+1) || r.Name != "" || r.ModelID != "" {
					t.Errorf("radar %d of a task is %q, %q, of model %q", i+1, r.ID, r.Name, r.ModelID)
				}
			}
		}
	}}
	if _, err := executortest.Sightings(t.Context(), engine); err != nil {
		t.Fatal(err)
	}
	gaps, err := engine.FindGaps(t.Context(), executortest.Gaps())
	if err != nil {
		t.Fatal(err)
	}
	if tasks == 0 || gaps.Sites[0].ID == "1" {
		t.Errorf("%d tasks, and the radars of the answer begin with %s", tasks, gaps.Sites[0].ID)
	}
}
