package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// exported is an exporter of files of some bytes, which are those of the
// scenario's name.
type exported struct {
	calls atomic.Int32
	sizeB int
	// wait is called before a file is sent.
	wait func(context.Context) error
}

func (e *exported) export(ctx context.Context, request *canopyv1.ExportFloorRequest, send func(*canopyv1.ExportFloorResponse) error) error {
	e.calls.Add(1)
	if e.wait != nil {
		if err := e.wait(ctx); err != nil {
			return err
		}
	}
	content := bytes.Repeat([]byte(request.GetNetwork().GetScenarioId()), e.sizeB)
	summary := &canopyv1.FloorSummary{GeotiffBytes: int64(len(content)), Provenance: &canopyv1.Provenance{ScenarioId: request.GetNetwork().GetScenarioId()}}
	if err := send(&canopyv1.ExportFloorResponse{Part: &canopyv1.ExportFloorResponse_Summary{Summary: summary}}); err != nil {
		return err
	}
	return send(&canopyv1.ExportFloorResponse{Part: &canopyv1.ExportFloorResponse_GeotiffChunk{GeotiffChunk: content}})
}

func floorsOf(t *testing.T, e *exported, dir string, limitB int64) *floors {
	t.Helper()
	kept, err := openKept(dir, limitB)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kept.close(); err != nil {
			t.Error(err)
		}
	})
	return newFloors(e.export, kept)
}

func of(scenario string) *canopyv1.ExportFloorRequest {
	return &canopyv1.ExportFloorRequest{Network: &canopyv1.NetworkSelection{ScenarioId: scenario}}
}

// take returns the content of a floor.
func take(t *testing.T, f *floors, scenario string) string {
	t.Helper()
	got, err := f.get(t.Context(), of(scenario))
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	content, err := io.ReadAll(got)
	if err != nil || got.summary.GetProvenance().GetScenarioId() != scenario {
		t.Errorf("%v, %v", got.summary, err)
	}
	return string(content)
}

func TestAFloorIsComputedOnce(t *testing.T) {
	waiting := make(chan struct{})
	e := &exported{sizeB: 10, wait: func(context.Context) error { <-waiting; return nil }}
	f := floorsOf(t, e, "", 1<<20)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { take(t, f, "a") })
	}
	time.Sleep(20 * time.Millisecond)
	close(waiting)
	all.Wait()
	if take(t, f, "a"); e.calls.Load() != 1 {
		t.Errorf("computed %d times", e.calls.Load())
	}
	if take(t, f, "b"); e.calls.Load() != 2 {
		t.Errorf("another floor: computed %d times", e.calls.Load())
	}
}

func TestOneWhoLeavesTakesNoFloorFromTheOthers(t *testing.T) {
	begun, goOn, cut := make(chan struct{}, 2), make(chan struct{}), make(chan error, 2)
	e := &exported{sizeB: 10, wait: func(ctx context.Context) error {
		begun <- struct{}{}
		select {
		case <-goOn:
			return nil
		case <-ctx.Done():
			cut <- ctx.Err()
			return ctx.Err()
		}
	}}
	f := floorsOf(t, e, "", 1<<20)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() { _, err := f.get(ctx, of("a")); left <- err }()
	<-begun
	stayed := make(chan error, 1)
	go func() {
		got, err := f.get(t.Context(), of("a"))
		if err == nil {
			err = got.Close()
		}
		stayed <- err
	}()
	for waiting := 0; waiting < 2; time.Sleep(time.Millisecond) {
		f.mu.Lock()
		for _, w := range f.works {
			waiting = w.waiting
		}
		f.mu.Unlock()
	}
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the one who left gets %v", err)
	}
	goOn <- struct{}{}
	if err := <-stayed; err != nil || len(cut) != 0 {
		t.Errorf("the one who stayed gets %v; %d were cut off", err, len(cut))
	}
}

func TestWorkEndsWithTheLast(t *testing.T) {
	begun, cut := make(chan struct{}, 2), make(chan struct{}, 2)
	e := &exported{sizeB: 10}
	e.wait = func(ctx context.Context) error {
		begun <- struct{}{}
		if e.calls.Load() > 1 {
			return nil
		}
		<-ctx.Done()
		cut <- struct{}{}
		return ctx.Err()
	}
	f := floorsOf(t, e, "", 1<<20)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() { _, err := f.get(ctx, of("a")); left <- err }()
	<-begun
	leave()
	<-cut
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if content := take(t, f, "a"); content != "aaaaaaaaaa" {
		t.Errorf("the next who asks gets %q", content)
	}
}

