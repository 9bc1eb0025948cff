package request

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/planning"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
)

func candidate(lat, lon float64) *canopyv1.Candidate {
	return &canopyv1.Candidate{Radar: radarAt(lat, lon)}
}

// twoCandidates is a request that can be planned, changed.
func twoCandidates(change func(*canopyv1.PlanNetworkRequest)) *canopyv1.PlanNetworkRequest {
	q := &canopyv1.PlanNetworkRequest{
		Candidates:  &canopyv1.CandidateSelection{Candidates: []*canopyv1.Candidate{candidate(-5, -75), candidate(-10, -74)}},
		Objective:   &canopyv1.PlanObjective{},
		Constraints: &canopyv1.PlanConstraints{MaxCount: ptr[int32](1)},
	}
	change(q)
	return q
}

func TestDefaultsOfPlans(t *testing.T) {
	got, err := resolver().PlanNetwork(twoCandidates(func(*canopyv1.PlanNetworkRequest) {}))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Radars) != 0 || got.ScenarioID != "" {
		t.Errorf("radars that nobody named stand: %v, %q", got.Radars, got.ScenarioID)
	}
	first := got.Candidates[0]
	if first.ID != "candidate-1" || first.ModelID != "modern-3d" || first.RangeM != 370e3 || !first.InService || first.CostUSD != 17.75e6 || got.Search != nil {
		t.Errorf("candidate = %+v", first)
	}
	o := got.Objective
	if len(o.Altitudes) != 4 || o.Altitudes[3].Weight != 1 || !slices.Equal(o.CountWeights, []float64{1}) || o.Airstrips.All != nil {
		t.Errorf("objective = %+v", o)
	}
	if got.MaxCount != 1 || !math.IsInf(got.BudgetUSD, 1) || got.Gap != 0.001 || got.TimeLimit != 0 || got.MinRadars != 1 {
		t.Errorf("constraints %+v, effort %+v", got.Constraints, got.Effort)
	}
	assumed := strings.Join(got.Assumptions, "\n")
	if !strings.HasPrefix(got.Background.Airspace, "Peru") || !strings.Contains(assumed, "Modern 3D radar: Cost US$17.75 million each: assumed") || strings.Contains(assumed, "the caller's") {
		t.Errorf("background = %+v", got.Background)
	}
}

func TestPlanOfAllFields(t *testing.T) {
	q := twoCandidates(func(q *canopyv1.PlanNetworkRequest) {
		q.Existing = &canopyv1.NetworkSelection{ScenarioId: "tps70-pair"}
		q.Candidates.Candidates[0].Radar.Name = "Pucallpa" // as a radar that stands
		q.Candidates.Candidates[0].CostUsd = ptr(1e6)
		q.Candidates.Candidates[1].Radar.ModelId = "GM400"
		q.Candidates.Candidates[1].Fixed = true
		q.Candidates.Search = &canopyv1.CandidateSearch{ModelId: "gm400", MastM: ptr(30.0), ThinKm: ptr(0.0), NearAccessKm: ptr(10.0), MaxCount: ptr[int32](7)}
		q.Options = &canopyv1.CoverageOptions{Limits: &canopyv1.RadarLimits{RangeKm: ptr(200.0)}}
		q.Objective = &canopyv1.PlanObjective{
			Altitudes:    []*canopyv1.AltitudeWeight{{Altitude: aglOf(300), Weight: ptr(2.0)}, {Altitude: aglOf(1000)}},
			CountWeights: []float64{1, 0.5},
			Zones:        []*canopyv1.ZoneWeight{{Zone: namedAirspace("vraem"), Weight: 5}},
			Areas:        []*canopyv1.AreaExposure{{Area: namedAirspace("peru/loreto"), Altitude: aglOf(100), Weight: ptr(0.25)}},
			Airstrips:    &canopyv1.AirstripObjective{MaxAglM: ptr(0.0)},
		}
		q.Constraints = &canopyv1.PlanConstraints{
			MaxCount: ptr[int32](5), BudgetUsd: ptr(71e6), MinSpacingKm: ptr(50.0),
			Models: []*canopyv1.ModelLimit{{ModelId: "gm400", MaxCount: 2}},
			Costs:  []*canopyv1.ModelCost{{ModelId: "gm400", CostUsd: 9e6}},
		}
		q.Effort = &canopyv1.PlanEffort{TimeLimit: durationpb.New(5e9), GapPercent: ptr(0.0), Seed: 7, WithoutScreening: true}
	})
	got, err := resolver().PlanNetwork(q)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Radars) != 2 || got.Radars[0].RangeM != 200e3 || got.ScenarioID != "tps70-pair" {
		t.Errorf("existing = %+v", got.Radars)
	}
	a, b := got.Candidates[0], got.Candidates[1]
	if a.ID != "pucallpa-2" || a.CostUSD != 1e6 || a.RangeM != 200e3 || b.ModelID != "gm400" || b.CostUSD != 9e6 || !b.Fixed {
		t.Errorf("candidates = %+v", got.Candidates)
	}
	o := got.Objective
	if o.Altitudes[0].Weight != 2 || o.Altitudes[1].Weight != 1 || o.Zones[0].Name != "VRAEM" || o.Zones[0].Weight != 5 || o.Areas[0].Weight != 0.25 ||
		o.Areas[0].Altitude != (altitude.Altitude{Value: 100}) || o.Airstrips.MaxAGLM != 0 || o.Airstrips.WeightKM2 != 1000 || len(o.Airstrips.All) != 209 {
		t.Errorf("objective = %+v", o)
	}
	if got.MinSpacingM != 50e3 || got.ModelLimits["gm400"] != 2 || got.BudgetUSD != 71e6 || got.Gap != 0 || got.TimeLimit != 5e9 || got.Seed != 7 || !got.WithoutScreening {
		t.Errorf("constraints %+v, effort %+v", got.Constraints, got.Effort)
	}
	if !strings.HasPrefix(got.Background.Airspace, "Peru") {
		t.Errorf("airspace = %q", got.Background.Airspace)
	}
	wantSearch(t, got)
}

