package server_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/terrain"
)

func TestLimitsOfTheServer(t *testing.T) {
	_, conn := serve(t, server.Config{Limits: server.Limits{MaxPosts: 1000}})
	_, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), gapsAroundPuesto())
	wantStatus(t, err, codes.FailedPrecondition, problem.ReasonRequestTooLarge)
}

func TestStrictTerrain(t *testing.T) {
	_, conn := serve(t, server.Config{})
	req := gapsAroundPuesto()
	req.Network.Radars[0].Position = position(-12.6, -67.1)
	req.Network.Radars[0].Limits.RangeKm = ptr(200.0)
	req.Options = &canopyv1.CoverageOptions{StrictTerrain: true}
	_, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), req)
	wantStatus(t, err, codes.FailedPrecondition, problem.ReasonTerrainMissing)
}

// TestAnswerTooLarge asks for an answer of 6 to 32 MiB, of radars that do not
// reach the points, as that takes no time.
func TestAnswerTooLarge(t *testing.T) {
	req := points(10000, &canopyv1.Point{Position: position(-12.6, -69.0), Altitude: agl(300)})
	req.Network = &canopyv1.NetworkSelection{}
	for i := range 20 {
		req.Network.Radars = append(req.Network.Radars, &canopyv1.Radar{
			RadarId: fmt.Sprint("r", i), Position: position(-12.6, -70.5), Limits: &canopyv1.RadarLimits{RangeKm: ptr(1.0)}})
	}
	const mib = 1 << 20
	tests := []struct {
		name string
		// takes is what the client says; empty for nothing.
		takes      string
		maxAnswerB int64
		code       codes.Code
		reason     string
		// want is in the message.
		want string
	}{
		{"nothing said", "", 0, codes.ResourceExhausted, problem.ReasonAnswerTooLarge,
			"at most 4.0 MiB can be sent: send fewer points in one request, or set without_sights; or take more and say so, up to 67108864 in the metadata canopy-max-answer-bytes"},
		{"too little", "5242880", 0, codes.ResourceExhausted, problem.ReasonAnswerTooLarge, "at most 5.0 MiB can be sent"},
		{"enough", "33554432", 0, codes.OK, "", ""},
		{"more than the server sends", "33554432", 6 * mib, codes.ResourceExhausted, problem.ReasonAnswerTooLarge,
			"at most 6.0 MiB can be sent: send fewer points in one request, or set without_sights; or have the server's --max-answer raised"},
		{"the server sends less than usual", "", 1 * mib, codes.ResourceExhausted, problem.ReasonAnswerTooLarge, "at most 1.0 MiB can be sent"},
		{"all that there is", "9223372036854775807", 0, codes.OK, "", ""},
		{"no number", "8MiB", 0, codes.InvalidArgument, problem.ReasonFieldInvalid, `"8MiB" in the metadata is no number of bytes`},
		{"none", "0", 0, codes.InvalidArgument, problem.ReasonFieldInvalid, "want a whole number above 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, conn := serve(t, server.Config{Limits: server.Limits{MaxAnswerB: tt.maxAnswerB}})
			ctx := testContext(t)
			if tt.takes != "" {
				ctx = metadata.AppendToOutgoingContext(ctx, server.AnswerLimitKey, tt.takes)
			}
			_, err := canopyv1.NewCoverageServiceClient(conn).CheckPoints(ctx, req, grpc.MaxCallRecvMsgSize(32*mib))
			if tt.code == codes.OK {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantStatus(t, err, tt.code, tt.reason)
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

// soon is how long work may go on after its client has left.
const soon = slowdown * 100 * time.Millisecond

func TestWorkStopsWithItsClient(t *testing.T) {
	tests := []struct {
		name string
		// context is the client's, and code what it gets.
		context func() (context.Context, context.CancelFunc)
		code    codes.Code
	}{
		{"cancelled", func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) }, codes.Canceled},
		{"deadline", func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), soon)
		}, codes.DeadlineExceeded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			model := newBlocking()
			_, conn := serve(t, server.Config{Terrain: model})
			ctx, cancel := tt.context()
			defer cancel()
			answered := make(chan error, 1)
			go func() {
				_, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(ctx, gapsAroundPuesto())
				answered <- err
			}()
			await(t, model.started)
			if tt.code == codes.Canceled {
				cancel()
			}
			<-ctx.Done()
			left := time.Now()
			await(t, model.stopped)
			if after := time.Since(left); after > soon {
				t.Errorf("the work went on for %v", after)
			}
			if err := await(t, answered); status.Code(err) != tt.code {
				t.Errorf("the client gets %v, want %v", err, tt.code)
			}
		})
	}
}

