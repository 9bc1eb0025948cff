package planning_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

// spread are candidates in rows and columns around the valley.
func spread(side int, deg, rangeM float64) (all []planning.Candidate) {
	for i := range side * side {
		at := off(valley, deg*(float64(i%side)-float64(side-1)/2), deg*(float64(i/side)-float64(side-1)/2))
		all = append(all, planning.Candidate{Radar: site(fmt.Sprint("c", i), at, rangeM), CostUSD: 1e6})
	}
	return all
}

// planFor asks for a plan over the valley, of at most count candidates.
func planFor(existing []radar.Radar, candidates []planning.Candidate, count int, altitudes ...altitude.Altitude) planning.PlanQuery {
	q := planning.PlanQuery{Query: query(existing...), Airspace: around(valley, 0.6), Candidates: candidates}
	for _, a := range altitudes {
		q.Objective.Altitudes = append(q.Objective.Altitudes, planning.WeightedAltitude{Altitude: a, Weight: 1})
	}
	q.Objective.CountWeights = []float64{1}
	q.MaxCount, q.BudgetUSD = count, math.Inf(1)
	return q
}

func plan(t testing.TB, m terrain.Model, q planning.PlanQuery) *planning.Plan {
	t.Helper()
	got, err := planner(m).Plan(context.Background(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func built(p *planning.Plan) (candidates []int) {
	for _, s := range p.Steps {
		candidates = append(candidates, s.Candidate)
	}
	return candidates
}

// weightedKM2 is what FindGaps has for the objective of a query, without zones,
// extra areas and airstrips, with some of the candidates.
func weightedKM2(t testing.TB, m terrain.Model, q planning.PlanQuery, candidates ...int) (sum float64) {
	t.Helper()
	for i, band := range gapsWith(t, m, q, candidates...).Bands {
		sum += band.CoveredM2 / 1e6 * q.Objective.Altitudes[i].Weight
	}
	return sum
}

func gapsWith(t testing.TB, m terrain.Model, q planning.PlanQuery, candidates ...int) *coverage.GapResult {
	t.Helper()
	gaps := coverage.GapQuery{Query: q.Query, Airspace: q.Airspace, Departments: q.Departments, MinAreaM2: 25e6, ToleranceM: -1}
	for _, a := range q.Objective.Altitudes {
		gaps.Altitudes = append(gaps.Altitudes, a.Altitude)
	}
	gaps.Radars = slices.Clone(q.Radars)
	for _, i := range candidates {
		gaps.Radars = append(gaps.Radars, q.Candidates[i].Radar)
	}
	result, err := (&coverage.Engine{Terrain: m}).FindGaps(context.Background(), gaps)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// With some candidates fixed and one to add, the plan adds the one with which
// FindGaps finds most covered. The demand is dense there, so that the objective is
// the area.
func TestPlanAddsWhatBruteForceAdds(t *testing.T) {
	m := andes(120)
	for seed, reach := range []sight.Reach{sight.Terrain, sight.Horizon, sight.Disc} {
		for fixed := range 3 {
			t.Run(fmt.Sprint("reach ", reach, ", fixed ", fixed), func(t *testing.T) {
				q := planFor([]radar.Radar{site("there", off(valley, 0.2, 0.3), 40e3)}, spread(4, 0.25, 35e3), fixed+1, agl(300), amsl(3000))
				q.Reach, q.Seed = reach, int64(seed)
				for i := range fixed {
					q.Candidates[5*i+1].Fixed = true
				}
				best, most := -1, 0.0
				for i := range q.Candidates {
					with := []int{1, 6}[:fixed]
					if km2 := weightedKM2(t, m, q, append(with[:fixed:fixed], i)...); km2 > most {
						best, most = i, km2
					}
				}
				got := plan(t, m, q)
				if len(got.Steps) != fixed+1 {
					t.Fatalf("%d steps, want %d", len(got.Steps), fixed+1)
				}
				if chosen := got.Steps[fixed].Candidate; chosen != best {
					t.Errorf("candidate %d is added, with %.1f km²; %d has %.1f", chosen, weightedKM2(t, m, q, built(got)...), best, most)
				}
				if math.Abs(got.ObjectiveKM2/most-1) > 2e-3 {
					t.Errorf("objective %.1f km², FindGaps has %.1f", got.ObjectiveKM2, most)
				}
			})
		}
	}
}

// The same on real terrain, over all of Peru, with radars at its airports.
func TestPlanOfPeruAddsWhatBruteForceAdds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as many searches for gaps as there are candidates")
	}
	m := terraintest.Real(t, compositePath)
	q := peru(t, 15, 3)
	q.ResolutionArcsec = 30
	q.Candidates[3].Fixed, q.Candidates[7].Fixed = true, true
	best, most := -1, 0.0
	for i := range q.Candidates {
		if km2 := weightedKM2(t, m, q, 3, 7, i); km2 > most && i != 3 && i != 7 {
			best, most = i, km2
		}
	}
	got := plan(t, m, q)
	if chosen := got.Steps[2].Candidate; chosen != best {
		t.Errorf("candidate %d is added, with %.1f km²; %d has %.1f", chosen, weightedKM2(t, m, q, built(got)...), best, most)
	}
	// The objective is taken at one place in some 11 km².
	if math.Abs(got.ObjectiveKM2/most-1) > 1e-3 {
		t.Errorf("objective %.1f km², FindGaps has %.1f", got.ObjectiveKM2, most)
	}
}

// peru asks for a plan of at most count modern radars at so many of its airports,
// beside the one at Puerto Maldonado.
func peru(t testing.TB, airports, count int) planning.PlanQuery {
	t.Helper()
	c := catalog.Default()
	area, err := c.Airspace("peru")
	if err != nil {
		t.Fatal(err)
	}
	scenario, err := c.Scenario("tps70-2015")
	if err != nil {
		t.Fatal(err)
	}
	model, err := c.Model("modern-3d")
	if err != nil {
		t.Fatal(err)
	}
	q := planFor(scenario.Radars, nil, count, agl(300), agl(1000), agl(3000))
	q.Airspace = area.Area
	strips := c.Airstrips().All()
	for i := range airports {
		a := strips[i*len(strips)/airports]
		q.Candidates = append(q.Candidates, planning.Candidate{Radar: model.At(a.ID, a.Name, a.Position), CostUSD: 17.75e6})
	}
	return q
}

// What stages cover is what FindGaps has for their networks, to the last digit,
// and the objective adds up.
func TestStagesAreThoseOfFindGaps(t *testing.T) {
	m := andes(240)
	existing := []radar.Radar{site("there", off(valley, 0.2, 0.3), 30e3), site("broken", valley, 60e3)}
	existing[1].InService = false
	q := planFor(existing, spread(4, 0.3, 30e3), 4, agl(300), amsl(4000))
	got := plan(t, m, q)
	checkStage(t, &got.Existing, gapsWith(t, m, q))
	objective := got.Existing.ObjectiveKM2
	for i := range got.Steps {
		step := &got.Steps[i]
		checkStage(t, &step.Stage, gapsWith(t, m, q, built(got)[:i+1]...))
		if objective += step.AddedKM2; math.Abs(step.Stage.ObjectiveKM2-objective) > 1e-6 || step.CostUSD != 1e6*float64(i+1) {
			t.Errorf("step %d: objective %v km², want %v; cost %v", i, step.Stage.ObjectiveKM2, objective, step.CostUSD)
		}
	}
	if !slices.EqualFunc(got.Gaps, gapsWith(t, m, q).Bands, func(a, b gap.Band) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
		t.Error("the gaps of the existing radars are not those of FindGaps")
	}
	if got.ObjectiveKM2 != objective || got.UpperBoundKM2 < objective || got.PossibleKM2 < got.UpperBoundKM2 {
		t.Errorf("objective %v km², bound %v, possible %v; want %v", got.ObjectiveKM2, got.UpperBoundKM2, got.PossibleKM2, objective)
	}
	if len(got.Sites) != 6 || got.Criticality == nil || len(got.Curve) != 5 {
		t.Errorf("%d sites, criticality %v, a curve of %d points", len(got.Sites), got.Criticality, len(got.Curve))
	}
}

func checkStage(t *testing.T, s *planning.Stage, want *coverage.GapResult) {
	t.Helper()
	for i, b := range want.Bands {
		if s.CoveredM2[i] != b.CoveredM2 || s.AirspaceM2[i] != b.AirspaceM2 {
			t.Errorf("%v: %v of %v m² are covered, FindGaps has %v of %v", b.Altitude, s.CoveredM2[i], s.AirspaceM2[i], b.CoveredM2, b.AirspaceM2)
		}
	}
}
