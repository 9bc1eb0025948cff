package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/trial"
)

// openCalls keep both processors busy, and are fewer than a server lets wait.
const openCalls = 16

// steadyShare of the most calls per second is the rate at which latencies are
// taken: a server that is sized well is half busy.
const steadyShare = 0.5

// warmUp is how long connections and memory are warmed up.
const warmUp = time.Second

// turns is how often the two of a pair take turns in a round: the speed of a shared
// machine changes from second to second.
const turns = 10

// pair is CheckPoints of one point beside an empty call of the same lengths.
type pair struct{ checks, empty side }

type side struct {
	*checks
	perSecond []float64
	p99       []time.Duration
}

func (b *bench) small(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server, err := b.serve(ctx, b.canopy)
	if err != nil {
		return err
	}
	if err := b.keepFloors(ctx, server.GRPC, nil); err != nil {
		return err
	}
	for _, kind := range []struct {
		name    string
		without bool
	}{{"with sights", false}, {"without sights", true}} {
		if err := b.compare(ctx, kind.name, server.GRPC, single(kind.without)); err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
	}
	return nil
}

// keepFloors asks for gaps, so that points without sights are read off the floors
// that were computed for them.
func (b *bench) keepFloors(ctx context.Context, address string, network *canopyv1.NetworkSelection) error {
	conn, err := dial(address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_, err = canopyv1.NewCoverageServiceClient(conn).FindGaps(ctx, &canopyv1.FindGapsRequest{Network: network})
	return err
}

func (b *bench) compare(ctx context.Context, name, address string, requests []*canopyv1.CheckPointsRequest) error {
	var p pair
	var err error
	if p.checks.checks, err = newChecks(address, requests...); err != nil {
		return err
	}
	defer p.checks.close()
	answer, err := p.checks.next(ctx)
	if err != nil {
		return err
	}
	bare, err := b.serveBare(ctx, len(answer))
	if err != nil {
		return err
	}
	if p.empty.checks, err = newChecks(bare.GRPC); err != nil {
		return err
	}
	p.empty.requests = [][]byte{blank(len(p.checks.requests[0]))}
	defer p.empty.close()
	for range b.rounds {
		if err := p.round(ctx, b.lasting); err != nil {
			return err
		}
	}
	ratios := make([]float64, b.rounds)
	for i := range ratios {
		ratios[i] = p.checks.perSecond[i] / p.empty.perSecond[i]
	}
	fmt.Printf("one point %s, %d B in %d B out, %d calls open: %.0f a second; empty calls %.0f; ratio %.2f; p99 at half the rate %v, empty %v\n", name,
		len(p.checks.requests[0]), len(answer), openCalls, median(p.checks.perSecond), median(p.empty.perSecond), median(ratios), median(p.checks.p99), median(p.empty.p99))
	return errors.Join(bare.Kill(), ctx.Err())
}

// blank is a message of n bytes, a single field of zeros.
func blank(n int) []byte {
	const tagAndLengthB = 2 // of fields up to 127 bytes
	raw := make([]byte, n)
	raw[0], raw[1] = 0x0a, byte(n-tagAndLengthB)
	return raw
}

func (p *pair) round(ctx context.Context, lasting time.Duration) error {
	sides := [2]*side{&p.empty, &p.checks}
	for _, s := range sides {
		trial.AtOnce(ctx, openCalls, warmUp, s.call)
	}
	var calls, seconds [2]float64
	for range turns {
		for i, s := range sides {
			o := trial.AtOnce(ctx, openCalls, lasting/turns, s.call)
			if err := failed(o); err != nil {
				return err
			}
			calls[i] += float64(len(o.Latencies))
			seconds[i] += o.Elapsed.Seconds()
		}
	}
	for i, s := range sides {
		perSecond := calls[i] / seconds[i]
		steady := trial.AtRate(ctx, steadyShare*perSecond, lasting, s.call)
		if err := failed(steady); err != nil {
			return err
		}
		s.perSecond, s.p99 = append(s.perSecond, perSecond), append(s.p99, steady.Latencies.Quantile(0.99))
	}
	return nil
}
