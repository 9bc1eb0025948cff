package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/canopyradar/canopy/server/trial"
)

// vitals are what a process must not have more of after the load than before.
type vitals struct{ goroutines, residentB, descriptors float64 }

// vitals asks every question again, so that all is in memory that would be, lets
// connections go, has garbage collected, and reads the metrics of all processes.
func (w *world) vitals(ctx context.Context) (map[string]vitals, error) {
	for _, q := range questions {
		if _, err := q.ask(ctx, w); err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
	}
	if w.nats != "" {
		if err := w.idleQueue(ctx); err != nil {
			return nil, err
		}
	}
	w.web.CloseIdleConnections()
	all := map[string]vitals{}
	for _, name := range w.canopies() {
		v, err := vitalsOf(ctx, w.process(name))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[name] = v
	}
	return all, nil
}

func vitalsOf(ctx context.Context, p *trial.Process) (v vitals, err error) {
	for range 3 { // What has a finalizer goes with the second.
		if _, err := get(ctx, "http://"+p.Admin+"/debug/pprof/heap?gc=1"); err != nil {
			return v, err
		}
		time.Sleep(settling)
	}
	text, err := get(ctx, "http://"+p.Admin+"/metrics")
	if err != nil {
		return v, err
	}
	for name, to := range map[string]*float64{
		"go_goroutines": &v.goroutines, "process_resident_memory_bytes": &v.residentB, "process_open_fds": &v.descriptors,
	} {
		_, line, found := strings.Cut(text, "\n"+name+" ")
		line, _, _ = strings.Cut(line, "\n")
		if *to, err = strconv.ParseFloat(line, 64); err != nil || !found {
			return v, fmt.Errorf("the metrics have no %s: %w", name, err)
		}
	}
	return v, nil
}

// settling is how long connections that were let go take to end.
const settling = 2 * time.Second

func get(ctx context.Context, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

// What may be more: a goroutine or two of the runtime's and of connections to be,
// and memory that the runtime keeps for the next peak of the same height.
const (
	moreGoroutines  = 10
	moreDescriptors = 10
	moreMemory      = 1.5
	moreMemoryB     = 256 << 20
)

// left is an error where more is there after the load than before.
func left(before, after map[string]vitals) error {
	var all []error
	for name, b := range before {
		a := after[name]
		if a.goroutines > b.goroutines+moreGoroutines || a.descriptors > b.descriptors+moreDescriptors || a.residentB > b.residentB*moreMemory+moreMemoryB {
			all = append(all, fmt.Errorf("%s: goroutines, memory or open files are left behind", name))
		}
	}
	return errors.Join(all...)
}

func compared(before, after map[string]vitals) string {
	const mib = 1 << 20
	var s strings.Builder
	s.WriteString("| process | goroutines before | after | resident memory before | after | open files before | after |\n|---|---|---|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(before)) {
		b, a := before[name], after[name]
		fmt.Fprintf(&s, "| %s | %.0f | %.0f | %.0f MiB | %.0f MiB | %.0f | %.0f |\n", name, b.goroutines, a.goroutines, b.residentB/mib, a.residentB/mib, b.descriptors, a.descriptors)
	}
	return s.String()
}
