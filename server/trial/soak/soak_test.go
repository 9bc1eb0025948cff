package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/server/trial"
)

// failing returns an error of a server, with a reason.
func failing(code codes.Code, reason string) error {
	s, err := status.New(code, reason).WithDetails(&errdetails.ErrorInfo{Reason: reason})
	if err != nil {
		panic(err)
	}
	return s.Err()
}

// Each answer, and each error, counts as what it is, and as nothing else.
func TestAnswersAreJudged(t *testing.T) {
	for _, tt := range []struct {
		name                                string
		answer                              string
		err                                 error
		away                                *outage
		answered, refused, cutShort, judged int
	}{
		{name: "as at rest", answer: "right", answered: 1},
		{name: "another byte", answer: "righT", judged: 1},
		{name: "cut short", answer: "righ", judged: 1},
		{name: "empty", judged: 1},
		{name: "wrong while the server is away", answer: "wrong", away: serverAway, judged: 1},
		{name: "busy", err: failing(codes.ResourceExhausted, "SERVER_BUSY"), refused: 1},
		{name: "busy over HTTP", err: errBusyOverHTTP, refused: 1},
		{name: "too large for the server", err: failing(codes.ResourceExhausted, "ANSWER_TOO_LARGE"), judged: 1},
		{name: "too long for gRPC", err: status.Error(codes.ResourceExhausted, "message larger than max"), judged: 1},
		{name: "unavailable for no reason", err: status.Error(codes.Unavailable, ""), judged: 1},
		{name: "unavailable while the server is away", err: status.Error(codes.Unavailable, ""), away: serverAway, cutShort: 1},
		{name: "aborted with the server", err: status.Error(codes.Aborted, ""), away: serverAway, cutShort: 1},
		{name: "unavailable while NATS is away", err: status.Error(codes.Unavailable, ""), away: natsAway, cutShort: 1},
		{name: "aborted while NATS is away", err: status.Error(codes.Aborted, ""), away: natsAway, judged: 1},
		{name: "a plan that is lost", err: status.Error(codes.NotFound, ""), away: serverAway, judged: 1},
		{name: "too late", err: context.DeadlineExceeded, away: serverAway, judged: 1},
		{name: "internal", err: status.Error(codes.Internal, ""), away: serverAway, judged: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &world{expected: map[string][]byte{"question": []byte("right")}}
			w.away.Store(tt.away)
			made := &tally{answered: map[string]trial.Latencies{}}
			w.askOne(t.Context(), made, &question{name: "question", ask: func(context.Context, *world) ([]byte, error) { return []byte(tt.answer), tt.err }})
			if made.answers() != tt.answered || made.refused != tt.refused || made.cut != tt.cutShort || made.wrong != tt.judged {
				t.Errorf("%d answered, %d refused, %d cut, %d wrong: want %d, %d, %d, %d",
					made.answers(), made.refused, made.cut, made.wrong, tt.answered, tt.refused, tt.cutShort, tt.judged)
			}
		})
	}
}

// A load fails for one wrong answer, for a question that nobody answers, and where
// the server had no more to do than it could.
func TestLoadIsJudged(t *testing.T) {
	well := func() *tally {
		all := &tally{answered: map[string]trial.Latencies{}, refused: 1}
		for _, q := range questions {
			all.answered[q.name] = trial.Latencies{1}
		}
		return all
	}
	for _, tt := range []struct {
		name   string
		change func(*tally)
		want   string
	}{
		{"nothing wrong", func(*tally) {}, ""},
		{"one is wrong", func(l *tally) { l.add("profile", 1, errOther, false) }, "another answer"},
		{"one is never answered", func(l *tally) { delete(l.answered, "plan") }, "plan: never answered"},
		{"nothing is refused", func(l *tally) { l.refused = 0 }, "no saturation"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := well()
			tt.change(l)
			err := errors.Join(l.failures()...)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// What is left behind in any process is seen, and what the runtime keeps is not.
func TestLeftovers(t *testing.T) {
	const mib = 1 << 20
	before := map[string]vitals{"server": {60, 200 * mib, 20}, "worker 1": {60, 200 * mib, 20}}
	for _, tt := range []struct {
		name  string
		after vitals
		want  bool
	}{
		{"as before", vitals{60, 200 * mib, 20}, false},
		{"what the runtime keeps", vitals{65, 350 * mib, 22}, false},
		{"a goroutine for each of many calls", vitals{160, 200 * mib, 20}, true},
		{"memory", vitals{60, 2000 * mib, 20}, true},
		{"open files", vitals{60, 200 * mib, 520}, true},
	} {
		for name := range before {
			after := map[string]vitals{"server": before["server"], "worker 1": before["worker 1"]}
			after[name] = tt.after
			if err := left(before, after); (err != nil && strings.Contains(err.Error(), name)) != tt.want {
				t.Errorf("%s, %s: %v, want an error: %v", name, tt.name, err, tt.want)
			}
		}
	}
}

// The edit fits the toolchain, and one that it does not fit is told so.
func TestSkewNow(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(runtime.GOROOT(), "src", "time", "time.go")) //nolint:staticcheck // That of the toolchain that runs the test.
	if err != nil {
		t.Skipf("no source of Go here: %v", err)
	}
	skewed, err := skewNow(source)
	if err != nil || !strings.Contains(string(skewed), nowOfOwn) {
		t.Errorf("another source than expected: %v", err)
	}
	if _, err := skewNow(skewed); err == nil {
		t.Error("a source that was edited is edited again")
	}
}
