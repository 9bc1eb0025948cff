package queue

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/surfaces"
)

// Floors implements coverage.Executor.
func (q *Queue) Floors(ctx context.Context, tasks []coverage.Task) error {
	jobs := make([]job, len(tasks))
	for i, t := range tasks {
		jobs[i] = job{
			task: task{Task: t}, kept: func(context.Context) bool { return q.shelf.Has(t.Key) },
			prepare: func(context.Context) error { return nil },
		}
	}
	return q.await(ctx, jobs, func(int) error { return nil })
}

// Seen implements coverage.Executor.
func (q *Queue) Seen(ctx context.Context, tasks []coverage.Task, targets []coverage.Target, use func(task int, seen []coverage.Sighted) error) error {
	key := coverage.TargetsKey(targets)
	jobs := make([]job, len(tasks))
	for i, t := range tasks {
		jobs[i] = job{
			task: task{Task: t, Targets: &key},
			kept: func(ctx context.Context) bool { return q.cfg.Store.Has(ctx, t.Key.String()+seenWord) },
			prepare: func(ctx context.Context) error {
				return q.putTargets(ctx, key, targets)
			},
		}
	}
	return q.await(ctx, jobs, func(i int) error {
		seen, err := q.seen(ctx, tasks[i].Key, len(tasks[i].Radars))
		if err != nil {
			return &unreadError{err}
		}
		return use(i, seen)
	})
}

// await has jobs done, and uses what came of each. It returns when all are used,
// or ctx is done, or one fails.
func (q *Queue) await(ctx context.Context, jobs []job, use func(i int) error) error {
	landed := make(chan landing, len(jobs))
	keys := make([]surfaces.Key, len(jobs))
	for i := range jobs {
		keys[i] = jobs[i].task.Key
		q.join(jobs[i], waiter{landed, i})
	}
	defer q.leave(landed, keys)
	asking, stop := context.WithCancel(ctx)
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		q.askFor(asking, jobs)
	}()
	defer func() { stop(); <-asked }()
	u := user{Queue: q, jobs: jobs, use: use, landed: landed}
	err := u.all(ctx)
	if errors.Is(err, coverage.ErrNotKept) {
		q.cfg.Logger.Error("this process has to do what workers did", "error", err)
	}
	return err
}

// user uses what came of jobs.
type user struct {
	*Queue
	jobs   []job
	use    func(i int) error
	landed chan landing
	// lost counts results that were not there any more.
	lost int
	// told is what hindered last.
	told string
}

// tellEvery is how often those who watch are told that nothing happens.
const tellEvery = time.Second

func (u *user) all(ctx context.Context) error {
	tell := coverage.ProgressOf(ctx)
	ticker := time.NewTicker(tellEvery)
	defer ticker.Stop()
	for used := 0; used < len(u.jobs); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
			if hindrance := u.hindrance(); hindrance != "" {
				if hindrance != u.told {
					u.cfg.Logger.Warn("a request is "+hindrance, "tasks", len(u.jobs)-used)
				}
				u.told = hindrance
				tell(float64(used)/float64(len(u.jobs)), hindrance)
			}
		case l := <-u.landed:
			ok, err := u.one(ctx, l)
			if err != nil {
				return err
			}
			if ok {
				used++
				tell(float64(used)/float64(len(u.jobs)), fmt.Sprintf("%d of %d tasks of workers", used, len(u.jobs)))
			}
		}
	}
	return nil
}

// one uses the result of a task. One that is gone is asked for again, and one that
// cannot be read now is at the next look.
func (u *user) one(ctx context.Context, l landing) (ok bool, err error) {
	if l.err != nil {
		return false, l.err
	}
	var unread *unreadError
	if err = u.use(l.number); !errors.As(err, &unread) {
		return err == nil, err
	}
	u.join(u.jobs[l.number], waiter{u.landed, l.number})
	var damaged *damagedError
	if !errors.Is(err, fs.ErrNotExist) && !errors.As(err, &damaged) {
		u.cfg.Logger.Warn("a result cannot be read; it will be tried again", "store", u.cfg.Store.String(), "error", err)
		return false, nil
	}
	if u.lost++; u.lost > attempts*len(u.jobs) {
		return false, fmt.Errorf("%w: they are not in %s: give all workers the same place, and more room", coverage.ErrNotKept, u.cfg.Store)
	}
	u.askFor(ctx, u.jobs[l.number:l.number+1])
	return false, nil
}

// unreadError is of a result that was said to be in the store.
type unreadError struct{ err error }

func (e *unreadError) Error() string { return e.err.Error() }
func (e *unreadError) Unwrap() error { return e.err }

// hindrance is why nothing happens; empty if something may.
func (q *Queue) hindrance() string {
	switch {
	case !q.cfg.Conn.IsConnected():
		return "waiting for NATS"
	case q.workers() == 0 && time.Since(q.opened) > 2*beatEvery: // else none may have been heard yet
		return "waiting for a worker"
	}
	return ""
}
