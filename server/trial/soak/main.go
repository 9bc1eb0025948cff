// Command soak holds servers of Canopy at saturation with calls of all kinds, and
// meanwhile does to them what happens to servers. One works alone: it is killed
// amid a plan, its disk is full, clients are slow, idle by the thousand, or send too
// much. The other has workers, by way of NATS: a worker, NATS, and the server are
// killed amid plans, and all clocks are set. Every answer is compared with that of
// the first server at rest.
//
//	soak -canopy bin/canopy [-terrain FILE] [-lasting 10m]
//
// It prints tables, and fails if an answer was wrong, if anything was lost, or if
// goroutines or memory are left behind.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	canopy := flag.String("canopy", "bin/canopy", "the program to soak")
	terrain := flag.String("terrain", "", "elevation model (the built-in one if empty)")
	lasting := flag.Duration("lasting", 10*time.Minute, "how long the load is held in all")
	nats := flag.String("nats", "", "be NATS at this address and no more")
	dir := flag.String("dir", "", "where NATS keeps what it has")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var err error
	if *nats != "" {
		err = serveNATS(ctx, *dir, *nats)
	} else {
		err = run(ctx, *canopy, *terrain, *lasting)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// A fault is injected while the load is held. What it returns is what was seen; an
// error is a failure of the server.
type fault struct {
	name   string
	inject func(ctx context.Context, w *world) (seen string, err error)
}

var (
	ofOneAlone = []fault{
		{"kill -9 of the server amid a plan", killServer},
		{"slow clients", slowClients},
		{"1000 idle connections", idleConnections},
		{"a flood of oversized requests", oversized},
		{"a full disk under the cache", fullDisk},
	}
	ofOneWithWorkers = []fault{
		{aWorkerKilled, killWorker},
		{natsKilled, killNATS},
		{"kill -9 of the server amid a plan", killServer},
		{"clocks jump", clockJumps},
	}
)

func run(ctx context.Context, canopy, terrain string, lasting time.Duration) (err error) {
	dir, err := os.MkdirTemp("", "canopy-soak-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	skewed, err := skewedPrograms(ctx, canopy, dir)
	if err != nil {
		return err
	}
	alone, err := newWorld(ctx, programs{canopy: canopy}, terrain, filepath.Join(dir, "alone"), false)
	if err != nil {
		return err
	}
	defer alone.close()
	if err := alone.expect(ctx); err != nil {
		return err
	}
	failed := alone.soak(ctx, "A server alone", lasting/2, ofOneAlone)
	alone.close()
	scaled, err := newWorld(ctx, skewed, terrain, filepath.Join(dir, "scaled"), true)
	if err != nil {
		return errors.Join(failed, err)
	}
	defer scaled.close()
	scaled.expected = alone.expected
	return errors.Join(failed, scaled.soak(ctx, fmt.Sprintf("A server with %d workers, by way of NATS", workers), lasting/2, ofOneWithWorkers), ctx.Err())
}

// soak holds the load for a time, and longer if the faults take longer.
func (w *world) soak(ctx context.Context, title string, lasting time.Duration, faults []fault) error {
	before, err := w.vitals(ctx)
	if err != nil {
		return err
	}
	var rows []string
	var failed []error
	load := w.hold(ctx, lasting)
	for _, f := range faults {
		seen, err := f.inject(ctx, w)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", f.name, err))
			seen = "FAILED: " + err.Error()
		}
		rows = append(rows, fmt.Sprintf("| %s | %s |", f.name, seen))
		fmt.Fprintf(os.Stderr, "%s: %s\n", f.name, seen)
	}
	t := load()
	failed = append(failed, t.failures()...)
	after, err := w.vitals(ctx)
	if err != nil {
		return errors.Join(append(failed, err)...)
	}
	fmt.Printf("## %s\n\n%s\n| fault | what was seen |\n|---|---|\n%s\n\n%s\n", title, t, strings.Join(rows, "\n"), compared(before, after))
	return errors.Join(append(failed, left(before, after))...)
}
