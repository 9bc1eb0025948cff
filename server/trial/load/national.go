package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/trial"
)

// steadyRate is that of small checks beside a national request: they take a few
// per cent of a processor.
const steadyRate = 200

// country asks for the gaps of eleven radars over Peru at eight altitudes.
func country() *canopyv1.FindGapsRequest {
	q := &canopyv1.FindGapsRequest{
		Network:  &canopyv1.NetworkSelection{ScenarioId: "canopy-11"},
		Airspace: &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: "peru"}},
	}
	for _, aglM := range []float64{100, 300, 500, 1000, 2000, 3000, 5000, 10000} {
		q.Altitudes = append(q.Altitudes, &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: aglM}})
	}
	return q
}

// nation is a server that keeps no floors, so that each national request is work.
type nation struct {
	coverage canopyv1.CoverageServiceClient
	checks   *checks
	took     []time.Duration
}

func (b *bench) startNation(ctx context.Context, program string) (*nation, error) {
	server, err := b.serve(ctx, program, "--cache-memory", "0")
	if err != nil {
		return nil, err
	}
	conn, err := dial(server.GRPC)
	if err != nil {
		return nil, err
	}
	checks, err := newChecks(server.GRPC, single(false)...)
	return &nation{coverage: canopyv1.NewCoverageServiceClient(conn), checks: checks}, err
}

// ask times a national request with nothing beside it.
func (n *nation) ask(ctx context.Context) error {
	start := time.Now()
	_, err := n.coverage.FindGaps(ctx, country())
	n.took = append(n.took, time.Since(start))
	return err
}

// besides takes the latencies of small checks while national requests are in
// progress, one after the other.
func (n *nation) besides(ctx context.Context, lasting time.Duration) (*trial.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, lasting+time.Hour)
	defer cancel()
	done := make(chan struct{})
	var both errgroup.Group
	both.Go(func() error {
		for {
			if _, err := n.coverage.FindGaps(ctx, country()); err != nil {
				return err
			}
			select {
			case <-done:
				return nil
			default:
			}
		}
	})
	o := trial.AtRate(ctx, steadyRate, lasting, n.checks.call)
	close(done)
	return o, both.Wait()
}

func (b *bench) national(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	now, err := b.startNation(ctx, b.canopy)
	if err != nil {
		return err
	}
	var before *nation
	if b.before != "" {
		if before, err = b.startNation(ctx, b.before); err != nil {
			return err
		}
	}
	var alone, beside []time.Duration
	var ratios []float64
	for range b.rounds {
		quiet := trial.AtRate(ctx, steadyRate, b.lasting, now.checks.call)
		busy, err := now.besides(ctx, b.lasting)
		if err == nil {
			err = failed(quiet)
		}
		if err == nil {
			err = failed(busy)
		}
		if err != nil {
			return err
		}
		alone, beside = append(alone, quiet.Latencies.Quantile(0.99)), append(beside, busy.Latencies.Quantile(0.99))
		ratios = append(ratios, beside[len(beside)-1].Seconds()/alone[len(alone)-1].Seconds())
		if err := now.ask(ctx); err != nil {
			return err
		}
		if before != nil {
			if err := before.ask(ctx); err != nil {
				return err
			}
		}
	}
	fmt.Printf("one point, %d calls a second: p99 %v alone, %v beside a national request; ratio %.2f\n", steadyRate, median(alone), median(beside), median(ratios))
	fmt.Printf("national request: %v\n", median(now.took))
	if before != nil {
		fmt.Printf("national request of %s: %v\n", b.before, median(before.took))
	}
	return ctx.Err()
}
