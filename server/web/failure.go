package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/problem"
)

// refuse returns a status that the gRPC face has no case of.
func refuse(code codes.Code, reason, format string, args ...any) error {
	return explained(code, reason, fmt.Sprintf(format, args...)).Err()
}

func explained(code codes.Code, reason, message string) *status.Status {
	s := status.New(code, message)
	if detailed, err := s.WithDetails(&errdetails.ErrorInfo{Reason: reason, Domain: problem.Domain}); err == nil {
		return detailed
	}
	return s
}

// httpStatuses are of reasons whose HTTP status says more than that of their
// code, by which all others go.
var httpStatuses = map[string]int{
	problem.ReasonMethodNotAllowed: http.StatusMethodNotAllowed,
	problem.ReasonBodyTooLarge:     http.StatusRequestEntityTooLarge,
	// 429, as RESOURCE_EXHAUSTED is else, has clients try again, which cannot
	// help these.
	problem.ReasonAnswerTooLarge:  http.StatusBadRequest,
	problem.ReasonRequestTooLarge: http.StatusBadRequest,
}

// fail answers with a google.rpc.Status as JSON.
func (f *Face) fail(w http.ResponseWriter, r *http.Request, err error) {
	s := status.Convert(problem.Status(err))
	id := w.Header().Get(server.RequestIDKey)
	if _, known := status.FromError(err); !known && s.Code() == codes.Internal {
		// A call has its own line in the log.
		f.logger.ErrorContext(r.Context(), "internal error", "request_id", id, "path", r.URL.Path, "error", err)
	}
	if problem.Reason(s) == "" {
		s = completed(s)
	}
	s = status.Convert(problem.WithRequest(s.Err(), id))
	code, ok := httpStatuses[problem.Reason(s)]
	if !ok {
		code = runtime.HTTPStatusFromCode(s.Code())
	}
	text, err := document.Compact(s.Proto())
	if err != nil {
		f.logger.ErrorContext(r.Context(), "internal error", "request_id", id, "path", r.URL.Path, "error", err)
	}
	header := w.Header()
	header.Del("ETag")
	if code == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", "Bearer")
	}
	if wait := problem.RetryAfter(s); wait > 0 {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	header.Set("Content-Type", jsonType)
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	// A client that has gone is no one to tell.
	_, _ = w.Write(append(text, '\n')) //nolint:gosec // JSON that says so, and that no browser may take for something else
}

// completed puts into the words of the server what the connection to it, or
// generated code, says without details.
func completed(s *status.Status) *status.Status {
	switch s.Code() {
	case codes.InvalidArgument:
		return explained(s.Code(), unreadable(s.Message()), s.Message())
	case codes.DeadlineExceeded:
		return status.Convert(problem.Status(context.DeadlineExceeded))
	case codes.Canceled:
		return status.Convert(problem.Status(context.Canceled))
	case codes.Unavailable:
		return explained(s.Code(), problem.ReasonUnavailable, "the server takes no more requests: try again later")
	}
	return s
}

func unreadable(message string) string {
	if strings.HasPrefix(message, bodyPrefix) {
		return problem.ReasonBodyInvalid
	}
	return problem.ReasonFieldInvalid
}
