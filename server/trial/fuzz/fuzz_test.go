// Package fuzz sends a server what no client should: messages filled at random,
// messages with bits flipped, frames of HTTP/2 that lie about their length, JSON and
// paths of all kinds. Whatever comes, the server answers in time and takes the
// blame for nothing: no crash, no INTERNAL, no 5xx but those that mean overload.
//
// Every request is drawn from a number of its own, which a failure prints:
// `go test ./server/trial/fuzz -args -seed=N -requests=1` sends it again.
package fuzz

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/web"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

var (
	lasting  = flag.Duration("lasting", 10*time.Second, "send requests for so long")
	seed     = flag.Uint64("seed", 0, "the number of the first request (the clock's if 0)")
	requests = flag.Uint64("requests", 0, "send no more than so many")
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Requests end after requestTimeout. One that takes as long as hang has been lost:
// the rest is for a machine that is busy with other things.
const (
	requestTimeout = 5 * time.Second
	hang           = 60 * time.Second
)

// senders send requests at the same time: more than the server lets run and wait.
const senders = 12

// shot is one request, drawn at random; it returns what is wrong with the answer.
type shot func(ctx context.Context, r *rand.Rand) error

func TestRequests(t *testing.T) {
	at := serve(t)
	shots := []struct {
		name string
		send shot
	}{{"message", at.message}, {"message", at.message}, {"frames", at.frames}, {"json", at.json}, {"path", at.path}}
	first := *seed
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed=%d", first)
	var next, sent atomic.Uint64
	deadline := time.Now().Add(*lasting)
	var group sync.WaitGroup
	for range senders {
		group.Go(func() {
			for time.Now().Before(deadline) && !t.Failed() {
				n := next.Add(1) - 1
				if *requests > 0 && n >= *requests {
					return
				}
				number := first + n
				r := rand.New(rand.NewPCG(number, 0))
				s := shots[r.IntN(len(shots))]
				ctx, cancel := context.WithTimeout(context.Background(), hang)
				if err := s.send(ctx, r); err != nil {
					t.Errorf("-seed=%d, %s: %v", number, s.name, err)
				}
				cancel()
				sent.Add(1)
			}
		})
	}
	group.Wait()
	at.alive(t)
	t.Logf("%d requests; answers by code: %s", sent.Load(), at.answers.String())
}

// site is a server with both faces on sockets, whose limits make every request
// cheap.
type site struct {
	grpc, url string
	conn      *grpc.ClientConn
	answers   tally
}

func serve(t *testing.T) *site {
	t.Helper()
	// What is behind an internal error, and the stack of a panic.
	logger := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	s, err := server.New(server.Config{
		Logger:  logger,
		Terrain: srtm30.Model(), EngineVersion: "fuzz", Operations: t.TempDir(),
		Cache: server.Cache{MemoryB: 64 << 20},
		Limits: server.Limits{
			MaxPosts: 5_000_000, BudgetPosts: 100_000, MemoryB: 256 << 20, MaxWaiting: 8,
			Timeout: requestTimeout, PlanTimeout: time.Second, Grace: 100 * time.Millisecond,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	face, err := web.New(s, web.Config{EngineVersion: "fuzz", Logger: logger, Dir: t.TempDir(), FloorsB: 16 << 20, Grace: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	grpcListener, httpListener := listen(t), listen(t)
	var serving sync.WaitGroup
	serving.Go(func() { report(t, s.Serve(context.Background(), grpcListener)) })
	serving.Go(func() { report(t, face.Serve(ctx, httpListener)) })
	at := &site{grpc: grpcListener.Addr().String(), url: "http://" + httpListener.Addr().String(), answers: tally{counts: map[string]int{}}}
	if at.conn, err = grpc.NewClient(at.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		at.conn.Close()
		stop()
		report(t, face.Close())
		s.Close()
		serving.Wait()
	})
	return at
}

func report(t *testing.T, err error) {
	if err != nil {
		t.Error(err)
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// tally counts answers by code.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (t *tally) add(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[what]++
}

func (t *tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Sprint(t.counts)
}

// count returns how many answers had a code.
func (t *tally) count(what string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts[what]
}
