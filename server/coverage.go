package server

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/request"
	"github.com/canopyradar/canopy/server/wire"
)

// answers are made from an engine and from what requests stand on.
type answers struct {
	engine   *coverage.Engine
	resolver *request.Resolver
	entry    *entry
	version  string
}

// coverageService implements CoverageService. Every call resolves its
// request, waits for its turn, asks the engine and converts the answer.
type coverageService struct {
	canopyv1.UnimplementedCoverageServiceServer
	answers
	watches *watches
}

// compute runs work when its turn has come.
func (s *answers) compute(ctx context.Context, cost coverage.Cost, work func(context.Context) error) error {
	return s.entry.do(ctx, cost, work)
}

// singleRays is the spacing of computations that follow single rays.
const singleRays = 0

func (s *answers) provenance(b request.Background, q coverage.Query, spacingArcsec float64) *canopyv1.Provenance {
	return &canopyv1.Provenance{
		EngineVersion:         s.version,
		Terrain:               wire.Terrain(s.engine.Terrain.Info()),
		AnalysisSpacingArcsec: wire.SpacingArcsec(spacingArcsec),
		EffectiveEarthK:       wire.EarthFactor(q.K),
		ScenarioId:            b.ScenarioID,
		Airspace:              b.Airspace,
		Assumptions:           b.Assumptions,
		Reach:                 wire.Reach(q.Reach),
		MinRadars:             int32(q.MinRadars),
	}
}

// warnings puts those of the computation before those of the request.
func warnings(computed coverage.Basis, b request.Background) []*canopyv1.Warning {
	return append(wire.Warnings(computed.Warnings), wire.Warnings(b.Warnings)...)
}

// FindGaps names the departments of each gap from the catalogue.
func (s *coverageService) FindGaps(ctx context.Context, req *canopyv1.FindGapsRequest) (*canopyv1.FindGapsResponse, error) {
	q, err := s.resolver.FindGaps(req)
	if err != nil {
		return nil, err
	}
	cost, err := s.engine.GapCost(q.GapQuery)
	if err != nil {
		return nil, err
	}
	var result *coverage.GapResult
	err = s.compute(ctx, cost, func(ctx context.Context) (err error) {
		result, err = s.engine.FindGaps(ctx, q.GapQuery)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.gaps(q, result), nil
}

func (s *answers) gaps(q *request.Gaps, result *coverage.GapResult) *canopyv1.FindGapsResponse {
	return &canopyv1.FindGapsResponse{
		Bands:      wire.Bands(result.Bands, result.Strictest, q.Departments),
		Radars:     wire.ResolvedRadars(result.Sites),
		Warnings:   warnings(result.Basis, q.Background),
		Provenance: s.provenance(q.Background, q.Query, result.SpacingArcsec),
	}
}

// CheckPoints keeps the order of the points.
func (s *coverageService) CheckPoints(ctx context.Context, req *canopyv1.CheckPointsRequest) (*canopyv1.CheckPointsResponse, error) {
	q, err := s.resolver.CheckPoints(req)
	if err != nil {
		return nil, err
	}
	cost, err := s.engine.LookCost(ctx, q.Query, q.Places(), q.WithoutLooks)
	if err != nil {
		return nil, err
	}
	var result *coverage.CheckResult
	err = s.compute(ctx, cost, func(ctx context.Context) (err error) {
		result, err = s.engine.CheckPoints(ctx, q.PointQuery)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &canopyv1.CheckPointsResponse{
		Outcomes:   wire.Outcomes(result.Outcomes, req.GetPoints(), result.Sites),
		Radars:     wire.ResolvedRadars(result.Sites),
		Warnings:   warnings(result.Basis, q.Background),
		Provenance: s.provenance(q.Background, q.Query, result.SpacingArcsec),
	}, nil
}

// GetProfile follows one ray.
func (s *coverageService) GetProfile(ctx context.Context, req *canopyv1.GetProfileRequest) (*canopyv1.GetProfileResponse, error) {
	q, err := s.resolver.GetProfile(req)
	if err != nil {
		return nil, err
	}
	cost, err := s.engine.LookCost(ctx, q.Query, []orb.Point{q.To.Position}, false)
	if err != nil {
		return nil, err
	}
	var result *coverage.ProfileResult
	err = s.compute(ctx, cost, func(ctx context.Context) (err error) {
		result, err = s.engine.Profile(ctx, q.ProfileQuery)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &canopyv1.GetProfileResponse{
		Outcome:    wire.Outcome(&result.Outcome, req.GetPoint(), result.Sites),
		Samples:    wire.ProfileSamples(result.Samples),
		Radar:      wire.ResolvedRadar(&result.Sites[0]),
		Warnings:   warnings(result.Basis, q.Background),
		Provenance: s.provenance(q.Background, q.Query, singleRays),

		FrequencyMhz: wire.FrequencyMHz(q.FrequencyMHz),
		Clearance:    wire.Clearance(result.Clearance),
	}, nil
}

// AssessAirstrips keeps the order of airstrip ids.
func (s *coverageService) AssessAirstrips(ctx context.Context, req *canopyv1.AssessAirstripsRequest) (*canopyv1.AssessAirstripsResponse, error) {
	q, err := s.resolver.AssessAirstrips(req)
	if err != nil {
		return nil, err
	}
	cost, err := s.engine.LookCost(ctx, q.Query, airstrip.Places(q.Airstrips), true)
	if err != nil {
		return nil, err
	}
	var result *coverage.AirstripResult
	err = s.compute(ctx, cost, func(ctx context.Context) (err error) {
		result, err = s.engine.AssessAirstrips(ctx, q.Query, q.Airstrips)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &canopyv1.AssessAirstripsResponse{
		Exposures:  wire.Exposures(result.Exposures, result.Sites),
		Radars:     wire.ResolvedRadars(result.Sites),
		Warnings:   warnings(result.Basis, q.Background),
		Provenance: s.provenance(q.Background, q.Query, result.SpacingArcsec),
	}, nil
}
