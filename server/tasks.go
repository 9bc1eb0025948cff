package server

import (
	"context"
	"sync"
	"time"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/server/queue"
)

// Tasks say what other machines do for a server.
type Tasks struct {
	// Queue is what sweeps go to; nil for none. It stays open until the server is
	// closed, and has its results where Cache.Store is.
	Queue *queue.Queue
	// Work has the server do tasks as well, so that without any other worker
	// everything takes longer, and nothing for ever.
	Work bool
}

// hand has an engine hand its sweeps over. stop ends the server's own part in them.
func (t Tasks) hand(engine *coverage.Engine, grace time.Duration) (stop func()) {
	if t.Queue == nil {
		return func() {}
	}
	own := *engine
	engine.Executor = t.Queue
	if !t.Work {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var working sync.WaitGroup
	working.Go(func() { t.Queue.Work(ctx, &own, grace) })
	return func() { cancel(); working.Wait() }
}
