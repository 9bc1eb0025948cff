package coverage

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// GroundProfile samples the terrain along the geodesic between two places at
// count equal distances, both ends included. Its samples have no ray.
func (e *Engine) GroundProfile(ctx context.Context, from, to orb.Point, count int) ([]Sample, error) {
	if count < 2 {
		return nil, fmt.Errorf("a profile has at least two samples, not %d", count)
	}
	way := earth.Inverse(from, to)
	t := &track{line: earth.NewLine(from, way.AzimuthDeg), distanceM: way.DistanceM}
	return e.sample(ctx, t, count)
}

// ExtentResult says how much of an area the terrain knows.
type ExtentResult struct {
	// AreaM2 and MissingM2 are sums of cells in m².
	AreaM2, MissingM2 float64
	// Missing are the connected parts without terrain, largest first.
	Missing []MissingPart
	// Warnings in a stable order.
	Warnings []Warning
}

// MissingPart is a connected part of an area without terrain.
type MissingPart struct {
	AreaM2 float64
	// Bound is the box around it in degrees.
	Bound orb.Bound
}

// Extent finds out how much of an area the terrain knows. Like other requests
// it looks at averaged terrain where its budget does not allow for more.
func (e *Engine) Extent(ctx context.Context, area orb.MultiPolygon) (*ExtentResult, error) {
	b := Basis{Warnings: TerrainWarnings(e.Terrain.Info(), sight.Terrain)}
	s, err := e.stage(Query{}, &b, func(l terrain.Lattice) (float64, error) {
		return posts(l.Cover(area.Bound(), 1)), nil
	})
	if err != nil {
		return nil, err
	}
	l := s.posts.Lattice().Cover(area.Bound(), 1)
	if err := s.limit(l, "posts in the box around the area", "take a smaller area"); err != nil {
		return nil, err
	}
	inside := airspace.Rasterise(area, l)
	ground, err := s.posts.Read(ctx, l)
	if err != nil {
		return nil, err
	}
	r := &ExtentResult{AreaM2: gap.AreaM2(inside), Warnings: b.Warnings}
	parts, _ := raster.Components(missingCells(ground, inside))
	for _, c := range parts {
		part := MissingPart{AreaM2: componentM2(&c, l), Bound: c.Bound(l)}
		r.MissingM2 += part.AreaM2
		r.Missing = append(r.Missing, part)
	}
	slices.SortStableFunc(r.Missing, func(a, b MissingPart) int { return cmp.Compare(b.AreaM2, a.AreaM2) })
	return r, ctx.Err()
}

// missingCells returns the cells of a mask without terrain.
func missingCells(ground *terrain.Grid, inside *raster.Mask) (missing []raster.Run) {
	for _, run := range inside.Runs {
		row := ground.RowM(int(run.Row))
		for c := run.Col0; c < run.Col1; c++ {
			first := c
			for c < run.Col1 && row[c] != row[c] {
				c++
			}
			if c > first {
				missing = append(missing, raster.Run{Row: run.Row, Col0: first, Col1: c})
			}
		}
	}
	return missing
}

func componentM2(c *raster.Component, l terrain.Lattice) (areaM2 float64) {
	half := 0.5 / l.PerDegLat
	for _, run := range c.Runs {
		lat := l.Lat(int(run.Row))
		areaM2 += float64(run.Len()) * earth.CellAreaM2(lat-half, lat+half, 1/l.PerDegLon)
	}
	return areaM2
}
