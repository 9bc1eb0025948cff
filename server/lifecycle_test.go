package server_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
)

var services = []string{
	"canopy.v1.CatalogService", "canopy.v1.CoverageService", "canopy.v1.SitingService", "canopy.v1.TerrainService", "google.longrunning.Operations",
}

// A server without terrain says so, and takes requests once it has one.
func TestStarting(t *testing.T) {
	s, err := server.New(server.Config{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); s.Close() })
	probe := healthv1.NewHealthClient(conn)
	watch, err := probe.Watch(testContext(t), &healthv1.HealthCheckRequest{Service: services[0]})
	if err != nil {
		t.Fatal(err)
	}
	wantHealth := func(want healthv1.HealthCheckResponse_ServingStatus) {
		t.Helper()
		if said, err := watch.Recv(); err != nil || said.GetStatus() != want {
			t.Errorf("a watch says %v, %v, want %v", said, err, want)
		}
		for _, service := range append([]string{""}, services...) {
			if said, err := probe.Check(testContext(t), &healthv1.HealthCheckRequest{Service: service}); err != nil || said.GetStatus() != want {
				t.Errorf("health of %q = %v, %v, want %v", service, said, err, want)
			}
		}
	}
	get := func() error {
		_, err := canopyv1.NewTerrainServiceClient(conn).GetTerrain(testContext(t), &canopyv1.GetTerrainRequest{})
		return err
	}
	wantHealth(healthv1.HealthCheckResponse_NOT_SERVING)
	wantStatus(t, get(), codes.Unavailable, problem.ReasonStarting)
	if after := problem.RetryAfter(status.Convert(get())); after <= 0 {
		t.Error("it does not say when to try again")
	}
	stream, err := canopyv1.NewCoverageServiceClient(conn).ExportFloor(testContext(t), &canopyv1.ExportFloorRequest{})
	if err == nil {
		_, err = stream.Recv()
	}
	wantStatus(t, err, codes.Unavailable, problem.ReasonStarting)
	if s.Unready() != "opening terrain" {
		t.Error("it is ready, or has started")
	}
	// Others ask all the while.
	asking, stop := context.WithCancel(testContext(t))
	var others sync.WaitGroup
	for range 4 {
		others.Go(func() {
			for asking.Err() == nil {
				if err := get(); err != nil && problem.Reason(status.Convert(err)) != problem.ReasonStarting {
					t.Error(err)
				}
			}
		})
	}
	s.Open(ridge{}, server.Tasks{})
	if err := get(); err != nil {
		t.Error(err)
	}
	stop()
	others.Wait()
	wantHealth(healthv1.HealthCheckResponse_SERVING)
	if s.Unready() != "" {
		t.Error("it is not ready, or still starting")
	}
}

// Terrain that comes late does not make a server serve that is going.
func TestTerrainAfterTheEnd(t *testing.T) {
	s, err := server.New(server.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s.AnnounceShutdown()
	s.Open(ridge{}, server.Tasks{})
	if s.Unready() == "" {
		t.Error("it says that it serves")
	}
	s.Close()
}

func TestHealth(t *testing.T) {
	_, conn := serve(t, server.Config{})
	client := healthv1.NewHealthClient(conn)
	for _, service := range append([]string{""}, services...) {
		resp, err := client.Check(testContext(t), &healthv1.HealthCheckRequest{Service: service})
		if err != nil || resp.GetStatus() != healthv1.HealthCheckResponse_SERVING {
			t.Errorf("health of %q = %v, %v", service, resp, err)
		}
	}
	if _, err := client.Check(testContext(t), &healthv1.HealthCheckRequest{Service: "nobody"}); status.Code(err) != codes.NotFound {
		t.Errorf("health of an unknown service: %v", err)
	}
}

func TestReflection(t *testing.T) {
	_, conn := serve(t, server.Config{})
	ctx, cancel := context.WithCancel(testContext(t))
	defer cancel()
	stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	if err != nil {
		t.Fatal(err)
	}
	err = stream.Send(&reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{},
	})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range resp.GetListServicesResponse().GetService() {
		names = append(names, s.GetName())
	}
	for _, want := range append([]string{"grpc.health.v1.Health"}, services...) {
		if !slices.Contains(names, want) {
			t.Errorf("reflection lists %v, without %s", names, want)
		}
	}
}

func TestShutdownWithAnOpenWatch(t *testing.T) {
	s, err := server.New(server.Config{Terrain: ridge{}, Limits: server.Limits{Grace: 50 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener) }()

	watch, err := healthv1.NewHealthClient(dial(t, listener.Addr().String())).Watch(testContext(t), &healthv1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []healthv1.HealthCheckResponse_ServingStatus{healthv1.HealthCheckResponse_SERVING, healthv1.HealthCheckResponse_NOT_SERVING} {
		resp, err := watch.Recv()
		if err != nil || resp.GetStatus() != want {
			t.Fatalf("watch = %v, %v, want %v", resp, err, want)
		}
		stop()
	}
	if err := await(t, served); err != nil {
		t.Errorf("Serve = %v", err)
	}
	if _, err := watch.Recv(); err == nil {
		t.Error("the watch is still open")
	}
}

func TestShutdownLetsOpenRequestsEnd(t *testing.T) {
	started, goOn := make(chan struct{}), make(chan struct{})
	s, conn := serve(t, server.Config{Terrain: hooked{before: func(context.Context) error {
		close(started)
		<-goOn
		return nil
	}}})
	answered := make(chan error, 1)
	go func() {
		_, err := canopyv1.NewTerrainServiceClient(conn).GetElevations(testContext(t), onePlace)
		answered <- err
	}()
	await(t, started)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var shutdown sync.WaitGroup
	shutdown.Go(func() { s.Shutdown(ctx) })
	close(goOn)
	if err := await(t, answered); err != nil {
		t.Errorf("open request: %v", err)
	}
	shutdown.Wait()
}

func TestServeOnABrokenListener(t *testing.T) {
	s, err := server.New(server.Config{Terrain: ridge{}})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if err := s.Serve(context.Background(), listener); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve = %v, want %v", err, net.ErrClosed)
	}
	s.Close()
}

func TestDialInProcess(t *testing.T) {
	s, err := server.New(server.Config{Terrain: ridge{}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 2 {
		conn, err := s.Dial()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := canopyv1.NewTerrainServiceClient(conn).GetTerrain(testContext(t), &canopyv1.GetTerrainRequest{}); err != nil {
			t.Error(err)
		}
		err = call(testContext(t), conn, &canopyv1.CheckPointsRequest{})
		wantStatus(t, err, codes.InvalidArgument, problem.ReasonFieldInvalid)
	}
}

var onePlace = &canopyv1.GetElevationsRequest{Positions: []*canopyv1.Position{position(-12.6, -69.2)}}
