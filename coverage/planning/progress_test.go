package planning_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
)

// questions are all but plans, each over terrain of some size.
func questions() map[string]func(context.Context) error {
	p := planner(andes(480))
	var candidates []radar.Radar
	var strips []*airstrip.Airstrip
	for i := range 12 {
		at := off(valley, 0.1*float64(i%4)-0.2, 0.1*float64(i/4)-0.1)
		candidates = append(candidates, site(fmt.Sprint("c", i), at, 40e3))
		strips = append(strips, strip(fmt.Sprintf("s%02d", i), at, 500))
	}
	area := around(valley, 1)
	q := criticalityQuery(overlapping(), area, agl(300), amsl(2000))
	q.MinRadars = 2
	q.Airstrips = planning.Airstrips{All: strips, MaxAGLM: 300}
	return map[string]func(context.Context) error{
		"criticality": func(ctx context.Context) error {
			_, err := p.Criticality(ctx, q)
			return err
		},
		"suggestions": func(ctx context.Context) error {
			_, err := p.SuggestSites(ctx, coverage.GapQuery{Query: q.Query, Airspace: area, Altitudes: q.Altitudes}, candidates)
			return err
		},
		"candidates": func(ctx context.Context) error {
			_, err := p.FindCandidates(ctx, highQuery(area, strips...))
			return err
		},
	}
}

func TestProgressNeverFalls(t *testing.T) {
	for name, ask := range questions() {
		last, steps := 0.0, 0
		ctx := coverage.WithProgress(context.Background(), func(share float64, doing string) {
			if share < last || share > 1 || doing == "" {
				t.Errorf("%s: from %v to %v, %q", name, last, share, doing)
			}
			last = share
			steps++
		})
		if err := ask(ctx); err != nil {
			t.Fatal(name, ": ", err)
		}
		if steps < 4 || last == 0 {
			t.Errorf("%s: %d steps up to %v", name, steps, last)
		}
	}
}

// Whoever loses interest is heard within a second, whatever is being done.
func TestAllStops(t *testing.T) {
	for name, ask := range questions() {
		for _, at := range []float64{0, 0.1, 0.3, 0.5} {
			ctx, cancel := context.WithCancel(context.Background())
			var stopped time.Time
			ctx = coverage.WithProgress(ctx, func(share float64, _ string) {
				if share >= at && stopped.IsZero() {
					stopped = time.Now()
					cancel()
				}
			})
			err := ask(ctx)
			cancel()
			if took := time.Since(stopped); !stopped.IsZero() && (!errors.Is(err, context.Canceled) || took > time.Second) {
				t.Errorf("%s, stopped at %v: error %v after %v", name, at, err, took)
			}
		}
	}
}
