package fake

import (
	"context"
	"slices"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/specimen"
)

// OperationName is that of the plan of every call.
const OperationName = "operations/plan-1"

// PlanNetwork answers with an operation that is under way.
func (s *Server) PlanNetwork(ctx context.Context, req *canopyv1.PlanNetworkRequest) (*longrunningpb.Operation, error) {
	return answer(ctx, s, req, &longrunningpb.Operation{Name: OperationName})
}

// FindCandidates answers with Candidates.
func (s *Server) FindCandidates(ctx context.Context, req *canopyv1.FindCandidatesRequest) (*canopyv1.FindCandidatesResponse, error) {
	s.Found = append(s.Found, req)
	return answer(ctx, s, req, specimen.Candidates())
}

// SuggestSites answers with Suggestions.
func (s *Server) SuggestSites(ctx context.Context, req *canopyv1.SuggestSitesRequest) (*canopyv1.SuggestSitesResponse, error) {
	return answer(ctx, s, req, specimen.Suggestions())
}

// AssessCriticality answers with Criticality.
func (s *Server) AssessCriticality(ctx context.Context, req *canopyv1.AssessCriticalityRequest) (*canopyv1.AssessCriticalityResponse, error) {
	return answer(ctx, s, req, specimen.Criticality())
}

// GetOperation answers with Plan, unless it is Running or Failing.
func (s *Server) GetOperation(_ context.Context, req *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error) {
	if s.Asked != nil {
		s.Asked <- req.GetName()
	}
	switch {
	case s.Lost != nil:
		return nil, s.Lost
	case req.GetName() != OperationName:
		return nil, status.Errorf(codes.NotFound, "unknown operation %q", req.GetName())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	cancelled := len(s.Cancelled) > 0
	switch {
	case s.Failing != nil:
		failed := status.Convert(s.Failing).Proto()
		return &longrunningpb.Operation{Name: OperationName, Done: true, Metadata: pack(over()), Result: &longrunningpb.Operation_Error{Error: failed}}, nil
	case s.Running && !cancelled:
		return &longrunningpb.Operation{Name: OperationName, Metadata: pack(specimen.PlanMetadata())}, nil
	}
	plan := specimen.Plan()
	if cancelled {
		plan.Ending = canopyv1.PlanEnding_PLAN_ENDING_CANCELLED
	}
	return &longrunningpb.Operation{
		Name: OperationName, Done: true, Metadata: pack(over()), Result: &longrunningpb.Operation_Response{Response: pack(plan)},
	}, nil
}

// over is the metadata of a plan that has ended.
func over() *canopyv1.PlanNetworkMetadata {
	m := specimen.PlanMetadata()
	m.Phase, m.Share, m.EndTime = canopyv1.PlanPhase_PLAN_PHASE_DONE, 1, &timestamppb.Timestamp{Seconds: m.GetCreateTime().GetSeconds() + 95}
	return m
}

// pack never fails for messages of the contract, which are known and valid.
func pack(m proto.Message) *anypb.Any {
	packed, err := anypb.New(m)
	if err != nil {
		panic(err)
	}
	return packed
}

// ListOperations answers with three: under way, over, and failed.
func (s *Server) ListOperations(_ context.Context, req *longrunningpb.ListOperationsRequest) (*longrunningpb.ListOperationsResponse, error) {
	all := []*longrunningpb.Operation{
		{Name: "operations/plan-3", Metadata: pack(specimen.PlanMetadata())},
		{Name: "operations/plan-2", Done: true, Metadata: pack(over()), Result: &longrunningpb.Operation_Response{Response: pack(specimen.Plan())}},
		{
			Name: OperationName, Done: true, Metadata: pack(&canopyv1.PlanNetworkMetadata{Phase: canopyv1.PlanPhase_PLAN_PHASE_DONE, CreateTime: over().GetCreateTime()}),
			Result: &longrunningpb.Operation_Error{Error: status.New(codes.ResourceExhausted, "more memory is needed").Proto()},
		},
	}
	page := len(req.GetPageToken())
	response := &longrunningpb.ListOperationsResponse{Operations: all[page : page+1]}
	if page+1 < len(all) {
		response.NextPageToken = req.GetPageToken() + "."
	}
	return response, s.Err
}

// CancelOperation remembers the name.
func (s *Server) CancelOperation(_ context.Context, req *longrunningpb.CancelOperationRequest) (*emptypb.Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Cancelled = append(s.Cancelled, req.GetName())
	return &emptypb.Empty{}, s.known(req.GetName())
}

// DeleteOperation remembers the name.
func (s *Server) DeleteOperation(_ context.Context, req *longrunningpb.DeleteOperationRequest) (*emptypb.Empty, error) {
	s.Deleted = append(s.Deleted, req.GetName())
	return &emptypb.Empty{}, s.known(req.GetName())
}

func (s *Server) known(name string) error {
	if slices.Contains([]string{OperationName, "operations/plan-2", "operations/plan-3"}, name) {
		return s.Err
	}
	return status.Errorf(codes.NotFound, "unknown operation %q", name)
}
