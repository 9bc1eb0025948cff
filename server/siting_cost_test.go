package server

import (
	"testing"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/catalog"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/request"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

// TestSearchIsNotCheap: who has candidates found does not pass by those who wait, as
// who gives them does not.
func TestSearchIsNotCheap(t *testing.T) {
	model, km := srtm30.Model(), 20.0
	s := &sitingService{answers: answers{
		engine:   &coverage.Engine{Terrain: model},
		resolver: &request.Resolver{Catalogue: catalog.Default(), Extent: model.Lattice().Bound()},
	}}
	valley := &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: "vraem"}}
	for name, search := range map[string]*canopyv1.CandidateSearch{
		"at airstrips":  {Within: valley},
		"and near them": {Within: valley, NearAccessKm: &km},
	} {
		q, err := s.resolver.SuggestSites(&canopyv1.SuggestSitesRequest{
			Gaps: &canopyv1.FindGapsRequest{
				Airspace:  valley,
				Altitudes: []*canopyv1.Altitude{{Level: &canopyv1.Altitude_AmslM{AmslM: 5000}}},
			},
			Candidates: &canopyv1.CandidateSelection{Search: search},
		})
		if err != nil {
			t.Fatal(err)
		}
		if cost, err := s.suggestCost(q); err != nil || cost.Cheap() {
			t.Errorf("%s: %+v, %v", name, cost, err)
		}
	}
}
