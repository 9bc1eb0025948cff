package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/server/problem"
)

// job is a task that somebody here wants done.
type job struct {
	task task
	// kept reports whether the result is in the store, and prepare puts there what
	// workers need.
	kept    func(context.Context) bool
	prepare func(context.Context) error
}

// wait is a job with those who wait for it.
type wait struct {
	job
	waiters []waiter
}

// waiter is told on a channel that has room for it.
type waiter struct {
	landed chan<- landing
	// number is that of the task in the waiter's request.
	number int
}

// landing says that a task is done, or why it never will be.
type landing struct {
	number int
	err    error
}

// state is what became of a task.
type state string

const (
	done    state = "done"
	failed  state = "failed" // and is tried again
	aside   state = "aside"
	refused state = "refused"
	unkept  state = "unkept" // as the store does not do its part
	// Of these nobody needs to be told.
	unwanted  state = "unwanted"
	givenBack state = "given_back"
)

// news are what a worker tells of a task.
type news struct {
	State  state  `json:"state"`
	Worker string `json:"worker"`
	Cause  string `json:"cause,omitempty"`
}

// join waits for a job, with those who do already.
func (q *Queue) join(j job, w waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	key := j.task.Key
	if q.waits[key] == nil {
		q.waits[key] = &wait{job: j}
	}
	q.waits[key].waiters = append(q.waits[key].waiters, w)
}

// leave waits no more for some tasks. Those that nobody waits for are taken back.
func (q *Queue) leave(landed chan<- landing, keys []surfaces.Key) {
	var unwanted []surfaces.Key
	q.mu.Lock()
	for _, key := range keys {
		w := q.waits[key]
		if w == nil {
			continue
		}
		w.waiters = slices.DeleteFunc(w.waiters, func(one waiter) bool { return one.landed == landed })
		if len(w.waiters) == 0 {
			delete(q.waits, key)
			unwanted = append(unwanted, key)
		}
	}
	q.mu.Unlock()
	if len(unwanted) > 0 {
		q.looking.Go(func() { q.takeBack(unwanted) })
	}
}

// atOnce is how many requests are made to NATS or to the store at a time.
const atOnce = 16

// takeBack removes tasks that no worker has begun, and stops those who have.
func (q *Queue) takeBack(keys []surfaces.Key) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if !q.Connected() {
		return // workers do in vain what NATS has when it is back
	}
	err := q.purge(ctx, keys)
	for _, key := range keys {
		err = errors.Join(err, q.cfg.Conn.Publish(q.cancelSubject(key.String()), nil))
	}
	if err := errors.Join(err, q.cfg.Conn.FlushWithContext(ctx)); err != nil {
		q.cfg.Logger.Warn("workers may go on with what nobody wants any more", "error", err)
	}
}

// land tells those who wait for a task.
func (q *Queue) land(key surfaces.Key, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w := q.waits[key]
	if w == nil {
		return
	}
	delete(q.waits, key)
	if err == nil {
		q.counts.done.Inc()
	}
	for _, one := range w.waiters {
		one.landed <- landing{one.number, err}
	}
}

func (q *Queue) hearNews(msg *nats.Msg) {
	key, ok := keyOf(msg.Subject)
	var n news
	if !ok || json.Unmarshal(msg.Data, &n) != nil {
		return
	}
	q.mu.Lock()
	w := q.waits[key]
	q.alive[n.Worker] = time.Now()
	q.mu.Unlock()
	if w == nil {
		return
	}
	switch n.State {
	case done:
		q.land(key, nil)
	case failed:
		q.counts.failed.Inc()
		q.cfg.Logger.Warn("a task failed, and is tried again", "task", w.task.String(), "worker", n.Worker, "cause", n.Cause)
	case aside:
		q.counts.aside.Inc()
		q.cfg.Logger.Error("a task is set aside", "task", w.task.String(), "worker", n.Worker, "cause", n.Cause, "subject", q.asideSubject(key))
		q.land(key, &problem.TaskError{Task: w.task.String(), What: fmt.Sprintf("was begun %d times, and is set aside", attempts), Cause: firstLine(n.Cause)})
	case unkept:
		q.counts.failed.Inc()
		q.land(key, fmt.Errorf("%w: worker %s: %s", coverage.ErrNotKept, n.Worker, n.Cause))
	case refused:
		q.counts.failed.Inc()
		q.cfg.Logger.Error("a worker refuses a task", "task", w.task.String(), "worker", n.Worker, "cause", n.Cause)
		q.land(key, &problem.TaskError{Task: w.task.String(), What: "was refused by a worker", Cause: firstLine(n.Cause)})
	}
}

// firstLine leaves out what is for the log alone: how a panic came about.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// lookAgain has everything looked at soon.
func (q *Queue) lookAgain() {
	select {
	case q.again <- struct{}{}:
	default:
	}
}

// look looks every now and then after all that is waited for: news may be lost,
// and NATS may have lost what it had.
func (q *Queue) look() {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-q.ending.Done():
			return
		case <-q.again:
		case <-ticker.C:
		}
		var jobs []job
		q.mu.Lock()
		for _, w := range q.waits {
			jobs = append(jobs, w.job)
		}
		q.mu.Unlock()
		if err := q.forgetLeases(q.ending, jobs); err != nil && q.ending.Err() == nil {
			q.cfg.Logger.Warn("the clock of NATS cannot be read; it will be tried again", "error", err)
		}
		q.askFor(q.ending, jobs)
	}
}

// askFor lands jobs that are done, and has the others done. Where that fails, the
// next look is as good.
func (q *Queue) askFor(ctx context.Context, jobs []job) {
	if !q.cfg.Conn.IsConnected() {
		return
	}
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range jobs {
		group.Go(func() error { return q.ask(ctx, &jobs[i]) })
	}
	if err := group.Wait(); err != nil && ctx.Err() == nil {
		q.cfg.Logger.Warn("tasks cannot be sent to workers; they will be tried again", "error", err)
	}
}

func (q *Queue) ask(ctx context.Context, j *job) error {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if j.kept(within) {
		q.land(j.task.Key, nil)
		return nil
	}
	if err := j.prepare(within); err != nil {
		// That one who asks has gone is no fault of the store, for which others wait.
		if ctx.Err() == nil && q.Connected() {
			q.land(j.task.Key, fmt.Errorf("%w: %w", coverage.ErrNotKept, err))
		}
		return err
	}
	return q.publish(within, j)
}

// publish puts a task into the queue, unless it is there.
func (q *Queue) publish(ctx context.Context, j *job) error {
	body, err := encode(j.task)
	if err != nil {
		return err
	}
	err = q.send(ctx, j.task.Key, body)
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		if _, err = q.consumer(ctx); err == nil {
			err = q.send(ctx, j.task.Key, body)
		}
	}
	return err
}

func (q *Queue) send(ctx context.Context, key surfaces.Key, body []byte) error {
	_, err := q.js.Publish(ctx, q.taskSubject(key), body, jetstream.WithExpectLastSequencePerSubject(0))
	var refusal *jetstream.APIError
	if errors.As(err, &refusal) && (refusal.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || refusal.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant) {
		return nil // it is there
	}
	if err == nil {
		q.counts.published.Inc()
	}
	return err
}
