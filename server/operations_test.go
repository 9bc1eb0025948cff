package server_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
)

func (c sitingClients) get(t *testing.T, name string) *longrunningpb.Operation {
	t.Helper()
	o, err := c.GetOperation(testContext(t), &longrunningpb.GetOperationRequest{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (c sitingClients) cancel(t *testing.T, name string) {
	t.Helper()
	if _, err := c.CancelOperation(testContext(t), &longrunningpb.CancelOperationRequest{Name: name}); err != nil {
		t.Fatal(err)
	}
}

// awaitPhase waits until a plan is in a phase or beyond it.
func (c sitingClients) awaitPhase(t *testing.T, name string, phase canopyv1.PlanPhase) {
	t.Helper()
	for until := time.Now().Add(patience); metadataOf(t, c.get(t, name)).GetPhase() < phase; time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("%s did not reach %v", name, phase)
		}
	}
}

func TestFinishedPlansOutliveTheServer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "operations")
	s, conn := serve(t, server.Config{Operations: dir})
	c := clientsOf(conn)
	ended := c.wait(t, c.plan(t, planRequest()).GetName())
	s.Close()

	_, conn = serve(t, server.Config{Operations: dir})
	if again := clientsOf(conn).get(t, ended.GetName()); !proto.Equal(again, ended) {
		t.Errorf("after a restart: %v, want %v", again, ended)
	}
	wantPrivate(t, dir)
}

// wantPrivate holds a directory, and what is in it, to be the server's alone.
func wantPrivate(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("in %s there is %v, %v; want one file", dir, entries, err)
	}
	for _, path := range []string{dir, filepath.Join(dir, entries[0].Name())} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v, %v", path, info.Mode(), err)
		}
	}
}

func TestStoppedServerEndsPlansWell(t *testing.T) {
	dir := t.TempDir()
	s, conn := serve(t, server.Config{Operations: dir})
	c := clientsOf(conn)
	name := c.plan(t, longPlanRequest()).GetName()
	c.awaitPhase(t, name, canopyv1.PlanPhase_PLAN_PHASE_SWEEPING)
	begun := time.Now()
	s.Close()
	if took := time.Since(begun); took > time.Second {
		t.Errorf("took %v to stop", took)
	}
	_, conn = serve(t, server.Config{Operations: dir})
	plan := planOf(t, clientsOf(conn).get(t, name))
	if plan.GetEnding() != canopyv1.PlanEnding_PLAN_ENDING_SERVER_STOPPED || plan.GetPossibleKm2() <= 0 {
		t.Errorf("ending %v, possible %v", plan.GetEnding(), plan.GetPossibleKm2())
	}
}

// TestWhoWaitsGetsThePlan of a server that is stopped meanwhile.
func TestWhoWaitsGetsThePlan(t *testing.T) {
	s, conn := serve(t, server.Config{})
	c := clientsOf(conn)
	name := c.plan(t, longPlanRequest()).GetName()
	waiting := make(chan struct{})
	waited := make(chan *longrunningpb.Operation, 1)
	go func() {
		close(waiting)
		o, err := c.WaitOperation(testContext(t), &longrunningpb.WaitOperationRequest{Name: name})
		if err != nil {
			t.Error(err)
		}
		waited <- o
	}()
	<-waiting
	time.Sleep(100 * time.Millisecond) // until the server has the call
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s.Shutdown(ctx)
	if plan := planOf(t, await(t, waited)); plan.GetEnding() != canopyv1.PlanEnding_PLAN_ENDING_SERVER_STOPPED {
		t.Errorf("ending %v", plan.GetEnding())
	}
}

// TestKilledServer begins again with what a server that was killed leaves behind:
// the files of its plans as they were when they began.
func TestKilledServer(t *testing.T) {
	alive, left := t.TempDir(), t.TempDir()
	_, conn := serve(t, server.Config{Operations: alive})
	c := clientsOf(conn)
	name := c.plan(t, longPlanRequest()).GetName()
	if err := os.CopyFS(left, os.DirFS(alive)); err != nil {
		t.Fatal(err)
	}
	c.cancel(t, name)

	_, conn = serve(t, server.Config{Operations: left})
	c = clientsOf(conn)
	for range 2 {
		o := c.get(t, name)
		wantStatus(t, status.ErrorProto(o.GetError()), codes.Aborted, problem.ReasonServerRestarted)
		if !o.GetDone() || metadataOf(t, o).GetRequest() == nil {
			t.Errorf("%v", o)
		}
	}
	if locks, _ := filepath.Glob(filepath.Join(left, "*.lock")); len(locks) != 0 {
		t.Errorf("left over: %v", locks)
	}
}