func wantSearch(t *testing.T, p *Plan) {
	t.Helper()
	s := p.Search
	if s.ThinM != 0 || s.NearAccessM != 10e3 || s.MaxCount != 7 || len(s.Within) == 0 || len(s.Airstrips) < 150 {
		t.Errorf("search = %+v", s.CandidateQuery)
	}
	for i, a := range s.Airstrips {
		if a.Status != airstrip.Active || a.Kind == "heliport" || i > 0 && knownLengthM(a) > knownLengthM(s.Airstrips[i-1]) {
			t.Errorf("airstrip %d is %+v", i, a)
		}
	}
	strip := &airstrip.Airstrip{ID: "X", Name: "Strip", LengthM: 1200.4}
	p.Add([]planning.Found{
		{Name: "Candidate 1", Position: orb.Point{-75, -6}, Airstrip: strip},
		{Name: "Pucallpa", Position: orb.Point{-75, -7}, Airstrip: strip, AwayM: 4321, GroundAMSLM: 899.6},
		{Name: "Nowhere", Position: orb.Point{-75, -7}, Airstrip: &airstrip.Airstrip{ID: "Y", Name: "Other", LengthM: math.NaN()}},
	})
	added := p.Candidates[2:]
	if added[0].ID != "candidate-1" || added[0].Reason != "airstrip Strip (X), runway 1200 m" || added[0].MastM != 30 || added[0].RangeM != 200e3 || added[0].CostUSD != 9e6 {
		t.Errorf("added %+v", added[0])
	}
	if added[1].ID != "pucallpa-3" || added[1].Reason != "high ground, 900 m AMSL, 4.3 km from airstrip Strip (X)" || added[2].Reason != "airstrip Other (Y)" {
		t.Errorf("added %+v", added[1:])
	}
}

func aglOf(m float64) *canopyv1.Altitude {
	return &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: m}}
}

func namedAirspace(id string) *canopyv1.AirspaceSelection {
	return &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: id}}
}

