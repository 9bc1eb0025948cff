package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/server/trial"
)

// askers ask without a pause: more than the server lets run and wait.
const askers = 64

// patience is how long a call may take on a machine that is busy.
const patience = 2 * time.Minute

// tally is what became of all questions.
type tally struct {
	mu         sync.Mutex
	answered   map[string]trial.Latencies
	refused    int
	cut        int // by a server that was killed
	wrong      int
	lasted     time.Duration
	firstWrong error
}

// hold asks questions at random for a time, and for as long as the fault takes
// that is injected then. The function that it returns waits for the end.
func (w *world) hold(ctx context.Context, lasting time.Duration) (ended func() *tally) {
	t := &tally{answered: map[string]trial.Latencies{}}
	start := time.Now()
	faulted := make(chan struct{})
	over := func() bool {
		select {
		case <-faulted:
			return time.Since(start) >= lasting
		default:
			return false
		}
	}
	var group sync.WaitGroup
	for i := range askers {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 1))
			for !over() && ctx.Err() == nil {
				w.askOne(ctx, t, draw(r))
			}
		})
	}
	return func() *tally {
		close(faulted)
		group.Wait()
		t.lasted = time.Since(start)
		return t
	}
}

// draw returns a question, by weight.
func draw(r *rand.Rand) *question {
	sum := 0
	for i := range questions {
		sum += questions[i].weight
	}
	n := r.IntN(sum)
	for i := range questions {
		if n -= questions[i].weight; n < 0 {
			return &questions[i]
		}
	}
	panic("weights are at least 1")
}

func (w *world) askOne(ctx context.Context, t *tally, q *question) {
	down := w.down.Load()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	start := time.Now()
	answer, err := q.ask(ctx, w)
	took := time.Since(start)
	down = down || w.down.Load()
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case err == nil && bytes.Equal(answer, w.expected[q.name]):
		t.answered[q.name] = append(t.answered[q.name], took)
	case status.Code(err) == codes.ResourceExhausted:
		t.refused++
	case err != nil && down:
		t.cut++
	default:
		if err == nil {
			err = fmt.Errorf("another answer than at rest, of %d bytes in the place of %d", len(answer), len(w.expected[q.name]))
		}
		if t.wrong++; t.firstWrong == nil {
			t.firstWrong = fmt.Errorf("%s: %w", q.name, err)
		}
	}
	if err != nil {
		time.Sleep(10 * time.Millisecond) // A refusal costs less than a call, and would be all that there is.
	}
}

func (t *tally) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%v with %d askers: %d refused, %d cut by a server that was killed, %d wrong\n\n", t.lasted.Round(time.Second), askers, t.refused, t.cut, t.wrong)
	s.WriteString("| question | answers | median | p99 |\n|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(t.answered)) {
		l := t.answered[name]
		fmt.Fprintf(&s, "| %s | %d | %v | %v |\n", name, len(l), l.Quantile(0.5).Round(100*time.Microsecond), l.Quantile(0.99).Round(100*time.Microsecond))
	}
	return s.String()
}
