package server_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
)

// requestInfoOf returns the id that an error carries.
func requestInfoOf(err error) string {
	for _, d := range status.Convert(err).Details() {
		if info, ok := d.(*errdetails.RequestInfo); ok {
			return info.GetRequestId()
		}
	}
	return ""
}

func TestCallsHaveAnID(t *testing.T) {
	tests := []struct {
		name, said string
		taken      bool
	}{
		{"a UUID", "5f0c9a1e-6d5c-4c53-9a53-0a1b2c3d4e5f", true},
		{"the longest", strings.Repeat("x", 64), true},
		{"none", "", false},
		{"too long", strings.Repeat("x", 65), false},
		{"another line for the log", "a level=ERROR", false},
		{"a quote", `a"b`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log syncBuffer
			_, conn := serve(t, server.Config{Logger: slog.New(slog.NewTextHandler(&log, nil)), Terrain: hooked{before: func(context.Context) error {
				return errors.New("tile S13W070 has fallen over")
			}}})
			ctx := metadata.AppendToOutgoingContext(testContext(t), server.RequestIDKey, tt.said)
			var header metadata.MD
			_, err := canopyv1.NewTerrainServiceClient(conn).GetElevations(ctx, onePlace, grpc.Header(&header))
			id := requestInfoOf(err)
			if tt.taken != (id == tt.said) || id == "" {
				t.Errorf("the error %v has the id %q, said was %q", err, id, tt.said)
			}
			if got := header.Get(server.RequestIDKey); len(got) != 1 || got[0] != id {
				t.Errorf("the header has %q, the error %q", got, id)
			}
			// The line of the call, and that of what is behind the error.
			if n := strings.Count(log.String(), "request_id="+id); n != 2 {
				t.Errorf("%d lines of the log have %s: %s", n, id, log.String())
			}
		})
	}
}

func TestStreamsHaveAnID(t *testing.T) {
	_, conn := serve(t, server.Config{})
	ctx := metadata.AppendToOutgoingContext(testContext(t), server.RequestIDKey, "tuesday")
	stream, err := canopyv1.NewCoverageServiceClient(conn).ExportFloor(ctx, &canopyv1.ExportFloorRequest{Network: &canopyv1.NetworkSelection{ScenarioId: "nowhere"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = stream.Recv()
	header, _ := stream.Header()
	if got := header.Get(server.RequestIDKey); requestInfoOf(err) != "tuesday" || len(got) != 1 || got[0] != "tuesday" {
		t.Errorf("error %v, header %v", err, header)
	}
}

func TestCallsThatEndWellSayTheirID(t *testing.T) {
	_, conn := serve(t, server.Config{})
	client := canopyv1.NewTerrainServiceClient(conn)
	seen := map[string]bool{}
	for range 2 {
		var header metadata.MD
		if _, err := client.GetElevations(testContext(t), onePlace, grpc.Header(&header)); err != nil {
			t.Fatal(err)
		}
		seen[strings.Join(header.Get(server.RequestIDKey), ",")] = true
	}
	if len(seen) != 2 || seen[""] {
		t.Errorf("two calls have the ids %v", seen)
	}
}
