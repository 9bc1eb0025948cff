// Package queue has sweeps done by workers on other machines, by way of NATS
// JetStream.
//
// A task lies in a stream until a worker has put its result into the store, under
// the task's key; who waits for it is told, and looks there every now and then in
// case that was lost. All else follows from the key, which names all that the
// result depends on: who wants what is asked for already shares it, who finds it
// in the store asks nobody, and who does it twice does no harm.
//
//	queue.go     streams and subjects
//	ask.go       who wants tasks done: a coverage.Executor
//	wait.go      who waits for which task
//	clock.go     what leases go by, and what if it is set back
//	work.go      who does them
//	task.go      tasks and results as bytes
//	connect.go   connections, and a server of NATS in the process
//	metrics.go   what those who watch see of it
package queue

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/singleflight"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/server/shelf"
	"github.com/canopyradar/canopy/server/store"
)

// Config is what a Queue needs.
type Config struct {
	// Conn goes on for as long as the queue does.
	Conn *nats.Conn
	// Store has the results, those of all that share the queue.
	Store store.Store
	// Remake makes the store where NATS has lost it; nil for one that is elsewhere.
	Remake func(context.Context) error
	// Terrain is the identity of the elevation model.
	Terrain string
	Logger  *slog.Logger
	// Lease is how long a task is a worker's that does not say that it goes on; 0
	// for DefaultLease. All that share the queue have the same.
	Lease time.Duration
}

// DefaultLease is what a worker's death costs.
const DefaultLease = 10 * time.Second

const (
	// attempts is how often a task is begun before it is set aside.
	attempts = 3
	// patience is how long one request to NATS or to the store may take that
	// nobody's request is bound to.
	patience = 5 * time.Second
	// lookEvery is how often those who wait look for results themselves.
	lookEvery = 5 * time.Second
	// beatEvery is how often workers say that they live; who misses three beats
	// takes them for gone.
	beatEvery = 2 * time.Second
	// keepTasks is for how long tasks wait for a worker. Who waits longer than that
	// asks again.
	keepTasks = 24 * time.Hour
	// keepAside is for how long tasks are kept that were set aside.
	keepAside = 7 * 24 * time.Hour
)

// Streams are of all terrains. What workers of one can do has a part of its
// subjects to itself.
const (
	tasksStream = "CANOPY_TASKS"
	asideStream = "CANOPY_ASIDE"
	taskPrefix  = "canopy.task."
	asidePrefix = "canopy.aside."
)

// form is that of tasks and results.
const form = "1"

// class names the workers that can do the same: those of one terrain, version of
// the kernel, and form of tasks.
func class(terrain string) string {
	sum := sha256.Sum256([]byte("canopy tasks\x00" + form + "\x00" + floor.Version + "\x00" + terrain))
	return fmt.Sprintf("%x", sum[:8])
}

// Queue is a coverage.Executor, and Work does what it is asked for. It is safe
// for concurrent use.
type Queue struct {
	cfg    Config
	js     jetstream.JetStream
	shelf  *shelf.Shelf
	class  string
	worker string // what this process is called as one
	counts *counts

	ending context.Context
	end    func()
	opened time.Time
	// looking are goroutines that end with the queue.
	looking sync.WaitGroup
	news    []*nats.Subscription
	// again has everything looked at that is waited for.
	again chan struct{}
	// putting has targets on their way to the store once.
	putting singleflight.Group

	mu      sync.Mutex
	clock   clock
	waits   map[surfaces.Key]*wait
	running map[surfaces.Key]context.CancelCauseFunc
	// alive is when workers were last heard of.
	alive map[string]time.Time
	// loaded are the targets that were last read, as many tasks are about the same.
	loaded loaded
}

// ErrIdentity is returned for terrain that does not tell one content from
// another, so that nobody could tell whether a worker has the same.
var ErrIdentity = errors.New("this terrain has no identity by which workers could know it: import it into a store (canopy terrain import)")

