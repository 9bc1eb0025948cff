package queue_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"go.uber.org/goleak"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/executortest"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/server/queue"
	"github.com/canopyradar/canopy/server/shelf"
	"github.com/canopyradar/canopy/server/store"
	"github.com/canopyradar/canopy/terrain"
)

// lease is short, so that tests need not wait for the death of workers.
const lease = time.Second

// place is a server of NATS, and a directory of results.
type place struct {
	t      *testing.T
	server *queue.Server
	nats   queue.Embedded
	dir    string
	// bucket has results in NATS, and not in the directory.
	bucket bool
	log    *lockedLog
}

// lockedLog is written by many.
type lockedLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedLog) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Contains(l.b.Bytes(), []byte(text))
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{t: t, dir: t.TempDir(), log: &lockedLog{}}
	p.nats = queue.Embedded{Dir: t.TempDir(), Address: "127.0.0.1:0", Logger: p.logger()}
	p.serve()
	t.Cleanup(func() {
		p.server.Shutdown()
		if t.Failed() {
			p.log.mu.Lock()
			defer p.log.mu.Unlock()
			t.Log(p.log.b.String())
		}
	})
	return p
}

func (p *place) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// serve starts the server, at the same address if it is started again.
func (p *place) serve() {
	p.t.Helper()
	var err error
	if p.server, err = queue.Serve(p.nats); err != nil {
		p.t.Fatal(err)
	}
	p.nats.Address = p.server.Addr().String()
}

// connect is over the network, so that the server can go and come back.
func (p *place) connect() *nats.Conn {
	p.t.Helper()
	conn, err := queue.Connect("nats://"+p.nats.Address, queue.Access{}, p.logger())
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(conn.Close)
	return conn
}

func (p *place) shelf() *shelf.Shelf { return shelf.New(p.store(), p.logger()) }

// bucketB is room for the results of all tests.
const bucketB = 256 << 20

func (p *place) openBucket(ctx context.Context, conn *nats.Conn) (store.Store, error) {
	js, err := jetstream.New(conn)
	if err != nil {
		return nil, err
	}
	return store.OpenJetStream(ctx, js, "results", bucketB)
}

func (p *place) store() store.Store {
	p.t.Helper()
	if p.bucket {
		s, err := p.openBucket(p.t.Context(), p.connect())
		if err != nil {
			p.t.Fatal(err)
		}
		return s
	}
	d, err := store.OpenDirectory(p.dir, store.DefaultLimitB)
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

// join opens the queue for some terrain.
func (p *place) join(identity string) *queue.Queue { return p.joinWith(identity, p.store()) }

func (p *place) joinWith(identity string, s store.Store) *queue.Queue {
	p.t.Helper()
	cfg := queue.Config{Conn: p.connect(), Store: s, Terrain: identity, Logger: p.logger(), Lease: lease}
	if p.bucket {
		cfg.Remake = func(ctx context.Context) error {
			_, err := p.openBucket(ctx, cfg.Conn)
			return err
		}
	}
	q, err := queue.Open(p.t.Context(), cfg)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(q.Close)
	return q
}

var identity = executortest.Terrain().Info().Identity

// work has a worker of its own work until it is told to stop.
func (p *place) work(m terrain.Model) (stop func()) {
	return p.workWith(m, p.store())
}

func (p *place) workWith(m terrain.Model, s store.Store) (stop func()) {
	q := p.joinWith(m.Info().Identity, s)
	ctx, cancel := context.WithCancel(p.t.Context())
	var working sync.WaitGroup
	working.Go(func() { q.Work(ctx, &coverage.Engine{Terrain: m, Workers: 1}, 0) })
	stop = func() { cancel(); working.Wait() }
	p.t.Cleanup(stop)
	return stop
}

// engine asks workers. Nothing but the shelf keeps surfaces.
func (p *place) engine() *coverage.Engine {
	return &coverage.Engine{Terrain: executortest.Terrain(), Workers: 2, Executor: p.join(identity), Surfaces: surfaces.New(0, p.shelf())}
}

func TestMain(m *testing.M) {
	address, dir, path := os.Getenv(victimEnv), os.Getenv(victimEnv+"_STORE"), os.Getenv(victimEnv+"_TERRAIN")
	switch {
	case address != "" && path != "":
		workAsBench(address, dir, path)
		return
	case address != "":
		workAsVictim(address, dir)
		return
	}
	// Where the library puts an object and ends before this has begun, it never ends.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/nats-io/nats.go/jetstream.(*jetStream).resetPendingAcksOnReconnect"))
}

func TestExecutor(t *testing.T) {
	for _, bucket := range []bool{false, true} {
		if bucket && testing.Short() {
			continue
		}
		t.Run(fmt.Sprintf("bucket %t", bucket), func(t *testing.T) {
			executortest.Run(t, func(t *testing.T, workers int) *coverage.Engine {
				p := newPlace(t)
				p.bucket = bucket
				for range workers {
					p.work(executortest.Terrain())
				}
				return p.engine()
			})
		})
	}
}

// watched is terrain that tells when it is read, and may hold readers up.
type watched struct {
	terrain.Model
	reads  atomic.Int64
	before func(ctx context.Context) error
}

func (w *watched) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	w.reads.Add(1)
	if err := w.before(ctx); err != nil {
		return nil, err
	}
	return w.Model.Read(ctx, l)
}