func TestPlansThatCannotBe(t *testing.T) {
	search := &canopyv1.CandidateSearch{}
	tests := []struct {
		name                string
		change              func(q *canopyv1.PlanNetworkRequest)
		field, text, reason string
	}{
		{"no candidates", func(q *canopyv1.PlanNetworkRequest) { q.Candidates.Candidates = nil },
			"candidates", "no candidates: give some in candidates.candidates, or have them found", problem.ReasonFieldRequired},
		{"all forbidden", func(q *canopyv1.PlanNetworkRequest) {
			q.Candidates.Candidates[0].Forbidden, q.Candidates.Candidates[1].Forbidden = true, true
		}, "candidates.candidates", "all 2 are forbidden", problem.ReasonFieldInvalid},
		{"more radars than candidates", func(q *canopyv1.PlanNetworkRequest) { q.Constraints.MaxCount = ptr[int32](3) },
			"constraints.max_count", "3, but 2 of 2 candidates may be built", problem.ReasonFieldInvalid},
		{"more radars than are allowed", func(q *canopyv1.PlanNetworkRequest) {
			q.Constraints.MaxCount, q.Candidates.Candidates[0].Forbidden = ptr[int32](2), true
		}, "constraints.max_count", "2, but 1 of 2 candidates may be built", problem.ReasonFieldInvalid},
		{"a budget below the cheapest", func(q *canopyv1.PlanNetworkRequest) {
			q.Constraints = &canopyv1.PlanConstraints{BudgetUsd: ptr(1e6)}
		}, "constraints.budget_usd", "US$1000000 is less than the cheapest candidate costs, US$17750000", problem.ReasonFieldInvalid},
		{"a budget below what is found", func(q *canopyv1.PlanNetworkRequest) {
			q.Candidates, q.Constraints.BudgetUsd = &canopyv1.CandidateSelection{Search: search}, ptr(1e6)
		}, "constraints.budget_usd", "US$1000000 is less than the cheapest", problem.ReasonFieldInvalid},
		{"fixed for more than the budget", func(q *canopyv1.PlanNetworkRequest) {
			q.Constraints.MaxCount, q.Constraints.BudgetUsd = ptr[int32](2), ptr(20e6)
			q.Candidates.Candidates[0].Fixed, q.Candidates.Candidates[1].Fixed = true, true
		}, "constraints.budget_usd", "US$20000000 is less than the fixed candidates cost, US$35500000", problem.ReasonFieldInvalid},
		{"more fixed than may be built", func(q *canopyv1.PlanNetworkRequest) {
			q.Candidates.Candidates[0].Fixed, q.Candidates.Candidates[1].Fixed = true, true
		}, "constraints.max_count", "1, but 2 candidates are fixed", problem.ReasonFieldInvalid},
		{"neither a number nor a budget", func(q *canopyv1.PlanNetworkRequest) { q.Constraints = &canopyv1.PlanConstraints{} },
			"constraints", "neither max_count nor budget_usd is set", problem.ReasonFieldRequired},
		{"fixed and forbidden", func(q *canopyv1.PlanNetworkRequest) {
			q.Candidates.Candidates[1].Fixed, q.Candidates.Candidates[1].Forbidden = true, true
		}, "candidates.candidates[1]", "fixed and forbidden at once", problem.ReasonFieldInvalid},
		{"outside of the terrain", func(q *canopyv1.PlanNetworkRequest) { q.Candidates.Candidates[1] = candidate(40, -3) },
			"candidates.candidates[1].radar.position", "lat_deg 40, lon_deg -3 lies outside of the terrain (latitude -23 to 5, longitude -86 to -64)", problem.ReasonCandidateOutside},
		{"exchanged", func(q *canopyv1.PlanNetworkRequest) { q.Candidates.Candidates[1] = candidate(-74, -10) },
			"candidates.candidates[1].radar.position", "latitude and longitude look exchanged", problem.ReasonCoordinatesExchanged},
		{"the id of a radar that stands", func(q *canopyv1.PlanNetworkRequest) {
			q.Existing, q.Candidates.Candidates[0].Radar.RadarId = &canopyv1.NetworkSelection{ScenarioId: "tps70-pair"}, "pucallpa"
		}, "candidates.candidates[0].radar.radar_id", `"pucallpa" is that of a radar that stands already, elsewhere`, problem.ReasonDuplicate},
		{"an id twice", func(q *canopyv1.PlanNetworkRequest) {
			q.Candidates.Candidates[0].Radar.RadarId, q.Candidates.Candidates[1].Radar.RadarId = "a", "a"
		}, "candidates.candidates[1].radar.radar_id", `"a" is already that of candidates[0]`, problem.ReasonDuplicate},
		{"a model that nobody knows", func(q *canopyv1.PlanNetworkRequest) { q.Candidates.Candidates[0].Radar.ModelId = "gm40" },
			"candidates.candidates[0].radar.model_id", `did you mean "gm400"`, problem.ReasonRadarModelUnknown},
		{"a model of a search", func(q *canopyv1.PlanNetworkRequest) { q.Candidates.Search = &canopyv1.CandidateSearch{ModelId: "gm40"} },
			"candidates.search.model_id", `did you mean "gm400"`, problem.ReasonRadarModelUnknown},
		{"a search for nothing", func(q *canopyv1.PlanNetworkRequest) {
			q.Candidates.Search = &canopyv1.CandidateSearch{WithoutAirstrips: true}
		}, "candidates.search.near_access_km", "not set, though without_airstrips", problem.ReasonFieldRequired},
		{"an airstrip of a search", func(q *canopyv1.PlanNetworkRequest) {
			q.Candidates.Search = &canopyv1.CandidateSearch{Airstrips: &canopyv1.AirstripSelection{Airstrips: []*canopyv1.Airstrip{{AirstripId: "SPTU", Name: "x"}}}}
		}, "candidates.search.airstrips.airstrips[0].airstrip_id", "built-in", problem.ReasonDuplicate},
		{"where a search looks", func(q *canopyv1.PlanNetworkRequest) {
			q.Candidates.Search = &canopyv1.CandidateSearch{Within: namedAirspace("vraen")}
		}, "candidates.search.within.airspace_id", `did you mean "vraem"`, problem.ReasonAirspaceUnknown},
		{"radars that must agree", func(q *canopyv1.PlanNetworkRequest) { q.Options = &canopyv1.CoverageOptions{MinRadars: ptr[int32](2)} },
			"options.min_radars", "2: want 1 for a plan; say in objective.count_weights", problem.ReasonFieldInvalid},
		{"a second radar worth more", func(q *canopyv1.PlanNetworkRequest) { q.Objective.CountWeights = []float64{1, 0.5, 0.7} },
			"objective.count_weights[2]", "0.7 is larger than the 0.5 before it", problem.ReasonFieldInvalid},
		{"a first radar worth nothing", func(q *canopyv1.PlanNetworkRequest) { q.Objective.CountWeights = []float64{0} },
			"objective.count_weights[0]", "0: the first radar", problem.ReasonFieldInvalid},
		{"an altitude twice", func(q *canopyv1.PlanNetworkRequest) {
			q.Objective.Altitudes = []*canopyv1.AltitudeWeight{{Altitude: aglOf(300)}, {Altitude: aglOf(300)}}
		}, "objective.altitudes[1]", "300m-agl is already altitudes[0]", problem.ReasonDuplicate},
		{"a zone that nobody knows", func(q *canopyv1.PlanNetworkRequest) {
			q.Objective.Zones = []*canopyv1.ZoneWeight{{Zone: namedAirspace("vraen"), Weight: 5}}
		}, "objective.zones[0].zone.airspace_id", `did you mean "vraem"`, problem.ReasonAirspaceUnknown},
		{"an area without an outline", func(q *canopyv1.PlanNetworkRequest) {
			q.Objective.Areas = []*canopyv1.AreaExposure{{Area: &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_Area{Area: &canopyv1.Area{}}}, Altitude: aglOf(1)}}
		}, "objective.areas[0].area.area", "", problem.ReasonGeometryInvalid},
		{"a limit twice", func(q *canopyv1.PlanNetworkRequest) {
			q.Constraints.Models = []*canopyv1.ModelLimit{{ModelId: "gm400"}, {ModelId: "GM400", MaxCount: 1}}
		}, "constraints.models[1].model_id", "gm400 has a value already", problem.ReasonDuplicate},
		{"a limit of a model that nobody knows", func(q *canopyv1.PlanNetworkRequest) { q.Constraints.Models = []*canopyv1.ModelLimit{{ModelId: "gm40"}} },
			"constraints.models[0].model_id", `did you mean "gm400"`, problem.ReasonRadarModelUnknown},
		{"a cost twice", func(q *canopyv1.PlanNetworkRequest) {
			q.Constraints.Costs = []*canopyv1.ModelCost{{ModelId: "ssr", CostUsd: 1}, {ModelId: "ssr", CostUsd: 2}}
		}, "constraints.costs[1].model_id", "ssr has a value already", problem.ReasonDuplicate},
		{"a scenario that nobody knows", func(q *canopyv1.PlanNetworkRequest) {
			q.Existing = &canopyv1.NetworkSelection{ScenarioId: "tps70-pare"}
		}, "existing.scenario_id", "did you mean", problem.ReasonScenarioUnknown},
		{"an existing radar of no model", func(q *canopyv1.PlanNetworkRequest) {
			q.Existing = network(radarAt(-5, -75), &canopyv1.Radar{ModelId: "?", Position: &canopyv1.Position{LatDeg: -5, LonDeg: -74}})
		}, "existing.radars[1].model_id", "unknown radar model", problem.ReasonRadarModelUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := resolver().PlanNetwork(twoCandidates(tt.change))
			wantViolation(t, err, tt.field, tt.text, tt.reason)
		})
	}
}

