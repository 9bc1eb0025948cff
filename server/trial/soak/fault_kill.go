package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// long is a plan that takes minutes.
func long() *canopyv1.PlanNetworkRequest {
	return &canopyv1.PlanNetworkRequest{
		Airspace:    &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: "amazon"}},
		Candidates:  &canopyv1.CandidateSelection{Search: &canopyv1.CandidateSearch{MaxCount: proto.Int32(500)}},
		Constraints: &canopyv1.PlanConstraints{MaxCount: proto.Int32(11)},
		Effort:      &canopyv1.PlanEffort{GapPercent: proto.Float64(0)},
	}
}

// killServer kills it while it is at a plan, and has another take its place. The
// plan that was cut short says so, one that had ended is there still, and the same
// questions have the same answers.
func killServer(ctx context.Context, w *world) (string, error) {
	kept, err := w.begin(ctx, small())
	if err != nil {
		return "", err
	}
	if kept, err = w.wait(ctx, kept.GetName()); err != nil {
		return "", err
	}
	cut, err := w.begin(ctx, long())
	if err != nil {
		return "", err
	}
	time.Sleep(3 * time.Second) // Into the plan, or among those that wait.
	if running, err := longrunningpb.NewOperationsClient(w.conn).GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: cut.GetName()}); err != nil || running.GetDone() {
		return "", fmt.Errorf("the plan was to be cut short, and has ended: %w", err)
	}
	w.away.Store(serverAway)
	start := time.Now()
	if err := errors.Join(w.process(serverName).Kill(), w.startServer(ctx)); err != nil {
		return "", err
	}
	if err := w.backUp(ctx); err != nil {
		return "", err
	}
	away := time.Since(start)
	operations := longrunningpb.NewOperationsClient(w.conn)
	ended, err := operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: cut.GetName()})
	if err != nil || !ended.GetDone() || ended.GetError().GetCode() != int32(codes.Aborted) {
		return "", fmt.Errorf("the plan that was cut short does not say so: %v, %w", ended.GetError(), err)
	}
	again, err := operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: kept.GetName()})
	if err != nil || !proto.Equal(again, kept) {
		return "", fmt.Errorf("the plan that had ended is another, or lost: %w", err)
	}
	return fmt.Sprintf("back after %v; the plan says %q; the one before is the same", away.Round(time.Millisecond), status.ErrorProto(ended.GetError()).Error()), nil
}

// backUp waits until calls go through again, and then for those that were cut.
func (w *world) backUp(ctx context.Context) error {
	defer w.away.Store(nil)
	for ctx.Err() == nil {
		if _, err := canopyv1.NewCatalogServiceClient(w.conn).ListRadarModels(ctx, &canopyv1.ListRadarModelsRequest{}); err == nil {
			time.Sleep(time.Second)
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return ctx.Err()
}
