package server

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/sight"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/wire"
	"github.com/canopyradar/canopy/terrain"
)

// terrainService implements TerrainService.
type terrainService struct {
	canopyv1.UnimplementedTerrainServiceServer
	model terrain.Model
}

// GetTerrain describes the model that the server was started with.
func (s *terrainService) GetTerrain(context.Context, *canopyv1.GetTerrainRequest) (*canopyv1.GetTerrainResponse, error) {
	info, lattice := s.model.Info(), s.model.Lattice()
	return &canopyv1.GetTerrainResponse{
		Terrain:     wire.Terrain(info),
		BoundingBox: wire.BoundingBox(lattice.Bound()),
		Columns:     int64(lattice.Cols),
		Rows:        int64(lattice.Rows),
		Warnings:    terrainWarnings(info),
	}, nil
}

// GetElevations keeps the order of the positions.
func (s *terrainService) GetElevations(ctx context.Context, req *canopyv1.GetElevationsRequest) (*canopyv1.GetElevationsResponse, error) {
	info := s.model.Info()
	resp := &canopyv1.GetElevationsResponse{Terrain: wire.Terrain(info), Warnings: terrainWarnings(info)}
	places := make([]orb.Point, len(req.GetPositions()))
	for i, p := range req.GetPositions() {
		places[i] = wire.ToPoint(p)
	}
	elevations, err := terrain.Elevations(ctx, s.model, places)
	if err != nil {
		return nil, err
	}
	for _, z := range elevations {
		resp.Elevations = append(resp.Elevations, wire.Elevation(z))
	}
	return resp, nil
}

func terrainWarnings(info terrain.Info) []*canopyv1.Warning {
	return wire.Warnings(coverage.TerrainWarnings(info, sight.Terrain))
}
