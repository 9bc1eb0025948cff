package problem_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/terrain"
)

func TestStatus(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		code   codes.Code
		reason string
		text   string
	}{
		{"bad field", problem.Field("radar_id", problem.ReasonRadarUnknown, "unknown radar %q", "x"),
			codes.InvalidArgument, "RADAR_UNKNOWN", `radar_id: unknown radar "x"`},
		{"airspace without cells", &coverage.AirspaceError{Reason: "the airspace holds no post: draw it larger"},
			codes.InvalidArgument, "AIRSPACE_UNUSABLE", "airspace: the airspace holds no post: draw it larger"},
		{"name to get", &catalog.NotFoundError{Kind: "scenario", ID: "x", Known: []string{"y"}},
			codes.NotFound, "NOT_FOUND", `unknown scenario "x": want one of y`},
		{"over the antimeridian", &floor.PositionError{RadarID: "pem"},
			codes.InvalidArgument, "FIELD_INVALID", "network.radars: the range of radar pem"},
		{"too large", &coverage.LimitError{What: "posts", Have: 3, Allowed: 2, Remedy: "shrink it"},
			codes.ResourceExhausted, "REQUEST_TOO_LARGE", "3 posts, at most 2 allowed: shrink it"},
		{"strict terrain", &coverage.MissingTerrainError{RadarID: "pem", Share: 0.25},
			codes.FailedPrecondition, "TERRAIN_MISSING", "25.0 %"},
		{"broken file", &terrain.FormatError{Path: "/srv/dem/S13W070.hgt", Reason: "truncated"},
			codes.DataLoss, "TERRAIN_UNREADABLE", "S13W070.hgt: truncated"},
		{"watched by too many", &problem.WatchedError{Watches: 1000}, codes.ResourceExhausted, problem.ReasonServerBusy, "1000 watches of calls are open, and no more may be: go on without one, or try again in 5s"},
		{"busy", &problem.BusyError{Running: 2, Waiting: 32},
			codes.ResourceExhausted, "SERVER_BUSY", "2 requests are running and 32 wait, which is as many as may: try again in 5s"},
		{"a caller's rate", &problem.RateError{Posts: 1.234e9, Left: 12e6, PerSecond: 50e6, Burst: 500e6, Wait: 11200 * time.Millisecond},
			codes.ResourceExhausted, "CALLER_RATE", "the request is estimated at 1.23G posts, and its caller has 12M left, of which it may have 50M a second and 500M at once: try again in 12s, or ask for less"},
		{"counts that round up to the next unit", &problem.RateError{Posts: 2.5e12, Left: 999_996, PerSecond: 999.7, Burst: 104_000, Wait: time.Hour},
			codes.ResourceExhausted, "CALLER_RATE", "estimated at 2500G posts, and its caller has 1M left, of which it may have 1k a second and 104k at once"},
		{"a caller who owes", &problem.RateError{Posts: 10_400, Left: -40e6, PerSecond: 50e6, Burst: 500e6, Wait: 801 * time.Millisecond},
			codes.ResourceExhausted, "CALLER_RATE", "the request is estimated at 10.4k posts, and its caller has had 40M more than it had saved up, of which it may have 50M a second and 500M at once: try again in 1s"},
		{"long answer", &problem.AnswerTooLargeError{Bytes: 5 << 20, Allowed: 4 << 20, Remedy: "raise tolerance_m"},
			codes.ResourceExhausted, "ANSWER_TOO_LARGE", "the answer has 5.0 MiB, at most 4.0 MiB can be sent: raise tolerance_m"},
		{"server's time limit", &problem.TimeoutError{Limit: "10m0s"},
			codes.DeadlineExceeded, "SERVER_TIMEOUT", "10m0s"},
		{"no token", &problem.TokenError{Reason: problem.ReasonTokenMissing, Text: "no token"},
			codes.Unauthenticated, "TOKEN_MISSING", "no token"},
		{"starting", &problem.StartingError{},
			codes.Unavailable, "STARTING", "the server is opening its terrain"},
		{"role", &problem.RoleError{Caller: "ops", Role: "read", Needed: "compute"},
			codes.PermissionDenied, "ROLE_TOO_LOW", `caller "ops" has the role read, and this needs the role compute`},
		{"silent issuer", &problem.IssuerError{Issuer: "https://login.example"},
			codes.Unavailable, "ISSUER_SILENT", "https://login.example, does not answer"},
		{"client's deadline", context.DeadlineExceeded,
			codes.DeadlineExceeded, "DEADLINE_EXCEEDED", "deadline"},
		{"cancelled", context.Canceled,
			codes.Canceled, "CANCELLED", "cancelled"},
		{"anything else", errors.New("pread /srv/dem: input/output error"),
			codes.Internal, "INTERNAL", "an internal error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := status.Convert(problem.Status(fmt.Errorf("wrapped: %w", tt.err)))
			if s.Code() != tt.code || !strings.Contains(s.Message(), tt.text) {
				t.Errorf("status = %v: %s, want %v: %s", s.Code(), s.Message(), tt.code, tt.text)
			}
			if strings.ContainsAny(s.Message(), "\n") || strings.Contains(s.Message(), "/srv") {
				t.Errorf("message = %q", s.Message())
			}
			info, ok := s.Details()[0].(*errdetails.ErrorInfo)
			if !ok || info.GetReason() != tt.reason || info.GetDomain() != "canopy" {
				t.Errorf("details = %v, want reason %s", s.Details(), tt.reason)
			}
		})
	}
}

func TestStatusSaysWhenToTryAgain(t *testing.T) {
	if got := problem.RetryAfter(status.Convert(problem.Status(&problem.StartingError{}))); got != 2*time.Second {
		t.Errorf("try again in %v", got)
	}
	if got := problem.RetryAfter(status.Convert(problem.Status(&problem.TimeoutError{}))); got != 0 {
		t.Errorf("what cannot help is to be tried again in %v", got)
	}
}

func TestStatusKeepsStatuses(t *testing.T) {
	if err := problem.Status(nil); err != nil {
		t.Errorf("no error became %v", err)
	}
	given := status.Error(codes.Unimplemented, "soon")
	if err := problem.Status(given); !errors.Is(err, given) {
		t.Errorf("a status became %v", err)
	}
}
