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
	kept := cellsKept(c, boundary, l)
	var largest raster.Component
	for _, part := range raster.Components(kept) {
		if part.Cells > largest.Cells {
			largest = part
		}
	}
	if largest.Cells == 0 {
		return middle
	}
	col, row = largest.Inside()
	return orb.Point{kept.Lon(col), kept.Lat(row)}
}

// cellsKept returns the cells of a component whose post lies inside of its
// boundary, in the window of the component.
func cellsKept(c *raster.Component, boundary orb.Polygon, l terrain.Lattice) *raster.Mask {
	window := l.Sub(c.Col0, c.Row0, c.Col1-c.Col0, c.Row1-c.Row0)
	within := airspace.Rasterise(orb.MultiPolygon{boundary}, window)
	kept := raster.NewMask(window)
	for _, run := range c.Runs {
		for col := int(run.Col0) - c.Col0; col < int(run.Col1)-c.Col0; col++ {
			if row := int(run.Row) - c.Row0; within.Has(col, row) {
				kept.Add(col, row)
			}
		}
	}
	return kept
}
