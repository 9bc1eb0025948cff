package gap

import (
	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// pointInside returns the post of a cell of a component, far from its edge.
// Where simplifying cut that cell off, which happens to narrow components, it
// is chosen from the cells that the boundary has kept.
func pointInside(c *raster.Component, boundary orb.Polygon, l terrain.Lattice) orb.Point {
	col, row := c.Inside()
	middle := orb.Point{l.Lon(col), l.Lat(row)}
	if airspace.Contains(orb.MultiPolygon{boundary}, middle) {
		return middle
	}
	var largest raster.Component
	parts, _ := raster.Components(cellsKept(c, boundary, l))
	for _, part := range parts {
		if part.Cells > largest.Cells {
			largest = part
		}
	}
	if largest.Cells == 0 {
		return middle
	}
	col, row = largest.Inside()
	return orb.Point{l.Lon(col), l.Lat(row)}
}

// cellsKept returns the cells of a component whose post lies inside of its
// boundary.
func cellsKept(c *raster.Component, boundary orb.Polygon, l terrain.Lattice) (kept []raster.Run) {
	window := l.Sub(c.Col0, c.Row0, c.Col1-c.Col0, c.Row1-c.Row0)
	within := airspace.Rasterise(orb.MultiPolygon{boundary}, window).Runs
	for i := range within {
		within[i].Row += int32(c.Row0)
		within[i].Col0 += int32(c.Col0)
		within[i].Col1 += int32(c.Col0)
	}
	raster.Meet(c.Runs, within, func(_, _ int, shared raster.Run) { kept = append(kept, shared) })
	return kept
}
