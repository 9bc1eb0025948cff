// Package fault turns errors into one line for people and an exit code for
// scripts.
package fault

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The exit codes. 2 is for what the user can put right on the command line or
// in a file, 5 for what may work later.
const (
	OK          = 0
	Failed      = 1
	Usage       = 2
	CheckFailed = 3
	Unavailable = 5
	Interrupted = 130
)

// Error is an error with its exit code.
type Error struct {
	Code int
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the error without its code.
func (e *Error) Unwrap() error { return e.Err }

// Bad marks err as bad input; nil stays nil.
func Bad(err error) error {
	if err == nil {
		return nil
	}
	return &Error{Code: Usage, Err: err}
}

// Badf returns a new error about bad input.
func Badf(format string, args ...any) error { return Bad(fmt.Errorf(format, args...)) }

// Code returns the exit code of an error.
func Code(err error) int {
	var own *Error
	switch {
	case err == nil:
		return OK
	case errors.As(err, &own):
		return own.Code
	case errors.Is(err, context.Canceled):
		return Interrupted
	case errors.Is(err, context.DeadlineExceeded):
		return Unavailable
	}
	if s := statusOf(err); s != nil {
		return codeOf(s)
	}
	return Failed
}

func codeOf(s *status.Status) int {
	switch s.Code() {
	case codes.InvalidArgument, codes.NotFound:
		return Usage
	case codes.Unavailable, codes.DeadlineExceeded:
		return Unavailable
	case codes.Canceled:
		return Interrupted
	case codes.ResourceExhausted:
		if r := reason(s); r == "SERVER_BUSY" || r == "CALLER_RATE" {
			return Unavailable
		}
	}
	return Failed
}

func statusOf(err error) *status.Status {
	var known interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &known) {
		return nil
	}
	return known.GRPCStatus()
}

func reason(s *status.Status) string {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}

// Explainer says in one line what went wrong.
type Explainer struct {
	// Server is the address that was asked; empty for the one in-process.
	Server string
	// Places tell where the user wrote the fields of the request.
	Places Places
}

// Explain returns the line, without the program's name.
func (e Explainer) Explain(err error) string {
	var own *Error
	if s := statusOf(err); s != nil && !errors.As(err, &own) {
		return oneLine(e.status(s))
	}
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.Is(err, context.DeadlineExceeded):
		return tooLate
	}
	return oneLine(err.Error())
}

// underID names the request to those who look into the log of a server.
func (e Explainer) underID(s *status.Status) string {
	if e.Server == "" || s.Code() != codes.Internal && s.Code() != codes.DataLoss {
		return ""
	}
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.RequestInfo); ok {
			return " (request " + info.GetRequestId() + ")"
		}
	}
	return ""
}

func explained(s *status.Status) bool {
	return slices.ContainsFunc(s.Details(), func(detail any) bool { _, ok := detail.(*errdetails.ErrorInfo); return ok })
}

const tooLate = "no answer in time: allow more with --timeout, or ask for less"

func (e Explainer) status(s *status.Status) string {
	if violations := violationsOf(s); len(violations) > 0 {
		return e.Places.explain(violations)
	}
	switch s.Code() {
	case codes.Canceled:
		return "interrupted"
	case codes.DeadlineExceeded:
		return tooLate
	case codes.Unavailable:
		return e.unavailable(s)
	case codes.Unimplemented:
		return fmt.Sprintf("the server at %s does not know this call: is it a canopy server of this version?", e.Server)
	}
	return inFlags.Replace(s.Message()) + e.underID(s)
}

// inFlags turns the fields that a message advises on into flags.
var inFlags = strings.NewReplacer(
	"tolerance_m", "--tolerance", "min_area_km2", "--min-area", "without strict terrain", "without --strict",
	"ListOperations names", "canopy operations lists",
	"send a token that the server knows, as authorization: Bearer TOKEN", "set CANOPY_TOKEN to one that it knows")

// hangsUp is what gRPC says of a server that takes a connection and ends it before
// it has said anything, as one does that wants another kind.
var hangsUp = regexp.MustCompile("tls: | preface|initial settings|broken pipe")

func (e Explainer) unavailable(s *status.Status) string {
	// A server that says why it cannot is there.
	if e.Server == "" || explained(s) {
		return inFlags.Replace(s.Message())
	}
	if hangsUp.MatchString(s.Message()) {
		return fmt.Sprintf("what answers at %s takes no such connection (%s): check --tls, --tls-ca and --tls-cert", e.Server, cause(s.Message()))
	}
	return fmt.Sprintf("no server answers at %s (%s): start one with canopy serve, or leave --server out",
		e.Server, cause(s.Message()))
}

// cause keeps the last part of a chain such as transport: dial tcp: connection
// refused.
func cause(message string) string {
	message = strings.Trim(message, `"`)
	if i := strings.LastIndex(message, ": "); i >= 0 {
		return strings.Trim(message[i+2:], `"`)
	}
	return message
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
