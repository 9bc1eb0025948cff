package command_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/canopyradar/canopy/clients/canopy/internal/command"
	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/specimen"
)

// interrupted runs a command line that is interrupted once the server has been
// asked about an operation.
func interrupted(t *testing.T, s *fake.Server, args ...string) result {
	t.Helper()
	s.Asked = make(chan string, 100)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	go func() {
		<-s.Asked
		interrupt()
	}()
	session := s.Start(t)
	var stdout, stderr bytes.Buffer
	app := &command.App{
		Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }, Screen: command.Screen{Width: 100},
		Open: func(context.Context, link.Target) (*link.Session, error) { return session, nil },
	}
	code := app.Run(ctx, args)
	return result{code: code, stdout: stdout.String(), stderr: stderr.String()}
}

// Whoever interrupts a plan gets the best so far.
func TestInterruptedPlan(t *testing.T) {
	s := &fake.Server{Running: true}
	got := interrupted(t, s, "plan", "--count", "2")
	if got.code != fault.Interrupted || got.stderr != "canopy: interrupted\n" {
		t.Errorf("exit code %d, said %q", got.code, got.stderr)
	}
	if !strings.Contains(got.stdout, "the search was cancelled") || !slices.Equal(s.Cancelled, []string{fake.OperationName}) {
		t.Errorf("cancelled %v, and wrote\n%s", s.Cancelled, got.stdout)
	}
}

// Whoever only looks on leaves the plan to whom it belongs.
func TestInterruptedComingBack(t *testing.T) {
	s := &fake.Server{Running: true}
	got := interrupted(t, s, "plan", "--server", "a:1", "--operation", "plan-1")
	if got.code != fault.Interrupted || got.stdout != "" || len(s.Cancelled) != 0 {
		t.Errorf("cancelled %v, got %+v", s.Cancelled, got)
	}
}

func TestPlanThatTakesTooLong(t *testing.T) {
	s := &fake.Server{Running: true}
	got := run(t, s, "plan", "--count", "2", "--timeout", "50ms")
	if got.code != fault.Unavailable || got.stdout != "" || !strings.Contains(got.stderr, "no answer in time") {
		t.Errorf("got %+v", got)
	}
	if !slices.Equal(s.Cancelled, []string{fake.OperationName}) {
		t.Errorf("cancelled %v", s.Cancelled)
	}
}

func TestDetachedPlan(t *testing.T) {
	got := run(t, &fake.Server{Running: true}, "plan", "--server", "a:1", "--count", "2", "--detach")
	want := result{stdout: "operations/plan-1\n", stderr: "canopy: to come back to the plan: canopy plan --server a:1 --operation operations/plan-1\n"}
	if got != want {
		t.Errorf("got %+v", got)
	}
}

// A server that goes away may keep the plan, or go on with it.
func TestPlanOfAServerThatIsLost(t *testing.T) {
	got := run(t, &fake.Server{Lost: status.Error(codes.Unavailable, "connection refused")}, "plan", "--server", "a:1", "--count", "2")
	want := "canopy: to come back to the plan: canopy plan --server a:1 --operation operations/plan-1\n" +
		"canopy: no server answers at a:1 (connection refused): start one with canopy serve, or leave --server out\n"
	if got.code != fault.Unavailable || got.stdout != "" || got.stderr != want {
		t.Errorf("got %+v", got)
	}
}

func TestComingBackToAPlan(t *testing.T) {
	for _, name := range []string{"plan-1", "operations/plan-1"} {
		got := run(t, &fake.Server{}, "plan", "--server", "a:1", "--operation", name)
		golden(t, "plan.txt", got.stdout)
	}
	got := run(t, &fake.Server{}, "plan", "--server", "a:1", "--operation", "other")
	if got.code != fault.Usage || got.stderr != "canopy: unknown operation \"operations/other\"\n" {
		t.Errorf("got %+v", got)
	}
}

