package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/queue"
)

// Worker does tasks of servers, and serves nobody.
type Worker struct {
	queue    *queue.Queue
	engine   *coverage.Engine
	callers  *access.Callers
	registry *prometheus.Registry
}

// NewWorker returns a worker on the terrain of a configuration, of which the
// engine's version, the callers who may look at it, and of the limits Workers and
// MaxPosts count as well.
func NewWorker(q *queue.Queue, cfg Config) *Worker {
	w := &Worker{
		queue: q, callers: cfg.Callers, registry: prometheus.NewRegistry(),
		engine: &coverage.Engine{Terrain: cfg.Terrain, Workers: cfg.Limits.Workers, MaxPosts: cfg.Limits.MaxPosts},
	}
	info := cfg.Terrain.Info()
	w.registry.MustRegister(q.Metrics()...)
	w.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		always("canopy_build_info", "The version of the engine.", prometheus.Labels{"version": cfg.EngineVersion}),
		always("canopy_terrain_info", "The terrain that all answers stand on.", prometheus.Labels{"name": info.Name, "identity": info.Identity}),
	)
	return w
}

// Work does tasks until ctx is done. The one in hand then has grace to end; else
// it is given back.
func (w *Worker) Work(ctx context.Context, grace time.Duration) {
	w.queue.Work(ctx, w.engine, grace)
}

// Unready says what keeps tasks from the worker; empty for nothing.
func (w *Worker) Unready() string {
	if w.queue.Connected() {
		return ""
	}
	return "NATS is out of reach"
}

// Callers tell who may look at the worker; nil for everyone.
func (w *Worker) Callers() *access.Callers { return w.callers }

// Metrics returns what there is to see of the worker, for Prometheus.
func (w *Worker) Metrics() *prometheus.Registry { return w.registry }
