package specimen

import (
	"math"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Imported is the terrain of a store, with what it holds.
func Imported() *canopyv1.GetTerrainResponse {
	response := Ground()
	response.Terrain = &canopyv1.Terrain{
		Name: "peru-3s", Identity: "store:fedcba9876543210", SpacingArcsec: 3,
		Source: "NASA; this project", Licence: "public domain; CC BY 4.0",
	}
	response.Columns, response.Rows, response.Warnings = 26401, 33601, nil
	response.Contents = &canopyv1.TerrainContents{
		SizeBytes: 1181116006, MissingPosts: 35484384, FilledPosts: 12345, SeaPosts: 212906305, OverviewArcsec: []float64{15, 30},
		Sources: []*canopyv1.TerrainSource{
			{Name: "S12W070.hgt", Identity: "1", Source: "NASA", Licence: "public domain"},
			{Name: "S13W070.hgt", Identity: "2", Source: "NASA", Licence: "public domain"},
			{Name: "S14W070.hgt", Identity: "3", Source: "NASA", Licence: "public domain"},
			{Name: "S15W070.hgt", Identity: "4", Source: "NASA", Licence: "public domain"},
			{Name: "lima.tif", Identity: "5"},
		},
	}
	return response
}

// Grid is sea in the west, hills that rise to the east, and nothing known in
// the south-eastern corner.
func Grid(columns, rows int) *canopyv1.GetElevationGridResponse {
	response := &canopyv1.GetElevationGridResponse{
		BoundingBox: Ground().GetBoundingBox(), Columns: int32(columns), Rows: int32(rows),
		Terrain: Ground().GetTerrain(), Warnings: warnings()[:1],
	}
	for row := range rows {
		for column := range columns {
			x, y := float64(column)/float64(columns), float64(row)/float64(rows)
			height := 6000*(x-0.3) + 300*math.Sin(20*x)*math.Sin(20*y)
			switch {
			case x < 0.3:
				height = 0
			case x > 0.8 && y > 0.8:
				height = math.NaN()
			}
			response.ElevationsAmslM = append(response.ElevationsAmslM, float32(height))
		}
	}
	return response
}

// TerrainProfile is the ground of Profile.
func TerrainProfile() *canopyv1.GetTerrainProfileResponse {
	response := &canopyv1.GetTerrainProfileResponse{DistanceKm: 315, Terrain: Ground().GetTerrain(), Warnings: warnings()[:1]}
	for _, s := range Profile().GetSamples() {
		response.Samples = append(response.Samples, &canopyv1.TerrainSample{
			Position: s.GetPosition(), DistanceKm: s.GetDistanceKm(), ElevationAmslM: s.TerrainAmslM,
		})
	}
	return response
}

// Extent lacks two parts.
func Extent() *canopyv1.GetTerrainExtentResponse {
	return &canopyv1.GetTerrainExtentResponse{
		AreaKm2: 1289850.4, MissingAreaKm2: 12345.6, MissingShare: 0.00957,
		Missing: []*canopyv1.MissingTerrain{
			{AreaKm2: 12300, BoundingBox: &canopyv1.BoundingBox{WestDeg: -75, SouthDeg: -2, EastDeg: -74, NorthDeg: -1}},
			{AreaKm2: 45.6, BoundingBox: &canopyv1.BoundingBox{WestDeg: -70.1, SouthDeg: -17.25, EastDeg: -70, NorthDeg: -17.2}},
		},
		Terrain: Ground().GetTerrain(), Warnings: warnings()[:1],
	}
}
