package problem

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/terrain"
)

// maxViolations bounds the violations of one status: it travels in the
// trailer, which proxies allow 8 KiB.
const maxViolations = 16

// Status returns err as a status error. An error that is one already stays as
// it is, and one that is in no row of the table becomes INTERNAL with a
// message that gives nothing away.
func Status(err error) error {
	if err == nil {
		return nil
	}
	var known interface{ GRPCStatus() *status.Status }
	if errors.As(err, &known) {
		return err
	}
	return classify(err).status()
}

// Reason returns that of a status's ErrorInfo; empty for none.
func Reason(s *status.Status) string {
	for _, d := range s.Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}

// RetryAfter returns that of a status's RetryInfo; 0 for none.
func RetryAfter(s *status.Status) time.Duration {
	for _, d := range s.Details() {
		if info, ok := d.(*errdetails.RetryInfo); ok {
			return info.GetRetryDelay().AsDuration()
		}
	}
	return 0
}

// WithRequest returns a status error with a google.rpc.RequestInfo, unless it has
// one: the id by which the log knows the request.
func WithRequest(err error, id string) error {
	if err == nil {
		return nil
	}
	s := status.Convert(err)
	for _, detail := range s.Details() {
		if _, has := detail.(*errdetails.RequestInfo); has {
			return err
		}
	}
	told, failed := s.WithDetails(&errdetails.RequestInfo{RequestId: id})
	if failed != nil {
		return err
	}
	return told.Err()
}

// answer is one row of the table, filled in.
type answer struct {
	code     codes.Code
	reason   string
	message  string
	metadata map[string]string
	invalid  *Invalid
	// retry is when to try again; 0 where that is not known, or cannot help.
	retry time.Duration
}

// startingRetry is when to try again what a server that is starting refuses.
const startingRetry = 2 * time.Second

// classify is the table. The choices that are not plain:
//
//   - A request over the engine's limits is RESOURCE_EXHAUSTED, as what is over
//     any other limit: what is wrong is not a value but its size on this terrain
//     and this server. Those that it helps to try again have a RetryInfo.
//   - A name that is not in the catalogue is INVALID_ARGUMENT where it is a
//     field of a computation (package request makes it an Invalid), and
//     NOT_FOUND where the call gets the thing itself: the bare error.
func classify(err error) answer {
	var (
		invalid    *Invalid
		constraint *planning.ConstraintError
		airspace   *coverage.AirspaceError
		notFound   *catalog.NotFoundError
		spacing    *coverage.ResolutionError
		position   *floor.PositionError
		missing    *coverage.MissingTerrainError
		format     *terrain.FormatError
		timeout    *TimeoutError
	)
	switch {
	case errors.As(err, &invalid):
		return ofInvalid(invalid)
	case errors.As(err, &constraint):
		return ofInvalid(ofConstraint(constraint))
	case errors.As(err, &airspace):
		return ofInvalid(Field("airspace", ReasonAirspaceUnusable, "%s", airspace.Reason))
	case errors.As(err, &notFound):
		return answer{code: codes.NotFound, reason: ReasonNotFound, message: notFound.Error(), metadata: map[string]string{
			"kind": notFound.Kind, "id": notFound.ID, "suggestion": notFound.Suggestion,
		}}
	case errors.As(err, &spacing):
		return ofInvalid(Field("options.resolution_arcsec", ReasonFieldInvalid, "%s", spacing))
	case errors.As(err, &position):
		return ofInvalid(Field("network.radars", ReasonFieldInvalid, "%s", position))
	case errors.As(err, &missing):
		return answer{code: codes.FailedPrecondition, reason: ReasonTerrainMissing, message: missing.Error(), metadata: map[string]string{
			"radar_id": missing.RadarID, "share": strconv.FormatFloat(missing.Share, 'g', 6, 64),
		}}
	case errors.As(err, &format):
		return answer{code: codes.DataLoss, reason: ReasonTerrainUnreadable, message: withoutFolder(format)}
	case errors.As(err, &timeout):
		return answer{code: codes.DeadlineExceeded, reason: ReasonServerTimeout, message: timeout.Error()}
	default:
		return classifyLimit(err)
	}
}

