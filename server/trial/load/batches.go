package main

import (
	"context"
	"fmt"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/trial"
)

// batch is how many points are checked in one call.
const batch = 1000

// batches asks for many points in one call, under four radars: with sights, and
// without them once floors are kept.
func (b *bench) batches(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server, err := b.serve(ctx, b.canopy)
	if err != nil {
		return err
	}
	network := &canopyv1.NetworkSelection{ScenarioId: "four-modern"}
	if err := b.keepFloors(ctx, server.GRPC, network); err != nil {
		return err
	}
	for _, without := range []bool{false, true} {
		checks, err := newChecks(server.GRPC, &canopyv1.CheckPointsRequest{Network: network, Points: points(batch), WithoutSights: without})
		if err != nil {
			return err
		}
		var rates []float64
		for range b.rounds {
			o := trial.AtOnce(ctx, connections, b.lasting, checks.call)
			if err := failed(o); err != nil {
				return err
			}
			rates = append(rates, batch*o.PerSecond())
		}
		checks.close()
		fmt.Printf("%d points a call under four radars, without sights %v, %d calls open: %.0f points a second\n", batch, without, connections, median(rates))
	}
	return ctx.Err()
}
