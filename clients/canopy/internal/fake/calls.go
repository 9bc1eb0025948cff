package fake

import (
	"context"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// FindGaps answers with Gaps, and with brackets if asked for.
func (s *Server) FindGaps(ctx context.Context, req *canopyv1.FindGapsRequest) (*canopyv1.FindGapsResponse, error) {
	response := Gaps()
	if req.GetBracket() {
		bracket(response)
	}
	return answer(ctx, s, req, response)
}

// CheckPoints answers with Points, or with Check where they are not set.
func (s *Server) CheckPoints(ctx context.Context, req *canopyv1.CheckPointsRequest) (*canopyv1.CheckPointsResponse, error) {
	response := s.Points
	if response == nil {
		response = Check()
	}
	return answer(ctx, s, req, response)
}

// GetProfile answers with Profile.
func (s *Server) GetProfile(ctx context.Context, req *canopyv1.GetProfileRequest) (*canopyv1.GetProfileResponse, error) {
	return answer(ctx, s, req, Profile())
}

// AssessAirstrips answers with Exposures.
func (s *Server) AssessAirstrips(ctx context.Context, req *canopyv1.AssessAirstripsRequest) (*canopyv1.AssessAirstripsResponse, error) {
	return answer(ctx, s, req, Exposures())
}

// ExportFloor sends FloorSummary and GeoTIFF in two chunks.
func (s *Server) ExportFloor(req *canopyv1.ExportFloorRequest, stream grpc.ServerStreamingServer[canopyv1.ExportFloorResponse]) error {
	summary, err := answer(stream.Context(), s, req, FloorSummary(len(s.GeoTIFF)))
	if err != nil {
		return err
	}
	if err := stream.Send(&canopyv1.ExportFloorResponse{Part: &canopyv1.ExportFloorResponse_Summary{Summary: summary}}); err != nil {
		return err
	}
	half := len(s.GeoTIFF) / 2
	for _, chunk := range [][]byte{s.GeoTIFF[:half], s.GeoTIFF[half:]} {
		part := &canopyv1.ExportFloorResponse_GeotiffChunk{GeotiffChunk: chunk}
		if err := stream.Send(&canopyv1.ExportFloorResponse{Part: part}); err != nil {
			return err
		}
		if s.CutShort {
			return status.Error(codes.Internal, "cut short")
		}
	}
	return nil
}

// WatchProgress sends News.
func (s *Server) WatchProgress(req *canopyv1.WatchProgressRequest, stream grpc.ServerStreamingServer[canopyv1.WatchProgressResponse]) error {
	if s.News == nil {
		return s.UnimplementedCoverageServiceServer.WatchProgress(req, stream)
	}
	for _, news := range s.News {
		if err := stream.Send(news); err != nil {
			return err
		}
	}
	<-stream.Context().Done()
	return nil
}

// ListScenarios answers with Scenarios.
func (s *Server) ListScenarios(context.Context, *canopyv1.ListScenariosRequest) (*canopyv1.ListScenariosResponse, error) {
	return &canopyv1.ListScenariosResponse{Scenarios: Scenarios()}, s.Err
}

// GetScenario answers with one of Scenarios, or NOT_FOUND.
func (s *Server) GetScenario(_ context.Context, req *canopyv1.GetScenarioRequest) (*canopyv1.GetScenarioResponse, error) {
	all := Scenarios()
	i := slices.IndexFunc(all, func(c *canopyv1.Scenario) bool { return c.GetScenarioId() == req.GetScenarioId() })
	if i < 0 {
		return nil, status.Errorf(codes.NotFound, "unknown scenario %q", req.GetScenarioId())
	}
	return &canopyv1.GetScenarioResponse{Scenario: all[i]}, nil
}

// ListRadarModels answers with Models.
func (s *Server) ListRadarModels(context.Context, *canopyv1.ListRadarModelsRequest) (*canopyv1.ListRadarModelsResponse, error) {
	return &canopyv1.ListRadarModelsResponse{RadarModels: Models()}, s.Err
}

// ListAirspaces answers with Airspaces.
func (s *Server) ListAirspaces(context.Context, *canopyv1.ListAirspacesRequest) (*canopyv1.ListAirspacesResponse, error) {
	return &canopyv1.ListAirspacesResponse{Airspaces: Airspaces()}, s.Err
}

// GetAirspace answers with the first of Airspaces and an outline.
func (s *Server) GetAirspace(context.Context, *canopyv1.GetAirspaceRequest) (*canopyv1.GetAirspaceResponse, error) {
	airspace := Airspaces()[0]
	airspace.Area = &canopyv1.Area{Name: "Peru", Polygons: []*canopyv1.Polygon{box(-81, -18, -68, 0)}}
	return &canopyv1.GetAirspaceResponse{Airspace: airspace}, s.Err
}

// ListAirstrips answers with Airstrips, one a page.
func (s *Server) ListAirstrips(ctx context.Context, req *canopyv1.ListAirstripsRequest) (*canopyv1.ListAirstripsResponse, error) {
	all := Airstrips()
	page := len(req.GetPageToken())
	response := &canopyv1.ListAirstripsResponse{Airstrips: all[page : page+1], TotalSize: int32(len(all))}
	if page+1 < len(all) {
		response.NextPageToken = req.GetPageToken() + "."
	}
	return answer(ctx, s, req, response)
}

// FindNearestAirstrips answers with Hits.
func (s *Server) FindNearestAirstrips(ctx context.Context, req *canopyv1.FindNearestAirstripsRequest) (*canopyv1.FindNearestAirstripsResponse, error) {
	return answer(ctx, s, req, &canopyv1.FindNearestAirstripsResponse{Hits: Hits()})
}

// FindAirstripsWithin answers with Hits.
func (s *Server) FindAirstripsWithin(ctx context.Context, req *canopyv1.FindAirstripsWithinRequest) (*canopyv1.FindAirstripsWithinResponse, error) {
	return answer(ctx, s, req, &canopyv1.FindAirstripsWithinResponse{Hits: Hits()})
}

// GetTerrain answers with Terrain, or with Ground where that is not set.
func (s *Server) GetTerrain(context.Context, *canopyv1.GetTerrainRequest) (*canopyv1.GetTerrainResponse, error) {
	if s.Terrain != nil {
		return s.Terrain, s.Err
	}
	return Ground(), s.Err
}

// GetElevationGrid answers with Grid.
func (s *Server) GetElevationGrid(ctx context.Context, req *canopyv1.GetElevationGridRequest) (*canopyv1.GetElevationGridResponse, error) {
	return answer(ctx, s, req, Grid(int(req.GetColumns()), int(req.GetRows())))
}

// GetTerrainProfile answers with the ground of Profile.
func (s *Server) GetTerrainProfile(ctx context.Context, req *canopyv1.GetTerrainProfileRequest) (*canopyv1.GetTerrainProfileResponse, error) {
	return answer(ctx, s, req, TerrainProfile())
}

// GetTerrainExtent answers with Extent.
func (s *Server) GetTerrainExtent(ctx context.Context, req *canopyv1.GetTerrainExtentRequest) (*canopyv1.GetTerrainExtentResponse, error) {
	return answer(ctx, s, req, Extent())
}
