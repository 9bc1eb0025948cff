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

// distance2M2 returns the square of the distance of corner p from the edge
// a–b, in square metres, at the scale of p.
func (s *scale) distance2M2(p, a, b Corner) float64 {
	xM, yM := s.eastM[p.Row], s.southM[p.Row]
	ax, ay := float64(a.Col-p.Col)*xM, float64(a.Row-p.Row)*yM
	dx, dy := float64(b.Col-a.Col)*xM, float64(b.Row-a.Row)*yM
	along := -(ax*dx + ay*dy) / (dx*dx + dy*dy)
	along = math.Max(0, math.Min(1, along))
	ax, ay = ax+along*dx, ay+along*dy
	return ax*ax + ay*ay
}
