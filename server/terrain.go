package server

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/sight"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/request"
	"github.com/canopyradar/canopy/server/wire"
	"github.com/canopyradar/canopy/terrain"
)

// terrainService implements TerrainService.
type terrainService struct {
	canopyv1.UnimplementedTerrainServiceServer
	engine   *coverage.Engine
	resolver *request.Resolver
	entry    *entry
}

func (s *terrainService) info() terrain.Info { return s.engine.Terrain.Info() }

func terrainWarnings(info terrain.Info) []*canopyv1.Warning {
	return wire.Warnings(coverage.TerrainWarnings(info, sight.Terrain))
}

// GetTerrain describes the model that the server was started with.
func (s *terrainService) GetTerrain(context.Context, *canopyv1.GetTerrainRequest) (*canopyv1.GetTerrainResponse, error) {
	info, lattice := s.info(), s.engine.Terrain.Lattice()
	return &canopyv1.GetTerrainResponse{
		Terrain:     wire.Terrain(info),
		BoundingBox: wire.BoundingBox(lattice.Bound()),
		Columns:     int64(lattice.Cols),
		Rows:        int64(lattice.Rows),
		Warnings:    terrainWarnings(info),
		Contents:    wire.TerrainContents(info),
	}, nil
}

// GetElevations keeps the order of the positions.
func (s *terrainService) GetElevations(ctx context.Context, req *canopyv1.GetElevationsRequest) (*canopyv1.GetElevationsResponse, error) {
	resp := &canopyv1.GetElevationsResponse{Terrain: wire.Terrain(s.info()), Warnings: terrainWarnings(s.info())}
	places := make([]orb.Point, len(req.GetPositions()))
	for i, p := range req.GetPositions() {
		places[i] = wire.ToPoint(p)
	}
	var elevations []float64
	err := s.entry.do(ctx, s.engine.GroundCost(places), func(ctx context.Context) (err error) {
		elevations, err = terrain.Elevations(ctx, s.engine.Terrain, places)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, z := range elevations {
		resp.Elevations = append(resp.Elevations, wire.Elevation(z))
	}
	return resp, nil
}

// GetElevationGrid may read the whole model, and so waits for its turn.
func (s *terrainService) GetElevationGrid(ctx context.Context, req *canopyv1.GetElevationGridRequest) (*canopyv1.GetElevationGridResponse, error) {
	box, err := request.Box(req, s.engine.Terrain.Lattice().Bound())
	if err != nil {
		return nil, err
	}
	resp := &canopyv1.GetElevationGridResponse{
		BoundingBox: wire.BoundingBox(box), Columns: req.GetColumns(), Rows: req.GetRows(),
		Terrain: wire.Terrain(s.info()), Warnings: terrainWarnings(s.info()),
	}
	return resp, s.entry.do(ctx, s.engine.AreaCost(box), func(ctx context.Context) error {
		resp.ElevationsAmslM, err = terrain.Sample(ctx, s.engine.Terrain, box, int(req.GetColumns()), int(req.GetRows()))
		return err
	})
}

// GetTerrainProfile samples the ground between two places.
func (s *terrainService) GetTerrainProfile(ctx context.Context, req *canopyv1.GetTerrainProfileRequest) (*canopyv1.GetTerrainProfileResponse, error) {
	count := request.DefaultSampleCount
	if req.SampleCount != nil {
		count = int(req.GetSampleCount())
	}
	var samples []coverage.Sample
	err := s.entry.do(ctx, coverage.Cost{Posts: float64(count)}, func(ctx context.Context) (err error) {
		samples, err = s.engine.GroundProfile(ctx, wire.ToPoint(req.GetFrom()), wire.ToPoint(req.GetTo()), count)
		return err
	})
	if err != nil {
		return nil, err
	}
	resp := &canopyv1.GetTerrainProfileResponse{
		Samples: wire.TerrainSamples(samples),
		Terrain: wire.Terrain(s.info()), Warnings: terrainWarnings(s.info()),
	}
	resp.DistanceKm = resp.GetSamples()[len(samples)-1].GetDistanceKm()
	return resp, nil
}

// GetTerrainExtent takes the airspace of the default scenario where none is
// named.
func (s *terrainService) GetTerrainExtent(ctx context.Context, req *canopyv1.GetTerrainExtentRequest) (*canopyv1.GetTerrainExtentResponse, error) {
	area, err := s.resolver.Airspace(req.GetAirspace())
	if err != nil {
		return nil, err
	}
	var result *coverage.ExtentResult
	err = s.entry.do(ctx, s.engine.AreaCost(area.Bound()), func(ctx context.Context) error {
		result, err = s.engine.Extent(ctx, area)
		return err
	})
	if err != nil {
		return nil, err
	}
	resp := wire.TerrainExtent(result)
	resp.Terrain = wire.Terrain(s.info())
	return resp, nil
}
