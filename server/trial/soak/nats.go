package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/canopyradar/canopy/server/queue"
	"github.com/canopyradar/canopy/server/trial"
)

// serveNATS is what this program does in a process that is to be killed: NATS alone.
func serveNATS(ctx context.Context, dir, address string) error {
	s, err := queue.Serve(queue.Embedded{Dir: dir, Address: address, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "canopy: serving on %s\nmsg=serving\n", s.Addr())
	<-ctx.Done()
	s.Shutdown()
	return nil
}

// startNATS starts it, or starts it again with what it had.
func (w *world) startNATS(ctx context.Context) error {
	p, err := trial.Start(ctx, exec.CommandContext(ctx, w.programs.soak, "-nats", w.nats, "-dir", w.in("nats")), w.dir) //nolint:gosec // This program itself.
	return w.started(natsName, p, err)
}

// idleQueue waits until no task is left in NATS, with nobody who asks.
func (w *world) idleQueue(ctx context.Context) error {
	conn, err := queue.Connect("nats://"+w.nats, queue.Access{}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return err
	}
	var left uint64
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Second) {
		stream, err := js.Stream(ctx, "CANOPY_TASKS")
		if err != nil {
			return err
		}
		if left = stream.CachedInfo().State.Msgs; left == 0 {
			return nil
		}
	}
	return fmt.Errorf("%d tasks are left in NATS that nobody waits for", left)
}
