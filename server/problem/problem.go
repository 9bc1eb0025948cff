// Package problem turns what goes wrong into what a client is told: a
// google.rpc.Status with an ErrorInfo and, for bad input, the fields.
//
// The domain packages below return typed errors and know nothing of status
// codes; Status holds the one table between the two.
package problem

import "fmt"

// Domain is the domain of every ErrorInfo.
const Domain = "canopy"

// The reasons of ErrorInfo, which clients may rely on.
const (
	ReasonFieldInvalid         = "FIELD_INVALID"
	ReasonFieldRequired        = "FIELD_REQUIRED"
	ReasonDuplicate            = "DUPLICATE"
	ReasonScenarioUnknown      = "SCENARIO_UNKNOWN"
	ReasonRadarModelUnknown    = "RADAR_MODEL_UNKNOWN"
	ReasonRadarUnknown         = "RADAR_UNKNOWN"
	ReasonAirspaceUnknown      = "AIRSPACE_UNKNOWN"
	ReasonAirspaceUnusable     = "AIRSPACE_UNUSABLE"
	ReasonGeometryInvalid      = "GEOMETRY_INVALID"
	ReasonCoordinatesExchanged = "COORDINATES_EXCHANGED"
	ReasonPageTokenInvalid     = "PAGE_TOKEN_INVALID"
	ReasonNotFound             = "NOT_FOUND"
	ReasonRequestTooLarge      = "REQUEST_TOO_LARGE"
	ReasonAnswerTooLarge       = "ANSWER_TOO_LARGE"
	ReasonServerBusy           = "SERVER_BUSY"
	ReasonCallerRate           = "CALLER_RATE"
	ReasonServerTimeout        = "SERVER_TIMEOUT"
	ReasonDeadlineExceeded     = "DEADLINE_EXCEEDED"
	ReasonCancelled            = "CANCELLED"
	ReasonPathUnknown          = "PATH_UNKNOWN"
	ReasonMethodNotAllowed     = "METHOD_NOT_ALLOWED"
	ReasonParameterUnknown     = "PARAMETER_UNKNOWN"
	ReasonHostUnknown          = "HOST_UNKNOWN"
	ReasonBodyInvalid          = "BODY_INVALID"
	ReasonBodyTooLarge         = "BODY_TOO_LARGE"
	ReasonUnavailable          = "UNAVAILABLE"
	ReasonStarting             = "STARTING"
	ReasonCandidateOutside     = "CANDIDATE_OUTSIDE_TERRAIN"
	ReasonOperationRunning     = "OPERATION_RUNNING"
	ReasonOperationElsewhere   = "OPERATION_ELSEWHERE"
	ReasonServerRestarted      = "SERVER_RESTARTED"
	ReasonTaskFailed           = "TASK_FAILED"
	ReasonTokenMissing         = "TOKEN_MISSING"
	ReasonTokenUnknown         = "TOKEN_UNKNOWN"
	ReasonTokenExpired         = "TOKEN_EXPIRED"
	ReasonCertificateMissing   = "CERTIFICATE_MISSING"
	ReasonIssuerSilent         = "ISSUER_SILENT"
	ReasonRoleTooLow           = "ROLE_TOO_LOW"
	ReasonTerrainMissing       = "TERRAIN_MISSING"
	ReasonTerrainUnreadable    = "TERRAIN_UNREADABLE"
	ReasonInternal             = "INTERNAL"
)

// Violation is one value of a request that cannot be used.
type Violation struct {
	// Field is its path in the request: points[17].position.lat_deg.
	Field string
	// Reason is one of the reasons above.
	Reason string
	// Text says in one line what the value is, what is allowed and what to do.
	Text string
}

func (v Violation) String() string {
	if v.Field == "" {
		return v.Text
	}
	return v.Field + ": " + v.Text
}

// Invalid is returned for a request with values that cannot be used; it holds
// at least one Violation, in the order of the request.
type Invalid struct{ Violations []Violation }

// Error returns one line: the first violation and how many more there are.
func (e *Invalid) Error() string {
	first := e.Violations[0].String()
	if more := len(e.Violations) - 1; more > 0 {
		return fmt.Sprintf("%s (and %d more)", first, more)
	}
	return first
}

// Field returns an Invalid of one violation.
func Field(path, reason, format string, args ...any) *Invalid {
	return &Invalid{Violations: []Violation{{Field: path, Reason: reason, Text: fmt.Sprintf(format, args...)}}}
}

// TaskError is returned for what workers could not do.
type TaskError struct {
	// Task names it, What says what became of it, and Cause why.
	Task, What, Cause string
}

func (e *TaskError) Error() string {
	return fmt.Sprintf("%s, %s: %s", e.Task, e.What, e.Cause)
}

// TokenError is returned for a caller without a token, or a certificate, that is
// good.
type TokenError struct {
	// Reason is one of those that begin with ReasonToken, or
	// ReasonCertificateMissing.
	Reason string
	// Text has the remedy, and nothing of the token.
	Text string
}

func (e *TokenError) Error() string { return e.Text }

// IssuerError is returned for a token that cannot be checked, as its issuer does
// not answer.
type IssuerError struct{ Issuer string }

func (e *IssuerError) Error() string {
	return fmt.Sprintf("the issuer of tokens, %s, does not answer this server, so that no token can be checked: try again later, or have the server's connection to it mended", e.Issuer)
}

// RoleError is returned for a caller who is known, and may do less.
type RoleError struct {
	// Caller is its name.
	Caller string
	// Role is its role, Needed the one that the call needs.
	Role, Needed string
}

func (e *RoleError) Error() string {
	return fmt.Sprintf("caller %q has the role %s, and this needs the role %s: use another token or certificate, or have its role raised", e.Caller, e.Role, e.Needed)
}

// TimeoutError is returned when the server's own time limit has passed.
type TimeoutError struct{ Limit string }

func (e *TimeoutError) Error() string {
	return "the server's time limit of " + e.Limit + " has passed: ask for less, or have the limit raised"
}

// NoOperationError is returned for an operation that is not kept.
type NoOperationError struct{ Name string }

func (e *NoOperationError) Error() string {
	return fmt.Sprintf("no operation %q is kept: ListOperations names those that are", e.Name)
}

// OperationRunningError is returned for what cannot be done to an operation that
// runs.
type OperationRunningError struct {
	Name string
	// Before says what cannot be done yet: "you delete it".
	Before string
}

func (e *OperationRunningError) Error() string {
	return e.Name + " has not ended: cancel it, or wait for it, before " + e.Before
}

// OperationElsewhereError is returned for an operation that runs in another
// process, which shares the directory of operations.
type OperationElsewhereError struct{ Name string }

func (e *OperationElsewhereError) Error() string {
	return e.Name + " runs in another server on the same directory of operations: cancel it there"
}

// RestartedError is the end of an operation whose server has stopped before it.
type RestartedError struct{}

func (*RestartedError) Error() string {
	return "the server was stopped before this had ended: ask again"
}

// StartingError is returned by a server that is still opening its terrain.
type StartingError struct{}

func (*StartingError) Error() string {
	return "the server is opening its terrain, and takes no requests yet: try again in some seconds"
}

// StoppingError is returned by a server that takes no more work.
type StoppingError struct{}

func (*StoppingError) Error() string {
	return "the server is stopping, and takes no more requests: try again later"
}
