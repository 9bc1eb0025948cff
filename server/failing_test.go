package server_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
)

// failing is a planner whose plans fail.
type failing struct {
	planning.Planner
	plan func(ctx context.Context) error
}

func (f *failing) Plan(ctx context.Context, _ planning.PlanQuery, _ func(planning.Progress)) (*planning.Plan, error) {
	return nil, f.plan(ctx)
}

func TestPlansThatFail(t *testing.T) {
	tests := []struct {
		name   string
		plan   func(context.Context) error
		code   codes.Code
		reason string
		// field and text are of the first violation; text is else of the log.
		field, text string
	}{
		{"constraints", func(context.Context) error {
			return &planning.ConstraintError{Field: "min_spacing_km", Reason: "500 is too far: ask for less"}
		}, codes.InvalidArgument, problem.ReasonFieldInvalid, "constraints.min_spacing_km", "500 is too far: ask for less"},
		{"candidates", func(context.Context) error {
			return &planning.ConstraintError{Field: "candidates", Reason: "none are left"}
		}, codes.InvalidArgument, problem.ReasonFieldInvalid, "candidates", "none are left"},
		{"too much", func(context.Context) error { return &coverage.LimitError{What: "posts", Have: 2, Allowed: 1} },
			codes.ResourceExhausted, problem.ReasonRequestTooLarge, "", ""},
		{"an error", func(context.Context) error { return errors.New("no more ink") }, codes.Internal, problem.ReasonInternal, "", "no more ink"},
		{"a panic", func(context.Context) error { panic("out of paper") }, codes.Internal, problem.ReasonInternal, "", "out of paper"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log := &lockedBuffer{}
			_, conn := serve(t, server.Config{Logger: slog.New(slog.NewTextHandler(log, nil))}.WithPlanner(&failing{plan: tt.plan}))
			c := clientsOf(conn)
			ended := c.wait(t, c.plan(t, planRequest()).GetName())
			violations := wantStatus(t, status.ErrorProto(ended.GetError()), tt.code, tt.reason)
			switch {
			case tt.field != "" && (len(violations) != 1 || violations[0].GetField() != tt.field || violations[0].GetDescription() != tt.text):
				t.Errorf("violations %v", violations)
			case tt.field == "" && !strings.Contains(log.String(), tt.text):
				t.Errorf("the log has no %q: %s", tt.text, log)
			}
			if strings.Contains(ended.GetError().GetMessage(), "ink") || strings.Contains(log.String(), "Beside") {
				t.Errorf("told too much: %v, %s", ended.GetError(), log)
			}
			if m := metadataOf(t, ended); m.GetEndTime() == nil {
				t.Errorf("metadata %v", m)
			}
		})
	}
}

// TestPlansThatHeedNothing: a plan that only ends with its context ends with its
// server, and says why.
func TestPlansThatHeedNothing(t *testing.T) {
	dir := t.TempDir()
	heedless := &failing{plan: func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}}
	s, conn := serve(t, server.Config{Operations: dir}.WithPlanner(heedless))
	c := clientsOf(conn)
	cancelled, stopped := c.plan(t, planRequest()).GetName(), c.plan(t, planRequest()).GetName()
	c.cancel(t, cancelled)
	wantStatus(t, status.ErrorProto(c.wait(t, cancelled).GetError()), codes.Canceled, problem.ReasonCancelled)
	s.Close()
	_, conn = serve(t, server.Config{Operations: dir})
	wantStatus(t, status.ErrorProto(clientsOf(conn).get(t, stopped).GetError()), codes.Aborted, problem.ReasonServerRestarted)
}

// lockedBuffer is a log of several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
