package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// vitals are what a server must not have more of after the load than before.
type vitals struct{ goroutines, residentB, descriptors float64 }

// vitals asks every question again, so that all is in memory that would be, lets
// connections go, has garbage collected, and reads the metrics.
func (w *world) vitals(ctx context.Context) (v vitals, err error) {
	for _, q := range questions {
		if _, err := q.ask(ctx, w); err != nil {
			return v, fmt.Errorf("%s: %w", q.name, err)
		}
	}
	w.web.CloseIdleConnections()
	admin := "http://" + w.process().Admin
	for range 3 { // What has a finalizer goes with the second.
		if _, err := get(ctx, admin+"/debug/pprof/heap?gc=1"); err != nil {
			return v, err
		}
		time.Sleep(settling)
	}
	text, err := get(ctx, admin+"/metrics")
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

// left reports whether anything was left behind.
func left(before, after vitals) bool {
	return after.goroutines > before.goroutines+moreGoroutines || after.descriptors > before.descriptors+moreDescriptors ||
		after.residentB > before.residentB*moreMemory+moreMemoryB
}

func compare(before, after vitals) string {
	const mib = 1 << 20
	return fmt.Sprintf("| of the server | before | after |\n|---|---|---|\n| goroutines | %.0f | %.0f |\n| resident memory | %.0f MiB | %.0f MiB |\n| open files | %.0f | %.0f |\n",
		before.goroutines, after.goroutines, before.residentB/mib, after.residentB/mib, before.descriptors, after.descriptors)
}
