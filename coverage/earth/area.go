package earth

import (
	"math"

	"github.com/paulmach/orb"
)

// RingAreaM2 returns the area inside a ring on the ellipsoid, in square
// metres: positive when the ring runs counter-clockwise, negative when
// clockwise.
//
// Edges are taken as geodesics. GeoJSON means edges that are straight in
// longitude and latitude; between the two, along a parallel at latitude φ,
// lies an area of about L³·tan φ/(12·R) for an edge of length L: 3 m² for 1 km
// at 12°, 3 km² for 100 km. Cut long edges up where that matters.
//
// The inside is the smaller of the two parts of the earth, so that rings
// around a pole or across the antimeridian need no care. A ring that repeats
// its first point at its end and one that does not are the same. Rings of
// fewer than three points have no area. Rounding costs about 1e-9 of the area
// of a ring ten metres wide, less of larger ones, and up to 0.1 m² where the
// ring goes around a pole.
func RingAreaM2(r orb.Ring) float64 {
	var eastward exactSum
	var turnedDeg exactSum
	for i := range r {
		from, to := r[i], r[(i+1)%len(r)]
		if from == to {
			continue
		}
		g := solve(from, to)
		eastward.add(g.areaToEquatorM2())
		turnedDeg.add(lonDifferenceDeg(from.Lon(), to.Lon()))
	}
	hemisphere := 2 * math.Pi * authalicRadius2M2
	eastward.add(-hemisphere * math.Round(turnedDeg.value()/360))
	area := -eastward.value()
	if math.Abs(area) > hemisphere {
		area -= math.Copysign(2*hemisphere, area)
	}
	return area
}

// PolygonAreaM2 returns the area of a polygon on the ellipsoid, in square
// metres: the first ring less the others, whichever way they run. Edges are
// geodesics: see RingAreaM2.
func PolygonAreaM2(p orb.Polygon) float64 {
	area := 0.0
	for i, ring := range p {
		if i == 0 {
			area = math.Abs(RingAreaM2(ring))
		} else {
			area -= math.Abs(RingAreaM2(ring))
		}
	}
	return area
}

// MultiPolygonAreaM2 returns the sum of the areas of the polygons, which must
// not overlap: see PolygonAreaM2.
func MultiPolygonAreaM2(mp orb.MultiPolygon) float64 {
	area := 0.0
	for _, p := range mp {
		area += PolygonAreaM2(p)
	}
	return area
}

// CellAreaM2 returns the area on the ellipsoid, in square metres, between two
// parallels and two meridians that are widthDeg apart. It is negative when
// north lies south of south. It stays accurate to rounding for cells of any
// size: both terms of the closed form are taken as differences, never as
// values to subtract.
//
// Source: the authalic latitude, J. P. Snyder, Map Projections: A Working
// Manual, USGS Professional Paper 1395 (1987), equation 3-12.
func CellAreaM2(southDeg, northDeg, widthDeg float64) float64 {
	south, north := inDegrees(southDeg).sin, inDegrees(northDeg).sin
	middle, half := inDegrees((southDeg+northDeg)/2), inDegrees((northDeg-southDeg)/2)
	rise := 2 * middle.cos * half.sin

	e2 := eccentricity2
	rational := rise * (1 + e2*south*north) / ((1 - e2*south*south) * (1 - e2*north*north))
	logarithmic := math.Atanh(eccentricity*rise/(1-e2*south*north)) / eccentricity
	return widthDeg * radPerDeg * SemiMinorAxisM * SemiMinorAxisM / 2 * (rational + logarithmic)
}

// exactSum adds numbers and keeps what rounding would drop: areas down to the
// equator are a million times the area of the ring that they sum to.
type exactSum struct{ sum, rest float64 }

func (s *exactSum) add(x float64) {
	sum := s.sum + x
	part := sum - s.sum
	s.rest += (s.sum - (sum - part)) + (x - part)
	s.sum = sum
}

func (s *exactSum) value() float64 { return s.sum + s.rest }
