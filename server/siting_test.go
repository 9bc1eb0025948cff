package server_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
)

// plainCandidate is one of 60 km in the plain east of the ridge.
func plainCandidate(name string, lat, lon float64) *canopyv1.Candidate {
	return &canopyv1.Candidate{Radar: &canopyv1.Radar{
		Name: name, Position: position(lat, lon), Limits: &canopyv1.RadarLimits{RangeKm: ptr(60.0)},
	}}
}

// planRequest asks for two of three candidates in a square of 2°.
func planRequest() *canopyv1.PlanNetworkRequest {
	return &canopyv1.PlanNetworkRequest{
		Existing: plain(),
		Airspace: area(ring(-14, -70, -14, -68, -12, -68, -12, -70, -14, -70)),
		Candidates: &canopyv1.CandidateSelection{Candidates: []*canopyv1.Candidate{
			plainCandidate("Beside", -12.7, -69.2), plainCandidate("South", -13.5, -69), plainCandidate("East", -13, -68.4),
		}},
		Objective:   &canopyv1.PlanObjective{Altitudes: []*canopyv1.AltitudeWeight{{Altitude: agl(300)}, {Altitude: agl(3000), Weight: ptr(0.5)}}},
		Constraints: &canopyv1.PlanConstraints{MaxCount: ptr(int32(2))},
	}
}

// longPlanRequest has work for minutes, unless it is ended: radars of 370 km at
// the full resolution.
func longPlanRequest() *canopyv1.PlanNetworkRequest {
	req := &canopyv1.PlanNetworkRequest{
		Candidates:  &canopyv1.CandidateSelection{},
		Constraints: &canopyv1.PlanConstraints{MaxCount: ptr(int32(11))},
		Effort:      &canopyv1.PlanEffort{WithoutScreening: true},
		Options:     &canopyv1.CoverageOptions{ResolutionArcsec: ptr(30.0)},
	}
	for i := range 300 {
		c := &canopyv1.Candidate{Radar: &canopyv1.Radar{Position: position(-16+0.4*float64(i/12), -79.5+0.8*float64(i%12))}}
		req.Candidates.Candidates = append(req.Candidates.Candidates, c)
	}
	return req
}

type sitingClients struct {
	canopyv1.SitingServiceClient
	longrunningpb.OperationsClient
}

func clientsOf(conn *grpc.ClientConn) sitingClients {
	return sitingClients{canopyv1.NewSitingServiceClient(conn), longrunningpb.NewOperationsClient(conn)}
}

