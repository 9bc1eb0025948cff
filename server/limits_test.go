package server_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/terrain"
)

func TestLimitsOfTheServer(t *testing.T) {
	_, conn := serve(t, server.Config{Limits: server.Limits{MaxPosts: 1000}})
	_, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), gapsAroundPuesto())
	wantStatus(t, err, codes.ResourceExhausted, problem.ReasonRequestTooLarge)
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

// national is a request that takes long: Peru at the altitudes of the default
// scenario.
func national() *canopyv1.FindGapsRequest { return &canopyv1.FindGapsRequest{} }

func TestBusyServer(t *testing.T) {
	model := newBlocking()
	_, conn := serve(t, server.Config{Terrain: model, Limits: server.Limits{MaxConcurrent: 1, MaxWaiting: -1}})
	client := canopyv1.NewCoverageServiceClient(conn)
	ctx, cancel := context.WithCancel(testContext(t))
	running := make(chan error, 1)
	go func() {
		_, err := client.FindGaps(ctx, national())
		running <- err
	}()
	await(t, model.started)
	_, err := client.FindGaps(testContext(t), national())
	wantStatus(t, err, codes.ResourceExhausted, problem.ReasonServerBusy)
	_, err = client.FindGaps(testContext(t), &canopyv1.FindGapsRequest{Network: &canopyv1.NetworkSelection{ScenarioId: "x"}})
	wantStatus(t, err, codes.InvalidArgument, problem.ReasonScenarioUnknown)
	cancel()
	if err := await(t, running); status.Code(err) != codes.Canceled {
		t.Errorf("the running one: %v", err)
	}
}

// slowLand is terrain of which no large part is ever read to the end, and tells
// when such a read starts.
type slowLand struct{ blocking }

func (m slowLand) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	const mostOfCheap = 300_000
	if l.Posts() > mostOfCheap {
		return m.blocking.Read(ctx, l)
	}
	return m.ridge.Read(ctx, l)
}

