package wire

import (
	"cmp"
	"math"
	"slices"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/siting"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Amounts of an objective are sums of areas in km².
func objectiveKM2(km2 float64) float64 { return rounded(km2, 1e3) }

// Candidate returns a place where a radar could stand, with the limits in force,
// so that it can be sent back as it is.
func Candidate(c *planning.Candidate) *canopyv1.Candidate {
	cost := dollars(c.CostUSD)
	return &canopyv1.Candidate{
		Radar: Radar(c.Radar), CostUsd: &cost, Fixed: c.Fixed, Forbidden: c.Forbidden, Reason: c.Reason,
	}
}

// Candidates returns candidates in their order.
func Candidates(all []planning.Candidate) []*canopyv1.Candidate {
	out := make([]*canopyv1.Candidate, len(all))
	for i := range all {
		out[i] = Candidate(&all[i])
	}
	return out
}

// Plan returns a plan for a query, without ending, background and seed.
func Plan(p *planning.Plan, q *planning.PlanQuery, departments []*catalog.Airspace) *canopyv1.PlanNetworkResponse {
	out := &canopyv1.PlanNetworkResponse{
		Existing:      planStage(&p.Existing, p.PossibleKM2, q.Objective.Altitudes),
		ObjectiveKm2:  objectiveKM2(p.ObjectiveKM2),
		UpperBoundKm2: objectiveKM2(p.UpperBoundKM2),
		GapPercent:    gapPercent(p.ObjectiveKM2, p.UpperBoundKM2),
		PossibleKm2:   objectiveKM2(p.PossibleKM2),
		Curve:         each(p.Curve, curvePoint),
		Candidates:    planCandidates(&p.Considered),
		Gaps:          plannedGaps(p, departments),
		Radars:        ResolvedRadars(p.Sites),
	}
	for i := range p.Steps {
		step := &p.Steps[i]
		out.Steps = append(out.Steps, &canopyv1.PlanStep{
			Candidate:         Candidate(&q.Candidates[step.Candidate]),
			AddedObjectiveKm2: objectiveKM2(step.AddedKM2),
			Stage:             planStage(&step.Stage, p.PossibleKM2, q.Objective.Altitudes),
			CostUsd:           dollars(step.CostUSD),
			Closes:            closedGaps(p, step.Closes),
		})
		out.CostUsd = dollars(step.CostUSD)
	}
	if p.Criticality != nil {
		out.Criticality = Criticality(p.Criticality, q.Objective.Zones, planning.PlannedAvailability)
	}
	return out
}

// gapPercent is how far a plan may be from its bound.
func gapPercent(objective, bound float64) float64 {
	const perCent = 100
	return perCent * share(max(bound-objective, 0), bound)
}

func curvePoint(p siting.Point) *canopyv1.PlanCurvePoint {
	return &canopyv1.PlanCurvePoint{
		RadarCount: int32(p.Count), CostUsd: dollars(p.Cost),
		ObjectiveKm2: objectiveKM2(p.Objective), UpperBoundKm2: objectiveKM2(p.UpperBound),
	}
}

func planCandidates(c *planning.Considered) *canopyv1.PlanCandidates {
	return &canopyv1.PlanCandidates{
		CandidateCount:         int32(c.Candidates),
		ExcludedCount:          int32(c.Excluded),
		ScreenedOutCount:       int32(c.ScreenedOut),
		ScreeningSpacingArcsec: SpacingArcsec(c.ScreeningSpacingArcsec),
		SearchedCount:          int32(c.Searched),
		DemandCount:            int32(c.Demand),
		DemandSpacingArcsec:    SpacingArcsec(c.DemandSpacingArcsec),
	}
}

// planStage has no bands where it was not measured.
func planStage(s *planning.Stage, possibleKM2 float64, altitudes []planning.WeightedAltitude) *canopyv1.PlanStage {
	out := &canopyv1.PlanStage{
		ObjectiveKm2: objectiveKM2(s.ObjectiveKM2), ObjectiveShare: share(s.ObjectiveKM2, possibleKM2),
		AirstripsSeen: int32(s.AirstripsSeen),
	}
	for i, m2 := range s.CoveredM2 {
		out.Bands = append(out.Bands, &canopyv1.PlanBand{
			Altitude: Altitude(altitudes[i].Altitude), CoveredAreaKm2: areaKM2(m2), CoveredShare: share(m2, s.AirspaceM2[i]),
		})
	}
	return out
}

// mostClosed is how many gaps of an altitude a step names.
const mostClosed = 5

// closedGaps returns the largest of each altitude, most area first.
func closedGaps(p *planning.Plan, closes []planning.ClosedGap) []*canopyv1.ClosedGap {
	largest := slices.Clone(closes)
	slices.SortStableFunc(largest, func(a, b planning.ClosedGap) int { return cmp.Compare(b.AreaM2, a.AreaM2) })
	named := map[int]int{}
	var out []*canopyv1.ClosedGap
	for _, c := range largest {
		if named[c.Band]++; named[c.Band] > mostClosed {
			continue
		}
		b := &p.Gaps[c.Band]
		out = append(out, &canopyv1.ClosedGap{
			GapId: gapID(b, c.Gap), AreaKm2: areaKM2(c.AreaM2), Share: share(c.AreaM2, b.Gaps[c.Gap].AreaM2),
		})
	}
	return out
}

// plannedGaps are those that steps name, by altitude and largest first.
func plannedGaps(p *planning.Plan, departments []*catalog.Airspace) []*canopyv1.PlannedGap {
	named := map[string]bool{}
	for i := range p.Steps {
		for _, c := range closedGaps(p, p.Steps[i].Closes) {
			named[c.GetGapId()] = true
		}
	}
	var out []*canopyv1.PlannedGap
	for i := range p.Gaps {
		b := &p.Gaps[i]
		for j := range b.Gaps {
			g := &b.Gaps[j]
			if id := gapID(b, j); named[id] {
				out = append(out, &canopyv1.PlannedGap{
					GapId: id, Altitude: Altitude(b.Altitude), AreaKm2: areaKM2(g.AreaM2),
					PointInside: Position(g.PointInside), Departments: departmentShares(g.DepartmentsM2, departments),
				})
			}
		}
	}
	return out
}

// Ending returns why a plan's search ended; the zero value for a plan that was
// stopped, as it does not know by whom.
func Ending(e planning.Ending) canopyv1.PlanEnding {
	switch e {
	case planning.Proven:
		return canopyv1.PlanEnding_PLAN_ENDING_PROVEN
	case planning.Exhausted:
		return canopyv1.PlanEnding_PLAN_ENDING_EXHAUSTED
	case planning.TimeLimit:
		return canopyv1.PlanEnding_PLAN_ENDING_TIME_LIMIT
	default:
		return canopyv1.PlanEnding_PLAN_ENDING_UNSPECIFIED
	}
}

// Progress adds to metadata how far a plan is.
func Progress(m *canopyv1.PlanNetworkMetadata, p planning.Progress) {
	m.Phase, m.Share, m.Doing = phase(p.Phase), plain(p.Share), p.Doing
	m.CandidatesSwept = int32(p.Swept)
	m.ObjectiveKm2, m.UpperBoundKm2 = known(p.ObjectiveKM2, objectiveKM2), known(p.UpperBoundKM2, objectiveKM2)
}

func phase(p planning.Phase) canopyv1.PlanPhase {
	switch p {
	case planning.Screening:
		return canopyv1.PlanPhase_PLAN_PHASE_SCREENING
	case planning.Sweeping:
		return canopyv1.PlanPhase_PLAN_PHASE_SWEEPING
	case planning.Searching:
		return canopyv1.PlanPhase_PLAN_PHASE_SEARCHING
	case planning.Measuring:
		return canopyv1.PlanPhase_PLAN_PHASE_MEASURING
	default:
		return canopyv1.PlanPhase_PLAN_PHASE_UNSPECIFIED
	}
}

// Suggestions returns the candidate for each gap, in the order of the gaps.
func Suggestions(r *planning.SuggestResult, candidates []planning.Candidate) []*canopyv1.GapSuggestion {
	return each(r.Suggestions, func(s planning.Suggestion) *canopyv1.GapSuggestion {
		b := &r.Bands[s.Band]
		return &canopyv1.GapSuggestion{
			GapId: gapID(b, s.Gap), Candidate: Candidate(&candidates[s.Candidate]),
			ClosedAreaKm2: areaKM2(s.ClosedM2), ClosedShare: share(s.ClosedM2, b.Gaps[s.Gap].AreaM2),
			AirstripIds: airstripIDs(s.Airstrips),
		}
	})
}

func airstripIDs(strips []*airstrip.Airstrip) []string {
	return each(strips, func(a *airstrip.Airstrip) string { return a.ID })
}

// Criticality returns what a network loses with its radars. zones are those of
// the query, and availability is that of radars that have none of their own.
func Criticality(c *planning.Criticality, zones []planning.Zone, availability float64) *canopyv1.Criticality {
	out := &canopyv1.Criticality{
		AirstripsSeen: int32(c.AirstripsSeen), Availability: plain(availability),
		Zones: each(zones, func(z planning.Zone) string { return z.Name }),
	}
	for i := range c.Bands {
		out.Bands = append(out.Bands, criticalityBand(&c.Bands[i]))
	}
	for i := range c.Losses {
		out.Radars = append(out.Radars, radarLoss(&c.Losses[i], c))
	}
	if c.Pair != nil {
		out.Pair = redundantPair(c.Pair, c.Sites)
	}
	return out
}

func criticalityBand(b *planning.CriticalityBand) *canopyv1.CriticalityBand {
	return &canopyv1.CriticalityBand{
		Altitude:               Altitude(b.Altitude),
		AirspaceAreaKm2:        areaKM2(b.AirspaceM2),
		CoveredAreaKm2:         areaKM2(b.CoveredM2),
		CoveredShare:           share(b.CoveredM2, b.AirspaceM2),
		ExpectedCoveredAreaKm2: areaKM2(b.ExpectedM2),
		ExpectedCoveredShare:   share(b.ExpectedM2, b.AirspaceM2),
		AreaByCountKm2:         each(b.ByCountM2, areaKM2),
	}
}

func radarLoss(l *planning.Loss, c *planning.Criticality) *canopyv1.RadarLoss {
	out := &canopyv1.RadarLoss{RadarId: c.Sites[l.Site].ID, AirstripIds: airstripIDs(l.Airstrips)}
	for i, m2 := range l.LostM2 {
		lost := &canopyv1.BandLoss{LostAreaKm2: areaKM2(m2), LostShare: math.Min(share(m2, c.Bands[i].CoveredM2), 1)}
		if l.ZonesLostM2 != nil {
			lost.ZonesLostKm2 = each(l.ZonesLostM2[i], areaKM2)
		}
		out.Bands = append(out.Bands, lost)
	}
	return out
}

func redundantPair(p *planning.Pair, sites []sight.Site) *canopyv1.RedundantPair {
	return &canopyv1.RedundantPair{
		RadarIds: []string{sites[p.Sites[0]].ID, sites[p.Sites[1]].ID}, AreasKm2: each(p.AreasM2, areaKM2),
	}
}
