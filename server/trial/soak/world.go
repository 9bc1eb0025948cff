package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/canopyradar/canopy/server/trial"
)

// world is a server under load, which may be another one after a while, at the
// same addresses and with the same directories.
type world struct {
	canopy, terrain, dir string
	grpc, http           string
	conn                 *grpc.ClientConn
	web                  *http.Client
	// expected are the answers of the server at rest, by the name of the question.
	expected map[string][]byte

	mu     sync.Mutex
	server *trial.Process
	// down says that nobody can be expected to answer.
	down atomic.Bool
}

// receiveB is more than any answer has.
const receiveB = 64 << 20

func newWorld(ctx context.Context, canopy, terrain, dir string) (*world, error) {
	w := &world{canopy: canopy, terrain: terrain, dir: dir, expected: map[string][]byte{}, web: &http.Client{Timeout: time.Minute}}
	var err error
	if w.grpc, err = freeAddress(ctx); err != nil {
		return nil, err
	}
	if w.http, err = freeAddress(ctx); err != nil {
		return nil, err
	}
	w.conn, err = dial(w.grpc)
	if err != nil {
		return nil, err
	}
	if err := w.start(ctx); err != nil {
		return nil, err
	}
	for _, q := range questions {
		if w.expected[q.name], err = q.ask(ctx, w); err != nil {
			return nil, fmt.Errorf("%s, of a server at rest: %w", q.name, err)
		}
	}
	return w, nil
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

func (w *world) start(ctx context.Context) error {
	p, err := trial.Serve(ctx, w.canopy, w.dir, "--address", w.grpc, "--http-address", w.http, "--terrain", w.terrain,
		"--operations", filepath.Join(w.dir, "operations"), "--cache", filepath.Join(w.dir, "cache"), "--cache-memory", "256MiB")
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.server = p
	return nil
}

func (w *world) process() *trial.Process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.server
}

func (w *world) close() {
	_ = w.conn.Close()
	_ = w.process().Kill() // Its directory goes as well.
}
