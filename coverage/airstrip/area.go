package airstrip

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// InArea returns the airstrips in an area, ordered by id. An airstrip on the
// border of the area, that of a hole included, is in it. Borders run straight
// in longitude and latitude between their points, as GeoJSON has them
// (RFC 7946, section 3.1.1), and do not cross the antimeridian.
//
// Only airstrips for which keep is true count; a nil keep keeps all. The
// result must not be changed.
func (x *Index) InArea(area orb.MultiPolygon, keep func(*Airstrip) bool) []*Airstrip {
	var in []*Airstrip
	for _, polygon := range area {
		box := polygon.Bound()
		x.tree.Search(box.Min, box.Max, func(_, _ [2]float64, i int) bool {
			a := &x.strips[i]
			if (keep == nil || keep(a)) && contains(polygon, a.Position) {
				in = append(in, a)
			}
			return true
		})
	}
	slices.SortFunc(in, func(a, b *Airstrip) int { return cmp.Compare(a.ID, b.ID) })
	return slices.Compact(in)
}

// contains reports whether p lies in the polygon or on one of its rings.
// orb's planar.PolygonContains takes the border of a hole for outside.
func contains(polygon orb.Polygon, p orb.Point) bool {
	inside := false
	for _, ring := range polygon {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if onSegment(a, b, p) {
				return true
			}
			if crossesNorthOf(a, b, p) {
				inside = !inside
			}
		}
	}
	return inside
}

// side is positive where p lies left of the line from a to b, and 0 on it.
func side(a, b, p orb.Point) float64 {
	return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
}

func onSegment(a, b, p orb.Point) bool {
	return side(a, b, p) == 0 && orb.MultiPoint{a, b}.Bound().Contains(p)
}

// crossesNorthOf reports whether the segment cuts the meridian of p north of
// p. A segment's eastern end does not count as part of it, so that two
// segments that meet on the meridian cut it once.
func crossesNorthOf(a, b, p orb.Point) bool {
	if a[0] > b[0] {
		a, b = b, a
	}
	return a[0] <= p[0] && p[0] < b[0] && side(a, b, p) < 0
}
