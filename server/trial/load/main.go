// Command load measures a server of Canopy under load, from a process of its own:
// small checks beside empty calls of gRPC, checks of many points, and small checks
// beside a national request.
//
//	load -canopy bin/canopy [-terrain FILE] [-rounds 5] [-seconds 5] [-before OTHER]
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/trial"
)

// bench is a run.
type bench struct {
	canopy, before, terrain, dir string
	rounds                       int
	lasting                      time.Duration
}

func main() {
	var b bench
	answerB := flag.Int("empty", -1, "be a bare server of gRPC that answers every call with so many bytes")
	flag.StringVar(&b.canopy, "canopy", "bin/canopy", "the program to measure")
	flag.StringVar(&b.before, "before", "", "another build of the program, whose national requests are timed in turn")
	flag.StringVar(&b.terrain, "terrain", "", "elevation model (the built-in one if empty)")
	flag.IntVar(&b.rounds, "rounds", 5, "medians are of so many rounds")
	flag.DurationVar(&b.lasting, "lasting", 5*time.Second, "how long each part of a round takes")
	part := flag.String("part", "", "small, batches or national; all if empty")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *answerB >= 0 {
		exit(serveEmpty(ctx, *answerB))
	}
	exit(b.run(ctx, *part))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (b *bench) run(ctx context.Context, only string) (err error) {
	if b.dir, err = os.MkdirTemp("", "canopy-load-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.dir) }()
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"small", b.small}, {"batches", b.batches}, {"national", b.national}} {
		if only != "" && only != part.name {
			continue
		}
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return ctx.Err()
}

// serve starts the program; the end of ctx ends it.
func (b *bench) serve(ctx context.Context, program string, flags ...string) (*trial.Process, error) {
	flags = append([]string{"--terrain", b.terrain, "--operations", "off", "--http-address", "off", "--max-waiting", "10000"}, flags...)
	return trial.Serve(ctx, program, b.dir, flags...)
}

// serveBare starts a server of empty calls whose answers have a length.
func (b *bench) serveBare(ctx context.Context, answerB int) (*trial.Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return trial.Start(ctx, exec.CommandContext(ctx, self, fmt.Sprint("-empty=", answerB)), b.dir) //nolint:gosec // This very program.
}

// receiveB is what the longest answer takes: 1000 points with sights.
const receiveB = 64 << 20

func dial(address string) (*grpc.ClientConn, error) {
	return grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(receiveB)))
}

// checks are calls of CheckPoints over some connections in turn. Their messages
// are encoded beforehand: what a client does with them is its own matter.
type checks struct {
	conns    []*grpc.ClientConn
	requests [][]byte
	made     atomic.Uint64
}

// connections are as many as a small pool of a client has.
const connections = 2

func newChecks(address string, requests ...*canopyv1.CheckPointsRequest) (*checks, error) {
	c := &checks{}
	for _, r := range requests {
		encoded, err := proto.Marshal(r)
		if err != nil {
			return nil, err
		}
		c.requests = append(c.requests, encoded)
	}
	for range connections {
		conn, err := dial(address)
		if err != nil {
			return nil, err
		}
		c.conns = append(c.conns, conn)
	}
	return c, nil
}

// next sends the next request and returns the answer as it came.
func (c *checks) next(ctx context.Context) (answer []byte, err error) {
	n := c.made.Add(1)
	conn, request := c.conns[n%connections], c.requests[n/connections%uint64(len(c.requests))]
	err = conn.Invoke(ctx, canopyv1.CoverageService_CheckPoints_FullMethodName, request, &answer, grpc.ForceCodecV2(trial.Raw{}))
	return answer, err
}

func (c *checks) call(ctx context.Context) error {
	_, err := c.next(ctx)
	return err
}

func (c *checks) close() {
	for _, conn := range c.conns {
		_ = conn.Close()
	}
}

// failed is an error if any call failed: what is measured is answers.
func failed(o *trial.Outcome) error {
	if o.Failed > 0 {
		return fmt.Errorf("%d of %d calls failed, first: %w", o.Failed, o.Failed+len(o.Latencies), o.FirstErr)
	}
	return nil
}

func median[T int64 | float64 | time.Duration](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// points are places strewn around Puerto Maldonado at 300 m above ground, the same
// ones every time, most of them in range of the radar there.
func points(n int) []*canopyv1.Point {
	all := make([]*canopyv1.Point, n)
	for i := range all {
		// Multiples of the plastic number's inverses strew places evenly.
		all[i] = &canopyv1.Point{
			Position: &canopyv1.Position{LatDeg: -15.6 + 6*fraction(float64(i+1)*0.754877666), LonDeg: -72.2 + 6*fraction(float64(i+1)*0.569840291)},
			Altitude: &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: 300}},
		}
	}
	return all
}

func fraction(x float64) float64 { return x - math.Floor(x) }

// single are requests of one point each.
func single(without bool) []*canopyv1.CheckPointsRequest {
	var all []*canopyv1.CheckPointsRequest
	for _, p := range points(batch) {
		all = append(all, &canopyv1.CheckPointsRequest{Points: []*canopyv1.Point{p}, WithoutSights: without})
	}
	return all
}
