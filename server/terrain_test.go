package server_test

import (
	"testing"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/terrain"
)

func TestGetTerrain(t *testing.T) {
	_, conn := serve(t, server.Config{})
	resp, err := canopyv1.NewTerrainServiceClient(conn).GetTerrain(testContext(t), &canopyv1.GetTerrainRequest{})
	if err != nil {
		t.Fatal(err)
	}
	b := resp.GetBoundingBox()
	if resp.GetTerrain().GetIdentity() != "test:ridge" || resp.GetTerrain().GetSpacingArcsec() != 30 ||
		resp.GetColumns() != 1801 || resp.GetRows() != 2401 ||
		b.GetWestDeg() != -82 || b.GetEastDeg() != -67 || b.GetNorthDeg() != 2 || b.GetSouthDeg() != -18 {
		t.Errorf("terrain = %v", resp)
	}
}

type demonstration struct{ ridge }

func (demonstration) Info() terrain.Info {
	return terrain.Info{Name: "demo", Demonstration: true, Notes: []string{"do not plan on it"}}
}

func TestDemonstrationTerrainSaysSo(t *testing.T) {
	_, conn := serve(t, server.Config{Terrain: demonstration{}})
	resp, err := canopyv1.NewTerrainServiceClient(conn).GetElevations(testContext(t), onePlace)
	if err != nil {
		t.Fatal(err)
	}
	if w := resp.GetWarnings(); len(w) != 1 || w[0].GetWarningId() != "terrain.demonstration" || !resp.GetTerrain().GetDemonstration() {
		t.Errorf("warnings = %v", w)
	}
}

func TestGetElevations(t *testing.T) {
	_, conn := serve(t, server.Config{})
	resp, err := canopyv1.NewTerrainServiceClient(conn).GetElevations(testContext(t), &canopyv1.GetElevationsRequest{
		Positions: []*canopyv1.Position{position(-12.6, -69.2), position(-12.6, -71), position(48, 2), position(2, -82), position(-18, -67)},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []*float64{ptr(200.0), ptr(2200.0), nil, ptr(200.0), ptr(200.0)}
	for i, e := range resp.GetElevations() {
		if got := e.ElevationAmslM; (got == nil) != (want[i] == nil) || got != nil && *got != *want[i] {
			t.Errorf("elevation %d = %v, want %v", i, e, want[i])
		}
	}
}
