package server

import (
	"context"

	"github.com/canopyradar/canopy/server/problem"
)

// gate lets a number of computations run at the same time and a number wait.
type gate struct {
	// admitted holds a token for each that runs or waits, running for each
	// that runs.
	admitted, running chan struct{}
}

func newGate(maxRunning, maxWaiting int) *gate {
	return &gate{
		admitted: make(chan struct{}, maxRunning+maxWaiting),
		running:  make(chan struct{}, maxRunning),
	}
}

// enter waits for a turn and returns the function that ends it. It returns a
// *problem.BusyError if too many wait already, and ctx.Err() if ctx is done
// first.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.admitted <- struct{}{}:
	default:
		return nil, &problem.BusyError{Running: cap(g.running), Waiting: cap(g.admitted) - cap(g.running)}
	}
	select {
	case g.running <- struct{}{}:
		return func() { <-g.running; <-g.admitted }, nil
	case <-ctx.Done():
		<-g.admitted
		return nil, ctx.Err()
	}
}

// do runs work when its turn has come. It fails as enter does, or as work.
func (g *gate) do(ctx context.Context, work func() error) error {
	leave, err := g.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return work()
}