// gathered returns the metrics of a queue by name.
func gathered(t *testing.T, q *queue.Queue) map[string]*dto.MetricFamily {
	t.Helper()
	registry := prometheus.NewRegistry()
	registry.MustRegister(q.Metrics()...)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]*dto.MetricFamily{}
	for _, f := range families {
		named[f.GetName()] = f
	}
	return named
}

// alone is what an engine without workers says.
func alone(t *testing.T) [][]uint64 {
	t.Helper()
	want, err := executortest.Sightings(t.Context(), &coverage.Engine{Terrain: executortest.Terrain()})
	if err != nil {
		t.Fatal(err)
	}
	return want
}

func checkSightings(t *testing.T, want, got [][]uint64, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		for k := range want[i] {
			if want[i][k] != got[i][k] {
				t.Fatalf("radar %d sees %x with workers, and %x without", i, got[i], want[i])
			}
		}
	}
}

// Results survive: who asks again needs no worker.
func TestResultsAreKept(t *testing.T) {
	p := newPlace(t)
	stop := p.work(executortest.Terrain())
	want := alone(t)
	got, err := executortest.Sightings(t.Context(), p.engine())
	checkSightings(t, want, got, err)
	stop()
	got, err = executortest.Sightings(t.Context(), p.engine())
	checkSightings(t, want, got, err)
}

// What NATS remembers of the workers of one terrain ends some time after the last of
// them: each new terrain, or version, has others.
func TestNothingIsRememberedForEver(t *testing.T) {
	p := newPlace(t)
	p.join(identity)
	p.join("another")
	stream, err := p.js().Stream(t.Context(), "CANOPY_TASKS")
	if err != nil {
		t.Fatal(err)
	}
	classes := 0
	for c := range stream.ListConsumers(t.Context()).Info() {
		if classes++; c.Config.InactiveThreshold != stream.CachedInfo().Config.MaxAge || c.Config.InactiveThreshold == 0 {
			t.Errorf("consumer %s stays for %v without workers, want as long as tasks do, %v", c.Name, c.Config.InactiveThreshold, stream.CachedInfo().Config.MaxAge)
		}
	}
	if classes != 2 {
		t.Errorf("%d consumers, want one for each terrain", classes)
	}
}

// errBroken is what a broken disk says.
var errBroken = errors.New("the disk is broken")

func broken() *watched {
	return &watched{Model: executortest.Terrain(), before: func(context.Context) error { return errBroken }}
}