// TestCheapCallsWaitForNoLargeOnes asks what takes no time of a server that takes
// no more large requests.
func TestCheapCallsWaitForNoLargeOnes(t *testing.T) {
	model := slowLand{newBlocking()}
	_, conn := serve(t, server.Config{Terrain: model, Limits: server.Limits{MaxConcurrent: 2, MaxWaiting: -1}})
	client := canopyv1.NewCoverageServiceClient(conn)
	ctx, cancel := context.WithCancel(testContext(t))
	var large sync.WaitGroup
	for range 2 {
		large.Go(func() {
			if _, err := client.FindGaps(ctx, national()); status.Code(err) != codes.Canceled {
				t.Errorf("a large one: %v", err)
			}
		})
		await(t, model.started)
	}
	defer func() { cancel(); large.Wait() }()
	_, err := client.FindGaps(testContext(t), national())
	wantStatus(t, err, codes.ResourceExhausted, problem.ReasonServerBusy)
	here := position(-12.5, -69.3)
	for name, call := range map[string]func(context.Context) error{
		"points": func(ctx context.Context) error {
			_, err := client.CheckPoints(ctx, points(1, &canopyv1.Point{Position: here, Altitude: agl(300)}))
			return err
		},
		"profile": func(ctx context.Context) error {
			_, err := client.GetProfile(ctx, &canopyv1.GetProfileRequest{Network: plain(), Point: &canopyv1.Point{Position: here, Altitude: agl(300)}})
			return err
		},
		"airstrips": func(ctx context.Context) error {
			_, err := client.AssessAirstrips(ctx, &canopyv1.AssessAirstripsRequest{Network: plain()})
			return err
		},
		"gaps": func(ctx context.Context) error { _, err := client.FindGaps(ctx, gapsAroundPuesto()); return err },
		"health": func(ctx context.Context) error {
			_, err := healthv1.NewHealthClient(conn).Check(ctx, &healthv1.HealthCheckRequest{})
			return err
		},
		"catalogue": func(ctx context.Context) error {
			_, err := canopyv1.NewCatalogServiceClient(conn).ListScenarios(ctx, &canopyv1.ListScenariosRequest{})
			return err
		},
		"elevations": func(ctx context.Context) error {
			_, err := canopyv1.NewTerrainServiceClient(conn).GetElevations(ctx, &canopyv1.GetElevationsRequest{Positions: []*canopyv1.Position{here}})
			return err
		},
	} {
		if err := call(testContext(t)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCallersHaveARate: one who has had more computed than it may is told when to
// ask again, and has the catalogue meanwhile.
func TestCallersHaveARate(t *testing.T) {
	_, conn := serve(t, server.Config{Limits: server.Limits{CallerRate: 1000, CallerBurst: 1000}})
	client := canopyv1.NewCoverageServiceClient(conn)
	if _, err := client.FindGaps(testContext(t), gapsAroundPuesto()); err != nil {
		t.Fatal(err)
	}
	_, err := client.CheckPoints(testContext(t), points(1, &canopyv1.Point{Position: position(-12.5, -69.3), Altitude: agl(300)}))
	wantStatus(t, err, codes.ResourceExhausted, problem.ReasonCallerRate)
	if wait := problem.RetryAfter(status.Convert(err)); wait < 10*time.Second || !strings.Contains(err.Error(), "try again in "+wait.String()) {
		t.Errorf("to be tried again in %v: %v", wait, err)
	}
	if _, err := clientsOf(conn).PlanNetwork(testContext(t), planRequest()); err == nil || problem.Reason(status.Convert(err)) != problem.ReasonCallerRate {
		t.Errorf("a plan: %v", err)
	}
	if _, err := canopyv1.NewCatalogServiceClient(conn).ListScenarios(testContext(t), &canopyv1.ListScenariosRequest{}); err != nil {
		t.Error(err)
	}
}

// TestSizeOfRequests: what takes too much work is refused before it is done, with
// what, how much, how much is allowed, and what to do.
func TestSizeOfRequests(t *testing.T) {
	_, conn := serve(t, server.Config{})
	client := canopyv1.NewCoverageServiceClient(conn)
	circle := func(n int) *canopyv1.Ring {
		var around []float64
		for i := range n {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			around = append(around, -10+4*sin, -74+4*cos)
		}
		return ring(append(around, around[:2]...)...)
	}
	many := points(10_000, &canopyv1.Point{Position: position(-12.6, -69.0), Altitude: agl(300)})
	many.Network = &canopyv1.NetworkSelection{}
	for i := range 101 {
		many.Network.Radars = append(many.Network.Radars, &canopyv1.Radar{RadarId: fmt.Sprint("r", i), Position: position(-12.6, -70.5)})
	}
	zones := &canopyv1.AssessCriticalityRequest{Network: plain(), Zones: []*canopyv1.AirspaceSelection{area(circle(60_000)), area(circle(60_000))}}
	tests := []struct {
		name string
		ask  func() error
		want string
	}{
		{"positions of one area", func() error {
			_, err := client.FindGaps(testContext(t), &canopyv1.FindGapsRequest{Airspace: area(circle(60_000), circle(60_000))})
			return err
		},
			"120002 positions of areas, at most 100000 allowed: simplify their borders, or ask for fewer areas"},
		{"positions of several", func() error {
			_, err := canopyv1.NewSitingServiceClient(conn).AssessCriticality(testContext(t), zones)
			return err
		},
			"120002 positions of areas, at most 100000 allowed: simplify their borders, or ask for fewer areas"},
		{"sights", func() error { _, err := client.CheckPoints(testContext(t), many); return err },
			"1010000 sights, of each radar at each point, at most 1000000 allowed: ask for fewer points in one request, or for none of their sights"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.ask()
			wantStatus(t, err, codes.ResourceExhausted, problem.ReasonRequestTooLarge)
			if status.Convert(err).Message() != tt.want {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestSizeOfWhatArrives: a connection takes no more than a server has room for, and
// says so; what is a little less goes through.
func TestSizeOfWhatArrives(t *testing.T) {
	_, conn := serve(t, server.Config{})
	client := canopyv1.NewCatalogServiceClient(conn)
	for _, tt := range []struct {
		headerB int
		ok      bool
	}{{200 << 10, true}, {300 << 10, false}} {
		ctx := metadata.AppendToOutgoingContext(testContext(t), "x-long", strings.Repeat("x", tt.headerB))
		if _, err := client.ListScenarios(ctx, &canopyv1.ListScenariosRequest{}); (err == nil) != tt.ok {
			t.Errorf("a header of %d bytes: %v", tt.headerB, err)
		}
	}
	long := points(10_000, &canopyv1.Point{Position: position(-12.6, -69.0), Altitude: agl(300)})
	for i := range long.Points {
		long.Points[i] = proto.CloneOf(long.Points[i])
		long.Points[i].ProtoReflect().SetUnknown(protowire.AppendBytes(protowire.AppendTag(nil, 1000, protowire.BytesType), make([]byte, 500)))
	}
	_, err := canopyv1.NewCoverageServiceClient(conn).CheckPoints(testContext(t), long)
	if status.Code(err) != codes.ResourceExhausted || !strings.Contains(err.Error(), "vs. 4194304") {
		t.Errorf("a request of %d bytes: %v", proto.Size(long), err)
	}
}
