package raster

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/terrain"
)

// perDeg is how many steps of the output there are in a degree: seven
// decimals, 1.1 cm, as RFC 7946 section 11.2 advises.
const perDeg = 1e7

// CornerPoint returns the longitude and latitude, in degrees rounded to seven
// decimals, of a corner between cells: corner (c, r) is half a post north-west
// of post (c, r), so a lattice has a column and a row of corners more than of
// posts.
//
// Cells of posts on a pole or on the antimeridian end there: their corners
// never lie beyond ±90 and ±180.
func CornerPoint(l terrain.Lattice, col, row int) orb.Point {
	l.OffLon -= 0.5
	l.OffLat -= 0.5
	return orb.Point{
		roundDeg(math.Max(-180, math.Min(180, l.Lon(col)))),
		roundDeg(math.Max(-90, math.Min(90, l.Lat(row)))),
	}
}

func roundDeg(deg float64) float64 { return math.Round(deg*perDeg) / perDeg }
