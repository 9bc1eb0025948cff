package planning

import (
	"context"

	"github.com/canopyradar/canopy/coverage/siting"
)

// Problem is what Plan poses to package siting.
func (p *Planner) Problem(ctx context.Context, q PlanQuery) (*siting.Problem, error) {
	candidates, err := q.eligible(p.Engine.Terrain.Lattice())
	if err != nil {
		return nil, err
	}
	s := &search{Planner: p, PlanQuery: &q, watcher: newWatcher(nil), candidates: candidates, seen: map[string]siting.Set{}}
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	err = s.sweepAll(ctx)
	return s.problem, err
}
