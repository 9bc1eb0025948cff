package problem_test

import (
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/server/problem"
)

// TestLimitsSayHowMuch: what is over a limit says of what there is how much, how
// much is allowed, and when to try again where that helps.
func TestLimitsSayHowMuch(t *testing.T) {
	tests := []struct {
		name                string
		err                 error
		what, have, allowed string
		retry               time.Duration
	}{
		{"too much work", &coverage.LimitError{What: "posts", Have: 3, Allowed: 2}, "posts", "3", "2", 0},
		{"long answer", &problem.AnswerTooLargeError{Bytes: 5 << 20, Allowed: 4 << 20}, "bytes of the answer", "5242880", "4194304", 0},
		{"full", &problem.BusyError{Running: 2, Waiting: 32}, "requests that wait", "33", "32", 5 * time.Second},
		{"no memory left", &problem.MemoryError{NeededB: 5 << 20, TotalB: 4 << 30}, "bytes of memory", "5242880", "4294967296", 5 * time.Second},
		{"watched by too many", &problem.WatchedError{Watches: 1000}, "watches", "1001", "1000", 5 * time.Second},
		{"one who asks for much", &problem.RateError{Posts: 3e9, Left: 1e8, PerSecond: 1e6, Burst: 1e9, Wait: 1400 * time.Millisecond}, "posts", "3000000000", "100000000", 2 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := status.Convert(problem.Status(tt.err))
			info, _ := s.Details()[0].(*errdetails.ErrorInfo)
			for key, want := range map[string]string{"what": tt.what, "have": tt.have, "allowed": tt.allowed} {
				if got := info.GetMetadata()[key]; got != want {
					t.Errorf("%s = %q, want %q", key, got, want)
				}
			}
			if got := problem.RetryAfter(s); got != tt.retry {
				t.Errorf("to be tried again in %v, want %v", got, tt.retry)
			}
		})
	}
}
