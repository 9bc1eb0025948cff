package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/operations"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/request"
	"github.com/canopyradar/canopy/server/wire"
)

// planner is what SitingService asks: a *planning.Planner.
type planner interface {
	Plan(ctx context.Context, q planning.PlanQuery, watch func(planning.Progress)) (*planning.Plan, error)
	FindCandidates(ctx context.Context, q planning.CandidateQuery) (*planning.CandidateResult, error)
	SuggestSites(ctx context.Context, q coverage.GapQuery, candidates []radar.Radar) (*planning.SuggestResult, error)
	Criticality(ctx context.Context, q planning.CriticalityQuery) (*planning.Criticality, error)
}

// sitingService implements SitingService. Plans are operations; the other calls
// go the way of coverageService's.
type sitingService struct {
	canopyv1.UnimplementedSitingServiceServer
	answers
	planner    planner
	operations *operations.Store
	// plans lets fewer plans run than computations may, where it can: a plan takes
	// long, and others are not to wait for it.
	plans       *gate
	planTimeout time.Duration
	// ended counts plans by their endings.
	ended *prometheus.CounterVec
}

// warnPlanTimeout warns of a plan that may take less time than was asked for.
const warnPlanTimeout = "plan.time_limit"

// PlanNetwork resolves the request before it returns, so that a bad one fails.
func (s *sitingService) PlanNetwork(ctx context.Context, req *canopyv1.PlanNetworkRequest) (*longrunningpb.Operation, error) {
	q, err := s.resolver.PlanNetwork(req)
	if err != nil {
		return nil, err
	}
	s.limitTime(q)
	cost, err := q.Cost(s.engine)
	if err != nil {
		return nil, err
	}
	bill, err := s.entry.callers.charge(ctx, cost)
	if err != nil {
		return nil, err
	}
	turn, err := s.plans.admit()
	if err != nil {
		bill.tearUp()
		return nil, err
	}
	work := &planWork{sitingService: s, query: q, turn: turn, bill: bill, cost: cost, seed: req.GetEffort().GetSeed()}
	work.known = planState{request: req, created: time.Now(), candidates: int32(len(q.Candidates))}
	o, err := s.operations.Begin(operations.Task{
		Metadata: work.known.metadata(&canopyv1.PlanNetworkMetadata{Phase: canopyv1.PlanPhase_PLAN_PHASE_WAITING, Doing: "waiting for its turn"}),
		Run:      work.run,
	})
	if err != nil {
		bill.tearUp()
		turn.giveUp()
	}
	return o, err
}

// limitTime bounds the time of a plan by the server's limit.
func (s *sitingService) limitTime(q *request.Plan) {
	if asked := q.TimeLimit; asked > s.planTimeout {
		q.Warnings = append(q.Warnings, coverage.Warning{
			ID:      warnPlanTimeout,
			Message: fmt.Sprintf("%v were allowed for the search, but the server allows %v: have --plan-timeout raised for more", asked, s.planTimeout),
		})
	}
	if q.TimeLimit == 0 || q.TimeLimit > s.planTimeout {
		q.TimeLimit = s.planTimeout
	}
}

// planState is what all metadata of a plan have in common.
type planState struct {
	request    *canopyv1.PlanNetworkRequest
	created    time.Time
	candidates int32
}

func (s *planState) metadata(m *canopyv1.PlanNetworkMetadata) *canopyv1.PlanNetworkMetadata {
	m.Request, m.CreateTime, m.CandidateCount = s.request, timestamppb.New(s.created), s.candidates
	return m
}

// ended is when a plan ends that does now: as long after it was asked for as it
// took, even where the clock was set meanwhile.
func (s *planState) ended() *timestamppb.Timestamp {
	return timestamppb.New(s.created.Add(time.Since(s.created)))
}

// planWork is the work of one plan.
type planWork struct {
	*sitingService
	query *request.Plan
	turn  ticket
	bill  *bill
	cost  coverage.Cost
	seed  int64
	known planState
	// last is what was told last.
	last *canopyv1.PlanNetworkMetadata
}

