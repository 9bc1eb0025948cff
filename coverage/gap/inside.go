package gap

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// cell is that of a column and a row.
type cell struct{ col, row int }

func (c cell) post(l terrain.Lattice) orb.Point { return orb.Point{l.Lon(c.col), l.Lat(c.row)} }

// insideOf returns a cell far from the edge of a component.
func insideOf(c *raster.Component) cell {
	col, row := c.Inside()
	return cell{col, row}
}

// findMiddles finds a cell far from the edge of each gap.
func (b *band) findMiddles(ctx context.Context) error {
	b.middles = make([]cell, len(b.components))
	for i, gap := range b.gaps {
		if gap < 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		b.middles[i] = insideOf(&b.components[i])
	}
	return nil
}

// findPointsInside has each gap, which has its boundary, have its point inside.
func (b *band) findPointsInside(l terrain.Lattice) {
	for i, gap := range b.gaps {
		if gap >= 0 {
			g := &b.Gaps[gap]
			g.PointInside = pointInside(&b.components[i], b.middles[i], g.Boundary, l)
		}
	}
}

// pointInside returns the post of a cell of a component, of that in its middle.
// Where simplifying cut that cell off, which happens to narrow components, it
// is chosen from the cells that the boundary has kept.
func pointInside(c *raster.Component, middle cell, boundary orb.Polygon, l terrain.Lattice) orb.Point {
	if airspace.Contains(orb.MultiPolygon{boundary}, middle.post(l)) {
		return middle.post(l)
	}
	var largest raster.Component
	parts, _ := raster.Components(cellsKept(c, boundary, l))
	for _, part := range parts {
		if part.Cells > largest.Cells {
			largest = part
		}
	}
	if largest.Cells > 0 {
		middle = insideOf(&largest)
	}
	return middle.post(l)
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
