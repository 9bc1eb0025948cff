package planning

import (
	"context"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/siting"
)

// Plan chooses which candidates to build. It fails with a *ConstraintError where
// nothing can be planned, with the errors of the engine, and never because ctx is
// done: the plan is then the best so far, and not measured any more. watch, which
// may be nil, is called from one goroutine at a time.
//
// The search is over elements of demand, at places in the airspace; the areas of
// stages are those that FindGaps has for their networks. Before all candidates are
// swept, the best plan is one of those that are, on whichever terrain, and radars
// that are not count for nothing. Stages that were not measured have no areas.
func (p *Planner) Plan(ctx context.Context, q PlanQuery, watch func(Progress)) (*Plan, error) {
	candidates, err := q.eligible(p.Engine.Terrain.Lattice())
	// Who was stopped before candidates were found has none to plan with.
	stopped := len(q.Candidates) == 0 && ctx.Err() != nil
	if err != nil && !stopped {
		return nil, err
	}
	// What the caller has for the progress of coverage is not for parts of a plan.
	quiet := coverage.WithProgress(ctx, nil)
	s := &search{Planner: p, PlanQuery: &q, watcher: newWatcher(watch), candidates: candidates, seen: map[string]siting.Set{}}
	s.considered = Considered{Candidates: len(q.Candidates), Excluded: len(q.Candidates) - len(candidates)}
	if err := s.prepare(quiet); err != nil {
		return nil, err
	}
	solution, err := s.solve(quiet)
	if err != nil {
		return nil, err
	}
	plan := s.plan(solution)
	if err := s.measure(quiet, plan); err != nil {
		if ctx.Err() == nil {
			return nil, err
		}
		plan.Ending = Stopped
		if err := s.place(quiet, plan); err != nil {
			return nil, err
		}
	}
	s.warnAveraged(plan)
	return plan, nil
}

// solution is what a search found.
type solution struct {
	*siting.Plan
	curve  []siting.Point
	ending Ending
}

// plan returns the plan of a solution, with what its stages achieve of the demand.
func (s *search) plan(found *solution) *Plan {
	p := s.problem
	score := newScore(s.demand, p)
	plan := &Plan{
		Existing: Stage{ObjectiveKM2: score.objectiveKM2, AirstripsSeen: score.strips(s.MinRadars)}, Ending: found.ending,
		PossibleKM2: s.demand.possibleKM2(p.CountWeights), Considered: s.considered, Curve: found.curve,
		SpacingArcsec: s.resolutionArcsec,
	}
	cost := 0.0
	for _, site := range found.Sites {
		cost += p.Sites[site].Cost
		step := Step{Candidate: s.candidates[site], CostUSD: cost}
		var enough []int32
		step.AddedKM2, enough = score.build(p.Sites[site].Sees, s.MinRadars)
		step.Stage = Stage{ObjectiveKM2: score.objectiveKM2, AirstripsSeen: score.strips(s.MinRadars)}
		plan.Steps = append(plan.Steps, step)
		s.enough = append(s.enough, enough)
	}
	plan.ObjectiveKM2 = score.objectiveKM2
	plan.UpperBoundKM2 = max(plan.ObjectiveKM2, min(found.UpperBound, plan.PossibleKM2))
	if plan.Curve == nil {
		plan.Curve = []siting.Point{{Count: len(plan.Steps), Cost: cost, Objective: plan.ObjectiveKM2, UpperBound: plan.UpperBoundKM2}}
	}
	return plan
}
