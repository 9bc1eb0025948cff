package fault_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
)

func bad(violations ...*errdetails.BadRequest_FieldViolation) error {
	s, err := status.New(codes.InvalidArgument, "not shown").WithDetails(&errdetails.BadRequest{FieldViolations: violations})
	if err != nil {
		panic(err)
	}
	return s.Err()
}

func violation(field, description string) *errdetails.BadRequest_FieldViolation {
	return &errdetails.BadRequest_FieldViolation{Field: field, Description: description}
}

func busy() error { return explained(codes.ResourceExhausted, "busy: try again", "SERVER_BUSY") }

func explained(code codes.Code, message, reason string) error {
	s, err := status.New(code, message).WithDetails(&errdetails.ErrorInfo{Reason: reason})
	if err != nil {
		panic(err)
	}
	return s.Err()
}

func identified(code codes.Code, message string) error {
	s, err := status.New(code, message).WithDetails(&errdetails.RequestInfo{RequestId: "7"})
	if err != nil {
		panic(err)
	}
	return s.Err()
}

func TestLineAndCode(t *testing.T) {
	places := fault.Places{
		"network.radars[0]":         "sites.csv line 3",
		"airspace.area.polygons[1]": "zone.geojson feature 2",
		"airspace_id":               "airspaces show",
	}
	refused := `connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:9: connect: connection refused"`
	tests := []struct {
		name string
		err  error
		line string
		code int
	}{
		{"plain", errors.New("disk full"), "disk full", 1},
		{"several lines", errors.New("disk\n full"), "disk full", 1},
		{"bad input", fault.Badf("no %s", "name"), "no name", 2},
		{"wrapped bad input", fmt.Errorf("gaps: %w", fault.Badf("no name")), "gaps: no name", 2},
		{"a radar from a file", bad(violation("network.radars[0].limits.range_km", "5000 is not between 0.001 and 1000")), "sites.csv line 3: range_km: 5000 is not between 0.001 and 1000", 2},
		{"a polygon", bad(violation("airspace.area.polygons[1].rings[0]", "crosses itself")), "zone.geojson feature 2: rings[0]: crosses itself", 2},
		{"a flag", bad(violation("options.limits.range_km", "0 is not above 0")), "--range: 0 is not above 0", 2},
		{"a flag's item", bad(violation("altitudes[1].agl_m", "-1 is not between 0 and 40000")), "--altitude: [1].agl_m: -1 is not between 0 and 40000", 2},
		{"a place before a flag", bad(violation("airspace_id", "unknown")), "airspaces show: unknown", 2},
		{"an unknown field", bad(violation("new.field", "wrong")), "new.field: wrong", 2},
		{"no field", bad(violation("", "wrong")), "wrong", 2},
		{"many", bad(violation("a", "1"), violation("b", "2"), violation("c", "3"), violation("d", "4")), "a: 1; b: 2; c: 3; and 1 more", 2},
		{"not found", status.Error(codes.NotFound, "unknown scenario \"x\""), "unknown scenario \"x\"", 2},
		{"no server", status.Error(codes.Unavailable, refused), "no server answers at host:1 (connection refused): start one with canopy serve, or leave --server out", 5},
		{"no certificate of its own", status.Error(codes.Unavailable, `connection error: desc = "error reading server preface: remote error: tls: certificate required"`), "what answers at host:1 takes no such connection (certificate required): check --tls, --tls-ca and --tls-cert", 5},
		{"plain text for encryption", status.Error(codes.Unavailable, `connection error: desc = "error reading server preface: EOF"`), "what answers at host:1 takes no such connection (EOF): check --tls, --tls-ca and --tls-cert", 5},
		{"a server that starts", explained(codes.Unavailable, "the server is opening its terrain: try again", "STARTING"), "the server is opening its terrain: try again", 5},
		{"no token", status.Error(codes.Unauthenticated, "no token came: send a token that the server knows, as authorization: Bearer TOKEN"), "no token came: set CANOPY_TOKEN to one that it knows", 1},
		{"server busy", busy(), "busy: try again", 5},
		{"answer too large", status.Error(codes.ResourceExhausted, "too large: raise tolerance_m or min_area_km2"), "too large: raise --tolerance or --min-area", 1},
		{"too late at the server", status.Error(codes.DeadlineExceeded, "x"), "no answer in time: allow more with --timeout, or ask for less", 5},
		{"too late here", context.DeadlineExceeded, "no answer in time: allow more with --timeout, or ask for less", 5},
		{"interrupted at the server", status.Error(codes.Canceled, "x"), "interrupted", 130},
		{"interrupted here", context.Canceled, "interrupted", 130},
		{"another service", status.Error(codes.Unimplemented, "x"), "the server at host:1 does not know this call: is it a canopy server of this version?", 1},
		{"internal", status.Error(codes.Internal, "an internal error"), "an internal error", 1},
		{"internal, with an id", identified(codes.Internal, "an internal error"), "an internal error (request 7)", 1},
		{"not found, with an id", identified(codes.NotFound, "unknown"), "unknown", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := fault.Explainer{Server: "host:1", Places: places}
			if line := e.Explain(tt.err); line != tt.line {
				t.Errorf("line %q\nwant %q", line, tt.line)
			}
			if code := fault.Code(tt.err); code != tt.code {
				t.Errorf("code %d, want %d", code, tt.code)
			}
		})
	}
}

func TestNoError(t *testing.T) {
	if fault.Code(nil) != fault.OK || fault.Bad(nil) != nil {
		t.Error("nothing went wrong, but something is said")
	}
}

func TestUnavailableInProcess(t *testing.T) {
	if got := (fault.Explainer{}).Explain(status.Error(codes.Unavailable, "shutting down")); got != "shutting down" {
		t.Errorf("got %q", got)
	}
}
