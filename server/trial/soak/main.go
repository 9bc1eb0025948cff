// Command soak holds a server of Canopy at saturation with calls of all kinds, and
// meanwhile does to it what happens to servers: it is killed amid a plan, its disk
// is full, clients are slow, idle by the thousand, or send too much. Every answer
// is compared with that of the same server at rest.
//
//	soak -canopy bin/canopy [-terrain FILE] [-lasting 10m]
//
// It prints a table, and fails if an answer was wrong, if anything was lost, or if
// goroutines or memory are left behind.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	canopy := flag.String("canopy", "bin/canopy", "the program to soak")
	terrain := flag.String("terrain", "", "elevation model (the built-in one if empty)")
	lasting := flag.Duration("lasting", 10*time.Minute, "how long the load is held")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *canopy, *terrain, *lasting)
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

var faults = []fault{
	{"kill -9 of the server amid a plan", killServer},
	{"slow clients", slowClients},
	{"1000 idle connections", idleConnections},
	{"a flood of oversized requests", oversized},
	{"a full disk under the cache", fullDisk},
}

func run(ctx context.Context, canopy, terrain string, lasting time.Duration) (err error) {
	dir, err := os.MkdirTemp("", "canopy-soak-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	w, err := newWorld(ctx, canopy, terrain, dir)
	if err != nil {
		return err
	}
	defer w.close()
	before, err := w.vitals(ctx)
	if err != nil {
		return err
	}
	var rows []string
	failures := 0
	load := w.hold(ctx, lasting)
	for _, f := range faults {
		seen, err := f.inject(ctx, w)
		if err != nil {
			failures++
			seen = "FAILED: " + err.Error()
		}
		rows = append(rows, fmt.Sprintf("| %s | %s |", f.name, seen))
		fmt.Fprintf(os.Stderr, "%s: %s\n", f.name, seen)
	}
	t := load()
	after, err := w.vitals(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n| fault | what was seen |\n|---|---|\n%s\n\n%s", t, strings.Join(rows, "\n"), compare(before, after))
	if failures += t.wrong; failures > 0 || left(before, after) {
		return errors.Join(fmt.Errorf("%d failures; goroutines or memory left behind: %v", failures, left(before, after)), t.firstWrong)
	}
	return ctx.Err()
}
