package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
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

var services = []string{"canopy.v1.CatalogService", "canopy.v1.CoverageService", "canopy.v1.TerrainService"}

func TestNewNeedsTerrain(t *testing.T) {
	if _, err := server.New(server.Config{}); err == nil {
		t.Error("no error without terrain")
	}
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
		defer conn.Close()
		if _, err := canopyv1.NewTerrainServiceClient(conn).GetTerrain(testContext(t), &canopyv1.GetTerrainRequest{}); err != nil {
			t.Error(err)
		}
		err = call(testContext(t), conn, &canopyv1.CheckPointsRequest{})
		wantStatus(t, err, codes.InvalidArgument, problem.ReasonFieldInvalid)
	}
}

var onePlace = &canopyv1.GetElevationsRequest{Positions: []*canopyv1.Position{position(-12.6, -69.2)}}

// syncBuffer is a log that a server may write while a test reads.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestWhatHappensInsideStaysInside(t *testing.T) {
	tests := []struct {
		name   string
		before func(context.Context) error
	}{
		{"panic", func(context.Context) error { panic("tile S13W070 has fallen over") }},
		{"error of a kind nobody expects", func(context.Context) error { return errors.New("tile S13W070 has fallen over") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log syncBuffer
			_, conn := serve(t, server.Config{Terrain: hooked{before: tt.before}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			client := canopyv1.NewTerrainServiceClient(conn)
			_, err := client.GetElevations(testContext(t), onePlace)
			wantStatus(t, err, codes.Internal, problem.ReasonInternal)
			if strings.Contains(err.Error(), "fallen") {
				t.Errorf("the client is told: %v", err)
			}
			if !strings.Contains(log.String(), "tile S13W070 has fallen over") {
				t.Errorf("the log is not told: %s", log.String())
			}
			if _, err := client.GetTerrain(testContext(t), &canopyv1.GetTerrainRequest{}); err != nil {
				t.Errorf("the server does not go on: %v", err)
			}
		})
	}
}

func TestLogTellsTheCallAndNotItsContent(t *testing.T) {
	var log syncBuffer
	handler := slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})
	_, conn := serve(t, server.Config{Logger: slog.New(handler)})
	if _, err := canopyv1.NewTerrainServiceClient(conn).GetElevations(testContext(t), onePlace); err != nil {
		t.Fatal(err)
	}
	if _, err := healthv1.NewHealthClient(conn).Check(testContext(t), &healthv1.HealthCheckRequest{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"canopy.v1.TerrainService", "GetElevations", "grpc.code=OK", "grpc.time_ms=", "peer.address=127.0.0.1"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s: %s", want, log.String())
		}
	}
	for _, unwanted := range []string{"69.2", "Health"} {
		if strings.Contains(log.String(), unwanted) {
			t.Errorf("the log has %s: %s", unwanted, log.String())
		}
	}
}

func TestServerTimeLimit(t *testing.T) {
	_, conn := serve(t, server.Config{Terrain: newBlocking(), Limits: server.Limits{Timeout: 50 * time.Millisecond}})
	_, err := canopyv1.NewTerrainServiceClient(conn).GetElevations(testContext(t), onePlace)
	wantStatus(t, err, codes.DeadlineExceeded, problem.ReasonServerTimeout)
	stream, err := canopyv1.NewCoverageServiceClient(conn).ExportFloor(testContext(t), &canopyv1.ExportFloorRequest{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = stream.Recv()
	wantStatus(t, err, codes.DeadlineExceeded, problem.ReasonServerTimeout)
}

func TestStreamEndsWithItsFile(t *testing.T) {
	_, conn := serve(t, server.Config{})
	stream, err := canopyv1.NewCoverageServiceClient(conn).ExportFloor(testContext(t), &canopyv1.ExportFloorRequest{Network: plain()})
	if err != nil {
		t.Fatal(err)
	}
	first, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n := len(part.GetGeotiffChunk()); n == 0 || n > 1<<20 {
			t.Errorf("a chunk of %d bytes", n)
		}
		file.Write(part.GetGeotiffChunk())
	}
	summary := first.GetSummary()
	if int64(file.Len()) != summary.GetGeotiffBytes() || !bytes.HasPrefix(file.Bytes(), []byte("II*\x00")) {
		t.Errorf("%d bytes, want %d of little-endian TIFF", file.Len(), summary.GetGeotiffBytes())
	}
	if summary.GetColumns() < 100 || summary.GetRows() < 100 || len(summary.GetRadars()) != 1 || summary.GetProvenance().GetAnalysisSpacingArcsec() != 30 {
		t.Errorf("summary = %v", summary)
	}
}