// run waits for its turn, and ends with the plan that there is when ctx is done.
func (w *planWork) run(ctx context.Context, tell func(proto.Message)) (response proto.Message, err error) {
	w.last = &canopyv1.PlanNetworkMetadata{}
	ctx = w.bill.watch(ctx)
	defer func() {
		plan, _ := response.(*canopyv1.PlanNetworkResponse)
		w.ended.WithLabelValues(endingLabel(plan.GetEnding())).Inc()
	}()
	report := func(m *canopyv1.PlanNetworkMetadata) {
		w.last = w.known.metadata(m)
		tell(w.last)
	}
	defer func() {
		report(&canopyv1.PlanNetworkMetadata{
			Phase: canopyv1.PlanPhase_PLAN_PHASE_DONE, Share: 1, Doing: "done", CandidatesSwept: w.last.GetCandidatesSwept(),
			ObjectiveKm2: w.last.ObjectiveKm2, UpperBoundKm2: w.last.UpperBoundKm2, EndTime: w.known.ended(),
		})
	}()
	leave, err := w.enter(ctx)
	switch {
	case err == nil:
		defer leave()
		defer w.bill.settle()
	case ctx.Err() == nil:
		w.bill.tearUp()
		return nil, err
	default:
		w.bill.tearUp()
	}
	found, err := w.search(ctx, report)
	if err != nil {
		return nil, err
	}
	plan, err := w.planner.Plan(ctx, w.query.PlanQuery, func(p planning.Progress) {
		m := &canopyv1.PlanNetworkMetadata{}
		wire.Progress(m, p)
		m.Share = w.searchedShare() + (1-w.searchedShare())*m.GetShare()
		report(m)
	})
	if err != nil {
		return nil, err
	}
	return w.response(ctx, plan, found), nil
}

// enter waits among plans, and then among all computations.
func (w *planWork) enter(ctx context.Context) (leave func(), err error) {
	leavePlans, err := w.turn.enter(ctx)
	if err != nil {
		return nil, err
	}
	leaveAll, err := w.entry.queue(ctx, w.cost)
	if err != nil {
		leavePlans()
		return nil, err
	}
	return func() { leaveAll(); leavePlans() }, nil
}

// lookedShare is how much of the work is done when candidates have been looked
// for.
const lookedShare = 0.05

func (w *planWork) searchedShare() float64 {
	if w.query.Search == nil {
		return 0
	}
	return lookedShare
}

// search looks for candidates where the request asks for that. A search that is
// cut short has found none.
func (w *planWork) search(ctx context.Context, report func(*canopyv1.PlanNetworkMetadata)) ([]coverage.Warning, error) {
	if w.query.Search == nil {
		return nil, nil
	}
	report(&canopyv1.PlanNetworkMetadata{Phase: canopyv1.PlanPhase_PLAN_PHASE_CANDIDATES, Doing: "looking for candidates"})
	watched := coverage.WithProgress(ctx, func(share float64, doing string) {
		report(&canopyv1.PlanNetworkMetadata{Phase: canopyv1.PlanPhase_PLAN_PHASE_CANDIDATES, Share: w.searchedShare() * share, Doing: doing})
	})
	result, err := w.planner.FindCandidates(watched, w.query.Search.CandidateQuery)
	if err != nil {
		if ctx.Err() == nil {
			return nil, err
		}
		result = &planning.CandidateResult{}
	}
	w.query.Add(result.Found)
	w.known.candidates = int32(len(w.query.Candidates))
	return result.Warnings, nil
}

func (w *planWork) response(ctx context.Context, plan *planning.Plan, found []coverage.Warning) *canopyv1.PlanNetworkResponse {
	out := wire.Plan(plan, &w.query.PlanQuery, w.query.Departments)
	out.Ending = ending(ctx, plan.Ending)
	out.Seed = w.seed
	out.Warnings = append(wire.Warnings(beside(found, plan.Warnings)), warnings(plan.Basis, w.query.Background)...)
	out.Provenance = w.provenance(w.query.Background, w.query.Query, plan.SpacingArcsec)
	return out
}

// beside returns the warnings that others do not have.
func beside(warnings, others []coverage.Warning) []coverage.Warning {
	return slices.DeleteFunc(slices.Clone(warnings), func(w coverage.Warning) bool { return slices.Contains(others, w) })
}

// ending tells who stopped a plan.
func ending(ctx context.Context, e planning.Ending) canopyv1.PlanEnding {
	restarted := new(problem.RestartedError)
	switch {
	case e != planning.Stopped:
		return wire.Ending(e)
	case errors.As(context.Cause(ctx), &restarted):
		return canopyv1.PlanEnding_PLAN_ENDING_SERVER_STOPPED
	}
	return canopyv1.PlanEnding_PLAN_ENDING_CANCELLED
}

