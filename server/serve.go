package server

import (
	"context"
	"errors"
	"net"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/test/bufconn"
)

// Serve serves clients of listener, which it closes, until ctx is done or
// Shutdown is called. When ctx is done it shuts down, and open requests have
// Limits.Grace to end. It returns nil after a shutdown.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	done := make(chan struct{})
	var stopping sync.WaitGroup
	stopping.Go(func() {
		select {
		case <-ctx.Done():
			graceful, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.grace)
			defer cancel()
			s.Shutdown(graceful)
		case <-done:
		}
	})
	err := s.grpc.Serve(listener)
	close(done)
	stopping.Wait()
	if errors.Is(err, grpc.ErrServerStopped) {
		return nil
	}
	return err
}

// Unready says what keeps the server from taking requests, as health clients are
// told that it does not; empty for nothing.
func (s *Server) Unready() string {
	said, err := s.health.Check(context.Background(), &healthv1.HealthCheckRequest{})
	switch {
	case err == nil && said.GetStatus() == healthv1.HealthCheckResponse_SERVING:
		return ""
	case !s.open.Load():
		return "opening terrain"
	}
	return "shutting down"
}

// AnnounceShutdown tells health clients that the server is going, ends plans with
// what they have, and goes on serving: for another face of it, which ends first.
func (s *Server) AnnounceShutdown() {
	s.health.Shutdown()
	s.operations.Stop()
}

// Shutdown tells health clients that the server is going, ends plans with what
// they have, takes no more requests and waits for open ones. When ctx is done it
// cancels those that are left and waits for them to end, which they do soon.
//
// A health.Watch is open for as long as its client likes, so that a shutdown
// with watchers lasts until ctx is done: give it a deadline.
func (s *Server) Shutdown(ctx context.Context) {
	s.health.Shutdown()
	s.watches.stop()
	s.operations.Stop()
	drained := make(chan struct{})
	go func() {
		s.grpc.GracefulStop()
		close(drained)
	}()
	select {
	case <-drained:
	case <-ctx.Done():
		s.grpc.Stop()
		<-drained
	}
	s.inProcess.Wait()
	s.operations.Wait()
	s.opening.Lock()
	s.gone = true
	s.opening.Unlock()
	s.stopWork()
	if s.surfaces != nil {
		s.surfaces.Close()
	}
}

// Close shuts down at once.
func (s *Server) Close() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s.Shutdown(ctx)
}

// pipeBytes is the buffer of a connection in the process.
const pipeBytes = 1 << 20

// Dial returns a connection to the server within the process: the same calls,
// interceptors and limits as over a socket. Close the connection, then the
// server.
func (s *Server) Dial(options ...grpc.DialOption) (*grpc.ClientConn, error) {
	pipe := bufconn.Listen(pipeBytes)
	// bufconn knows no names to resolve, hence passthrough.
	conn, err := grpc.NewClient("passthrough:///bufnet", append(options,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return pipe.DialContext(ctx) }))...)
	if err != nil {
		return nil, err
	}
	s.inProcess.Go(func() { _ = s.grpc.Serve(pipe) })
	return conn, nil
}
