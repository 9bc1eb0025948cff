package outline

import (
	"math"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// scale holds, for each row of corners, the metres to the next corner of the
// row and to the next of the column.
type scale struct {
	eastM, southM []float64
}

func newScale(l terrain.Lattice) scale {
	const rad = math.Pi / 180
	s := scale{make([]float64, l.Rows+1), make([]float64, l.Rows+1)}
	for row := range s.eastM {
		lat := raster.CornerPoint(l, 0, row).Lat()
		c := earth.CurvatureAt(lat)
		s.eastM[row] = c.PrimeVerticalM * math.Cos(lat*rad) * rad / l.PerDegLon
		s.southM[row] = c.MeridianM * rad / l.PerDegLat
	}
	return s
}

// near reports whether corner p lies within a tolerance, whose square is given,
// of the edge a–b, at the scale of p.
func (s *scale) near(p, a, b Corner, tolerance2M2 float64) bool {
	xM, yM := s.eastM[p.Row], s.southM[p.Row]
	ax, ay := float64(a.Col-p.Col)*xM, float64(a.Row-p.Row)*yM
	dx, dy := float64(b.Col-a.Col)*xM, float64(b.Row-a.Row)*yM
	length2 := dx*dx + dy*dy
	switch along := -(ax*dx + ay*dy); {
	case along <= 0:
		return ax*ax+ay*ay <= tolerance2M2
	case along >= length2:
		return (ax+dx)*(ax+dx)+(ay+dy)*(ay+dy) <= tolerance2M2
	}
	across := ax*dy - ay*dx
	return across*across <= tolerance2M2*length2
}
