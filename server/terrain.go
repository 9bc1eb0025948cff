package server

import (
	"context"

	"github.com/paulmach/orb"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/wire"
	"github.com/canopyradar/canopy/terrain"
)

// terrainService implements TerrainService.
type terrainService struct {
	canopyv1.UnimplementedTerrainServiceServer
	model terrain.Model
}

func (s *terrainService) GetTerrain(context.Context, *canopyv1.GetTerrainRequest) (*canopyv1.GetTerrainResponse, error) {
	info, lattice := s.model.Info(), s.model.Lattice()
	return &canopyv1.GetTerrainResponse{
		Terrain:     wire.Terrain(info),
		BoundingBox: wire.BoundingBox(lattice.Bound()),
		Columns:     int64(lattice.Cols),
		Rows:        int64(lattice.Rows),
		Warnings:    wire.TerrainWarnings(info),
	}, nil
}

func (s *terrainService) GetElevations(ctx context.Context, req *canopyv1.GetElevationsRequest) (*canopyv1.GetElevationsResponse, error) {
	info := s.model.Info()
	resp := &canopyv1.GetElevationsResponse{Terrain: wire.Terrain(info), Warnings: wire.TerrainWarnings(info)}
	for _, p := range req.GetPositions() {
		z, err := s.elevation(ctx, wire.ToPoint(p))
		if err != nil {
			return nil, err
		}
		resp.Elevations = append(resp.Elevations, wire.Elevation(z))
	}
	return resp, nil
}

// elevation reads the posts around one place: places of one request may lie
// anywhere.
func (s *terrainService) elevation(ctx context.Context, p orb.Point) (elevationAMSLM float64, err error) {
	g, err := s.model.Read(ctx, s.model.Lattice().Cover(p.Bound(), 0))
	if err != nil {
		return 0, err
	}
	return g.At(p.Lon(), p.Lat()), nil
}