// Open joins a queue, and makes it where there is none; Close it. It fails with
// ErrIdentity.
func Open(ctx context.Context, cfg Config) (*Queue, error) {
	if cfg.Terrain == "" {
		return nil, ErrIdentity
	}
	cfg.Lease = cmp.Or(cfg.Lease, DefaultLease)
	js, err := jetstream.New(cfg.Conn)
	if err != nil {
		return nil, err
	}
	host, _ := os.Hostname()
	q := &Queue{
		cfg: cfg, js: js, shelf: shelf.New(cfg.Store, cfg.Logger), class: class(cfg.Terrain), worker: fmt.Sprintf("%s:%d", host, os.Getpid()), counts: newCounts(), opened: time.Now(),
		again: make(chan struct{}, 1), waits: map[surfaces.Key]*wait{}, running: map[surfaces.Key]context.CancelCauseFunc{}, alive: map[string]time.Time{},
	}
	consumer, err := q.consumer(ctx)
	if err != nil {
		return nil, fmt.Errorf("the queue at %s: %w", cfg.Conn.ConnectedUrlRedacted(), err)
	}
	q.clock.setBack(consumer.CachedInfo().TimeStamp, time.Since(q.opened), cfg.Lease)
	q.ending, q.end = context.WithCancel(context.WithoutCancel(ctx))
	if err := q.listen(); err != nil {
		q.Close()
		return nil, err
	}
	cfg.Conn.SetReconnectHandler(func(*nats.Conn) {
		cfg.Logger.Info("NATS is back")
		q.lookAgain()
	})
	q.looking.Go(q.look)
	return q, nil
}

// Close leaves the queue. Nobody may ask or work any more.
func (q *Queue) Close() {
	for _, s := range q.news {
		_ = s.Unsubscribe() // which fails where the connection is gone
	}
	q.end()
	q.looking.Wait()
}

// consumer makes what is not there: all of it, where NATS has lost its disk.
func (q *Queue) consumer(ctx context.Context) (jetstream.Consumer, error) {
	if q.cfg.Remake != nil {
		if err := q.cfg.Remake(ctx); err != nil {
			return nil, err
		}
	}
	_, err := q.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: asideStream, Description: "Tasks of Canopy that were given up", Subjects: []string{asidePrefix + ">"},
		MaxMsgsPerSubject: 1, MaxAge: keepAside,
	})
	if err != nil {
		return nil, err
	}
	tasks, err := q.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: tasksStream, Description: "Tasks of Canopy", Subjects: []string{taskPrefix + ">"},
		Retention: jetstream.WorkQueuePolicy, MaxAge: keepTasks,
	})
	if err != nil {
		return nil, err
	}
	return tasks.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: "workers-" + q.class, FilterSubject: taskPrefix + q.class + ".*",
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: q.cfg.Lease, MaxDeliver: -1, MaxAckPending: -1,
		// No task of this terrain and version is left by then, and perhaps no worker ever
		// comes again.
		InactiveThreshold: keepTasks,
	})
}

func (q *Queue) taskSubject(key surfaces.Key) string {
	return taskPrefix + q.class + "." + key.String()
}
func (q *Queue) asideSubject(key surfaces.Key) string {
	return asidePrefix + q.class + "." + key.String()
}

// What is said of tasks goes to everybody who listens, and is not kept.
func (q *Queue) newsSubject(of string) string   { return "canopy.news." + q.class + "." + of }
func (q *Queue) cancelSubject(of string) string { return "canopy.cancel." + q.class + "." + of }
func (q *Queue) aliveSubject() string           { return "canopy.alive." + q.class }

func (q *Queue) listen() error {
	for subject, hear := range map[string]nats.MsgHandler{
		q.newsSubject("*"): q.hearNews, q.cancelSubject("*"): q.hearCancel, q.aliveSubject(): q.hearAlive,
	} {
		s, err := q.cfg.Conn.Subscribe(subject, hear)
		if err != nil {
			return err
		}
		q.news = append(q.news, s)
	}
	return q.cfg.Conn.Flush()
}

// hearCancel stops work that somebody does not want any more, and asks anew for
// what somebody else here does.
func (q *Queue) hearCancel(msg *nats.Msg) {
	key, ok := keyOf(msg.Subject)
	if !ok {
		return
	}
	q.mu.Lock()
	cancel, wanted := q.running[key], q.waits[key] != nil
	q.mu.Unlock()
	if cancel != nil {
		cancel(errUnwanted)
	}
	if wanted {
		q.lookAgain()
	}
}

func (q *Queue) hearAlive(msg *nats.Msg) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.alive[string(msg.Data)] = time.Now()
}

// workers counts those that live.
func (q *Queue) workers() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for id, heard := range q.alive {
		if time.Since(heard) > 3*beatEvery {
			delete(q.alive, id)
		}
	}
	return len(q.alive)
}

// Connected reports whether NATS is within reach.
func (q *Queue) Connected() bool { return q.cfg.Conn.IsConnected() }