func wantViolation(t *testing.T, err error, field, text, reason string) {
	t.Helper()
	var invalid *problem.Invalid
	if !errors.As(err, &invalid) || len(invalid.Violations) != 1 {
		t.Fatalf("err = %v, want one violation", err)
	}
	if v := invalid.Violations[0]; v.Field != field || !strings.Contains(v.Text, text) || v.Reason != reason {
		t.Errorf("%s: %s (%s), want %s: %s (%s)", v.Field, v.Text, v.Reason, field, text, reason)
	}
}

// TestAllViolationsAtOnce holds a plan to tell all that is wrong.
// A candidate that stands, by its id and its place, is left out, so that one file of
// candidates serves plan after plan.
func TestCandidatesThatStand(t *testing.T) {
	standing := radarAt(-5, -75)
	standing.RadarId = "a"
	q := twoCandidates(func(q *canopyv1.PlanNetworkRequest) {
		q.Existing = &canopyv1.NetworkSelection{Radars: []*canopyv1.Radar{standing}}
		q.Candidates.Candidates[0].Radar.RadarId = "a"
	})
	got, err := resolver().PlanNetwork(q)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Candidates) != 1 || got.Candidates[0].Position.Lat() != -10 {
		t.Errorf("candidates = %+v", got.Candidates)
	}
	if w := got.Warnings; len(w) != 1 || w[0].ID != "candidates.standing" || w[0].Message != "1 candidates stand already, and are left out: a" {
		t.Errorf("warnings = %+v", w)
	}
	q.Candidates.Candidates = q.Candidates.Candidates[:1]
	invalid := new(problem.Invalid)
	if _, err := resolver().PlanNetwork(q); !errors.As(err, &invalid) || invalid.Violations[0].String() != "candidates.candidates: all 1 stand already: give others, or have more found by candidates.search" {
		t.Errorf("got %v", err)
	}
}

