package wire

import (
	"github.com/canopyradar/canopy/coverage"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/terrain"
)

// Terrain returns what an elevation model is.
func Terrain(info terrain.Info) *canopyv1.Terrain {
	return &canopyv1.Terrain{
		Name:          info.Name,
		Identity:      info.Identity,
		SpacingArcsec: plain(info.SpacingArcsec),
		Demonstration: info.Demonstration,
		Source:        info.Source,
		Licence:       info.Licence,
	}
}

// TerrainContents returns what an elevation model holds; nil where nobody has
// counted.
func TerrainContents(info terrain.Info) *canopyv1.TerrainContents {
	c := info.Contents
	if c == nil {
		return nil
	}
	return &canopyv1.TerrainContents{
		SizeBytes:    c.SizeB,
		MissingPosts: c.PostsMissing,
		FilledPosts:  c.PostsFilled,
		SeaPosts:     c.PostsSea,
		OverviewArcsec: each(c.OverviewFactors, func(factor int) float64 {
			return plain(info.SpacingArcsec * float64(factor))
		}),
		Sources: each(c.Sources, func(s terrain.Source) *canopyv1.TerrainSource {
			return &canopyv1.TerrainSource{Name: s.Name, Identity: s.Identity, Source: s.Source, Licence: s.Licence}
		}),
	}
}

// PostGrid returns where posts lie: to the last bit, as thousands of steps add
// up what is rounded off one.
func PostGrid(l terrain.Lattice) *canopyv1.PostGrid {
	return &canopyv1.PostGrid{
		FirstPost:  &canopyv1.Position{LatDeg: l.Lat(0), LonDeg: l.Lon(0)},
		LonStepDeg: 1 / l.PerDegLon,
		LatStepDeg: 1 / l.PerDegLat,
	}
}

// Elevation returns the ground at a place, in metres above mean sea level;
// NaN where it is not known.
func Elevation(elevationAMSLM float64) *canopyv1.Elevation {
	return &canopyv1.Elevation{ElevationAmslM: known(elevationAMSLM, metres)}
}

// TerrainSamples returns the ground along a way.
func TerrainSamples(samples []coverage.Sample) []*canopyv1.TerrainSample {
	return each(samples, func(s coverage.Sample) *canopyv1.TerrainSample {
		return &canopyv1.TerrainSample{
			Position:       Position(s.Position),
			DistanceKm:     kilometres(s.DistanceM),
			ElevationAmslM: known(s.TerrainAMSLM, metres),
		}
	})
}

// mostParts bounds the parts of missing terrain in an answer.
const mostParts = 100

// TerrainExtent returns how much of an area the terrain knows.
func TerrainExtent(r *coverage.ExtentResult) *canopyv1.GetTerrainExtentResponse {
	out := &canopyv1.GetTerrainExtentResponse{
		AreaKm2:        areaKM2(r.AreaM2),
		MissingAreaKm2: areaKM2(r.MissingM2),
		MissingShare:   share(r.MissingM2, r.AreaM2),
		Warnings:       Warnings(r.Warnings),
	}
	for _, part := range r.Missing[:min(len(r.Missing), mostParts)] {
		out.Missing = append(out.Missing, &canopyv1.MissingTerrain{AreaKm2: areaKM2(part.AreaM2), BoundingBox: BoundingBox(part.Bound)})
	}
	return out
}
