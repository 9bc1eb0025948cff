package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"buf.build/go/protovalidate"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	mw "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/recovery"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/selector"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/problem"
)

// interceptors are what holds for every call, from the outside in: metrics, an
// id, who calls, one line in the log, errors into statuses, panics into errors,
// whether the caller may, whether there is terrain yet, progress, the time limit,
// the length of the answer, validation.
type interceptors struct {
	logger     *slog.Logger
	callers    *access.Callers
	timeout    time.Duration
	maxAnswerB int64
	watches    *watches
	metrics    *metrics
	// open is false as long as there is no terrain.
	open     *atomic.Bool
	refusals refusals
}

func (i *interceptors) unary() []grpc.UnaryServerInterceptor {
	return []grpc.UnaryServerInterceptor{
		i.metrics.calls.UnaryServerInterceptor(),
		requestIDUnary,
		i.identifyUnary,
		selector.UnaryServerInterceptor(i.logUnary, ownCalls),
		i.statusUnary,
		recovery.UnaryServerInterceptor(),
		authorizeUnary,
		selector.UnaryServerInterceptor(i.openUnary, ownCalls),
		i.watchUnary,
		i.timeoutUnary,
		i.fitUnary,
		validateUnary,
	}
}

func (i *interceptors) stream() []grpc.StreamServerInterceptor {
	return []grpc.StreamServerInterceptor{
		i.metrics.calls.StreamServerInterceptor(),
		requestIDStream,
		i.identifyStream,
		selector.StreamServerInterceptor(i.logStream, ownCalls),
		i.statusStream,
		recovery.StreamServerInterceptor(),
		authorizeStream,
		selector.StreamServerInterceptor(i.openStream, ownCalls),
		i.watchStream,
		selector.StreamServerInterceptor(i.timeoutStream, ownCalls),
		selector.StreamServerInterceptor(validateStream, ownCalls),
	}
}

// ownCalls keeps health probes out of the log, and open watches from timing
// out; health is told before there is terrain.
var ownCalls = selector.MatchFunc(func(_ context.Context, c mw.CallMeta) bool {
	return strings.HasPrefix(c.Service, "canopy.") || c.Service == longrunningpb.Operations_ServiceDesc.ServiceName
})

func (i *interceptors) identify(ctx context.Context) context.Context {
	return access.With(ctx, i.callers.OfCall(ctx))
}

func (i *interceptors) identifyUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	return handler(i.identify(ctx), req)
}

func (i *interceptors) identifyStream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	return handler(srv, &streamWithContext{stream, i.identify(stream.Context())})
}

func authorizeUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if err := access.From(ctx).May(access.RoleFor(info.FullMethod)); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

func authorizeStream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if err := access.From(stream.Context()).May(access.RoleFor(info.FullMethod)); err != nil {
		return err
	}
	return handler(srv, stream)
}

func (i *interceptors) statusUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	resp, err := handler(ctx, req)
	return resp, i.status(ctx, info.FullMethod, err)
}

func (i *interceptors) statusStream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	return i.status(stream.Context(), info.FullMethod, handler(srv, stream))
}

// status logs what is behind an internal error, as clients are told no more than
// the id to look for.
func (i *interceptors) status(ctx context.Context, method string, err error) error {
	shown := problem.Status(err)
	i.refusals.count(shown)
	if code := status.Code(shown); code == codes.Internal || code == codes.DataLoss {
		i.logger.ErrorContext(ctx, "internal error", requestIDField, requestIDOf(ctx), "method", method, "error", err)
	}
	return problem.WithRequest(shown, requestIDOf(ctx))
}

func (i *interceptors) timeoutUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, cancel := i.limitTime(ctx)
	defer cancel()
	resp, err := handler(ctx, req)
	return resp, blame(ctx, err)
}

func (i *interceptors) timeoutStream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, cancel := i.limitTime(stream.Context())
	defer cancel()
	return blame(ctx, handler(srv, &streamWithContext{stream, ctx}))
}

func (i *interceptors) limitTime(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, i.timeout, &problem.TimeoutError{Limit: i.timeout.String()})
}

// blame tells the server's time limit from the client's deadline.
func blame(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

type streamWithContext struct {
	grpc.ServerStream
	ctx context.Context
}

func (s *streamWithContext) Context() context.Context { return s.ctx }

// remedies say how to get a shorter answer.
var remedies = map[string]string{
	canopyv1.CoverageService_FindGaps_FullMethodName:        "raise tolerance_m or min_area_km2, or ask for fewer altitudes",
	canopyv1.CoverageService_CheckPoints_FullMethodName:     "send fewer points in one request, or set without_sights",
	canopyv1.CoverageService_AssessAirstrips_FullMethodName: "send fewer airstrips in one request",
	canopyv1.SitingService_FindCandidates_FullMethodName:    "lower max_count, or raise thin_km",
	canopyv1.SitingService_SuggestSites_FullMethodName:      "raise gaps.tolerance_m or gaps.min_area_km2, or ask for fewer altitudes",
	canopyv1.SitingService_AssessCriticality_FullMethodName: "ask for fewer altitudes or zones",
	// An operation has its request in it.
	longrunningpb.Operations_GetOperation_FullMethodName:  "plan with fewer candidates, or simpler areas",
	longrunningpb.Operations_WaitOperation_FullMethodName: "plan with fewer candidates, or simpler areas",
}

// fitUnary answers with an error where the answer would make the client fail
// with one that says nothing.
func (i *interceptors) fitUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	takesB, err := answerLimit(ctx)
	if err != nil {
		return nil, err
	}
	resp, err := handler(ctx, req)
	message, ok := resp.(proto.Message)
	if err != nil || !ok {
		return resp, err
	}
	allowedB := min(takesB, i.maxAnswerB)
	if n := proto.Size(message); int64(n) > allowedB {
		remedy := cmp.Or(remedies[info.FullMethod], "ask for less")
		if allowedB < i.maxAnswerB {
			remedy += fmt.Sprintf("; or take more and say so, up to %d in the metadata %s", i.maxAnswerB, AnswerLimitKey)
		} else {
			remedy += "; or have the server's --max-answer raised"
		}
		return nil, &problem.AnswerTooLargeError{Bytes: n, Allowed: int(allowedB), Remedy: remedy}
	}
	return resp, nil
}

// answerLimit returns how many bytes of an answer the client takes.
func answerLimit(ctx context.Context) (int64, error) {
	said := metadata.ValueFromIncomingContext(ctx, AnswerLimitKey)
	if len(said) == 0 {
		return DefaultAnswerB, nil
	}
	n, err := strconv.ParseInt(said[0], 10, 64)
	if err != nil || n <= 0 {
		return 0, problem.Field(AnswerLimitKey, problem.ReasonFieldInvalid, "%q in the metadata is no number of bytes: want a whole number above 0, or leave it out for %d", said[0], DefaultAnswerB)
	}
	return n, nil
}

func validateUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if err := validate(req); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

func validateStream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	return handler(srv, &validatedStream{stream})
}

// validate compiles the rules of a type of request when the first comes in.
func validate(req any) error {
	message, ok := req.(proto.Message)
	if !ok {
		return nil
	}
	return problem.FromValidation(protovalidate.Validate(message), message)
}

// validatedStream validates every message that comes in.
type validatedStream struct{ grpc.ServerStream }

func (s *validatedStream) RecvMsg(m any) error {
	in := incoming{message: m}
	if err := s.ServerStream.RecvMsg(&in); err != nil {
		return err
	}
	if err := in.problem(); err != nil {
		return err
	}
	return validate(m)
}