func TestAllViolationsAtOnce(t *testing.T) {
	_, err := resolver().PlanNetwork(twoCandidates(func(q *canopyv1.PlanNetworkRequest) {
		q.Airspace = namedAirspace("perrú")
		q.Candidates.Candidates[0].Radar.ModelId = "none"
		q.Objective.CountWeights = []float64{1, 2}
		q.Constraints.MaxCount = ptr[int32](3)
	}))
	var invalid *problem.Invalid
	if !errors.As(err, &invalid) || len(invalid.Violations) != 4 {
		t.Errorf("err = %v, want four violations", err)
	}
}

func TestSuggestSites(t *testing.T) {
	q := &canopyv1.SuggestSitesRequest{
		Gaps:       &canopyv1.FindGapsRequest{Airspace: namedAirspace("vraem")},
		Candidates: twoCandidates(func(q *canopyv1.PlanNetworkRequest) { q.Candidates.Candidates[0].Forbidden = true }).Candidates,
	}
	got, err := resolver().SuggestSites(q)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Candidates) != 1 || got.Candidates[0].ID != "candidate-2" || len(got.Radars) != 1 || got.ScenarioID != "tps70-2015" {
		t.Errorf("candidates %+v, radars %+v", got.Candidates, got.Radars)
	}
	q.Gaps.Network = &canopyv1.NetworkSelection{ScenarioId: "nobody"}
	_, err = resolver().SuggestSites(q)
	wantViolation(t, err, "gaps.network.scenario_id", "unknown scenario", problem.ReasonScenarioUnknown)
	q.Gaps = &canopyv1.FindGapsRequest{Airspace: namedAirspace("vraen")}
	_, err = resolver().SuggestSites(q)
	wantViolation(t, err, "gaps.airspace.airspace_id", "did you mean", problem.ReasonAirspaceUnknown)
}

