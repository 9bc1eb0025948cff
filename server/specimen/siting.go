package specimen

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

func candidates() []*canopyv1.Candidate {
	return []*canopyv1.Candidate{
		{
			Radar:   &canopyv1.Radar{RadarId: "spja-rioja", Name: "SPJA Rioja", ModelId: "modern-3d", Position: at(-6.0679, -77.16)},
			CostUsd: proto.Float64(17.75e6), Reason: "airstrip Rioja (SPJA), 1 700 m",
		},
		{
			Radar: &canopyv1.Radar{
				RadarId: "hill-near-iquitos", Name: "Hill near Iquitos", ModelId: "an-tps-70", Position: at(-3.9, -73.4), MastM: proto.Float64(30),
			},
			CostUsd: proto.Float64(12.5e6), Fixed: true, Reason: "highest ground within 25 km of airstrip Iquitos (SPQT), 14 km away",
		},
		{
			Radar:   &canopyv1.Radar{RadarId: "atalaya", Name: "Atalaya, \"norte\"", ModelId: "modern-3d", Position: at(-10.7291, -73.7665)},
			CostUsd: proto.Float64(17.75e6), Forbidden: true,
		},
	}
}

// Candidates are three: at an airstrip, on high ground and fixed, and forbidden.
func Candidates() *canopyv1.FindCandidatesResponse {
	return &canopyv1.FindCandidatesResponse{
		Candidates: candidates(), Warnings: warnings(), Provenance: provenance(),
	}
}

// PlanRequest asks for Plan.
func PlanRequest() *canopyv1.PlanNetworkRequest {
	return &canopyv1.PlanNetworkRequest{
		Existing:   &canopyv1.NetworkSelection{ScenarioId: "tps70-pair"},
		Candidates: &canopyv1.CandidateSelection{Candidates: candidates()},
		Objective: &canopyv1.PlanObjective{Altitudes: []*canopyv1.AltitudeWeight{
			{Altitude: agl(300)}, {Altitude: fl100(), Weight: proto.Float64(0.5)},
		}},
		Constraints: &canopyv1.PlanConstraints{MaxCount: proto.Int32(2), BudgetUsd: proto.Float64(71e6)},
		Effort:      &canopyv1.PlanEffort{TimeLimit: &durationpb.Duration{Seconds: 600}, Seed: 7},
	}
}

// PlanMetadata is that of a plan which is being searched for.
func PlanMetadata() *canopyv1.PlanNetworkMetadata {
	return &canopyv1.PlanNetworkMetadata{
		Phase: canopyv1.PlanPhase_PLAN_PHASE_SEARCHING, Share: 0.75, Doing: "searching for plans",
		CandidateCount: 3, CandidatesSwept: 3,
		ObjectiveKm2: proto.Float64(1480000), UpperBoundKm2: proto.Float64(1520000),
		CreateTime: &timestamppb.Timestamp{Seconds: 1763884800}, Request: PlanRequest(),
	}
}

// Plan has two steps, the first of them fixed.
func Plan() *canopyv1.PlanNetworkResponse {
	return &canopyv1.PlanNetworkResponse{
		Steps:        planSteps(),
		Existing:     planStage(546159.7, 0.2977, 101234.5, 889850.4, 3),
		ObjectiveKm2: 1484925.2, UpperBoundKm2: 1500000, GapPercent: 1.005, PossibleKm2: 1834775.6,
		Ending: canopyv1.PlanEnding_PLAN_ENDING_EXHAUSTED, CostUsd: 30.25e6,
		Curve: []*canopyv1.PlanCurvePoint{
			{ObjectiveKm2: 546159.7, UpperBoundKm2: 546159.7},
			{RadarCount: 1, CostUsd: 12.5e6, ObjectiveKm2: 1060000, UpperBoundKm2: 1060000},
			{RadarCount: 2, CostUsd: 30.25e6, ObjectiveKm2: 1484925.2, UpperBoundKm2: 1500000},
		},
		Candidates: &canopyv1.PlanCandidates{
			CandidateCount: 3, ExcludedCount: 1, SearchedCount: 2, DemandCount: 36900, DemandSpacingArcsec: 300,
		},
		Gaps: plannedGaps(), Criticality: criticality(), Radars: plannedRadars(),
		Warnings: warnings(), Provenance: provenance(), Seed: 7,
	}
}

func planSteps() []*canopyv1.PlanStep {
	given := candidates()
	return []*canopyv1.PlanStep{
		{
			Candidate: given[1], AddedObjectiveKm2: 513840.3, CostUsd: 12.5e6,
			Stage: planStage(1060000, 0.5777, 545000, 1030000, 90),
			Closes: []*canopyv1.ClosedGap{
				{GapId: "300m-agl/1", AreaKm2: 443765.5, Share: 0.3735}, {GapId: "FL100/1", AreaKm2: 140149.6, Share: 0.7007},
			},
		},
		{
			Candidate: given[0], AddedObjectiveKm2: 424925.2, CostUsd: 30.25e6,
			Stage: planStage(1484925.2, 0.8093, 940000, 1089850.4, 151),
			Closes: []*canopyv1.ClosedGap{
				{GapId: "300m-agl/1", AreaKm2: 394384.5, Share: 0.332}, {GapId: "300m-agl/2", AreaKm2: 615.5, Share: 1},
			},
		},
	}
}

