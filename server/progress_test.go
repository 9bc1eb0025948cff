package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
)

// called returns the context of a call that can be watched.
func called(ctx context.Context, id string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, server.CallIDKey, id)
}

// watchCall watches, from when it returns until the call or the test ends.
func watchCall(t *testing.T, conn *grpc.ClientConn, id string) grpc.ServerStreamingClient[canopyv1.WatchProgressResponse] {
	t.Helper()
	ctx, cancel := context.WithCancel(testContext(t))
	t.Cleanup(cancel)
	watch, err := canopyv1.NewCoverageServiceClient(conn).WatchProgress(ctx, &canopyv1.WatchProgressRequest{CallId: id})
	if err == nil {
		_, err = watch.Header()
	}
	if err != nil {
		t.Fatal(err)
	}
	return watch
}

// wantNews reads a watch to its end and checks that its news are in order.
func wantNews(t *testing.T, watch grpc.ServerStreamingClient[canopyv1.WatchProgressResponse]) (last *canopyv1.WatchProgressResponse) {
	t.Helper()
	share := 0.0
	for {
		news, err := watch.Recv()
		if errors.Is(err, io.EOF) {
			return last
		}
		if err != nil {
			t.Fatalf("the watch ends with %v", err)
		}
		if news.GetShare() < share || news.GetShare() > 1 || news.GetDoing() == "" {
			t.Errorf("after a share of %v comes %v", share, news)
		}
		share, last = news.GetShare(), news
	}
}

// computations are the calls that can be watched, over a connection.
func computations(conn *grpc.ClientConn) map[string]func(context.Context) error {
	client, siting := canopyv1.NewCoverageServiceClient(conn), canopyv1.NewSitingServiceClient(conn)
	point := &canopyv1.Point{Position: position(-12.6, -69.3), Altitude: agl(300)}
	return map[string]func(context.Context) error{
		"gaps": func(ctx context.Context) error {
			_, err := client.FindGaps(ctx, gapsAroundPuesto())
			return err
		},
		"points": func(ctx context.Context) error {
			_, err := client.CheckPoints(ctx, &canopyv1.CheckPointsRequest{Network: plain(), Points: []*canopyv1.Point{point}})
			return err
		},
		"airstrips": func(ctx context.Context) error {
			_, err := client.AssessAirstrips(ctx, &canopyv1.AssessAirstripsRequest{Network: plain()})
			return err
		},
		"floor": func(ctx context.Context) error {
			return receive(client.ExportFloor(ctx, &canopyv1.ExportFloorRequest{Network: plain()}))
		},
		"packed floor": func(ctx context.Context) error {
			return receive(client.ExportFloor(ctx, &canopyv1.ExportFloorRequest{Network: plain(), Compression: canopyv1.Compression_COMPRESSION_ZSTD}))
		},
		"candidates": func(ctx context.Context) error {
			search := &canopyv1.CandidateSearch{Within: namedAirspace("peru/madre-de-dios"), NearAccessKm: ptr(10.0)}
			_, err := siting.FindCandidates(ctx, &canopyv1.FindCandidatesRequest{Search: search})
			return err
		},
		"suggestions": func(ctx context.Context) error {
			_, err := siting.SuggestSites(ctx, &canopyv1.SuggestSitesRequest{Gaps: gapsAroundPuesto(), Candidates: planRequest().GetCandidates()})
			return err
		},
		"criticality": func(ctx context.Context) error {
			_, err := siting.AssessCriticality(ctx, &canopyv1.AssessCriticalityRequest{Network: plain(), Airspace: planRequest().GetAirspace()})
			return err
		},
	}
}

