package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/canopyradar/canopy/coverage"
)

// Why the work on a task was stopped.
var (
	errUnwanted = errors.New("nobody wants it any more")
	errLeaving  = errors.New("this worker has to go")
)

const (
	// nextWait is how long a worker waits for a task before it asks again, and at
	// most until it notices that it has to go.
	nextWait = time.Second
	// retryWait is how long one waits that cannot reach NATS, and for how long a
	// task that failed is left alone.
	retryWait = time.Second
)

// Work does tasks with an engine, one after the other, until ctx is done. The task
// in hand then has grace to end; else it is given back.
func (q *Queue) Work(ctx context.Context, engine *coverage.Engine, grace time.Duration) {
	working, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	var around sync.WaitGroup
	around.Go(func() { q.beat(working) })
	around.Go(func() {
		select {
		case <-working.Done():
			return
		case <-ctx.Done():
			sleep(working, grace)
		}
		stop(errLeaving)
	})
	defer around.Wait()
	defer stop(nil)
	w := &worker{Queue: q, engine: engine}
	for ctx.Err() == nil {
		msg, err := w.next(ctx)
		if err != nil {
			q.cfg.Logger.Warn("no tasks can be had; trying again", "error", err)
			sleep(ctx, retryWait)
			continue
		}
		if msg != nil {
			w.handle(working, msg)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// beat says that a worker lives.
func (q *Queue) beat(ctx context.Context) {
	ticker := time.NewTicker(beatEvery)
	defer ticker.Stop()
	for ctx.Err() == nil {
		_ = q.cfg.Conn.Publish(q.aliveSubject(), []byte(q.worker)) // the next one may be heard
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

type worker struct {
	*Queue
	engine   *coverage.Engine
	consumer jetstream.Consumer
}

// next returns nil if there is nothing to do.
func (w *worker) next(ctx context.Context) (jetstream.Msg, error) {
	if w.consumer == nil {
		asking, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		consumer, err := w.Queue.consumer(asking)
		if err != nil {
			return nil, err
		}
		w.consumer = consumer
	}
	batch, err := w.consumer.Fetch(1, jetstream.FetchMaxWait(nextWait))
	if err == nil {
		for msg := range batch.Messages() {
			return msg, nil
		}
		err = batch.Error()
	}
	if err == nil || errors.Is(err, nats.ErrTimeout) {
		return nil, nil
	}
	w.consumer = nil // NATS may have lost it
	return nil, err
}

// handle does a task, and says what became of it.
func (w *worker) handle(ctx context.Context, msg jetstream.Msg) {
	w.counts.running.Inc()
	defer w.counts.running.Dec()
	begun := uint64(1)
	if meta, err := msg.Metadata(); err == nil {
		begun = meta.NumDelivered
	}
	var t task
	key, known := keyOf(msg.Subject())
	if err := decode(msg.Data(), &t); err != nil || !known || t.Key != key {
		w.cfg.Logger.Error("what is in the queue is no task; it is dropped", "subject", msg.Subject(), "error", err)
		_ = msg.Term()
		return
	}
	w.cfg.Logger.Debug("task begun", "task", t.String(), "attempt", begun)
	var err error
	switch {
	case w.kept(ctx, &t):
	case begun > attempts:
		err = errors.New("no worker that began it lived to end it")
	default:
		err = w.lease(ctx, msg, &t)
	}
	w.settle(msg, &t, begun, err)
}

// lease does a task, and keeps it meanwhile.
func (w *worker) lease(ctx context.Context, msg jetstream.Msg, t *task) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w.mu.Lock()
	w.running[t.Key] = cancel
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.running, t.Key)
	}()
	var keeping sync.WaitGroup
	defer keeping.Wait()
	done := make(chan struct{})
	defer close(done)
	keeping.Go(func() {
		ticker := time.NewTicker(w.cfg.Lease / 3)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				_ = msg.InProgress() // else somebody else begins it, too
			}
		}
	})
	err := w.make(ctx, t)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

func (w *worker) kept(ctx context.Context, t *task) bool {
	if t.Targets == nil {
		return w.shelf.Has(t.Key)
	}
	return w.cfg.Store.Has(ctx, t.Key.String()+seenWord)
}

// unkeptError is of a store that does not take a result, or has not what it is made
// of.
type unkeptError struct{ err error }

func (e *unkeptError) Error() string { return e.err.Error() }
func (e *unkeptError) Unwrap() error { return e.err }

// make puts the result of a task into the store.
func (w *worker) make(ctx context.Context, t *task) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	if t.Targets == nil {
		made, err := w.engine.MakeFloor(ctx, t.Task)
		if err != nil {
			return err
		}
		w.shelf.Put(t.Key, made)
		if !w.shelf.Has(t.Key) {
			return &unkeptError{fmt.Errorf("%s does not keep the floor: give it room", w.cfg.Store)}
		}
		return nil
	}
	targets, err := w.targets(ctx, *t.Targets)
	if err != nil {
		return &unkeptError{fmt.Errorf("targets in %s: %w", w.cfg.Store, err)}
	}
	seen, err := w.engine.MakeSeen(ctx, t.Task, targets)
	if err != nil {
		return err
	}
	if err := w.putSeen(ctx, t.Key, seen); err != nil {
		return &unkeptError{err}
	}
	return nil
}

