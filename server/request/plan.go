package request

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/planning"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/wire"
)

// Plan is a resolved PlanNetworkRequest.
type Plan struct {
	planning.PlanQuery
	// Search asks for candidates beside those of the query; nil for none.
	Search *Search
	// Departments are those of the query, with their names.
	Departments []*catalog.Airspace
	Background
}

// PlanNetwork resolves a request for a plan.
func (r *Resolver) PlanNetwork(q *canopyv1.PlanNetworkRequest) (*Plan, error) {
	n, o := q.GetExisting(), q.GetOptions()
	d, err := r.begin("existing", n.GetScenarioId(), o)
	if err != nil {
		return nil, err
	}
	if n.GetScenarioId() != "" || len(n.GetRadars()) > 0 {
		d.stand(n, o.GetLimits())
	}
	area := d.airspace(q.GetAirspace())
	d.checkRadarsNear(area, d.query.Radars, d.radarPath)
	if o.GetMinRadars() > 1 {
		d.refuse("options.min_radars", problem.ReasonFieldInvalid, "%d: want 1 for a plan; say in objective.count_weights what further radars are worth", o.GetMinRadars())
	}
	d.assumeModels(d.query.Radars, o.GetLimits())
	costs := d.costs(q.GetConstraints().GetCosts())
	out := &Plan{Departments: r.Catalogue.Departments()}
	chosen := d.candidates(q.GetCandidates(), &place{area: area, limits: o.GetLimits(), costs: costs})
	out.Search = chosen.search
	out.PlanQuery = planning.PlanQuery{
		Airspace: area, Departments: areasOf(out.Departments), Candidates: chosen.given,
		Objective: d.objective(q.GetObjective()), Effort: effort(q.GetEffort()),
	}
	out.Constraints = d.constraints(q.GetConstraints(), chosen)
	out.Query = d.query
	out.Background = d.background
	return out, d.err()
}

// Add adds what a search has found to the candidates.
func (p *Plan) Add(found []planning.Found) {
	p.Candidates = append(p.Candidates, p.Search.Candidates(found, p.Radars, p.Candidates)...)
}

// What the contract promises for fields of a plan that are not set.
const (
	defaultStripAGLM     = 300
	defaultStripKM2      = 1000
	defaultGapPercent    = 0.1
	defaultCountWeight   = 1.0
	defaultAltitudeValue = 1.0
)

func or[T any](given *T, otherwise T) T {
	if given == nil {
		return otherwise
	}
	return *given
}

// objective leaves the airspace to the query.
func (d *draft) objective(o *canopyv1.PlanObjective) planning.Objective {
	out := planning.Objective{Altitudes: d.weightedAltitudes(o.GetAltitudes()), CountWeights: o.GetCountWeights()}
	d.checkCountWeights(out.CountWeights)
	if len(out.CountWeights) == 0 {
		out.CountWeights = []float64{defaultCountWeight}
	}
	for i, z := range o.GetZones() {
		zone := d.region(fmt.Sprintf("objective.zones[%d].zone", i), z.GetZone())
		out.Zones = append(out.Zones, planning.Zone{Name: zone.name, Area: zone.area, Weight: z.GetWeight()})
	}
	for i, a := range o.GetAreas() {
		found := d.region(fmt.Sprintf("objective.areas[%d].area", i), a.GetArea())
		out.Areas = append(out.Areas, planning.AreaExposure{
			Name: found.name, Area: found.area, Altitude: wire.ToAltitude(a.GetAltitude()), Weight: or(a.Weight, defaultAltitudeValue),
		})
	}
	if s := o.GetAirstrips(); s != nil {
		d.at("objective.airstrips", func() { out.Airstrips.All = ByID(d.airstrips(s.GetAirstrips()).All()) })
		out.Airstrips.MaxAGLM = or(s.MaxAglM, defaultStripAGLM)
		out.Airstrips.WeightKM2 = or(s.WeightKm2, defaultStripKM2)
	}
	d.assumeWeights(o)
	return out
}

// weightedAltitudes returns the scenario's where none are given.
func (d *draft) weightedAltitudes(given []*canopyv1.AltitudeWeight) []planning.WeightedAltitude {
	levels := make([]*canopyv1.Altitude, len(given))
	for i, g := range given {
		levels[i] = g.GetAltitude()
	}
	var out []planning.WeightedAltitude
	d.at("objective", func() {
		for i, a := range d.altitudes(levels) {
			w := planning.WeightedAltitude{Altitude: a, Weight: defaultAltitudeValue}
			if len(given) > 0 {
				w.Weight = or(given[i].Weight, defaultAltitudeValue)
			}
			out = append(out, w)
		}
	})
	return out
}

func (d *draft) checkCountWeights(weights []float64) {
	for i, w := range weights {
		path := fmt.Sprintf("objective.count_weights[%d]", i)
		switch {
		case i == 0 && w == 0:
			d.refuse(path, problem.ReasonFieldInvalid, "0: the first radar that sees a place must be worth something, such as 1")
		case i > 0 && w > weights[i-1]:
			d.refuse(path, problem.ReasonFieldInvalid, "%g is larger than the %g before it: a further radar cannot be worth more than the one before", w, weights[i-1])
		}
	}
}

// assumeWeights says of whom the weights are, where there are any.
func (d *draft) assumeWeights(o *canopyv1.PlanObjective) {
	if len(o.GetAltitudes())+len(o.GetCountWeights())+len(o.GetZones())+len(o.GetAreas()) > 0 || o.GetAirstrips() != nil {
		d.assume("Request", []string{"the weights of the objective are the caller's: they say what is wanted, and have no source."})
	}
}

