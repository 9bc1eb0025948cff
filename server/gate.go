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

// runs is how many run, and waits how many wait for their turn.
func (g *gate) runs() int  { return len(g.running) }
func (g *gate) waits() int { return max(0, len(g.admitted)-len(g.running)) }

// ticket is the place of one that runs or waits.
type ticket struct{ gate *gate }

// admit takes a place; enter with it, which gives it back. It returns a
// *problem.BusyError if too many wait already.
func (g *gate) admit() (ticket, error) {
	select {
	case g.admitted <- struct{}{}:
		return ticket{g}, nil
	default:
		return ticket{}, &problem.BusyError{Running: cap(g.running), Waiting: cap(g.admitted) - cap(g.running)}
	}
}

// enter waits for a turn and returns the function that ends it. It returns
// ctx.Err() if ctx is done first.
func (t ticket) enter(ctx context.Context) (leave func(), err error) {
	g := t.gate
	select {
	case g.running <- struct{}{}:
		return func() { <-g.running; <-g.admitted }, nil
	case <-ctx.Done():
		<-g.admitted
		return nil, ctx.Err()
	}
}

// giveUp gives the place back without a turn.
func (t ticket) giveUp() { <-t.gate.admitted }

// enter fails as admit and ticket.enter do.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	t, err := g.admit()
	if err != nil {
		return nil, err
	}
	return t.enter(ctx)
}

// queue is enter for work that nobody waits for: it has patience however many
// wait.
func (g *gate) queue(ctx context.Context) (leave func(), err error) {
	select {
	case g.admitted <- struct{}{}:
		return ticket{g}.enter(ctx)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
