package coverage_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/metrics"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/terrain"
)

// inMemory is a model that is looked at where it lies, as files are.
type inMemory struct {
	*formula
	grid *terrain.Grid
}

func viewable(t *testing.T, m *formula) *inMemory {
	t.Helper()
	g, err := m.Read(context.Background(), m.lattice)
	if err != nil {
		t.Fatal(err)
	}
	return &inMemory{m, g}
}

func (m *inMemory) View(_ context.Context, l terrain.Lattice) (*terrain.View, error) {
	part := m.grid.Intersect(l)
	return terrain.NewView(l, []terrain.Panel{{Lattice: part, Stride: m.grid.Cols, HasVoid: true,
		Float32: m.grid.ElevationM[(part.Row0-m.grid.Row0)*m.grid.Cols+part.Col0-m.grid.Col0:]}}), nil
}

// wide is twelve radars of 300 km over all of the mountains: they take 59 MiB
// at once.
func wide() coverage.GapQuery {
	var radars []radar.Radar
	for i := range 12 {
		at := orb.Point{-72.5 + 1.51*float64(i%4), -12.01 + 1.52*float64(i/4)}
		radars = append(radars, site(fmt.Sprint("r", i), at, 300e3))
	}
	q := exactGaps(query(radars...), box(-73, -13, -67, -7), agl(300), amsl(4000))
	q.ResolutionArcsec = 15
	return q
}

// livePeak returns how much more memory is in use while f runs than before, in
// bytes, at the most. Garbage does not count: how much of it there may be is
// for the program to say.
func livePeak(f func()) (peakB uint64) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	look := func() uint64 {
		runtime.GC()
		metrics.Read(live)
		return live[0].Value.Uint64()
	}
	before := look()
	done := make(chan struct{})
	go func() {
		f()
		close(done)
	}()
	for {
		select {
		case <-done:
			return peakB - min(peakB, before)
		default:
			peakB = max(peakB, look())
		}
	}
}

// Whatever the memory, the answer is the same to the last bit, and takes no
// more of it.
func TestMemoryIsKeptTo(t *testing.T) {
	m := viewable(t, andes())
	q := wide()
	want, err := (&coverage.Engine{Terrain: m}).FindGaps(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, budgetMiB := range shorter([]int64{64, 32, 26}, []int64{32}) {
		t.Run(fmt.Sprint(budgetMiB, " MiB"), func(t *testing.T) {
			e := &coverage.Engine{Terrain: m, Workers: 2, MemoryB: budgetMiB << 20}
			var got *coverage.GapResult
			peak := livePeak(func() { got, err = e.FindGaps(context.Background(), q) })
			if err != nil {
				t.Fatal(err)
			}
			tiled := slices.IndexFunc(got.Warnings, func(w coverage.Warning) bool { return w.ID == "memory.tiled" })
			if (tiled >= 0) != (budgetMiB < 59) {
				t.Errorf("warnings %q", warningIDs(got.Basis))
			}
			if tiled >= 0 {
				t.Log(got.Warnings[tiled].Message)
				got.Warnings = slices.Delete(got.Warnings, tiled, tiled+1)
			}
			if text(got) != text(want) {
				t.Error("another answer")
			}
			if t.Logf("%.1f MiB", float64(peak)/(1<<20)); peak > uint64(e.MemoryB) {
				t.Errorf("it took %.1f MiB", float64(peak)/(1<<20))
			}
		})
	}
}

func TestTooLittleMemory(t *testing.T) {
	e := &coverage.Engine{Terrain: viewable(t, andes()), Workers: 2, MemoryB: 16 << 20}
	q := wide()
	calls := map[string]func() error{
		"gaps": func() error { _, err := e.FindGaps(context.Background(), q); return err },
		"floors": func() error {
			r, err := e.Floor(context.Background(), q.Query)
			if err != nil {
				return err
			}
			return r.Floor.Close()
		},
	}
	for name, call := range calls {
		q = wide()
		limit := new(coverage.LimitError)
		if err := call(); !errors.As(err, &limit) || limit.Allowed != 16 || limit.Have <= 16 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// What it says to ask for is enough.
		if _, err := fmt.Sscanf(limit.Remedy, "ask for %g arc-seconds", &q.ResolutionArcsec); err != nil {
			t.Errorf("%s: remedy %q", name, limit.Remedy)
		}
		if err := call(); err != nil {
			t.Errorf("%s, as it was told to: %v", name, err)
		}
	}
	q.ResolutionArcsec = 0
	r, err := e.FindGaps(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if r.SpacingArcsec != 30 || !slices.Contains(warningIDs(r.Basis), "terrain.resolution") {
		t.Errorf("%v arc-seconds, warnings %q", r.SpacingArcsec, warningIDs(r.Basis))
	}
}