// costs are those of the request, in US dollars by model.
func (d *draft) costs(given []*canopyv1.ModelCost) map[string]float64 {
	out := map[string]float64{}
	for i, g := range given {
		d.once(out, fmt.Sprintf("constraints.costs[%d].model_id", i), g.GetModelId(), g.GetCostUsd())
	}
	return out
}

// once keeps a value for a model, and refuses another for the same.
func (d *draft) once(values map[string]float64, path, modelID string, value float64) {
	model, err := d.Catalogue.Model(modelID)
	if err != nil {
		d.refuse(path, problem.ReasonRadarModelUnknown, "%s", err)
		return
	}
	if _, twice := values[model.ID]; twice {
		d.refuse(path, problem.ReasonDuplicate, "%s has a value already: leave one out", model.ID)
	}
	values[model.ID] = value
}

// constraints refuses those that no plan of the candidates can keep to, as far as
// that can be told without terrain.
func (d *draft) constraints(c *canopyv1.PlanConstraints, chosen *chosen) planning.Constraints {
	out := planning.Constraints{
		MaxCount: int(c.GetMaxCount()), BudgetUSD: math.Inf(1), MinSpacingM: c.GetMinSpacingKm() * mPerKM,
		ModelLimits: map[string]int{},
	}
	limits := map[string]float64{}
	for i, m := range c.GetModels() {
		d.once(limits, fmt.Sprintf("constraints.models[%d].model_id", i), m.GetModelId(), float64(m.GetMaxCount()))
	}
	for id, most := range limits {
		out.ModelLimits[id] = int(most)
	}
	if c.MaxCount == nil && c.BudgetUsd == nil {
		d.refuse("constraints", problem.ReasonFieldRequired, "neither max_count nor budget_usd is set: set one of them, or both")
	}
	if c.MaxCount != nil {
		d.checkCount(out.MaxCount, chosen)
	}
	if c.BudgetUsd != nil {
		out.BudgetUSD = c.GetBudgetUsd()
		d.checkBudget(out.BudgetUSD, chosen)
	}
	return out
}

func (d *draft) checkCount(most int, chosen *chosen) {
	const path = "constraints.max_count"
	usable, fixed := chosen.usable(), chosen.fixed()
	switch {
	case chosen.search == nil && usable > 0 && most > usable:
		d.refuse(path, problem.ReasonFieldInvalid, "%d, but %d of %d candidates may be built: ask for at most as many, or give more candidates", most, usable, len(chosen.given))
	case len(fixed) > most:
		d.refuse(path, problem.ReasonFieldInvalid, "%d, but %d candidates are fixed: allow as many, or fix fewer", most, len(fixed))
	}
}

func (d *draft) checkBudget(budgetUSD float64, chosen *chosen) {
	const path = "constraints.budget_usd"
	cheapest, spent := chosen.cheapestUSD(), 0.0
	for _, c := range chosen.fixed() {
		spent += c.CostUSD
	}
	switch {
	case !math.IsInf(cheapest, 1) && budgetUSD < cheapest:
		d.refuse(path, problem.ReasonFieldInvalid, "US$%s is less than the cheapest candidate costs, US$%s: raise it, or give cheaper candidates", usd(budgetUSD), usd(cheapest))
	case budgetUSD < spent:
		d.refuse(path, problem.ReasonFieldInvalid, "US$%s is less than the fixed candidates cost, US$%s: raise it, or fix fewer", usd(budgetUSD), usd(spent))
	}
}

// usd writes dollars without an exponent.
func usd(v float64) string { return fmt.Sprintf("%.0f", v) }

func effort(e *canopyv1.PlanEffort) planning.Effort {
	const perCent = 100
	out := planning.Effort{Gap: defaultGapPercent / perCent, Seed: e.GetSeed(), WithoutScreening: e.GetWithoutScreening()}
	if e.GetTimeLimit() != nil {
		out.TimeLimit = e.GetTimeLimit().AsDuration()
	}
	if e != nil && e.GapPercent != nil {
		out.Gap = e.GetGapPercent() / perCent
	}
	return out
}

// Suggestions is a resolved SuggestSitesRequest.
type Suggestions struct {
	Gaps
	// Candidates are those that may be built.
	Candidates []planning.Candidate
	// Search asks for more; nil for none.
	Search *Search
}

// SuggestSites resolves a request for gaps and what would close them.
func (r *Resolver) SuggestSites(q *canopyv1.SuggestSitesRequest) (*Suggestions, error) {
	asked := q.GetGaps()
	if asked == nil {
		asked = &canopyv1.FindGapsRequest{}
	}
	d, gaps := r.gaps(asked)
	nest("gaps", d.violations)
	if gaps == nil {
		return nil, d.err()
	}
	chosen := d.candidates(q.GetCandidates(), &place{area: gaps.GapQuery.Airspace, limits: asked.GetOptions().GetLimits()})
	out := &Suggestions{Gaps: *gaps, Search: chosen.search}
	for i := range chosen.given {
		if !chosen.given[i].Forbidden {
			out.Candidates = append(out.Candidates, chosen.given[i])
		}
	}
	out.Background = d.background
	return out, d.err()
}

// Add adds what a search has found to the candidates.
func (s *Suggestions) Add(found []planning.Found) {
	s.Candidates = append(s.Candidates, s.Search.Candidates(found, s.Radars, s.Candidates)...)
}

// FindCandidates resolves a request for candidates.
func (r *Resolver) FindCandidates(q *canopyv1.FindCandidatesRequest) (*Search, Background, error) {
	d, err := r.begin("", "", nil)
	if err != nil {
		return nil, Background{}, err
	}
	var area orb.MultiPolygon
	if q.GetSearch().GetWithin() == nil {
		area = d.airspace(nil)
	}
	search := d.search("search", q.GetSearch(), area)
	return search, d.background, d.err()
}
