package planning

import (
	"slices"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/radar"
)

// Cost estimates that of FindCandidates.
func (q *CandidateQuery) Cost(e *coverage.Engine) coverage.Cost {
	c := coverage.Cost{Posts: float64(len(q.Airstrips))}
	if q.NearAccessM <= 0 {
		return c
	}
	all := e.AreaCost(q.Within.Bound())
	for _, a := range q.Airstrips {
		if box := boxOf(a.Position, q.NearAccessM); box.Intersects(q.Within.Bound()) {
			c = c.Plus(e.AreaCost(box))
		}
		if c.Posts > all.Posts {
			return all
		}
	}
	return c
}

// SuggestCost estimates that of SuggestSites, and fails as that does for a
// resolution.
func SuggestCost(e *coverage.Engine, q coverage.GapQuery, candidates []radar.Radar) (coverage.Cost, error) {
	gaps, err := e.GapCost(q)
	if err != nil {
		return gaps, err
	}
	q.Radars = candidates
	sweeps, err := e.EachCost(q.Query)
	return gaps.Plus(sweeps), err
}

// Cost estimates that of Criticality, and fails as that does for a resolution.
func (q *CriticalityQuery) Cost(e *coverage.Engine) (coverage.Cost, error) {
	return e.GapCost(coverage.GapQuery{Query: q.Query, Airspace: q.Airspace, Altitudes: q.Altitudes})
}

// Cost estimates that of Plan, of those candidates that are known before, and
// fails as that does for a resolution. Where these are many, they are swept on
// coarser posts first, and not all again.
func (q *PlanQuery) Cost(e *coverage.Engine) (coverage.Cost, error) {
	standing := coverage.GapQuery{Query: q.Query, Airspace: q.Airspace}
	gaps, err := e.GapCost(standing)
	if err != nil {
		return gaps, err
	}
	sweeps := q.Query
	sweeps.Radars = slices.Clone(q.Radars)
	for i := range q.Candidates {
		sweeps.Radars = append(sweeps.Radars, q.Candidates[i].Radar)
	}
	all, err := e.EachCost(sweeps)
	// What each radar sees of the demand is kept until the end.
	all.MemoryB += float64(len(sweeps.Radars)) * mostElements / 8
	return gaps.Plus(all), err
}