// flat is terrain with a post every 12″, all at 200 m.
type flat struct{ ridge }

func (flat) Lattice() terrain.Lattice {
	return terrain.Lattice{PerDegLon: 300, PerDegLat: 300, Col0: 98 * 300, Row0: 88 * 300, Cols: 15*300 + 1, Rows: 20*300 + 1}
}

func (flat) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	g := terrain.NewGrid(l)
	for i := range g.ElevationM {
		g.ElevationM[i] = 200
	}
	return g, ctx.Err()
}

// clock is a log that tells when the line of a finished call is written.
type clock struct {
	slog.Handler
	finished chan time.Time
}

func (c clock) Handle(context.Context, slog.Record) error {
	c.finished <- time.Now()
	return nil
}

// The engine must look up from its work, not only from its reading. Of
// several tries the quickest counts: the others wait for a busy machine.
func TestComputationStopsWithItsClient(t *testing.T) {
	quickest := leaveWhileSweeping(t)
	for range 4 {
		if quickest > soon {
			quickest = min(quickest, leaveWhileSweeping(t))
		}
	}
	t.Logf("the computation went on for %v", quickest)
	if quickest > soon {
		t.Errorf("too long: want at most %v", soon)
	}
}

// leaveWhileSweeping cancels a call and returns how long the server went on.
func leaveWhileSweeping(t *testing.T) time.Duration {
	t.Helper()
	log := clock{slog.NewTextHandler(io.Discard, nil), make(chan time.Time, 1)}
	_, conn := serve(t, server.Config{Terrain: flat{}, Logger: slog.New(log)})
	ctx, cancel := context.WithCancel(called(testContext(t), "leaves while sweeping"))
	defer cancel()
	watch := watchCall(t, conn, "leaves while sweeping")
	answered := make(chan error, 1)
	go func() {
		req := gapsAroundPuesto()
		for i := range 50 {
			r := proto.CloneOf(req.Network.Radars[0])
			r.RadarId, r.Limits.RangeKm = fmt.Sprint("far", i), ptr(400.0)
			req.Network.Radars = append(req.Network.Radars, r)
		}
		_, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(ctx, req)
		answered <- err
	}()
	for doing := ""; !strings.HasPrefix(doing, "radar"); {
		news, err := watch.Recv()
		if err != nil {
			t.Fatal(err)
		}
		doing = news.GetDoing()
	}
	cancel()
	left := time.Now()
	after := await(t, log.finished).Sub(left)
	if err := await(t, answered); status.Code(err) != codes.Canceled {
		t.Errorf("the client gets %v", err)
	}
	return after
}

func TestBusyServer(t *testing.T) {
	model := newBlocking()
	_, conn := serve(t, server.Config{Terrain: model, Limits: server.Limits{MaxConcurrent: 1, MaxWaiting: -1}})
	client := canopyv1.NewCoverageServiceClient(conn)
	ctx, cancel := context.WithCancel(testContext(t))
	running := make(chan error, 1)
	go func() {
		_, err := client.FindGaps(ctx, gapsAroundPuesto())
		running <- err
	}()
	await(t, model.started)
	_, err := client.AssessAirstrips(testContext(t), &canopyv1.AssessAirstripsRequest{Network: plain()})
	wantStatus(t, err, codes.ResourceExhausted, problem.ReasonServerBusy)
	_, err = client.AssessAirstrips(testContext(t), &canopyv1.AssessAirstripsRequest{Network: &canopyv1.NetworkSelection{ScenarioId: "x"}})
	wantStatus(t, err, codes.InvalidArgument, problem.ReasonScenarioUnknown)
	cancel()
	if err := await(t, running); status.Code(err) != codes.Canceled {
		t.Errorf("the running one: %v", err)
	}
}
