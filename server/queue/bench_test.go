package queue_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/server/queue"
	"github.com/canopyradar/canopy/terrain/open"
)

// rounds is how often TestBenchWorkers times each; 0 to skip it.
var rounds = flag.Int("rounds", 0, "rounds of TestBenchWorkers")

// realTerrain is what is swept over.
const realTerrain = "../../../shared/data/peru_composite_15s_int16.tif"

// allowed is which part of the time of one worker two may take.
const allowed = 0.6

// TestBenchWorkers times a sweep of candidates over Peru by one worker, and by two,
// in turn: processes of one goroutine each, on two processors.
func TestBenchWorkers(t *testing.T) {
	if *rounds == 0 {
		t.Skip("a benchmark: make bench-workers")
	}
	if _, err := os.Stat(realTerrain); err != nil {
		t.Skip("the real terrain is not here: ", err)
	}
	var times [2][]time.Duration
	for range *rounds {
		for i := range times {
			times[i] = append(times[i], timeSweep(t, i+1))
		}
	}
	var medians [2]time.Duration
	for i, all := range times {
		slices.Sort(all)
		medians[i] = all[len(all)/2]
		t.Logf("%d worker(s): %v at least, %v the median, %v at most", i+1, all[0], medians[i], all[len(all)-1])
	}
	share := float64(medians[1]) / float64(medians[0])
	t.Logf("two workers take %.2f of the time of one", share)
	if share > allowed {
		t.Errorf("two workers take %.2f of the time of one, at most %.1f is allowed", share, allowed)
	}
}

// timeSweep returns how long so many workers take.
func timeSweep(t *testing.T, workers int) (took time.Duration) {
	t.Helper()
	t.Run(fmt.Sprintf("%d", workers), func(t *testing.T) {
		p := newPlace(t)
		for range workers {
			p.benchWorker()
		}
		model, err := open.Path(t.Context(), realTerrain)
		if err != nil {
			t.Fatal(err)
		}
		q := p.join(model.Info().Identity)
		eventually(t, "all workers are there", func() bool { return p.gauge(q, "canopy_workers") == float64(workers) })
		e := &coverage.Engine{Terrain: model, Workers: 1, Executor: q}
		query, targets := benchSweep()
		begun := time.Now()
		if _, err := e.EachSeen(t.Context(), query, targets, func(int, []uint64) error { return nil }); err != nil {
			t.Fatal(err)
		}
		took = time.Since(begun)
	})
	return took
}

// benchSweep are 96 candidates all over Peru, and points that they may see.
func benchSweep() (coverage.Query, []coverage.Target) {
	model, err := catalog.Default().Model("modern-3d")
	if err != nil {
		panic(err)
	}
	q := coverage.Query{Reach: sight.Terrain, K: earth.StandardK, MinRadars: 1, ResolutionArcsec: 15}
	var targets []coverage.Target
	for row := range 12 {
		for col := range 8 {
			at := orb.Point{-79 + 1.2*float64(col), -16 + 1.2*float64(row)}
			q.Radars = append(q.Radars, model.At(fmt.Sprintf("%d-%d", row, col), "", at))
			for i := range 100 {
				targets = append(targets, coverage.Target{Point: coverage.Point{
					Position: orb.Point{at.Lon() + 0.12*float64(i%10), at.Lat() + 0.12*float64(i/10)}, Altitude: altitude.Altitude{Reference: altitude.AGL, Value: 1000},
				}})
			}
		}
	}
	return q, targets
}

// benchWorker starts a process that works with one goroutine.
func (p *place) benchWorker() {
	p.t.Helper()
	path, err := filepath.Abs(realTerrain)
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.CommandContext(p.t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+p.nats.Address, victimEnv+"_STORE="+p.dir, victimEnv+"_TERRAIN="+path, "GOMAXPROCS=1")
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// workAsBench works, as fast as it can, until it is killed.
func workAsBench(address, dir, path string) {
	model, err := open.Path(context.Background(), path)
	if err != nil {
		panic(err)
	}
	q := joinAsProcess(address, dir, model.Info().Identity, slog.New(slog.NewTextHandler(io.Discard, nil)))
	q.Work(context.Background(), &coverage.Engine{Terrain: model, Workers: 1}, 0)
}

// gauge returns what a metric of a queue is now.
func (p *place) gauge(q *queue.Queue, name string) float64 {
	p.t.Helper()
	families := gathered(p.t, q)
	if families[name] == nil {
		p.t.Fatal("no metric ", name)
	}
	return families[name].GetMetric()[0].GetGauge().GetValue()
}