// classifyOperation has the rows about operations and callers, and those that every error
// could end in.
func classifyOperation(err error) answer {
	var (
		none      *NoOperationError
		running   *OperationRunningError
		elsewhere *OperationElsewhereError
		restarted *RestartedError
		starting  *StartingError
		stopping  *StoppingError
		task      *TaskError
		token     *TokenError
		issuer    *IssuerError
		role      *RoleError
	)
	switch {
	case errors.As(err, &none):
		return answer{code: codes.NotFound, reason: ReasonNotFound, message: none.Error(), metadata: map[string]string{"kind": "operation", "id": none.Name}}
	case errors.As(err, &running):
		return answer{code: codes.FailedPrecondition, reason: ReasonOperationRunning, message: running.Error()}
	case errors.As(err, &elsewhere):
		return answer{code: codes.FailedPrecondition, reason: ReasonOperationElsewhere, message: elsewhere.Error()}
	case errors.As(err, &restarted):
		return answer{code: codes.Aborted, reason: ReasonServerRestarted, message: restarted.Error()}
	case errors.As(err, &starting):
		return answer{code: codes.Unavailable, reason: ReasonStarting, message: starting.Error(), retry: startingRetry}
	case errors.As(err, &stopping):
		return answer{code: codes.Unavailable, reason: ReasonUnavailable, message: stopping.Error()}
	case errors.As(err, &task):
		return answer{code: codes.Internal, reason: ReasonTaskFailed, message: task.Error()}
	case errors.As(err, &token):
		return answer{code: codes.Unauthenticated, reason: token.Reason, message: token.Error()}
	case errors.As(err, &issuer):
		return answer{code: codes.Unavailable, reason: ReasonIssuerSilent, message: issuer.Error()}
	case errors.As(err, &role):
		return answer{code: codes.PermissionDenied, reason: ReasonRoleTooLow, message: role.Error()}
	case errors.Is(err, context.DeadlineExceeded):
		return answer{code: codes.DeadlineExceeded, reason: ReasonDeadlineExceeded, message: "the client's deadline has passed: allow more time, or ask for less"}
	case errors.Is(err, context.Canceled):
		return answer{code: codes.Canceled, reason: ReasonCancelled, message: "the request was cancelled"}
	}
	return answer{code: codes.Internal, reason: ReasonInternal, message: "an internal error; the server's log has more"}
}

// ofConstraint names the field of a plan's request.
func ofConstraint(e *planning.ConstraintError) *Invalid {
	field := e.Field
	if field != "candidates" {
		field = "constraints." + field
	}
	return Field(field, ReasonFieldInvalid, "%s", e.Reason)
}

func ofInvalid(e *Invalid) answer {
	first := e.Violations[0]
	return answer{
		code: codes.InvalidArgument, reason: first.Reason, message: e.Error(), invalid: e,
		metadata: map[string]string{"field": first.Field},
	}
}

// withoutFolder keeps the server's folders to the server.
func withoutFolder(e *terrain.FormatError) string {
	bare := *e
	bare.Path = filepath.Base(e.Path)
	return bare.Error()
}

func (a answer) status() error {
	details := []protoadapt.MessageV1{&errdetails.ErrorInfo{Reason: a.reason, Domain: Domain, Metadata: a.metadata}}
	if a.invalid != nil {
		details = append(details, badRequest(a.invalid.Violations))
	}
	if a.retry > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(a.retry)})
	}
	s, err := status.New(a.code, a.message).WithDetails(details...)
	if err != nil {
		return status.Error(a.code, a.message)
	}
	return s.Err()
}

func badRequest(violations []Violation) *errdetails.BadRequest {
	bad := &errdetails.BadRequest{}
	for _, v := range violations[:min(len(violations), maxViolations)] {
		bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field: v.Field, Reason: v.Reason, Description: v.Text,
		})
	}
	return bad
}
