package airspace

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
)

// AreaM2 returns what a valid area holds on the ellipsoid, in m². Its edges run
// straight in longitude and latitude, as GeoJSON has them. Taken for geodesics, as
// earth.MultiPolygonAreaM2 takes them, a triangle 20° wide and 10° high on the
// parallel of 20° is off by 4 %, so long edges are cut up.
func AreaM2(area orb.MultiPolygon) float64 {
	cut := make(orb.MultiPolygon, len(area))
	for i, polygon := range area {
		for _, ring := range polygon {
			cut[i] = append(cut[i], cutEdges(ring))
		}
	}
	return earth.MultiPolygonAreaM2(cut)
}

// cutEdges returns a ring whose edges span at most a tenth of a degree: along
// the parallel of 60° such an edge is off its geodesic by a metre.
func cutEdges(ring orb.Ring) orb.Ring {
	var cut orb.Ring
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		lon, lat := b.Lon()-a.Lon(), b.Lat()-a.Lat()
		parts := math.Max(1, math.Ceil(10*math.Max(math.Abs(lon), math.Abs(lat))))
		for k := range int(parts) {
			share := float64(k) / parts
			cut = append(cut, orb.Point{a.Lon() + share*lon, a.Lat() + share*lat})
		}
	}
	return cut
}