func planStage(objectiveKM2, share, lowKM2, highKM2 float64, strips int32) *canopyv1.PlanStage {
	const airspaceKM2 = 1289850.4
	return &canopyv1.PlanStage{
		ObjectiveKm2: objectiveKM2, ObjectiveShare: share, AirstripsSeen: strips,
		Bands: []*canopyv1.PlanBand{
			{Altitude: agl(300), CoveredAreaKm2: lowKM2, CoveredShare: lowKM2 / airspaceKM2},
			{Altitude: fl100(), CoveredAreaKm2: highKM2, CoveredShare: highKM2 / airspaceKM2},
		},
	}
}

func plannedGaps() []*canopyv1.PlannedGap {
	low := gaps()
	return []*canopyv1.PlannedGap{
		{
			GapId: low[0].GetGapId(), Altitude: agl(300), AreaKm2: low[0].GetAreaKm2(),
			PointInside: low[0].GetPointInside(), Departments: low[0].GetDepartments(),
		},
		{
			GapId: low[1].GetGapId(), Altitude: agl(300), AreaKm2: low[1].GetAreaKm2(),
			PointInside: low[1].GetPointInside(), Departments: low[1].GetDepartments(),
		},
		{
			GapId: "FL100/1", Altitude: fl100(), AreaKm2: 200000, PointInside: at(-4, -76),
			Departments: low[0].GetDepartments()[:1],
		},
	}
}

func plannedRadars() []*canopyv1.ResolvedRadar {
	limits := &canopyv1.RadarLimits{RangeKm: proto.Float64(370)}
	all := radars()
	for _, c := range []*canopyv1.Candidate{candidates()[1], candidates()[0]} {
		all = append(all, &canopyv1.ResolvedRadar{
			RadarId: c.GetRadar().GetRadarId(), Name: c.GetRadar().GetName(), ModelId: c.GetRadar().GetModelId(), Position: c.GetRadar().GetPosition(),
			GroundAmslM: 120, AntennaAmslM: 135, MastM: 15, State: canopyv1.RadarState_RADAR_STATE_IN_SERVICE,
			Limits: limits, EffectiveEarthK: 4.0 / 3,
		})
	}
	return all
}

// Criticality is that of Plan's network.
func Criticality() *canopyv1.AssessCriticalityResponse {
	return &canopyv1.AssessCriticalityResponse{
		Criticality: criticality(), Radars: plannedRadars(), Warnings: warnings(), Provenance: provenance(),
	}
}

func criticality() *canopyv1.Criticality {
	return &canopyv1.Criticality{
		Bands: []*canopyv1.CriticalityBand{
			{
				Altitude: agl(300), AirspaceAreaKm2: 1289850.4, CoveredAreaKm2: 940000, CoveredShare: 0.7288,
				ExpectedCoveredAreaKm2: 861500, ExpectedCoveredShare: 0.6679, AreaByCountKm2: []float64{349850.4, 785000, 140000, 15000},
			},
			{
				Altitude: fl100(), AirspaceAreaKm2: 1289850.4, CoveredAreaKm2: 1089850.4, CoveredShare: 0.845,
				ExpectedCoveredAreaKm2: 1031715.4, ExpectedCoveredShare: 0.7999, AreaByCountKm2: []float64{0, 539850.4, 400000, 150000},
			},
		},
		Radars: []*canopyv1.RadarLoss{
			{
				RadarId:     "hill-near-iquitos",
				Bands:       []*canopyv1.BandLoss{bandLoss(430000, 0.4574, 0), bandLoss(210000, 0.1927, 0)},
				AirstripIds: []string{"SPQT", "mine"},
			},
			{
				RadarId:     "spja-rioja",
				Bands:       []*canopyv1.BandLoss{bandLoss(355000, 0.3777, 1200.5), bandLoss(190000, 0.1743, 0)},
				AirstripIds: []string{"SPJA"},
			},
			{RadarId: "puerto-maldonado", Bands: []*canopyv1.BandLoss{bandLoss(0, 0, 0), bandLoss(139850.4, 0.1283, 800)}},
		},
		Pair:          &canopyv1.RedundantPair{RadarIds: []string{"hill-near-iquitos", "spja-rioja"}, AreasKm2: []float64{120000, 410000}},
		AirstripsSeen: 151, Availability: 0.9, Zones: []string{"VRAEM"},
	}
}

func bandLoss(lostKM2, share, zoneKM2 float64) *canopyv1.BandLoss {
	return &canopyv1.BandLoss{LostAreaKm2: lostKM2, LostShare: share, ZonesLostKm2: []float64{zoneKM2}}
}

// Suggestions are of Gaps: for both gaps of its first band the same candidate.
func Suggestions() *canopyv1.SuggestSitesResponse {
	best := candidates()[0]
	return &canopyv1.SuggestSitesResponse{
		Gaps: Gaps(),
		Suggestions: []*canopyv1.GapSuggestion{
			{
				GapId: "300m-agl/1", Candidate: best, ClosedAreaKm2: 394384.5, ClosedShare: 0.332,
				AirstripIds: []string{"SPAT", "SPJA"},
			},
			{GapId: "300m-agl/2", Candidate: best, ClosedAreaKm2: 615.5, ClosedShare: 1},
		},
		CandidateCount: 3, Warnings: warnings()[:1],
	}
}
