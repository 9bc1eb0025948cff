package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// clockError is longer than a plan takes by which the clock is read, and much less
// than clocks are set by.
const clockError = 10 * time.Minute

// afterwards is how long checks go on when the clocks were set back, after which
// keepalives of gRPC and leases of tasks have ended that go by them.
const afterwards = 100 * time.Second

// clockJumps sets the clocks of all processes, each time amid a plan, when a worker
// was just killed, whose lease began by the old clock. Checks and the plan are answered as
// at rest, new plans have the new time, none ends before it began, and one from
// before is kept.
func clockJumps(ctx context.Context, w *world) (seen string, err error) {
	if w.programs.skew == "" {
		return fmt.Sprintf("NOT CHECKED: no program can be built here whose clock can be set: %v", w.programs.notSkewed), nil
	}
	kept, err := w.begin(ctx, small())
	if err != nil {
		return "", err
	}
	if kept, err = w.wait(ctx, kept.GetName()); err != nil {
		return "", err
	}
	for _, jump := range []struct {
		name           string
		ahead, lasting time.Duration
	}{{anHourAhead, time.Hour, during}, {aDayBack, -24 * time.Hour, afterwards}, {trueAgain, 0, during}} {
		one, err := w.amid(ctx, jump.name, func(ctx context.Context) error {
			return w.replaceWorker(ctx, func() error { return w.setClocks(jump.ahead) })
		})
		if err == nil {
			_, err = w.answersMeanwhile(ctx, jump.lasting)
		}
		if err == nil {
			err = w.plansAt(ctx, jump.ahead)
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", jump.name, err)
		}
		seen += jump.name + ": " + one + "; "
	}
	again, err := longrunningpb.NewOperationsClient(w.conn).GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: kept.GetName()})
	if err != nil || !proto.Equal(again, kept) {
		return "", fmt.Errorf("the plan from before is another, or lost: %w", err)
	}
	return seen + "the plan from before is kept", nil
}

// setClocks sets them ahead of the true time.
func (w *world) setClocks(ahead time.Duration) error {
	err := os.WriteFile(w.programs.skew, []byte(strconv.Itoa(int(ahead/time.Second))), 0o600)
	time.Sleep(time.Second) // Until all have read it.
	return err
}

// plansAt looks whether a new plan has the time of clocks that are so far ahead.
func (w *world) plansAt(ctx context.Context, ahead time.Duration) error {
	operation, err := w.begin(ctx, small())
	if err != nil {
		return err
	}
	ended, err := w.wait(ctx, operation.GetName())
	if err != nil {
		return err
	}
	told := &canopyv1.PlanNetworkMetadata{}
	if err := ended.GetMetadata().UnmarshalTo(told); err != nil {
		return err
	}
	created := told.GetCreateTime().AsTime()
	if off := created.Sub(time.Now().Add(ahead)); off.Abs() > clockError {
		return fmt.Errorf("a plan of now is of %v: the clocks were not set", created)
	}
	return ordered(ended)
}
