package server

import (
	"cmp"
	"context"
	"runtime"

	"github.com/canopyradar/canopy/coverage"
)

// entry lets work in, by what it costs: that is charged to the caller. Large work
// waits for large work, and for memory; what is cheap waits for none of it.
type entry struct {
	callers      *callers
	memory       *budget
	large, cheap *gate
}

// maxCheapWaiting is how many cheap requests may wait for their turn: all of them
// together some ten seconds.
const maxCheapWaiting = 256

func newEntry(l Limits, memory *budget) *entry {
	return &entry{
		callers: newCallers(l.CallerRate, l.CallerBurst),
		memory:  memory,
		large:   newGate(l.MaxConcurrent, l.MaxWaiting),
		cheap:   newGate(max(l.MaxConcurrent, cmp.Or(l.Workers, runtime.GOMAXPROCS(0))), maxCheapWaiting),
	}
}

// do runs work when its turn has come. It fails as callers.charge does, as
// gate.enter, or as work.
func (e *entry) do(ctx context.Context, cost coverage.Cost, work func(context.Context) error) error {
	bill, err := e.callers.charge(ctx, cost)
	if err != nil {
		return err
	}
	leave, err := e.enter(ctx, cost)
	if err != nil {
		bill.tearUp()
		return err
	}
	defer leave()
	defer bill.settle()
	return work(bill.watch(ctx))
}

// enter waits for a turn, and for memory.
func (e *entry) enter(ctx context.Context, cost coverage.Cost) (leave func(), err error) {
	if cost.Cheap() {
		return e.cheap.enter(ctx)
	}
	turn, err := e.large.admit()
	if err != nil {
		return nil, err
	}
	return e.withMemory(ctx, cost, turn.enter)
}

// queue is enter for large work that nobody waits for: it has patience however many
// wait.
func (e *entry) queue(ctx context.Context, cost coverage.Cost) (leave func(), err error) {
	return e.withMemory(ctx, cost, e.large.queue)
}

// withMemory reserves it when a turn has come, as memory that is reserved by those
// who wait would be of no use.
func (e *entry) withMemory(ctx context.Context, cost coverage.Cost, enter func(context.Context) (func(), error)) (leave func(), err error) {
	leaveGate, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	release, err := e.memory.reserve(ctx, cost.MemoryB)
	if err != nil {
		leaveGate()
		return nil, err
	}
	return func() { release(); leaveGate() }, nil
}

// hold reserves memory for what outlives its turn, within it.
func (e *entry) hold(ctx context.Context, cost coverage.Cost) (release func(), err error) {
	if cost.Cheap() {
		return e.memory.tryReserve(cost.MemoryB)
	}
	return e.memory.reserve(ctx, cost.MemoryB)
}