func TestFindCandidates(t *testing.T) {
	search, background, err := resolver().FindCandidates(&canopyv1.FindCandidatesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if search.ThinM != 25e3 || search.MaxCount != 2000 || search.NearAccessM != 0 || len(search.Airstrips) < 150 || !strings.HasPrefix(background.Airspace, "Peru") {
		t.Errorf("search %+v in %q", search.CandidateQuery, background.Airspace)
	}
	own := &canopyv1.AirstripSelection{WithoutBuiltin: true, Airstrips: []*canopyv1.Airstrip{
		{Name: "Short", Position: &canopyv1.Position{LatDeg: -5, LonDeg: -75}, LengthM: ptr(500.0)},
		{Name: "Gone", Position: &canopyv1.Position{LatDeg: -5, LonDeg: -75}, Status: canopyv1.AirstripStatus_AIRSTRIP_STATUS_DESTROYED},
		{Name: "Long", Position: &canopyv1.Position{LatDeg: -5, LonDeg: -75}, LengthM: ptr(900.0)},
	}}
	search, background, err = resolver().FindCandidates(&canopyv1.FindCandidatesRequest{Search: &canopyv1.CandidateSearch{Within: namedAirspace("vraem"), Airstrips: own}})
	if err != nil {
		t.Fatal(err)
	}
	if len(search.Airstrips) != 2 || search.Airstrips[0].ID != "long" || !strings.HasPrefix(background.Airspace, "VRAEM") {
		t.Errorf("airstrips %+v in %q", search.Airstrips, background.Airspace)
	}
	small := resolver()
	small.Extent = orb.Bound{Min: orb.Point{-75, -14}, Max: orb.Point{-72, -10}}
	search, background, err = small.FindCandidates(&canopyv1.FindCandidatesRequest{})
	if err != nil || !slices.Contains(warningIDs(background.Warnings), "candidates.outside_terrain") || len(search.Airstrips) == 0 || len(search.Airstrips) > 60 {
		t.Errorf("%d airstrips on small terrain, warnings %v, %v", len(search.Airstrips), background.Warnings, err)
	}
}

func TestAssessCriticality(t *testing.T) {
	q := &canopyv1.AssessCriticalityRequest{Network: &canopyv1.NetworkSelection{ScenarioId: "tps70-pair"}, Zones: []*canopyv1.AirspaceSelection{namedAirspace("vraem")}}
	got, err := resolver().AssessCriticality(q)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Availabilities, []float64{0.9, 0.9}) || got.Zones[0].Name != "VRAEM" || got.Airstrips.MaxAGLM != 300 || !strings.HasPrefix(got.Background.Airspace, "Peru") ||
		!strings.Contains(strings.Join(got.Assumptions, "\n"), "each radar works for 0.9 of the time: assumed") {
		t.Errorf("%+v", got)
	}
	q.Availability, q.Availabilities = ptr(0.0), []*canopyv1.RadarAvailability{{RadarId: "pucallpa", Availability: 1}}
	if got, err = resolver().AssessCriticality(q); err != nil || !slices.Equal(got.Availabilities, []float64{0, 1}) || got.Availability != 0 {
		t.Errorf("%v, %v", got.Availabilities, err)
	}
	q.Availabilities = append(q.Availabilities, q.Availabilities[0])
	_, err = resolver().AssessCriticality(q)
	wantViolation(t, err, "availabilities[1].radar_id", `"pucallpa" is already that of availabilities[0]`, problem.ReasonDuplicate)
	q.Availabilities = []*canopyv1.RadarAvailability{{RadarId: "lima"}}
	_, err = resolver().AssessCriticality(q)
	wantViolation(t, err, "availabilities[0].radar_id", "want one of puerto-maldonado, pucallpa", problem.ReasonRadarUnknown)
}
