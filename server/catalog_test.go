package server_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
)

func catalogClient(t *testing.T) canopyv1.CatalogServiceClient {
	_, conn := serve(t, server.Config{})
	return canopyv1.NewCatalogServiceClient(conn)
}

func TestListRadarModels(t *testing.T) {
	resp, err := catalogClient(t).ListRadarModels(testContext(t), &canopyv1.ListRadarModelsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	m := resp.GetRadarModels()[0]
	if m.GetModelId() != "an-tps-70" || m.GetLimits().GetRangeKm() != 400 || m.GetMastM() != 15 || m.GetLimits().GetSector() != nil {
		t.Errorf("first model = %v", m)
	}
	for _, m := range resp.GetRadarModels() {
		if len(m.GetSources()) == 0 || m.GetLimits().RangeKm == nil || m.GetLimits().MinElevationDeg == nil {
			t.Errorf("%s lacks sources or limits: %v", m.GetModelId(), m)
		}
		if m.GetCooperative() != (m.GetModelId() == "ssr") {
			t.Errorf("%s: cooperative = %v", m.GetModelId(), m.GetCooperative())
		}
	}
}

func TestScenarios(t *testing.T) {
	client := catalogClient(t)
	resp, err := client.ListScenarios(testContext(t), &canopyv1.ListScenariosRequest{})
	if err != nil {
		t.Fatal(err)
	}
	first := resp.GetScenarios()[0]
	if first.GetScenarioId() != "tps70-2015" || first.GetAirspaceId() != "peru" || len(first.GetAltitudes()) != 4 ||
		first.GetRadars()[0].GetPosition().GetLatDeg() != -12.6131 || first.GetRadars()[0].GetState() != canopyv1.RadarState_RADAR_STATE_IN_SERVICE {
		t.Errorf("first scenario = %v", first)
	}
	for _, want := range resp.GetScenarios() {
		got, err := client.GetScenario(testContext(t), &canopyv1.GetScenarioRequest{ScenarioId: want.GetScenarioId()})
		if err != nil || !proto.Equal(got.GetScenario(), want) {
			t.Errorf("GetScenario(%s) = %v, %v", want.GetScenarioId(), got, err)
		}
	}
	_, err = client.GetScenario(testContext(t), &canopyv1.GetScenarioRequest{ScenarioId: "tps71-2015"})
	wantStatus(t, err, codes.NotFound, problem.ReasonNotFound)
}

func TestAirspaces(t *testing.T) {
	client := catalogClient(t)
	resp, err := client.ListAirspaces(testContext(t), &canopyv1.ListAirspacesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	all := resp.GetAirspaces()
	peru := all[0]
	if a := peru.GetAreaKm2(); peru.GetAirspaceId() != "peru" || a < 1_288_560 || a > 1_291_140 {
		t.Errorf("first airspace is %s of %.0f km², want peru of 1 289 850 km² ± 0.1 %%", peru.GetAirspaceId(), a)
	}
	sorted := slices.IsSortedFunc(all, func(a, b *canopyv1.Airspace) int { return int(a.GetKind() - b.GetKind()) })
	if !sorted || all[len(all)-1].GetAirspaceId() != "vraem" {
		t.Error("not countries, departments, zones")
	}
	for _, a := range all {
		if a.GetArea() != nil || a.GetSource() == "" || a.GetAreaKm2() <= 0 {
			t.Errorf("%s in the list: outline %v, source %q, %v km²", a.GetAirspaceId(), a.GetArea() != nil, a.GetSource(), a.GetAreaKm2())
		}
	}
	got, err := client.GetAirspace(testContext(t), &canopyv1.GetAirspaceRequest{AirspaceId: "Perú"})
	if err != nil || len(got.GetAirspace().GetArea().GetPolygons()) == 0 || got.GetAirspace().GetAirspaceId() != "peru" {
		t.Errorf("GetAirspace(Perú) = %v, %v", got.GetAirspace().GetAirspaceId(), err)
	}
	_, err = client.GetAirspace(testContext(t), &canopyv1.GetAirspaceRequest{AirspaceId: "Bolivia"})
	wantStatus(t, err, codes.NotFound, problem.ReasonNotFound)
}

// An outline that comes out of the catalogue must go in again.
func TestAirspaceOutlinesAreAccepted(t *testing.T) {
	client := catalogClient(t)
	got, err := client.GetAirspace(testContext(t), &canopyv1.GetAirspaceRequest{AirspaceId: "vraem"})
	if err != nil {
		t.Fatal(err)
	}
	byArea, err := client.FindAirstripsWithin(testContext(t), &canopyv1.FindAirstripsWithinRequest{
		Region: &canopyv1.FindAirstripsWithinRequest_Area{Area: got.GetAirspace().GetArea()}})
	if err != nil {
		t.Fatal(err)
	}
	byName, err := client.FindAirstripsWithin(testContext(t), &canopyv1.FindAirstripsWithinRequest{
		Region: &canopyv1.FindAirstripsWithinRequest_AirspaceId{AirspaceId: "vraem"}})
	if err != nil || len(byName.GetHits()) == 0 || !proto.Equal(byArea, byName) {
		t.Errorf("within vraem: %v by name (%v), %v by area", byName, err, byArea)
	}
}

func TestFindNearestAirstrips(t *testing.T) {
	client := catalogClient(t)
	airport := position(-12.6131, -69.2282)
	own := &canopyv1.AirstripSelection{Airstrips: []*canopyv1.Airstrip{
		{Name: "Pista Ñandú", Position: position(-12.7, -69.3), Status: canopyv1.AirstripStatus_AIRSTRIP_STATUS_DESTROYED},
		{Name: "Pista Ñandú", Position: position(-12.8, -69.4)},
	}}
	resp, err := client.FindNearestAirstrips(testContext(t), &canopyv1.FindNearestAirstripsRequest{Airstrips: own, Position: airport})
	if err != nil {
		t.Fatal(err)
	}
	hits := resp.GetHits()
	if len(hits) != 10 || hits[0].GetAirstrip().GetAirstripId() != "SPTU" || hits[0].GetDistanceKm() > 1 {
		t.Errorf("nearest to SPTU: %d hits, first %v", len(hits), hits[0])
	}
	own.WithoutBuiltin = true
	resp, err = client.FindNearestAirstrips(testContext(t), &canopyv1.FindNearestAirstripsRequest{Airstrips: own, Position: airport})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range resp.GetHits() {
		ids = append(ids, h.GetAirstrip().GetAirstripId())
		if h.GetAirstrip().LengthM != nil {
			t.Errorf("a length from nowhere: %v", h)
		}
	}
	if !slices.Equal(ids, []string{"pista-nandu", "pista-nandu-2"}) {
		t.Errorf("ids = %q", ids)
	}
	resp, err = client.FindNearestAirstrips(testContext(t), &canopyv1.FindNearestAirstripsRequest{
		Airstrips: own, Position: airport, Statuses: []canopyv1.AirstripStatus{canopyv1.AirstripStatus_AIRSTRIP_STATUS_DESTROYED}})
	if err != nil || len(resp.GetHits()) != 1 {
		t.Errorf("destroyed ones: %v, %v", resp, err)
	}
}

func TestFindAirstripsWithin(t *testing.T) {
	client := catalogClient(t)
	resp, err := client.FindAirstripsWithin(testContext(t), &canopyv1.FindAirstripsWithinRequest{
		Region: &canopyv1.FindAirstripsWithinRequest_Circle{Circle: &canopyv1.Circle{Position: position(-12.6131, -69.2282), RadiusKm: 100}}})
	if err != nil || len(resp.GetHits()) == 0 {
		t.Fatalf("%v, %v", resp, err)
	}
	before := 0.0
	for _, h := range resp.GetHits() {
		if h.GetDistanceKm() > 100 || h.GetDistanceKm() < before {
			t.Errorf("%s at %v km after %v km", h.GetAirstrip().GetAirstripId(), h.GetDistanceKm(), before)
		}
		before = h.GetDistanceKm()
	}
	_, err = client.FindAirstripsWithin(testContext(t), &canopyv1.FindAirstripsWithinRequest{
		Region: &canopyv1.FindAirstripsWithinRequest_AirspaceId{AirspaceId: "vrem"}})
	if v := wantStatus(t, err, codes.InvalidArgument, problem.ReasonAirspaceUnknown); v[0].GetField() != "airspace_id" {
		t.Errorf("violation = %v", v)
	}
}
