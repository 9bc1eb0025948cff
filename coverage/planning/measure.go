package planning

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/surfaces"
)

// listedM2 is the area from which a gap is one of those that steps close, as
// FindGaps lists them unasked.
const listedM2 = 25e6

// PlannedAvailability is the share of time that all radars of a plan are taken to
// work. It is an assumption.
const PlannedAvailability = 0.9

// keeping returns an engine that keeps surfaces, so that each radar is swept once
// for all stages.
func (p *Planner) keeping() *coverage.Engine {
	e := *p.Engine
	if e.Surfaces == nil {
		e.Surfaces = surfaces.New(cmp.Or(e.MemoryB, coverage.DefaultMemoryB)/2, nil)
	}
	return &e
}

// measure finds out what each stage of a plan covers, which gaps its steps close,
// and what is lost with each radar.
func (s *search) measure(ctx context.Context, plan *Plan) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.enter(Measuring, "existing radars")
	engine := s.keeping()
	q := coverage.GapQuery{
		Query: s.Query, Airspace: s.Airspace, Altitudes: s.altitudes(), Departments: s.Departments,
		MinAreaM2: listedM2, ToleranceM: -1,
	}
	q.ResolutionArcsec = s.resolutionArcsec
	existing, err := engine.FindGaps(ctx, q)
	if err != nil {
		return err
	}
	plan.Existing.measured(existing)
	plan.Gaps, plan.Basis, plan.SpacingArcsec = existing.Bands, existing.Basis, existing.SpacingArcsec
	closing := newClosing(s.demand, existing.Bands, s.problem.Already, s.MinRadars)
	// Of what stages leave open, areas are asked for alone.
	q.Departments, q.MinAreaM2 = nil, math.Inf(1)
	for i := range plan.Steps {
		step := &plan.Steps[i]
		added := s.Candidates[step.Candidate].Radar
		s.done(float64(i+1)/float64(len(plan.Steps)+2), fmt.Sprint("with ", added.ID))
		q.Radars = append(slices.Clip(q.Radars), added)
		result, err := engine.FindGaps(ctx, q)
		if err != nil {
			return err
		}
		step.Stage.measured(result)
		step.Closes = closing.by(s.enough[i])
		plan.Basis = result.Basis
	}
	return s.measureLosses(ctx, engine, q.Query, plan)
}

func (s *search) measureLosses(ctx context.Context, engine *coverage.Engine, q coverage.Query, plan *Plan) error {
	s.done(0.9, "what is lost with each radar")
	whole := &Planner{Engine: engine}
	criticality, err := whole.Criticality(ctx, CriticalityQuery{
		Query: q, Airspace: s.Airspace, Altitudes: s.altitudes(), Zones: s.Objective.Zones, Airstrips: s.Objective.Airstrips,
		Availabilities: slices.Repeat([]float64{PlannedAvailability}, len(q.Radars)),
	})
	if err != nil {
		return err
	}
	plan.Criticality = criticality
	s.done(1, "done")
	return nil
}

// measured has a stage have the areas of bands.
func (s *Stage) measured(r *coverage.GapResult) {
	for _, b := range r.Bands {
		s.CoveredM2 = append(s.CoveredM2, b.CoveredM2)
		s.AirspaceM2 = append(s.AirspaceM2, b.AirspaceM2)
	}
}

// warnAveraged says that a plan stands on coarser posts than the terrain's own where
// nobody asked for that.
func (s *search) warnAveraged(plan *Plan) {
	own := 3600 / s.Engine.Terrain.Lattice().PerDegLat
	if s.ResolutionArcsec > 0 || s.resolutionArcsec < own*1.01 {
		return
	}
	plan.Warnings = append(plan.Warnings, coverage.Warning{ID: "terrain.resolution", Message: fmt.Sprintf(
		"computed on posts %g arc-seconds apart, means of the terrain's own %.4g, which are more than a plan may take unasked: averaging lowers crests, so coverage looks a little better than it is",
		s.resolutionArcsec, own)})
}

// place puts the radars of a plan on their ground.
func (s *search) place(ctx context.Context, plan *Plan) error {
	q := s.Query
	for _, step := range plan.Steps {
		q.Radars = append(slices.Clip(q.Radars), s.Candidates[step.Candidate].Radar)
	}
	basis, err := s.Engine.Place(context.WithoutCancel(ctx), q)
	plan.Basis = *basis
	return err
}
