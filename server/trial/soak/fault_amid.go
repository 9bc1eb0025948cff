package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// wide is a plan whose candidates take workers a while. Each strike has an earth of
// its own, so that of its sweeps none is kept.
func wide(strike string) *canopyv1.PlanNetworkRequest {
	return &canopyv1.PlanNetworkRequest{
		Options:    &canopyv1.CoverageOptions{EffectiveEarthK: proto.Float64(strikes[strike])},
		Airspace:   &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: "peru"}},
		Candidates: &canopyv1.CandidateSelection{Search: &canopyv1.CandidateSearch{NearAccessKm: proto.Float64(25)}},
		Objective: &canopyv1.PlanObjective{Altitudes: []*canopyv1.AltitudeWeight{
			{Altitude: agl(300)[0], Weight: proto.Float64(2)}, {Altitude: agl(3000)[0]},
		}},
		Constraints: &canopyv1.PlanConstraints{MaxCount: proto.Int32(2)},
		Effort:      &canopyv1.PlanEffort{WithoutScreening: true},
	}
}

// Strikes hit a wide plan, each on an earth of an effective factor of its own.
const (
	aWorkerKilled = "kill -9 of a worker amid a plan"
	natsKilled    = "kill -9 of NATS amid a plan"
	anHourAhead   = "all clocks an hour ahead amid a plan"
	aDayBack      = "all clocks a day back amid a plan"
	trueAgain     = "all clocks true again amid a plan"
)

var strikes = map[string]float64{aWorkerKilled: 1.31, natsKilled: 1.32, anHourAhead: 1.33, aDayBack: 1.34, trueAgain: 1.35}

// widePlans ask for the plans that are struck.
func widePlans() (all []question) {
	for name := range strikes {
		all = append(all, question{name: name, ask: func(ctx context.Context, w *world) ([]byte, error) {
			operation, err := w.begin(ctx, wide(name))
			if err != nil {
				return nil, err
			}
			return w.planned(ctx, operation.GetName())
		}})
	}
	return all
}

// amid strikes while the candidates of a plan are swept, which is to end as at rest.
func (w *world) amid(ctx context.Context, name string, strike func(context.Context) error) (string, error) {
	begun := time.Now()
	operation, err := w.begin(ctx, wide(name))
	if err != nil {
		return "", err
	}
	at, err := w.swept(ctx, operation.GetName())
	if err != nil {
		return "", err
	}
	struck := time.Now()
	if err := strike(ctx); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := w.planned(ctx, operation.GetName())
	if err == nil {
		err = w.compare(name, answer)
	}
	if err != nil {
		return "", fmt.Errorf("the plan: %w", err)
	}
	return fmt.Sprintf("%v after the plan had begun, at %d of %d candidates; it ended %v later, as at rest",
		struck.Sub(begun).Round(time.Second), at.GetCandidatesSwept(), at.GetCandidateCount(), time.Since(struck).Round(time.Second)), nil
}

// swept waits until some candidates of a plan have been swept, and not all.
func (w *world) swept(ctx context.Context, name string) (*canopyv1.PlanNetworkMetadata, error) {
	for {
		operation, err := longrunningpb.NewOperationsClient(w.conn).GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: name})
		if err != nil {
			return nil, err
		}
		at := &canopyv1.PlanNetworkMetadata{}
		if err := operation.GetMetadata().UnmarshalTo(at); err != nil {
			return nil, err
		}
		switch swept := at.GetCandidatesSwept(); {
		case operation.GetDone() || swept > 0 && swept == at.GetCandidateCount():
			return nil, errors.New("the plan was to be struck while candidates are swept, and is beyond that")
		case swept > 0:
			return at, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// killWorker has another worker take the place of one.
func killWorker(ctx context.Context, w *world) (string, error) {
	return w.amid(ctx, aWorkerKilled, func(ctx context.Context) error {
		return w.replaceWorker(ctx, func() error { return nil })
	})
}

func (w *world) replaceWorker(ctx context.Context, meanwhile func() error) error {
	return errors.Join(w.process(workerName+"1").Kill(), meanwhile(), w.startWorker(ctx, 1))
}

// natsGone is how long NATS is away.
const natsGone = 5 * time.Second

// killNATS has it come back with what it had on its disk. It counts as away until
// the plan has ended that waited for it.
func killNATS(ctx context.Context, w *world) (string, error) {
	defer w.away.Store(nil)
	return w.amid(ctx, natsKilled, func(ctx context.Context) error {
		w.away.Store(natsAway)
		if err := w.process(natsName).Kill(); err != nil {
			return err
		}
		time.Sleep(natsGone)
		return w.startNATS(ctx)
	})
}