func TestFloorsThatWereNotUsedForLongestGo(t *testing.T) {
	e := &exported{sizeB: 1000}
	f := floorsOf(t, e, t.TempDir(), 3500)
	for i, scenario := range []string{"a", "b", "a", "c", "a", "d", "a"} {
		take(t, f, scenario)
		time.Sleep(time.Duration(i) * 2 * time.Millisecond) // file times are coarse
	}
	if e.calls.Load() != 4 {
		t.Errorf("computed %d times, want once each", e.calls.Load())
	}
	if take(t, f, "b"); e.calls.Load() != 5 {
		t.Errorf("b was kept: computed %d times", e.calls.Load())
	}
	totalB := int64(0)
	entries, err := os.ReadDir(f.kept.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		totalB += info.Size()
	}
	if totalB > 3500 {
		t.Errorf("%d bytes are kept", totalB)
	}
}

// TestClockSetBack has floors that were used when the clock was ahead: those that
// are used since do not go before them for ever.
func TestClockSetBack(t *testing.T) {
	e := &exported{sizeB: 1000}
	f := floorsOf(t, e, t.TempDir(), 3500)
	for _, scenario := range []string{"a", "b", "c"} {
		take(t, f, scenario)
	}
	ahead := time.Now().Add(24 * time.Hour)
	entries, err := os.ReadDir(f.kept.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if err := os.Chtimes(filepath.Join(f.kept.dir, entry.Name()), ahead, ahead); err != nil {
			t.Fatal(err)
		}
	}
	for _, scenario := range []string{"d", "e", "d"} {
		time.Sleep(20 * time.Millisecond) // file times are coarse
		take(t, f, scenario)
	}
	if e.calls.Load() != 5 {
		t.Errorf("computed %d times, want once each", e.calls.Load())
	}
}

func TestAFloorThatIsTooLargeIsRefused(t *testing.T) {
	f := floorsOf(t, &exported{sizeB: 1000}, t.TempDir(), 500)
	if _, err := f.get(t.Context(), of("a")); err == nil || !bytes.Contains([]byte(err.Error()), []byte("the floor has 1000 bytes, and at most 500 are kept")) {
		t.Errorf("got %v", err)
	}
	if entries, _ := os.ReadDir(f.kept.dir); len(entries) != 0 {
		t.Errorf("left over: %v", entries)
	}
}

func TestFloorsOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	first := floorsOf(t, &exported{sizeB: 10}, dir, 1<<20)
	got, err := first.get(t.Context(), of("a"))
	if err != nil {
		t.Fatal(err)
	}
	got.Close()
	second := floorsOf(t, &exported{sizeB: 10}, dir, 1<<20)
	file, err := second.kept.open(got.names.file)
	if err != nil {
		t.Fatal(err)
	}
	file.Close()
}

func TestTemporaryFloorsGo(t *testing.T) {
	f := floorsOf(t, &exported{sizeB: 10}, "", 1<<20)
	take(t, f, "a")
	if err := f.kept.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(f.kept.dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", f.kept.dir, err)
	}
}

func TestAbandonedPartsGo(t *testing.T) {
	f := floorsOf(t, &exported{sizeB: 10}, t.TempDir(), 1<<20)
	old, recent := filepath.Join(f.kept.dir, partPrefix+"old"), filepath.Join(f.kept.dir, partPrefix+"new")
	for _, path := range []string{old, recent} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * abandoned)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	take(t, f, "a")
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the old one: %v", err)
	}
	if _, err := os.Stat(recent); err != nil {
		t.Errorf("the one that may be at work: %v", err)
	}
}

func TestRequestsAreForgottenInTheEnd(t *testing.T) {
	f := floorsOf(t, &exported{sizeB: 1}, t.TempDir(), 1<<20)
	for i := range maxNames {
		f.names[fmt.Sprint(i)] = names{}
	}
	take(t, f, "a")
	if len(f.names) != 1 {
		t.Errorf("%d are remembered", len(f.names))
	}
}

func TestOnlyNamesOfTheirFormAreOpened(t *testing.T) {
	f := floorsOf(t, &exported{}, t.TempDir(), 1<<20)
	if err := os.WriteFile(filepath.Join(f.kept.dir, "secret.tif"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "secret.tif", "../floors/secret.tif", "part-1"} {
		if _, err := f.kept.open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