func TestTwoServersShareADirectory(t *testing.T) {
	dir := t.TempDir()
	_, conn := serve(t, server.Config{Operations: dir})
	_, besideConn := serve(t, server.Config{Operations: dir})
	c, beside := clientsOf(conn), clientsOf(besideConn)
	name := c.plan(t, longPlanRequest()).GetName()
	if o := beside.get(t, name); o.GetDone() || metadataOf(t, o).GetRequest() == nil {
		t.Errorf("the server beside takes a plan that runs for %v", o)
	}
	_, err := beside.CancelOperation(testContext(t), &longrunningpb.CancelOperationRequest{Name: name})
	wantStatus(t, err, codes.FailedPrecondition, problem.ReasonOperationElsewhere)
	_, err = beside.DeleteOperation(testContext(t), &longrunningpb.DeleteOperationRequest{Name: name})
	wantStatus(t, err, codes.FailedPrecondition, problem.ReasonOperationRunning)

	waited := make(chan *longrunningpb.Operation, 1)
	go func() {
		o, err := beside.WaitOperation(testContext(t), &longrunningpb.WaitOperationRequest{Name: name})
		if err != nil {
			t.Error(err)
		}
		waited <- o
	}()
	c.cancel(t, name)
	want := c.wait(t, name)
	if got := await(t, waited); !proto.Equal(got, want) {
		t.Errorf("waited for beside: %v, want %v", got, want)
	}
	planOf(t, want)
}

func TestListOperations(t *testing.T) {
	_, conn := serve(t, server.Config{Operations: t.TempDir()})
	c := clientsOf(conn)
	var names []string // the newest first
	for range 5 {
		name := c.plan(t, planRequest()).GetName()
		c.wait(t, name)
		names = slices.Insert(names, 0, name)
		time.Sleep(2 * time.Millisecond) // names have milliseconds
	}
	running := c.plan(t, longPlanRequest()).GetName()
	tests := []struct {
		filter string
		size   int32
		pages  int
		want   []string
	}{
		{"", 0, 1, slices.Concat([]string{running}, names)},
		{"done=true", 2, 3, names},
		{"done = true", 5, 1, names},
		{"done=false", 1, 1, []string{running}},
	}
	for _, tt := range tests {
		t.Run(tt.filter, func(t *testing.T) {
			var got []string
			pages := 0
			for token := ""; pages == 0 || token != ""; pages++ {
				resp, err := c.ListOperations(testContext(t), &longrunningpb.ListOperationsRequest{Name: "operations", Filter: tt.filter, PageSize: tt.size, PageToken: token})
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range resp.GetOperations() {
					got = append(got, o.GetName())
				}
				token = resp.GetNextPageToken()
			}
			if !slices.Equal(got, tt.want) || pages != tt.pages {
				t.Errorf("%v on %d pages, want %v on %d", got, pages, tt.want, tt.pages)
			}
		})
	}
	c.cancel(t, running)
}

func TestDeleteOperation(t *testing.T) {
	_, conn := serve(t, server.Config{Operations: t.TempDir()})
	c := clientsOf(conn)
	name := c.plan(t, longPlanRequest()).GetName()
	_, err := c.DeleteOperation(testContext(t), &longrunningpb.DeleteOperationRequest{Name: name})
	wantStatus(t, err, codes.FailedPrecondition, problem.ReasonOperationRunning)
	c.cancel(t, name)
	c.wait(t, name)
	if _, err := c.DeleteOperation(testContext(t), &longrunningpb.DeleteOperationRequest{Name: name}); err != nil {
		t.Fatal(err)
	}
	_, err = c.GetOperation(testContext(t), &longrunningpb.GetOperationRequest{Name: name})
	wantStatus(t, err, codes.NotFound, problem.ReasonNotFound)
}

