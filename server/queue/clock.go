package queue

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/surfaces"
)

// clock watches the clock of NATS beside one that nobody sets. Leases end by the
// former: where it is set back, what a worker had begun that is gone is its for as
// much longer.
type clock struct {
	// zero is what that of NATS would have said at the beginning of the other, by
	// the last look; the zero Time before any.
	zero time.Time
}

// setBack takes a reading of both, and reports whether that of NATS was set back by
// more than some time since the last one.
func (c *clock) setBack(nats time.Time, steady, by time.Duration) bool {
	zero := nats.Add(-steady)
	back := c.zero.Sub(zero) > by
	c.zero = zero
	return back
}

// forgetLeases has tasks that somebody here waits for lie in the queue no more, where
// the clock of NATS was set back, so that they are asked for anew. Workers that live
// go on with what they have begun: done twice, it does no harm.
func (q *Queue) forgetLeases(ctx context.Context, jobs []job) error {
	if len(jobs) == 0 || !q.Connected() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	steady := time.Since(q.opened)
	stream, err := q.js.Stream(ctx, tasksStream)
	if err != nil {
		return err
	}
	q.mu.Lock()
	back := q.clock.setBack(stream.CachedInfo().TimeStamp, steady, q.cfg.Lease)
	q.mu.Unlock()
	if !back {
		return nil
	}
	q.cfg.Logger.Warn("the clock of NATS was set back: tasks are asked for anew", "tasks", len(jobs))
	keys := make([]surfaces.Key, len(jobs))
	for i := range jobs {
		keys[i] = jobs[i].task.Key
	}
	return q.purge(ctx, keys)
}

// purge removes tasks from the queue.
func (q *Queue) purge(ctx context.Context, keys []surfaces.Key) error {
	stream, err := q.js.Stream(ctx, tasksStream)
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, key := range keys {
		group.Go(func() error { return stream.Purge(ctx, jetstream.WithPurgeSubject(q.taskSubject(key))) })
	}
	return group.Wait()
}
