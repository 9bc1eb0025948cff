package queue_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/executortest"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/server/queue"
)

// A lease that began before the clock of NATS was set back does not hold up those who
// wait, though its worker is gone and it has a year to run.
func TestClockSetBack(t *testing.T) {
	p := newPlace(t)
	want := alone(t)
	asking := queue.Config{Conn: p.connect(), Store: p.store(), Terrain: identity, Logger: p.logger(), Lease: 365 * 24 * time.Hour}
	q, err := queue.Open(t.Context(), asking)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	engine := &coverage.Engine{Terrain: executortest.Terrain(), Workers: 2, Executor: q, Surfaces: surfaces.New(0, p.shelf())}
	var got [][]uint64
	var waiting, working sync.WaitGroup
	waiting.Go(func() { got, err = executortest.Sightings(t.Context(), engine) })
	eventually(t, "all tasks lie in the queue", func() bool { return p.lies("CANOPY_TASKS") == tasks })
	p.take(tasks)
	asking.Conn = p.connect()
	worker, opening := queue.Open(t.Context(), asking)
	if opening != nil {
		t.Fatal(opening)
	}
	t.Cleanup(worker.Close)
	ctx, stop := context.WithCancel(t.Context())
	defer working.Wait()
	defer stop()
	working.Go(func() { worker.Work(ctx, &coverage.Engine{Terrain: executortest.Terrain(), Workers: 1}, 0) })
	time.Sleep(time.Second)
	if _, sum := p.begun(); sum > 0 {
		t.Error("a task was begun whose lease had not ended")
	}
	q.NATSWasAhead(2 * asking.Lease)
	eventually(t, "all tasks are begun", func() bool { _, sum := p.begun(); return sum == tasks })
	waiting.Wait()
	checkSightings(t, want, got, err)
}

// take begins tasks as a worker does that is gone then.
func (p *place) take(n int) {
	p.t.Helper()
	stream, err := p.js().Stream(p.t.Context(), "CANOPY_TASKS")
	if err != nil {
		p.t.Fatal(err)
	}
	for name := range stream.ConsumerNames(p.t.Context()).Name() {
		consumer, err := stream.Consumer(p.t.Context(), name)
		if err != nil {
			p.t.Fatal(err)
		}
		batch, err := consumer.Fetch(n)
		if err != nil {
			p.t.Fatal(err)
		}
		taken := 0
		for range batch.Messages() {
			taken++
		}
		if taken != n {
			p.t.Fatalf("%d tasks were taken, want %d", taken, n)
		}
	}
}
