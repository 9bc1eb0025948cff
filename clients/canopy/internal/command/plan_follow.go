package command

import (
	"context"
	"errors"
	"strings"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// planned is what became of the operation of a plan; plan is nil while it is
// under way.
type planned struct {
	name    string
	request *canopyv1.PlanNetworkRequest
	plan    *canopyv1.PlanNetworkResponse
}

// operationPrefix begins the names of operations, and may be left out.
const operationPrefix = "operations/"

func fullName(name string) string { return operationPrefix + strings.TrimPrefix(name, operationPrefix) }

// lookEvery is how often an operation is looked at.
const lookEvery = 200 * time.Millisecond

// follow waits for the end of an operation. It fails as the operation does.
func follow(ctx context.Context, s *link.Session, name string, tell func(share float64, doing string)) (*planned, error) {
	for {
		operation, err := s.Operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: name})
		if err != nil {
			return nil, err
		}
		metadata := &canopyv1.PlanNetworkMetadata{}
		if err := operation.GetMetadata().UnmarshalTo(metadata); err != nil {
			return nil, err
		}
		if operation.GetDone() {
			return over(operation, metadata)
		}
		tell(metadata.GetShare(), report.PlanDoing(metadata))
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lookEvery):
		}
	}
}

// over returns the plan of an operation that has ended, or its error.
func over(operation *longrunningpb.Operation, metadata *canopyv1.PlanNetworkMetadata) (*planned, error) {
	if failed := operation.GetError(); failed != nil {
		return nil, status.ErrorProto(failed)
	}
	found := &planned{name: operation.GetName(), request: metadata.GetRequest(), plan: &canopyv1.PlanNetworkResponse{}}
	return found, operation.GetResponse().UnmarshalTo(found.plan)
}

// seeThrough follows an operation of this program's, and ends it where ctx ends.
// Of a server that is lost it returns the name, to come back to.
func seeThrough(ctx context.Context, s *link.Session, name string, tell func(share float64, doing string)) (*planned, error) {
	found, err := follow(ctx, s, name, tell)
	switch {
	case ctx.Err() != nil:
		return endEarly(ctx, s, name)
	case fault.Code(err) == fault.Unavailable:
		return &planned{name: name}, err
	}
	return found, err
}

// patience is how long a plan that is cancelled may take to end.
const patience = 10 * time.Second

// endEarly cancels an operation after ctx has ended, and returns the best plan so
// far to whoever interrupted: who set a timeout does not wait for it. It fails
// as ctx does in any case.
func endEarly(ctx context.Context, s *link.Session, name string) (*planned, error) {
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_, err := s.Operations.CancelOperation(late, &longrunningpb.CancelOperationRequest{Name: name})
	if err != nil || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, ctx.Err()
	}
	found, err := follow(late, s, name, func(float64, string) {})
	if err != nil {
		return nil, ctx.Err()
	}
	return found, ctx.Err()
}
