package server

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/catalog"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/paging"
	"github.com/canopyradar/canopy/server/request"
	"github.com/canopyradar/canopy/server/wire"
)

// What the contract promises for counts of 0.
const (
	defaultPageSize = 100
	defaultNearest  = 10
)

// catalogService implements CatalogService.
type catalogService struct {
	canopyv1.UnimplementedCatalogServiceServer
	catalogue *catalog.Catalogue
	resolver  *request.Resolver
	// areasM2 are the areas of the catalogue's airspaces by id, measured when
	// first asked for.
	areasM2 func() map[string]float64
}

func newCatalogService(c *catalog.Catalogue, r *request.Resolver) *catalogService {
	return &catalogService{catalogue: c, resolver: r, areasM2: sync.OnceValue(func() map[string]float64 {
		areas := map[string]float64{}
		for _, a := range c.Airspaces() {
			areas[a.ID] = airspace.AreaM2(a.Area)
		}
		return areas
	})}
}

// ListRadarModels lists models by id.
func (s *catalogService) ListRadarModels(context.Context, *canopyv1.ListRadarModelsRequest) (*canopyv1.ListRadarModelsResponse, error) {
	resp := &canopyv1.ListRadarModelsResponse{}
	for _, m := range s.catalogue.Models() {
		resp.RadarModels = append(resp.RadarModels, wire.RadarModel(m))
	}
	return resp, nil
}

// ListScenarios lists scenarios, the default one first.
func (s *catalogService) ListScenarios(context.Context, *canopyv1.ListScenariosRequest) (*canopyv1.ListScenariosResponse, error) {
	resp := &canopyv1.ListScenariosResponse{}
	for _, scenario := range s.catalogue.Scenarios() {
		resp.Scenarios = append(resp.Scenarios, wire.Scenario(scenario))
	}
	return resp, nil
}

// GetScenario fails with a *catalog.NotFoundError, as GetAirspace does.
func (s *catalogService) GetScenario(_ context.Context, req *canopyv1.GetScenarioRequest) (*canopyv1.GetScenarioResponse, error) {
	scenario, err := s.catalogue.Scenario(req.GetScenarioId())
	if err != nil {
		return nil, err
	}
	return &canopyv1.GetScenarioResponse{Scenario: wire.Scenario(scenario)}, nil
}

// ListAirspaces lists countries, departments, zones, by id within each.
func (s *catalogService) ListAirspaces(context.Context, *canopyv1.ListAirspacesRequest) (*canopyv1.ListAirspacesResponse, error) {
	airspaces := s.catalogue.Airspaces()
	slices.SortStableFunc(airspaces, func(a, b *catalog.Airspace) int { return cmp.Compare(a.Kind, b.Kind) })
	resp := &canopyv1.ListAirspacesResponse{}
	for _, a := range airspaces {
		resp.Airspaces = append(resp.Airspaces, wire.Airspace(a, s.areasM2()[a.ID]))
	}
	return resp, nil
}

// GetAirspace finds an airspace by id or name.
func (s *catalogService) GetAirspace(_ context.Context, req *canopyv1.GetAirspaceRequest) (*canopyv1.GetAirspaceResponse, error) {
	a, err := s.catalogue.Airspace(req.GetAirspaceId())
	if err != nil {
		return nil, err
	}
	out := wire.Airspace(a, s.areasM2()[a.ID])
	out.Area = wire.Area(a.Name, a.Area)
	return &canopyv1.GetAirspaceResponse{Airspace: out}, nil
}

// ListAirstrips pages through airstrips by id; package paging says how tokens work.
func (s *catalogService) ListAirstrips(_ context.Context, req *canopyv1.ListAirstripsRequest) (*canopyv1.ListAirstripsResponse, error) {
	after, err := paging.After(pagedQuery(req), req.GetPageToken())
	if err != nil {
		return nil, err
	}
	index, err := s.resolver.Airstrips(req.GetAirstrips())
	if err != nil {
		return nil, err
	}
	all := request.ByID(index.All())
	if keep := request.WithStatus(req.GetStatuses()); keep != nil {
		all = slices.DeleteFunc(all, func(a *airstrip.Airstrip) bool { return !keep(a) })
	}
	size := cmp.Or(int(req.GetPageSize()), defaultPageSize)
	page, last := pageAfter(all, after, size)
	resp := &canopyv1.ListAirstripsResponse{Airstrips: wire.Airstrips(page), TotalSize: int32(len(all))}
	if !last {
		resp.NextPageToken = paging.Token(pagedQuery(req), page[len(page)-1].ID)
	}
	return resp, nil
}

// FindNearestAirstrips returns the nearest first.
func (s *catalogService) FindNearestAirstrips(_ context.Context, req *canopyv1.FindNearestAirstripsRequest) (*canopyv1.FindNearestAirstripsResponse, error) {
	index, err := s.resolver.Airstrips(req.GetAirstrips())
	if err != nil {
		return nil, err
	}
	count := cmp.Or(int(req.GetCount()), defaultNearest)
	hits := index.Nearest(wire.ToPoint(req.GetPosition()), count, request.WithStatus(req.GetStatuses()))
	return &canopyv1.FindNearestAirstripsResponse{Hits: wire.Hits(hits)}, nil
}

// FindAirstripsWithin returns the nearest first for a circle, and by id for an area.
func (s *catalogService) FindAirstripsWithin(_ context.Context, req *canopyv1.FindAirstripsWithinRequest) (*canopyv1.FindAirstripsWithinResponse, error) {
	const mPerKM = 1000
	index, err := s.resolver.Airstrips(req.GetAirstrips())
	if err != nil {
		return nil, err
	}
	keep := request.WithStatus(req.GetStatuses())
	if c := req.GetCircle(); c != nil {
		hits := index.Within(wire.ToPoint(c.GetPosition()), c.GetRadiusKm()*mPerKM, keep)
		return &canopyv1.FindAirstripsWithinResponse{Hits: wire.Hits(hits)}, nil
	}
	area, err := s.resolver.Area(req.GetArea(), req.GetAirspaceId())
	if err != nil {
		return nil, err
	}
	return &canopyv1.FindAirstripsWithinResponse{Hits: wire.HitsInArea(index.InArea(area, keep))}, nil
}
