// Package airspace prepares the areas that should be covered: it tells valid
// ones from others, and says which cells of a lattice they hold.
package airspace

import "github.com/paulmach/orb"

// LooksSwapped reports whether longitudes and latitudes of an area were
// probably exchanged: no polygon's box meets the extent as it is, and one
// does the other way round.
func LooksSwapped(area orb.MultiPolygon, extent orb.Bound) bool {
	swapped := false
	for _, polygon := range area {
		box := polygon.Bound()
		if box.Intersects(extent) {
			return false
		}
		box.Min = orb.Point{box.Min.Lat(), box.Min.Lon()}
		box.Max = orb.Point{box.Max.Lat(), box.Max.Lon()}
		swapped = swapped || box.Intersects(extent)
	}
	return swapped
}