func TestWaitIsBounded(t *testing.T) {
	_, conn := serve(t, server.Config{Limits: server.Limits{Timeout: 200 * time.Millisecond}})
	c := clientsOf(conn)
	name := c.plan(t, longPlanRequest()).GetName()
	tests := []struct {
		name    string
		timeout *durationpb.Duration
	}{
		{"no time", durationpb.New(0)},
		{"a moment", durationpb.New(50 * time.Millisecond)},
		{"as long as the server allows", nil},
		{"longer", durationpb.New(time.Hour)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			begun := time.Now()
			o, err := c.WaitOperation(testContext(t), &longrunningpb.WaitOperationRequest{Name: name, Timeout: tt.timeout})
			if err != nil || o.GetDone() || o.GetName() != name {
				t.Errorf("%v, %v", o.GetDone(), err)
			}
			if took := time.Since(begun); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
	c.cancel(t, name)
}

func TestBadOperationRequests(t *testing.T) {
	_, conn := serve(t, server.Config{})
	c := clientsOf(conn)
	for _, name := range []string{"", "operations/", "operations/nobody", "operations/../../etc/passwd", "operations/00000000000000000000000000", "plans/00000000000000000000000000"} {
		_, err := c.GetOperation(testContext(t), &longrunningpb.GetOperationRequest{Name: name})
		wantStatus(t, err, codes.NotFound, problem.ReasonNotFound)
		_, err = c.WaitOperation(testContext(t), &longrunningpb.WaitOperationRequest{Name: name})
		wantStatus(t, err, codes.NotFound, problem.ReasonNotFound)
		_, err = c.CancelOperation(testContext(t), &longrunningpb.CancelOperationRequest{Name: name})
		wantStatus(t, err, codes.NotFound, problem.ReasonNotFound)
		_, err = c.DeleteOperation(testContext(t), &longrunningpb.DeleteOperationRequest{Name: name})
		wantStatus(t, err, codes.NotFound, problem.ReasonNotFound)
	}
	tests := []struct {
		field, saying string
		req           *longrunningpb.ListOperationsRequest
	}{
		{"filter", `"state=done": want done=true, done=false or nothing`, &longrunningpb.ListOperationsRequest{Filter: "state=done"}},
		{"page_size", "-1 is not between 0 and 1000", &longrunningpb.ListOperationsRequest{PageSize: -1}},
		{"page_size", "1001 is not between", &longrunningpb.ListOperationsRequest{PageSize: 1001}},
		{"name", `"projects": want operations`, &longrunningpb.ListOperationsRequest{Name: "projects"}},
		{"return_partial_success", "leave it out", &longrunningpb.ListOperationsRequest{ReturnPartialSuccess: true}},
	}
	for _, tt := range tests {
		_, err := c.ListOperations(testContext(t), tt.req)
		violations := wantStatus(t, err, codes.InvalidArgument, problem.ReasonFieldInvalid)
		if len(violations) != 1 || violations[0].GetField() != tt.field || !strings.Contains(violations[0].GetDescription(), tt.saying) {
			t.Errorf("%v: %v", tt.req, violations)
		}
	}
	_, err := c.ListOperations(testContext(t), &longrunningpb.ListOperationsRequest{PageToken: "page 2"})
	wantStatus(t, err, codes.InvalidArgument, problem.ReasonPageTokenInvalid)
}

func TestUnusableDirectoryOfOperations(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := server.New(server.Config{Terrain: ridge{}, Operations: file})
	if unusable := new(server.OperationsError); err == nil || !strings.Contains(err.Error(), "cannot keep operations") {
		t.Errorf("%v, want %T", err, unusable)
	}
}

// TestLongOperations: one that is longer than a client takes says what to do.
func TestLongOperations(t *testing.T) {
	_, conn := serve(t, server.Config{})
	c := clientsOf(conn)
	name := c.plan(t, planRequest()).GetName()
	c.wait(t, name)
	ctx := metadata.AppendToOutgoingContext(testContext(t), server.AnswerLimitKey, "1000")
	_, err := c.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: name})
	wantStatus(t, err, codes.ResourceExhausted, problem.ReasonAnswerTooLarge)
	if !strings.Contains(err.Error(), "plan with fewer candidates") || !strings.Contains(err.Error(), "take more and say so") {
		t.Error(err)
	}
}
