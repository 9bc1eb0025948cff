package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/canopyradar/canopy/server/trial"
)

// world is a server under load, with all that it needs. Its processes may be others
// after a while, at the same addresses and with the same directories.
type world struct {
	programs     programs
	terrain, dir string
	grpc, http   string
	// nats is the address of NATS where workers do the sweeps; empty for a server
	// that does them itself.
	nats string
	conn *grpc.ClientConn
	web  *http.Client
	// expected are the answers of a server at rest, by the name of the question.
	expected map[string][]byte

	mu        sync.Mutex
	processes map[string]*trial.Process
	away      atomic.Pointer[outage]
}

// programs are canopy, and this program for NATS.
type programs struct {
	canopy, soak string
	// skew is the file that sets their clocks.
	skew string
	// notSkewed is why the clocks of these cannot be set; nil if they can.
	notSkewed error
}

// outage is a time in which some calls cannot be answered, and what may be said of
// them then.
type outage struct{ excused []codes.Code }

var (
	// A plan whose server was killed is aborted.
	serverAway = &outage{[]codes.Code{codes.Unavailable, codes.Aborted}}
	natsAway   = &outage{[]codes.Code{codes.Unavailable}}
)

// Names of processes; workers have a number behind.
const (
	serverName = "server"
	natsName   = "NATS"
	workerName = "worker "
	workers    = 2
)

// receiveB is more than any answer has.
const receiveB = 64 << 20

// newWorld starts a server in a directory of its own: with workers, or alone.
func newWorld(ctx context.Context, p programs, terrain, dir string, scaled bool) (w *world, err error) {
	w = &world{programs: p, terrain: terrain, dir: dir, expected: map[string][]byte{}, web: &http.Client{Timeout: time.Minute}, processes: map[string]*trial.Process{}}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	addresses := []*string{&w.grpc, &w.http}
	if scaled {
		addresses = append(addresses, &w.nats)
	}
	for _, to := range addresses {
		if *to, err = freeAddress(ctx); err != nil {
			return nil, err
		}
	}
	if w.conn, err = dial(w.grpc); err != nil {
		return nil, err
	}
	if err := w.start(ctx); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *world) in(name string) string { return filepath.Join(w.dir, name) }

// start starts all processes.
func (w *world) start(ctx context.Context) error {
	if w.nats != "" {
		if err := w.startNATS(ctx); err != nil {
			return err
		}
		for n := range workers {
			if err := w.startWorker(ctx, n+1); err != nil {
				return err
			}
		}
	}
	return w.startServer(ctx)
}

// maxWaiting is so low that askers come upon a server that is busy.
const maxWaiting = "8"

func (w *world) startServer(ctx context.Context) error {
	flags := []string{
		"--address", w.grpc, "--http-address", w.http, "--terrain", w.terrain, "--operations", w.in("operations"),
		"--cache-memory", "256MiB", "--cache-size", "1GiB", "--max-waiting", maxWaiting,
	}
	if w.nats == "" {
		flags = append(flags, "--cache", w.in("cache"))
	} else {
		flags = append(flags, "--nats", "nats://"+w.nats, "--no-worker")
	}
	p, err := trial.Serve(ctx, w.programs.canopy, w.dir, flags...)
	return w.started(serverName, p, err)
}

func (w *world) startWorker(ctx context.Context, n int) error {
	p, err := trial.Work(ctx, w.programs.canopy, w.dir, "--nats", "nats://"+w.nats, "--terrain", w.terrain, "--cache-size", "1GiB")
	return w.started(fmt.Sprint(workerName, n), p, err)
}

func (w *world) started(name string, p *trial.Process, err error) error {
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.processes[name] = p
	return nil
}

func (w *world) process(name string) *trial.Process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.processes[name]
}

// canopies are the names of the processes that are canopy's.
func (w *world) canopies() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := slices.Sorted(maps.Keys(w.processes))
	return slices.DeleteFunc(all, func(name string) bool { return name == natsName })
}

// expect has the answers of the server as it is now.
func (w *world) expect(ctx context.Context) (err error) {
	for _, q := range slices.Concat(questions, widePlans()) {
		if w.expected[q.name], err = q.ask(ctx, w); err != nil {
			return fmt.Errorf("%s, of a server at rest: %w", q.name, err)
		}
	}
	return nil
}

// dial connects soon to a server that comes back.
func dial(address string) (*grpc.ClientConn, error) {
	return grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(receiveB)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.5, MaxDelay: time.Second},
			MinConnectTimeout: time.Second,
		}))
}

// freeAddress is one that nobody listens on, so that a server can come back to it.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String(), nil
}

// close ends all processes. Their directories go as well.
func (w *world) close() {
	_ = w.conn.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.processes {
		_ = p.Kill()
	}
}
