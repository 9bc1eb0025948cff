package trial

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Latencies are how long calls took.
type Latencies []time.Duration

// Quantile returns the latency that a share q of the calls, 0 to 1, did not
// exceed; 0 of no calls.
func (l Latencies) Quantile(q float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// Outcome is what became of calls.
type Outcome struct {
	Latencies Latencies // of those that were answered well
	Failed    int
	FirstErr  error
	Elapsed   time.Duration
}

// PerSecond is how many calls were answered well in a second.
func (o *Outcome) PerSecond() float64 { return float64(len(o.Latencies)) / o.Elapsed.Seconds() }

// Call sends one call and waits for its answer.
type Call func(context.Context) error

// AtRate begins a call every 1/perSecond for the given time, whether those before
// it are answered or not. Latencies count from when a call was due, so that a
// server that stalls is charged for all calls that it kept waiting.
func AtRate(ctx context.Context, perSecond float64, lasting time.Duration, call Call) *Outcome {
	tally := newTally()
	interval := time.Duration(float64(time.Second) / perSecond)
	start := time.Now()
	for due := start; due.Before(start.Add(lasting)) && ctx.Err() == nil; due = due.Add(interval) {
		time.Sleep(time.Until(due))
		tally.calls.Go(func() { tally.add(call(ctx), time.Since(due)) })
	}
	return tally.outcome(start)
}

// AtOnce keeps so many calls open at the same time for the given time.
func AtOnce(ctx context.Context, open int, lasting time.Duration, call Call) *Outcome {
	tally := newTally()
	start := time.Now()
	for range open {
		tally.calls.Go(func() {
			for time.Since(start) < lasting && ctx.Err() == nil {
				begun := time.Now()
				tally.add(call(ctx), time.Since(begun))
			}
		})
	}
	return tally.outcome(start)
}

type tally struct {
	calls sync.WaitGroup
	mu    sync.Mutex
	made  Outcome
}

func newTally() *tally { return &tally{made: Outcome{Latencies: make(Latencies, 0, 1<<16)}} }

func (t *tally) add(err error, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.made.Latencies = append(t.made.Latencies, took)
		return
	}
	if t.made.Failed++; t.made.FirstErr == nil {
		t.made.FirstErr = err
	}
}

func (t *tally) outcome(start time.Time) *Outcome {
	t.calls.Wait()
	t.made.Elapsed = time.Since(start)
	return &t.made
}
