package main_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// longPlan has work for far longer than a test takes.
func longPlan() *canopyv1.PlanNetworkRequest {
	q := &canopyv1.PlanNetworkRequest{
		Candidates:  &canopyv1.CandidateSelection{},
		Constraints: &canopyv1.PlanConstraints{MaxCount: proto.Int32(11)},
		Effort:      &canopyv1.PlanEffort{WithoutScreening: true},
	}
	for i := range 1000 {
		at := &canopyv1.Position{LatDeg: -16 + 0.25*float64(i/20), LonDeg: -79.5 + 0.5*float64(i%20)}
		q.Candidates.Candidates = append(q.Candidates.Candidates, &canopyv1.Candidate{Radar: &canopyv1.Radar{Position: at}})
	}
	return q
}

func (s *serving) dial(t *testing.T) (*grpc.ClientConn, longrunningpb.OperationsClient) {
	t.Helper()
	conn, err := grpc.NewClient(s.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn, longrunningpb.NewOperationsClient(conn)
}

// planned begins a plan at a server and ends the server by a signal; it returns
// the plan as another server on the same directory has it.
func planned(t *testing.T, signal os.Signal) *longrunningpb.Operation {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	dir := filepath.Join(t.TempDir(), "operations")
	s := serve(t, "--operations", dir)
	conn, operations := s.dial(t)
	begun, err := canopyv1.NewSitingServiceClient(conn).PlanNetwork(ctx, longPlan())
	if err != nil {
		t.Fatal(err)
	}
	for {
		o, err := operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: begun.GetName()})
		if err != nil || o.GetDone() {
			t.Fatalf("%v, %v", o, err)
		}
		m := &canopyv1.PlanNetworkMetadata{}
		if err := o.GetMetadata().UnmarshalTo(m); err != nil {
			t.Fatal(err)
		}
		if m.GetPhase() > canopyv1.PlanPhase_PLAN_PHASE_WAITING {
			break
		}
	}
	s.stop(t, signal)

	again := serve(t, "--operations", dir)
	defer again.stop(t, os.Interrupt)
	_, operations = again.dial(t)
	o, err := operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: begun.GetName()})
	if err != nil || !o.GetDone() {
		t.Fatalf("%v, %v", o, err)
	}
	return o
}

func TestPlanOfAServerThatWasKilled(t *testing.T) {
	if got := planned(t, syscall.SIGKILL).GetError(); !strings.Contains(got.GetMessage(), "ask again") {
		t.Errorf("ended with %v", got)
	}
}

func TestPlanOfAServerThatWasStopped(t *testing.T) {
	plan := &canopyv1.PlanNetworkResponse{}
	ended := planned(t, syscall.SIGTERM)
	if err := ended.GetResponse().UnmarshalTo(plan); err != nil {
		t.Log(ended.GetError())
		t.Fatal(err)
	}
	if plan.GetEnding() != canopyv1.PlanEnding_PLAN_ENDING_SERVER_STOPPED || plan.GetPossibleKm2() <= 0 {
		t.Errorf("ending %v, possible %v km²", plan.GetEnding(), plan.GetPossibleKm2())
	}
}

// TestWherePlansAreKept: unasked in the user's folder of state, or in memory where
// there is none.
func TestWherePlansAreKept(t *testing.T) {
	state := t.TempDir()
	file := filepath.Join(state, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name       string
		env        []string
		args       []string
		want, made string
	}{
		{"state", []string{"XDG_STATE_HOME=" + state}, nil, "plans=" + state + "/canopy/operations", "canopy/operations"},
		{"home", []string{"XDG_STATE_HOME=", "HOME=" + state}, nil, "plans=" + state + "/.local/state/canopy/operations", ".local/state/canopy/operations"},
		{"no home", []string{"XDG_STATE_HOME=relative", "HOME="}, nil, "plans=memory", ""},
		{"a home that is none", []string{"XDG_STATE_HOME=" + file}, nil, "plans=memory", ""},
		{"off", []string{"XDG_STATE_HOME=" + filepath.Join(state, "other")}, []string{"--operations", "off"}, "plans=memory", ""},
		{"the environment", []string{"CANOPY_OPERATIONS=" + filepath.Join(state, "mine")}, nil, "plans=" + state + "/mine", "mine"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := command(t, append([]string{"serve", "--address", "127.0.0.1:0", "--http-address", "off", "--until-eof"}, tt.args...)...)
			cmd.Env = append(cmd.Env, tt.env...)
			said, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(said), tt.want) {
				t.Errorf("%v, said %s, want %s", err, said, tt.want)
			}
			if _, err := os.Stat(filepath.Join(state, tt.made)); tt.made != "" && err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(state, "other")); err == nil {
		t.Error("--operations off has made a directory")
	}
	wantFault(t, run(t, "serve", "--address", "127.0.0.1:0", "--operations", file), 2, "--operations "+file+" cannot keep operations")
}
