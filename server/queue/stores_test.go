package queue_test

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/executortest"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/shelf"
	"github.com/canopyradar/canopy/server/store"
)

// full is a store that takes nothing.
type full struct{ store.Store }

var errFull = errors.New("no space left on device")

func (full) Put(context.Context, string, io.Reader, int64) error { return errFull }

// Whatever becomes of results, the answer is the same: the server does itself what
// it does not get.
func TestResultsThatAreLost(t *testing.T) {
	want := alone(t)
	gaps, err := (&coverage.Engine{Terrain: executortest.Terrain()}).FindGaps(t.Context(), executortest.Gaps())
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]func(p *place) (workers, server store.Store){
		"the workers' store is full": func(p *place) (workers, server store.Store) { return full{p.store()}, p.store() },
		"the server's store is full": func(p *place) (workers, server store.Store) { return p.store(), full{p.store()} },
		"each has a store of its own": func(p *place) (workers, server store.Store) {
			workers = p.store()
			p.dir = p.t.TempDir()
			return workers, p.store()
		},
	}
	for name, stores := range tests {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			workers, server := stores(p)
			p.workWith(executortest.Terrain(), workers)
			e := &coverage.Engine{
				Terrain: executortest.Terrain(), Workers: 2, Executor: p.joinWith(identity, server),
				Surfaces: surfaces.New(0, shelf.New(server, p.logger())),
			}
			got, err := executortest.Sightings(t.Context(), e)
			checkSightings(t, want, got, err)
			found, err := e.FindGaps(t.Context(), executortest.Gaps())
			if err != nil || !reflect.DeepEqual(found, gaps) {
				t.Errorf("error %v, or other gaps", err)
			}
			e.Surfaces.Close()
			if !p.log.has("this process has to do what workers did") {
				t.Error("the log does not say so")
			}
		})
	}
}

// What is damaged in the store is made again.
func TestDamagedResults(t *testing.T) {
	p := newPlace(t)
	want := alone(t)
	p.work(executortest.Terrain())
	got, err := executortest.Sightings(t.Context(), p.engine())
	checkSightings(t, want, got, err)
	p.damage("*.seen", 40)
	p.damage("*.targets", 40)
	got, err = executortest.Sightings(t.Context(), p.engine())
	checkSightings(t, want, got, err)
	if _, sum := p.begun(); sum != 2*tasks {
		t.Errorf("tasks were begun %d times, want %d", sum, 2*tasks)
	}
}

// A task whose workers die is set aside as well.
func TestDeadlyTasks(t *testing.T) {
	p := newPlace(t)
	ended := make(chan error, 1)
	engine := p.engine()
	go func() {
		_, err := executortest.Sightings(t.Context(), engine)
		ended <- err
	}()
	eventually(t, "all tasks lie in the queue", func() bool { return p.lies("CANOPY_TASKS") == tasks })
	stream, err := p.js().Stream(t.Context(), "CANOPY_TASKS")
	if err != nil {
		t.Fatal(err)
	}
	for name := range stream.ConsumerNames(t.Context()).Name() {
		c, err := stream.Consumer(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for taken := 0; taken < 3*tasks; {
			batch, err := c.Fetch(tasks, jetstream.FetchMaxWait(2*lease))
			if err != nil {
				t.Fatal(err)
			}
			for range batch.Messages() {
				taken++
			}
		}
	}
	p.work(executortest.Terrain())
	var aside *problem.TaskError
	if err := <-ended; !errors.As(err, &aside) || aside.Cause != "no worker that began it lived to end it" {
		t.Errorf("error %v, want a TaskError that says that workers died", err)
	}
}

// gated is a store that counts the targets that it is given, and keeps none before
// the gate is open.
type gated struct {
	store.Store
	gate    <-chan struct{}
	targets *atomic.Int64
}

func (g gated) Put(ctx context.Context, name string, content io.Reader, sizeB int64) error {
	if strings.HasSuffix(name, ".targets") {
		g.targets.Add(1)
		select {
		case <-g.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return g.Store.Put(ctx, name, content, sizeB)
}

// Who gives up while targets are on their way takes them from nobody who waits for
// the same tasks; and they go there once, for all tasks.
func TestTargetsOnTheirWay(t *testing.T) {
	p := newPlace(t)
	want := alone(t)
	gate, puts := make(chan struct{}), new(atomic.Int64)
	e := &coverage.Engine{Terrain: executortest.Terrain(), Workers: 2, Executor: p.joinWith(identity, gated{p.store(), gate, puts})}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	given := make(chan error, 1)
	go func() {
		_, err := executortest.Sightings(ctx, e)
		given <- err
	}()
	eventually(t, "targets are on their way", func() bool { return puts.Load() > 0 })
	var got [][]uint64
	var err error
	var asking sync.WaitGroup
	asking.Go(func() { got, err = executortest.Sightings(t.Context(), e) })
	time.Sleep(100 * time.Millisecond) // until the second waits as well
	cancel()
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context canceled", err)
	}
	close(gate)
	p.work(executortest.Terrain())
	asking.Wait()
	checkSightings(t, want, got, err)
	if p.log.has("this process has to do what workers did") {
		t.Error("the second request is told that nothing can be kept")
	}
	if n := puts.Load(); n != 1 {
		t.Errorf("the same targets were put %d times, want once", n)
	}
}
