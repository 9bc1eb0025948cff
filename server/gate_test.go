package server

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/canopyradar/canopy/server/problem"
)

func TestGate(t *testing.T) {
	g := newGate(1, 1)
	ctx, cancel := context.WithCancel(context.Background())
	leave, err := g.enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	waited := make(chan error)
	go func() {
		_, err := g.enter(ctx)
		waited <- err
	}()
	for len(g.admitted) < 2 {
		runtime.Gosched()
	}
	var busy *problem.BusyError
	if _, err := g.enter(ctx); !errors.As(err, &busy) || busy.Running != 1 || busy.Waiting != 1 {
		t.Errorf("a third one: %v, want a BusyError of 1 and 1", err)
	}
	cancel()
	if err := <-waited; !errors.Is(err, context.Canceled) {
		t.Errorf("the one that gives up waiting: %v", err)
	}
	leave()
	leave, err = g.enter(context.Background())
	if err != nil {
		t.Fatalf("after the first has left: %v", err)
	}
	leave()
	if len(g.admitted)+len(g.running) != 0 {
		t.Error("tokens are left")
	}
}