// FindCandidates reads terrain near airstrips, and so waits for its turn.
func (s *sitingService) FindCandidates(ctx context.Context, req *canopyv1.FindCandidatesRequest) (*canopyv1.FindCandidatesResponse, error) {
	search, background, err := s.resolver.FindCandidates(req)
	if err != nil {
		return nil, err
	}
	var result *planning.CandidateResult
	err = s.compute(ctx, search.Cost(s.engine), func(ctx context.Context) (err error) {
		result, err = s.planner.FindCandidates(ctx, search.CandidateQuery)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &canopyv1.FindCandidatesResponse{
		Candidates: wire.Candidates(search.Candidates(result.Found, nil, nil)),
		Warnings:   append(wire.Warnings(result.Warnings), wire.Warnings(background.Warnings)...),
		Provenance: &canopyv1.Provenance{
			EngineVersion: s.version, Terrain: wire.Terrain(s.engine.Terrain.Info()),
			AnalysisSpacingArcsec: wire.SpacingArcsec(s.engine.Terrain.Info().SpacingArcsec),
			Airspace:              background.Airspace, Assumptions: background.Assumptions,
		},
	}, nil
}

// SuggestSites finds candidates first, where the request asks for that.
func (s *sitingService) SuggestSites(ctx context.Context, req *canopyv1.SuggestSitesRequest) (*canopyv1.SuggestSitesResponse, error) {
	q, err := s.resolver.SuggestSites(req)
	if err != nil {
		return nil, err
	}
	cost, err := s.suggestCost(q)
	if err != nil {
		return nil, err
	}
	var result *planning.SuggestResult
	err = s.compute(ctx, cost, func(ctx context.Context) error {
		notes, err := s.addFound(part(ctx, 0, lookedShare), q)
		if err != nil {
			return err
		}
		result, err = s.planner.SuggestSites(part(ctx, lookedShare, 1), q.GapQuery, radarsOf(q.Candidates))
		if err == nil {
			result.Notes = append(beside(notes, result.Warnings), result.Notes...)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &canopyv1.SuggestSitesResponse{
		Gaps:           s.gaps(&q.Gaps, result.GapResult),
		Suggestions:    wire.Suggestions(result, q.Candidates),
		CandidateCount: int32(len(q.Candidates)),
		Warnings:       wire.Warnings(result.Notes),
	}, nil
}

// suggestCost takes as many candidates to be found as may be: what is estimated too
// much is given back, and what is estimated too little would pass for cheap.
func (s *sitingService) suggestCost(q *request.Suggestions) (coverage.Cost, error) {
	cost, err := planning.SuggestCost(s.engine, q.GapQuery, radarsOf(q.Candidates))
	if err != nil || q.Search == nil {
		return cost, err
	}
	one, most := q.Search.Most()
	alone := q.Query
	alone.Radars = []radar.Radar{one}
	found, err := s.engine.EachCost(alone)
	found.Posts *= float64(most)
	found.SweptPosts *= float64(most)
	return cost.Plus(q.Search.Cost(s.engine)).Plus(found), err
}

// addFound adds the candidates that the request asks to look for.
func (s *sitingService) addFound(ctx context.Context, q *request.Suggestions) ([]coverage.Warning, error) {
	if q.Search == nil {
		return nil, nil
	}
	found, err := s.planner.FindCandidates(ctx, q.Search.CandidateQuery)
	if err != nil {
		return nil, err
	}
	q.Add(found.Found)
	return found.Warnings, nil
}

// part returns the context of work that is a part of a call, whose share of it
// goes from one to another.
func part(ctx context.Context, from, to float64) context.Context {
	tell := coverage.ProgressOf(ctx)
	return coverage.WithProgress(ctx, func(share float64, doing string) { tell(from+share*(to-from), doing) })
}

func radarsOf(candidates []planning.Candidate) []radar.Radar {
	radars := make([]radar.Radar, len(candidates))
	for i := range candidates {
		radars[i] = candidates[i].Radar
	}
	return radars
}

// AssessCriticality keeps the order of altitudes and zones.
func (s *sitingService) AssessCriticality(ctx context.Context, req *canopyv1.AssessCriticalityRequest) (*canopyv1.AssessCriticalityResponse, error) {
	q, err := s.resolver.AssessCriticality(req)
	if err != nil {
		return nil, err
	}
	cost, err := q.Cost(s.engine)
	if err != nil {
		return nil, err
	}
	var result *planning.Criticality
	err = s.compute(ctx, cost, func(ctx context.Context) (err error) {
		result, err = s.planner.Criticality(ctx, q.CriticalityQuery)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &canopyv1.AssessCriticalityResponse{
		Criticality: wire.Criticality(result, q.Zones, q.Availability),
		Radars:      wire.ResolvedRadars(result.Sites),
		Warnings:    warnings(result.Basis, q.Background),
		Provenance:  s.provenance(q.Background, q.Query, result.SpacingArcsec),
	}, nil
}
