package server

import (
	"context"

	"google.golang.org/grpc"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/terrain"
)

// Open gives a server without terrain that which all answers stand on, once, and
// has it take requests; tasks are of the same terrain. Until then health clients
// are told that it does not, and calls fail with a *problem.StartingError.
func (s *Server) Open(model terrain.Model, tasks Tasks) {
	s.opening.Lock()
	defer s.opening.Unlock()
	if s.gone {
		return
	}
	s.engine.Terrain, s.resolver.Extent = s.metrics.reads.of(model), model.Lattice().Bound()
	s.metrics.standOn(model.Info())
	if tasks.Queue != nil {
		s.metrics.registry.MustRegister(tasks.Queue.Metrics()...)
	}
	s.stopWork = tasks.hand(s.engine, s.grace)
	// Calls look at this before they look at the terrain.
	s.open.Store(true)
	s.tellHealth(healthv1.HealthCheckResponse_SERVING)
}

// tellHealth changes nothing once the server is going.
func (s *Server) tellHealth(status healthv1.HealthCheckResponse_ServingStatus) {
	s.health.SetServingStatus("", status)
	for name := range s.grpc.GetServiceInfo() {
		s.health.SetServingStatus(name, status)
	}
}

func (i *interceptors) openUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if !i.open.Load() {
		return nil, &problem.StartingError{}
	}
	return handler(ctx, req)
}

func (i *interceptors) openStream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if !i.open.Load() {
		return &problem.StartingError{}
	}
	return handler(srv, stream)
}