func TestPlansThatFail(t *testing.T) {
	tests := []struct {
		name string
		err  error
		code int
		want string
	}{
		{"too large", status.Error(codes.ResourceExhausted, "more memory is needed"), fault.Failed, "canopy: more memory is needed\n"},
		{"no candidates", status.Error(codes.InvalidArgument, "no candidates: give some"), fault.Usage, "canopy: no candidates: give some\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, &fake.Server{Failing: tt.err}, "plan", "--count", "2")
			if got.code != tt.code || got.stderr != tt.want || got.stdout != "" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestPlanThatIsRefused(t *testing.T) {
	refused := status.Error(codes.Unavailable, "shutting down")
	got := run(t, &fake.Server{Err: refused}, "plan", "--server", "a:1", "--count", "2")
	if got.code != fault.Unavailable || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestPlanShowsProgress(t *testing.T) {
	s := &fake.Server{Running: true}
	stderr := &terminal{text: "searching: 1,480,000 km², within 2.64 % of the best possible", seen: make(chan struct{})}
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	go func() {
		<-stderr.seen
		interrupt()
	}()
	session := s.Start(t)
	app := &command.App{
		Stdout: &bytes.Buffer{}, Stderr: stderr, Getenv: func(string) string { return "" },
		Open:   func(context.Context, link.Target) (*link.Session, error) { return session, nil },
		Screen: command.Screen{Width: 100, Progress: true},
	}
	if code := app.Run(ctx, []string{"plan", "--count", "2"}); code != fault.Interrupted {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	if !strings.Contains(stderr.String(), "75%") {
		t.Errorf("shown %q", stderr.String())
	}
}

// To say something of candidates that Canopy finds, they are asked for first.
func TestFixedAmongThoseFound(t *testing.T) {
	s := &fake.Server{}
	if got := run(t, s, "plan", "--count", "2", "--scenario", "tps70-pair", "--fixed", "spja-rioja", "--forbid", "hill near"); got.code != 0 {
		t.Fatal(got.stderr)
	}
	want := &canopyv1.CandidateSelection{Candidates: specimen.Candidates().GetCandidates()}
	want.Candidates[0].Fixed, want.Candidates[1].Forbidden = true, true
	if diff := cmp.Diff(want, s.Last.(*canopyv1.PlanNetworkRequest).GetCandidates(), protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	if !slices.ContainsFunc(s.Found, func(r *canopyv1.FindCandidatesRequest) bool {
		return r.GetSearch().GetWithin().GetAirspaceId() == "peru"
	}) {
		t.Errorf("looked for candidates as %v", s.Found)
	}
}

func TestFixedByANameOfSeveral(t *testing.T) {
	spots := write(t, "candidates.csv", "name,lat,lon\nManu Airport,-12,-71\nManu Hill,-12.1,-71\nLima,-12,-77\n")
	for name, want := range map[string]string{
		"manu": `"manu" could be any of Manu Airport, Manu Hill: give the radar_id`,
		"man":  `"man": no such candidate: there are Manu Airport, Manu Hill, Lima (canopy candidates lists those that are found)`,
	} {
		got := run(t, &fake.Server{}, "plan", "--count", "2", "--candidates", spots, "--fixed", name)
		if got.code != fault.Usage || got.stderr != "canopy: --fixed "+want+"\n" {
			t.Errorf("said %s", got.stderr)
		}
	}
	if got := run(t, &fake.Server{}, "plan", "--count", "2", "--candidates", spots, "--fixed", "manu hill"); got.code != 0 {
		t.Error(got.stderr)
	}
}

// The radars of a plan that is read back are those that entered its computation,
// to the last bit.
func TestPlanIsReadBack(t *testing.T) {
	for _, ending := range []string{"csv", "geojson"} {
		path := filepath.Join(t.TempDir(), "plan."+ending)
		run(t, &fake.Server{}, "plan", "--count", "2", "--out", path)
		s := &fake.Server{}
		if got := run(t, s, "gaps", "--sites", path); got.code != 0 {
			t.Fatal(got.stderr)
		}
		var want []*canopyv1.Radar
		for _, r := range specimen.Plan().GetRadars() {
			want = append(want, &canopyv1.Radar{
				RadarId: r.GetRadarId(), Name: r.GetName(), ModelId: r.GetModelId(), Position: r.GetPosition(), MastM: proto.Float64(r.GetMastM()),
				State: r.GetState(), Limits: r.GetLimits(), EffectiveEarthK: proto.Float64(r.GetEffectiveEarthK()),
			})
		}
		if diff := cmp.Diff(want, s.Last.(*canopyv1.FindGapsRequest).GetNetwork().GetRadars(), protocmp.Transform()); diff != "" {
			t.Errorf("%s: %s", ending, diff)
		}
	}
}

func TestChangingOperations(t *testing.T) {
	s := &fake.Server{}
	if got := run(t, s, "operations", "cancel", "plan-1", "--server", "a:1"); got.stderr != "canopy: cancelled operations/plan-1\n" || !slices.Equal(s.Cancelled, []string{fake.OperationName}) {
		t.Errorf("cancelled %v, got %+v", s.Cancelled, got)
	}
	if got := run(t, s, "operations", "delete", "operations/plan-2", "--server", "a:1"); got.stderr != "canopy: deleted operations/plan-2\n" || !slices.Equal(s.Deleted, []string{"operations/plan-2"}) {
		t.Errorf("deleted %v, got %+v", s.Deleted, got)
	}
	if got := run(t, s, "operations", "delete", "other", "--server", "a:1"); got.code != fault.Usage || got.stderr != "canopy: unknown operation \"operations/other\"\n" {
		t.Errorf("got %+v", got)
	}
	if got := run(t, &fake.Server{Err: errors.New("gone")}, "operations", "--server", "a:1"); got.code == 0 {
		t.Errorf("got %+v", got)
	}
}
