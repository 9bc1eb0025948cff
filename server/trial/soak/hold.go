package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

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
	cut        int // while what they need is away
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
	before := w.away.Load()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	start := time.Now()
	answer, err := q.ask(ctx, w)
	if err == nil {
		err = w.compare(q.name, answer)
	}
	t.add(q.name, time.Since(start), err, before.excuses(err) || w.away.Load().excuses(err))
	if err != nil {
		time.Sleep(10 * time.Millisecond) // A refusal costs less than a call, and would be all that there is.
	}
}

// errOther is of an answer that is another than that of the server at rest.
var errOther = errors.New("another answer than at rest")

func (w *world) compare(name string, answer []byte) error {
	if expected := w.expected[name]; !bytes.Equal(answer, expected) {
		return fmt.Errorf("%w, of %d bytes in the place of %d", errOther, len(answer), len(expected))
	}
	return nil
}

// excuses reports whether an error is no wonder.
func (o *outage) excuses(err error) bool {
	return o != nil && err != nil && slices.Contains(o.excused, status.Code(err))
}

func (t *tally) add(name string, took time.Duration, err error, excused bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case err == nil:
		t.answered[name] = append(t.answered[name], took)
	case busy(err):
		t.refused++
	case excused:
		t.cut++
	default:
		if t.wrong++; t.firstWrong == nil {
			t.firstWrong = fmt.Errorf("%s: %w", name, err)
		}
	}
}

// failures are what was wrong with the answers, and with the load.
func (t *tally) failures() (all []error) {
	if t.wrong > 0 {
		all = append(all, fmt.Errorf("%d wrong answers, the first of them to %w", t.wrong, t.firstWrong))
	}
	if t.refused == 0 {
		all = append(all, errors.New("no question was refused: that is no saturation"))
	}
	for _, q := range questions {
		if len(t.answered[q.name]) == 0 {
			all = append(all, fmt.Errorf("%s: never answered", q.name))
		}
	}
	return all
}

func (t *tally) answers() (n int) {
	for _, all := range t.answered {
		n += len(all)
	}
	return n
}

func (t *tally) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%v with %d askers: %d answered, %d refused by a server that is busy, %d cut while what they need was away, %d wrong\n\n", t.lasted.Round(time.Second), askers, t.answers(), t.refused, t.cut, t.wrong)
	s.WriteString("| question | answers | median | p99 |\n|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(t.answered)) {
		l := t.answered[name]
		fmt.Fprintf(&s, "| %s | %d | %v | %v |\n", name, len(l), l.Quantile(0.5).Round(100*time.Microsecond), l.Quantile(0.99).Round(100*time.Microsecond))
	}
	return s.String()
}