// receive reads a floor to its end.
func receive(stream grpc.ServerStreamingClient[canopyv1.ExportFloorResponse], err error) error {
	for err == nil {
		_, err = stream.Recv()
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func TestCallsCanBeWatched(t *testing.T) {
	_, conn := serve(t, server.Config{})
	for name, call := range computations(conn) {
		t.Run(name, func(t *testing.T) {
			id := "watched before: " + name
			watch := watchCall(t, conn, id)
			if err := call(called(testContext(t), id)); err != nil {
				t.Fatal(err)
			}
			want := "done"
			if name == "packed floor" {
				want = "packing"
			}
			if last := wantNews(t, watch); last.GetShare() != 1 || last.GetDoing() != want {
				t.Errorf("the last news are %v, want %s", last, want)
			}
		})
	}
}

// Watches may come before a call and while it runs; they tell where it stands.
func TestWatchesWhileACallWaits(t *testing.T) {
	model := newBlocking()
	_, conn := serve(t, server.Config{Terrain: model, Limits: server.Limits{MaxConcurrent: 1}})
	ctx, cancel := context.WithCancel(testContext(t))
	before := watchCall(t, conn, "the one that computes")
	var calls sync.WaitGroup
	for _, id := range []string{"the one that computes", "the one that is waiting"} {
		calls.Go(func() {
			_, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(called(ctx, id), national())
			if status.Code(err) != codes.Canceled {
				t.Errorf("%s: %v", id, err)
			}
		})
		if id == "the one that computes" {
			await(t, model.started)
		}
	}
	after := watchCall(t, conn, "the one that computes")
	waiting := watchCall(t, conn, "the one that is waiting")
	for _, tt := range []struct {
		name  string
		watch grpc.ServerStreamingClient[canopyv1.WatchProgressResponse]
		want  string
	}{{"before", before, "ground under the radars"}, {"after", after, "ground under the radars"}, {"waiting", waiting, "waiting for its turn"}} {
		news, err := tt.watch.Recv()
		if err != nil || news.GetShare() != 0 || news.GetDoing() != tt.want {
			t.Errorf("%s: %v, %v, want %s", tt.name, news, err, tt.want)
		}
	}
	cancel()
	calls.Wait()
	for _, watch := range []grpc.ServerStreamingClient[canopyv1.WatchProgressResponse]{before, after, waiting} {
		wantNews(t, watch)
	}
}

func TestFloorsInProcessCanBeWatched(t *testing.T) {
	s, _ := serve(t, server.Config{})
	conn, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	watch := watchCall(t, conn, "a floor in-process")
	err = s.ExportFloor(called(testContext(t), "a floor in-process"), &canopyv1.ExportFloorRequest{Network: plain()},
		func(*canopyv1.ExportFloorResponse) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if last := wantNews(t, watch); last.GetShare() != 1 {
		t.Errorf("the last news are %v", last)
	}
}

// A watch ends with a call that fails as well, before it computes or after.
func TestWatchesOfCallsThatFail(t *testing.T) {
	_, conn := serve(t, server.Config{Limits: server.Limits{MaxPosts: 1000}})
	client := canopyv1.NewCoverageServiceClient(conn)
	unfit := metadata.AppendToOutgoingContext(testContext(t), server.AnswerLimitKey, "many")
	tests := []struct {
		name    string
		ctx     context.Context
		request *canopyv1.FindGapsRequest
		want    codes.Code
	}{
		{"a request that is refused", testContext(t), &canopyv1.FindGapsRequest{MinAreaKm2: ptr(-1.0)}, codes.InvalidArgument},
		{"metadata that are refused", unfit, &canopyv1.FindGapsRequest{}, codes.InvalidArgument},
		{"a computation that is too large", testContext(t), gapsAroundPuesto(), codes.ResourceExhausted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			watch := watchCall(t, conn, tt.name)
			if _, err := client.FindGaps(called(tt.ctx, tt.name), tt.request); status.Code(err) != tt.want {
				t.Fatalf("the call ends with %v", err)
			}
			if last := wantNews(t, watch); last.GetShare() == 1 {
				t.Errorf("the last news are %v", last)
			}
		})
	}
}

func TestCallIDsThatAreRefused(t *testing.T) {
	_, conn := serve(t, server.Config{})
	client := canopyv1.NewCoverageServiceClient(conn)
	for _, id := range []string{"short", "0123456789abcde", string(bytes.Repeat([]byte{'x'}, 81))} {
		_, err := client.FindGaps(called(testContext(t), id), gapsAroundPuesto())
		fields := wantStatus(t, err, codes.InvalidArgument, problem.ReasonFieldInvalid)
		if len(fields) != 1 || fields[0].GetField() != server.CallIDKey {
			t.Errorf("%s: the fields are %v", id, fields)
		}
		watch, err := client.WatchProgress(testContext(t), &canopyv1.WatchProgressRequest{CallId: id})
		if err == nil {
			_, err = watch.Recv()
		}
		wantStatus(t, err, codes.InvalidArgument, problem.ReasonFieldInvalid)
	}
}

// An id is nothing to calls that are not watched: a watch that says its own
// would else wait for itself.
func TestCallIDsOfOtherCalls(t *testing.T) {
	_, conn := serve(t, server.Config{})
	if _, err := canopyv1.NewTerrainServiceClient(conn).GetTerrain(called(testContext(t), "short"), &canopyv1.GetTerrainRequest{}); err != nil {
		t.Error(err)
	}
	const id = "said by the watch as well"
	watch, err := canopyv1.NewCoverageServiceClient(conn).WatchProgress(called(testContext(t), id), &canopyv1.WatchProgressRequest{CallId: id})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := watch.Header(); err != nil {
		t.Fatal(err)
	}
	if err := computations(conn)["points"](called(testContext(t), id)); err != nil {
		t.Fatal(err)
	}
	wantNews(t, watch)
}

// Whoever stops watching is no event.
func TestWatchesThatAreGivenUp(t *testing.T) {
	var log syncBuffer
	s, err := server.New(server.Config{Terrain: ridge{}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(testContext(t))
	watch, err := canopyv1.NewCoverageServiceClient(conn).WatchProgress(ctx, &canopyv1.WatchProgressRequest{CallId: "a call that never comes"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := watch.Header(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := watch.Recv(); status.Code(err) != codes.Canceled {
		t.Errorf("the watch ends with %v", err)
	}
	conn.Close()
	s.Close()
	if log.String() != "" {
		t.Errorf("the log says %s", log.String())
	}
}

// A watch of a call that never comes does not hold up a server that stops.
func TestShutdownEndsWatchesInWait(t *testing.T) {
	s, err := server.New(server.Config{Terrain: ridge{}, Limits: server.Limits{Grace: 10 * patience}})
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
	watch := watchCall(t, dial(t, listener.Addr().String()), "a call that never comes")
	stop()
	if err := await(t, served); err != nil {
		t.Errorf("Serve = %v", err)
	}
	if last := wantNews(t, watch); last != nil {
		t.Errorf("news of a call that never came: %v", last)
	}
}
