package server_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
)

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
	bad := &canopyv1.GetScenarioRequest{ScenarioId: "a-secret-place"}
	if _, err := canopyv1.NewCatalogServiceClient(conn).GetScenario(testContext(t), bad); err == nil || !strings.Contains(err.Error(), bad.ScenarioId) {
		t.Fatal(err)
	}
	for _, want := range []string{"canopy.v1.TerrainService", "GetElevations", "grpc.code=OK", "grpc.time_ms=", "peer.address=127.0.0.1", "reason=NOT_FOUND"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s: %s", want, log.String())
		}
	}
	for _, unwanted := range []string{"69.2", "Health", "a-secret-place"} {
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
