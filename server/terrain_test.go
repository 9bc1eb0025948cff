package server_test

import (
	"math"
	"testing"

	"google.golang.org/protobuf/proto"

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

// counted is terrain of which somebody has counted what it holds.
type counted struct{ ridge }

func (counted) Info() terrain.Info {
	info := ridge{}.Info()
	info.Contents = &terrain.Contents{
		SizeB: 1234, PostsMissing: 5, PostsFilled: 6, PostsSea: 7, OverviewFactors: []int{2, 4},
		Sources: []terrain.Source{{Name: "a.tif", Identity: "geotiff:1", Source: "a survey", Licence: "free"}},
	}
	return info
}

func TestContentsOfTheTerrain(t *testing.T) {
	_, conn := serve(t, server.Config{Terrain: counted{}})
	resp, err := canopyv1.NewTerrainServiceClient(conn).GetTerrain(testContext(t), &canopyv1.GetTerrainRequest{})
	if err != nil {
		t.Fatal(err)
	}
	want := &canopyv1.TerrainContents{
		SizeBytes: 1234, MissingPosts: 5, FilledPosts: 6, SeaPosts: 7, OverviewArcsec: []float64{60, 120},
		Sources: []*canopyv1.TerrainSource{{Name: "a.tif", Identity: "geotiff:1", Source: "a survey", Licence: "free"}},
	}
	if !proto.Equal(resp.GetContents(), want) {
		t.Errorf("contents %v, want %v", resp.GetContents(), want)
	}
}

func TestGetElevationGrid(t *testing.T) {
	_, conn := serve(t, server.Config{})
	client := canopyv1.NewTerrainServiceClient(conn)
	whole, err := client.GetElevationGrid(testContext(t), &canopyv1.GetElevationGridRequest{Columns: 30, Rows: 20})
	if err != nil {
		t.Fatal(err)
	}
	if b := whole.GetBoundingBox(); b.GetWestDeg() != -82 || b.GetNorthDeg() != 2 || len(whole.GetElevationsAmslM()) != 600 {
		t.Errorf("%d elevations in %v", len(whole.GetElevationsAmslM()), b)
	}
	// Cells of half a degree: the ridge at 71° W is between two.
	if row := whole.GetElevationsAmslM()[300:330]; row[0] != 200 || row[21] < 250 || row[22] < 250 {
		t.Errorf("a row from the west: %v", row)
	}
	part, err := client.GetElevationGrid(testContext(t), &canopyv1.GetElevationGridRequest{Columns: 3, Rows: 1,
		BoundingBox: &canopyv1.BoundingBox{WestDeg: -67.02, EastDeg: -66.96, SouthDeg: -10.01, NorthDeg: -10}})
	if err != nil {
		t.Fatal(err)
	}
	if z := part.GetElevationsAmslM(); z[0] != 200 || z[2] == z[2] {
		t.Errorf("at the rim: %v, want 200, then nothing", z)
	}
}

func TestGetTerrainProfile(t *testing.T) {
	_, conn := serve(t, server.Config{})
	resp, err := canopyv1.NewTerrainServiceClient(conn).GetTerrainProfile(testContext(t), &canopyv1.GetTerrainProfileRequest{
		From: position(-12.6, -70), To: position(-12.6, -72), SampleCount: ptr[int32](101),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := resp.GetSamples()
	if len(s) != 101 || s[0].GetElevationAmslM() != 200 || s[50].GetElevationAmslM() < 2100 || s[100].GetDistanceKm() != resp.GetDistanceKm() || math.Abs(resp.GetDistanceKm()-217.3) > 0.2 {
		t.Errorf("%d samples, %v m at the ridge, %v km", len(s), s[50].GetElevationAmslM(), resp.GetDistanceKm())
	}
}

func TestGetTerrainExtent(t *testing.T) {
	_, conn := serve(t, server.Config{})
	client := canopyv1.NewTerrainServiceClient(conn)
	resp, err := client.GetTerrainExtent(testContext(t), &canopyv1.GetTerrainExtentRequest{
		Airspace: area(ring(-12, -68, -12, -66, -13, -66, -13, -68, -12, -68)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if m := resp.GetMissing(); len(m) != 1 || math.Abs(resp.GetMissingShare()-0.5) > 0.01 || m[0].GetAreaKm2() != resp.GetMissingAreaKm2() ||
		math.Abs(m[0].GetBoundingBox().GetWestDeg()+67) > 0.01 {
		t.Errorf("extent %v", resp)
	}
	all, err := client.GetTerrainExtent(testContext(t), &canopyv1.GetTerrainExtentRequest{})
	if err != nil || all.GetAreaKm2() < 1_289_000 || all.GetMissingAreaKm2() > 50_000 {
		t.Errorf("of Peru %v km² are missing of %v, %v", all.GetMissingAreaKm2(), all.GetAreaKm2(), err)
	}
}
