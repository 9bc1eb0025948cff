// Package outline turns connected sets of cells into polygons: it traces
// their edge, cell side by cell side, and makes smooth lines of the stairs.
package outline

import (
	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// Corner is a place where four cells meet: corner (c, r) is the north-west
// corner of cell (c, r).
type Corner struct {
	Col, Row int32
}

// Ring is a closed line from corner to corner. The last corner joins the
// first, which is not repeated.
type Ring []Corner

// TwiceArea returns twice the area that the ring encloses, in cells: positive
// where it runs counter-clockwise, seen with north up.
func (r Ring) TwiceArea() int64 {
	var sum int64
	for i, b := range r {
		a := r[len(r)-1]
		if i > 0 {
			a = r[i-1]
		}
		sum += int64(a.Row)*int64(b.Col) - int64(a.Col)*int64(b.Row)
	}
	return sum
}

// Outline is the edge of one component: its outer ring, counter-clockwise,
// then its holes, clockwise. It is valid as OGC 06-103r4 section 6.1.11 has
// it: no ring touches itself, and two rings touch at single corners only.
type Outline []Ring

// Polygon returns the outline in degrees, with closed rings wound as RFC 7946
// wants them. Coordinates are rounded as raster.CornerPoint says.
func (o Outline) Polygon(l terrain.Lattice) orb.Polygon {
	polygon := make(orb.Polygon, len(o))
	for i, ring := range o {
		closed := make(orb.Ring, 0, len(ring)+1)
		for _, c := range ring {
			closed = append(closed, raster.CornerPoint(l, int(c.Col), int(c.Row)))
		}
		polygon[i] = append(closed, closed[0])
	}
	return polygon
}