// plan begins a plan.
func (c sitingClients) plan(t *testing.T, req *canopyv1.PlanNetworkRequest) *longrunningpb.Operation {
	t.Helper()
	o, err := c.PlanNetwork(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// wait waits for an operation to end.
func (c sitingClients) wait(t *testing.T, name string) *longrunningpb.Operation {
	t.Helper()
	o, err := c.WaitOperation(testContext(t), &longrunningpb.WaitOperationRequest{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	if !o.GetDone() {
		t.Fatalf("%s has not ended", name)
	}
	return o
}

func planOf(t *testing.T, o *longrunningpb.Operation) *canopyv1.PlanNetworkResponse {
	t.Helper()
	if o.GetError() != nil {
		t.Fatalf("the operation failed: %v", o.GetError())
	}
	resp := &canopyv1.PlanNetworkResponse{}
	if err := o.GetResponse().UnmarshalTo(resp); err != nil {
		t.Fatal(err)
	}
	return resp
}

func metadataOf(t *testing.T, o *longrunningpb.Operation) *canopyv1.PlanNetworkMetadata {
	t.Helper()
	m := &canopyv1.PlanNetworkMetadata{}
	if err := o.GetMetadata().UnmarshalTo(m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPlanNetwork(t *testing.T) {
	_, conn := serve(t, server.Config{EngineVersion: "test"})
	c := clientsOf(conn)
	req := planRequest()
	begun := c.plan(t, req)
	if begun.GetDone() || !strings.HasPrefix(begun.GetName(), "operations/") {
		t.Errorf("begun: %v", begun)
	}
	ended := c.wait(t, begun.GetName())
	m := metadataOf(t, ended)
	if m.GetPhase() != canopyv1.PlanPhase_PLAN_PHASE_DONE || m.GetShare() != 1 || m.GetCandidateCount() != 3 || m.GetEndTime() == nil ||
		m.GetCreateTime().AsTime().After(m.GetEndTime().AsTime()) || !proto.Equal(m.GetRequest(), req) || m.ObjectiveKm2 == nil {
		t.Errorf("metadata: %v", m)
	}
	plan := planOf(t, ended)
	var ids []string
	for _, s := range plan.GetSteps() {
		ids = append(ids, s.GetCandidate().GetRadar().GetRadarId())
	}
	slices.Sort(ids)
	if !slices.Equal(ids, []string{"east", "south"}) || plan.GetEnding() != canopyv1.PlanEnding_PLAN_ENDING_PROVEN {
		t.Errorf("built %v, ending %v", ids, plan.GetEnding())
	}
	if plan.GetCostUsd() != 2*17.75e6 || plan.GetObjectiveKm2() > plan.GetUpperBoundKm2() || plan.GetGapPercent() > 0.1 || plan.GetObjectiveKm2() >= plan.GetPossibleKm2() {
		t.Errorf("cost %v, objective %v, bound %v, gap %v %%", plan.GetCostUsd(), plan.GetObjectiveKm2(), plan.GetUpperBoundKm2(), plan.GetGapPercent())
	}
	assumed := strings.Join(plan.GetProvenance().GetAssumptions(), "\n")
	for _, want := range []string{"Modern 3D radar: Cost US$17.75 million", "the weights of the objective are the caller's"} {
		if !strings.Contains(assumed, want) {
			t.Errorf("%q is not among the assumptions: %s", want, assumed)
		}
	}
	wantStagesOfGaps(t, conn, req, plan)
}

// wantStagesOfGaps holds the areas of each stage to those of FindGaps.
func wantStagesOfGaps(t *testing.T, conn *grpc.ClientConn, req *canopyv1.PlanNetworkRequest, plan *canopyv1.PlanNetworkResponse) {
	t.Helper()
	ask := &canopyv1.FindGapsRequest{Network: proto.CloneOf(req.GetExisting()), Airspace: req.GetAirspace(), Altitudes: []*canopyv1.Altitude{agl(300), agl(3000)}}
	stages := []*canopyv1.PlanStage{plan.GetExisting()}
	for _, s := range plan.GetSteps() {
		stages = append(stages, s.GetStage())
	}
	for i, stage := range stages {
		if i > 0 {
			ask.Network.Radars = append(ask.Network.Radars, plan.GetSteps()[i-1].GetCandidate().GetRadar())
		}
		gaps, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), ask)
		if err != nil {
			t.Fatal(err)
		}
		if len(stage.GetBands()) != 2 {
			t.Fatalf("stage %d has %d bands", i, len(stage.GetBands()))
		}
		for b, band := range stage.GetBands() {
			if want := gaps.GetBands()[b]; band.GetCoveredAreaKm2() != want.GetCoveredAreaKm2() || band.GetCoveredShare() != want.GetCoveredShare() {
				t.Errorf("stage %d at %v: %v km², FindGaps has %v", i, band.GetAltitude(), band.GetCoveredAreaKm2(), want.GetCoveredAreaKm2())
			}
		}
		if i > 0 {
			continue
		}
		for _, g := range plan.GetGaps() {
			found := slices.ContainsFunc(slices.Concat(gaps.GetBands()[0].GetGaps(), gaps.GetBands()[1].GetGaps()), func(want *canopyv1.Gap) bool {
				return want.GetGapId() == g.GetGapId() && want.GetAreaKm2() == g.GetAreaKm2() && proto.Equal(want.GetPointInside(), g.GetPointInside())
			})
			if !found {
				t.Errorf("FindGaps has no gap %v", g)
			}
		}
		if len(plan.GetGaps()) == 0 {
			t.Error("the plan names no gaps")
		}
	}
}

// TestCancelEndsWithAPlan cancels at many moments of a plan's life.
func TestCancelEndsWithAPlan(t *testing.T) {
	_, conn := serve(t, server.Config{Limits: server.Limits{MaxConcurrent: 2}})
	c := clientsOf(conn)
	searching := longPlanRequest()
	searching.Candidates = &canopyv1.CandidateSelection{Search: &canopyv1.CandidateSearch{NearAccessKm: ptr(200.0), ThinKm: ptr(0.0)}}
	tests := []struct {
		req   *canopyv1.PlanNetworkRequest
		after time.Duration
	}{
		{longPlanRequest(), 0},
		{longPlanRequest(), time.Millisecond},
		{longPlanRequest(), 20 * time.Millisecond},
		{longPlanRequest(), 150 * time.Millisecond},
		{longPlanRequest(), 600 * time.Millisecond},
		{longPlanRequest(), 1500 * time.Millisecond},
		{searching, 0},
		{searching, 20 * time.Millisecond},
		{searching, 300 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.after.String(), func(t *testing.T) {
			name := c.plan(t, tt.req).GetName()
			time.Sleep(tt.after)
			begun := time.Now()
			if _, err := c.CancelOperation(testContext(t), &longrunningpb.CancelOperationRequest{Name: name}); err != nil {
				t.Fatal(err)
			}
			plan := planOf(t, c.wait(t, name))
			if took := time.Since(begun); took > slowdown*time.Second {
				t.Errorf("took %v", took)
			}
			if plan.GetEnding() != canopyv1.PlanEnding_PLAN_ENDING_CANCELLED || plan.GetObjectiveKm2() > plan.GetUpperBoundKm2() ||
				plan.GetUpperBoundKm2() > plan.GetPossibleKm2() || plan.GetPossibleKm2() <= 0 || len(plan.GetSteps()) > 11 {
				t.Errorf("ending %v, %d steps, objective %v, bound %v, possible %v", plan.GetEnding(), len(plan.GetSteps()),
					plan.GetObjectiveKm2(), plan.GetUpperBoundKm2(), plan.GetPossibleKm2())
			}
		})
	}
}

// TestCancelInEachPhase: a plan that is cancelled is valid, however far it was.
func TestCancelInEachPhase(t *testing.T) {
	_, conn := serve(t, server.Config{})
	c := clientsOf(conn)
	for phase := canopyv1.PlanPhase_PLAN_PHASE_WAITING; phase <= canopyv1.PlanPhase_PLAN_PHASE_DONE; phase++ {
		t.Run(phase.String(), func(t *testing.T) {
			name := c.plan(t, planRequest()).GetName()
			c.awaitPhase(t, name, phase)
			c.cancel(t, name)
			plan := planOf(t, c.wait(t, name))
			cancelled := plan.GetEnding() == canopyv1.PlanEnding_PLAN_ENDING_CANCELLED
			if !cancelled && plan.GetEnding() != canopyv1.PlanEnding_PLAN_ENDING_PROVEN || phase == canopyv1.PlanPhase_PLAN_PHASE_DONE && cancelled {
				t.Errorf("ending %v", plan.GetEnding())
			}
			if plan.GetObjectiveKm2() > plan.GetUpperBoundKm2() || plan.GetUpperBoundKm2() > plan.GetPossibleKm2() || len(plan.GetSteps()) > 2 ||
				len(plan.GetRadars()) != 1+len(plan.GetSteps()) {
				t.Errorf("%d steps, %d radars, objective %v, bound %v, possible %v", len(plan.GetSteps()), len(plan.GetRadars()),
					plan.GetObjectiveKm2(), plan.GetUpperBoundKm2(), plan.GetPossibleKm2())
			}
		})
	}
}

func TestPlanTimeLimits(t *testing.T) {
	_, conn := serve(t, server.Config{Limits: server.Limits{PlanTimeout: time.Second}})
	c := clientsOf(conn)
	req := longPlanRequest()
	req.Effort.TimeLimit = durationpb.New(time.Minute)
	plan := planOf(t, c.wait(t, c.plan(t, req).GetName()))
	if plan.GetEnding() != canopyv1.PlanEnding_PLAN_ENDING_TIME_LIMIT {
		t.Errorf("ending %v", plan.GetEnding())
	}
	limited := func(w *canopyv1.Warning) bool { return w.GetWarningId() == "plan.time_limit" }
	if !slices.ContainsFunc(plan.GetWarnings(), limited) {
		t.Errorf("nothing warns of the server's limit: %v", plan.GetWarnings())
	}
}

// TestPlansLeaveRoom: where two computations may run, one plan runs, a second
// waits, and other calls do not.
func TestPlansLeaveRoom(t *testing.T) {
	_, conn := serve(t, server.Config{Limits: server.Limits{MaxConcurrent: 2, MaxWaiting: 1}})
	c := clientsOf(conn)
	first, second := c.plan(t, longPlanRequest()).GetName(), c.plan(t, longPlanRequest()).GetName()
	if _, err := c.PlanNetwork(testContext(t), longPlanRequest()); err == nil || !strings.Contains(err.Error(), "try again in 5s") {
		t.Errorf("a third plan: %v", err)
	}
	if _, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), &canopyv1.FindGapsRequest{Network: plain(), Airspace: planRequest().GetAirspace()}); err != nil {
		t.Error(err)
	}
	o, err := c.GetOperation(testContext(t), &longrunningpb.GetOperationRequest{Name: second})
	if err != nil || metadataOf(t, o).GetPhase() != canopyv1.PlanPhase_PLAN_PHASE_WAITING {
		t.Errorf("the second plan: %v, %v", metadataOf(t, o).GetPhase(), err)
	}
	for _, name := range []string{first, second} {
		if _, err := c.CancelOperation(testContext(t), &longrunningpb.CancelOperationRequest{Name: name}); err != nil {
			t.Fatal(err)
		}
		planOf(t, c.wait(t, name))
	}
}

func TestAssessCriticality(t *testing.T) {
	_, conn := serve(t, server.Config{})
	req := &canopyv1.AssessCriticalityRequest{
		Network: &canopyv1.NetworkSelection{Radars: []*canopyv1.Radar{
			plainCandidate("A", -13, -69).GetRadar(), plainCandidate("B", -13.1, -69).GetRadar(), plainCandidate("C", -12.5, -68.5).GetRadar(),
		}},
		Airspace:  planRequest().GetAirspace(),
		Altitudes: []*canopyv1.Altitude{agl(1000)},
		Zones:     []*canopyv1.AirspaceSelection{area(ring(-13, -69, -13, -68, -12, -68, -12, -69, -13, -69))},

		Availabilities: []*canopyv1.RadarAvailability{{RadarId: "b", Availability: 0}},
	}
	resp, err := clientsOf(conn).AssessCriticality(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	got := resp.GetCriticality()
	band := got.GetBands()[0]
	if len(got.GetRadars()) != 3 || got.GetRadars()[0].GetRadarId() != "c" || got.GetAvailability() != 0.9 {
		t.Errorf("losses %v, availability %v", got.GetRadars(), got.GetAvailability())
	}
	if !slices.Equal(got.GetPair().GetRadarIds(), []string{"a", "b"}) {
		t.Errorf("pair %v", got.GetPair())
	}
	sum := 0.0
	for _, km2 := range band.GetAreaByCountKm2() {
		sum += km2
	}
	if math.Abs(sum-band.GetAirspaceAreaKm2()) > 0.01 {
		t.Errorf("areas by count %v sum up to %v, the airspace has %v", band.GetAreaByCountKm2(), sum, band.GetAirspaceAreaKm2())
	}
	if band.GetExpectedCoveredAreaKm2() >= band.GetCoveredAreaKm2() || band.GetExpectedCoveredAreaKm2() < 0.5*band.GetCoveredAreaKm2() {
		t.Errorf("expected %v of %v km²", band.GetExpectedCoveredAreaKm2(), band.GetCoveredAreaKm2())
	}
	if zones := got.GetRadars()[0].GetBands()[0].GetZonesLostKm2(); len(zones) != 1 || zones[0] <= 0 {
		t.Errorf("in the zone %v is lost with c", zones)
	}
}

// watched returns the phases and shares that are seen of an operation.
func (c sitingClients) watched(ctx context.Context, t *testing.T, name string) (phases []canopyv1.PlanPhase, shares []float64) {
	t.Helper()
	for {
		o, err := c.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		m := metadataOf(t, o)
		phases, shares = append(phases, m.GetPhase()), append(shares, m.GetShare())
		if o.GetDone() {
			return slices.Compact(phases), shares
		}
	}
}

func TestPlanProgress(t *testing.T) {
	_, conn := serve(t, server.Config{})
	c := clientsOf(conn)
	phases, shares := c.watched(testContext(t), t, c.plan(t, planRequest()).GetName())
	if !slices.IsSorted(phases) || !slices.IsSorted(shares) || len(phases) < 3 {
		t.Errorf("phases %v, shares %v", phases, fmt.Sprint(shares)[:100])
	}
}

// TestPlanFindsCandidates holds a plan to search what FindCandidates finds, beside
// the caller's.
func TestPlanFindsCandidates(t *testing.T) {
	_, conn := serve(t, server.Config{})
	c := clientsOf(conn)
	search := &canopyv1.CandidateSearch{Within: namedAirspace("peru/madre-de-dios"), NearAccessKm: ptr(30.0), ThinKm: ptr(10.0)}
	found, err := c.FindCandidates(testContext(t), &canopyv1.FindCandidatesRequest{Search: search})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.GetCandidates()) < 3 || !strings.HasPrefix(found.GetProvenance().GetAirspace(), "Madre de Dios") {
		t.Fatalf("found %v in %q", found.GetCandidates(), found.GetProvenance().GetAirspace())
	}
	for _, f := range found.GetCandidates() {
		if f.GetReason() == "" || f.GetCostUsd() != 17.75e6 || f.GetRadar().GetModelId() != "modern-3d" {
			t.Errorf("found %v", f)
		}
	}
	req := planRequest()
	req.Candidates.Search = search
	ended := c.wait(t, c.plan(t, req).GetName())
	count := int32(3 + len(found.GetCandidates()))
	if plan := planOf(t, ended); plan.GetCandidates().GetCandidateCount() != count || metadataOf(t, ended).GetCandidateCount() != count {
		t.Errorf("%v, want %d candidates", plan.GetCandidates(), count)
	}
}

func TestSuggestSites(t *testing.T) {
	_, conn := serve(t, server.Config{})
	req := &canopyv1.SuggestSitesRequest{
		Gaps:       &canopyv1.FindGapsRequest{Network: plain(), Airspace: planRequest().GetAirspace(), Altitudes: []*canopyv1.Altitude{agl(300), agl(3000)}},
		Candidates: planRequest().GetCandidates(),
	}
	resp, err := clientsOf(conn).SuggestSites(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	want, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), req.GetGaps())
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.GetGaps().GetBands()) != 2 || !proto.Equal(resp.GetGaps().GetBands()[0], want.GetBands()[0]) || resp.GetCandidateCount() != 3 {
		t.Errorf("%d candidates, gaps %v", resp.GetCandidateCount(), resp.GetGaps())
	}
	areas := map[string]float64{}
	for _, b := range want.GetBands() {
		for _, g := range b.GetGaps() {
			areas[g.GetGapId()] = g.GetAreaKm2()
		}
	}
	suggested := map[string]string{}
	for _, s := range resp.GetSuggestions() {
		suggested[s.GetGapId()] = s.GetCandidate().GetRadar().GetRadarId()
		if math.Abs(s.GetClosedShare()-s.GetClosedAreaKm2()/areas[s.GetGapId()]) > 1e-5 {
			t.Errorf("suggested %v for a gap of %v km²", s, areas[s.GetGapId()])
		}
	}
	// The last is the cone above the radar that stands.
	if !maps.Equal(suggested, map[string]string{"300m-agl/1": "south", "3000m-agl/1": "south", "3000m-agl/2": "beside"}) {
		t.Errorf("suggested %v", suggested)
	}
}