// settle says what became of a task. What is lost on the way is found out by those
// who wait, or when the lease ends.
func (w *worker) settle(msg jetstream.Msg, t *task, begun uint64, err error) {
	var refusal *coverage.TaskError
	var lost *unkeptError
	outcome := failed
	switch {
	case err == nil:
		outcome = done
		w.tell(t, done, nil)
		_ = msg.Ack()
	case errors.Is(err, errUnwanted):
		outcome = unwanted
		_ = msg.Term()
	case errors.Is(err, errLeaving):
		outcome = givenBack
		w.giveBack(msg, t)
	case errors.As(err, &refusal):
		outcome = refused
		w.tell(t, refused, err)
		_ = msg.Term()
	case errors.As(err, &lost):
		outcome = unkept
		w.tell(t, unkept, err)
		_ = msg.Term()
	case begun >= attempts:
		outcome = aside
		w.setAside(msg, t, err)
	default:
		w.tell(t, failed, err)
		_ = msg.NakWithDelay(retryWait)
	}
	w.counts.worked.WithLabelValues(string(outcome)).Inc()
	w.cfg.Logger.Debug("task ended", "task", t.String(), "outcome", string(outcome), "error", err)
}

func (w *worker) tell(t *task, s state, err error) {
	n := news{State: s, Worker: w.worker}
	if err != nil {
		n.Cause = err.Error()
	}
	if body, err := json.Marshal(n); err == nil {
		_ = w.cfg.Conn.Publish(w.newsSubject(t.Key.String()), body)
	}
}

// giveBack puts a task into the queue anew, so that it does not count as one that
// failed.
func (w *worker) giveBack(msg jetstream.Msg, t *task) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := msg.DoubleAck(ctx)
	if err == nil {
		err = w.send(ctx, t.Key, msg.Data())
	}
	if err != nil {
		w.cfg.Logger.Warn("a task could not be given back; who waits for it asks again", "task", t.String(), "error", err)
	}
}

// setAside puts a task where people find it, and no worker.
func (w *worker) setAside(msg jetstream.Msg, t *task, cause error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	kept := nats.NewMsg(w.asideSubject(t.Key))
	kept.Data = msg.Data()
	kept.Header.Set("Canopy-Task", t.String())
	kept.Header.Set("Canopy-Cause", strings.ReplaceAll(cause.Error(), "\n", " "))
	if _, err := w.js.PublishMsg(ctx, kept); err != nil {
		w.cfg.Logger.Error("a task could not be set aside, and is dropped", "task", t.String(), "error", err)
	}
	w.tell(t, aside, cause)
	_ = msg.Term()
}
