package squares_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
)

func box(west, south, east, north float64) orb.Polygon {
	return orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}}.ToPolygon()
}

// block lists squares from west to east and south to north, both inclusive.
func block(west, south, east, north int) []squares.Square {
	var all []squares.Square
	for lat := north; lat >= south; lat-- {
		for lon := west; lon <= east; lon++ {
			all = append(all, squares.Square{LonDeg: lon, LatDeg: lat})
		}
	}
	return all
}

func TestNear(t *testing.T) {
	hole := box(-74.9, -14.9, -65.1, -5.1)
	hole = append(hole, box(-73.5, -13.5, -66.5, -6.5)[0])
	tests := []struct {
		name    string
		area    orb.MultiPolygon
		marginM float64
		want    []squares.Square
	}{
		{"a field in the middle of a square", orb.MultiPolygon{box(-70.6, -12.6, -70.5, -12.5)}, 0, block(-71, -13, -71, -13)},
		{"a field across a corner", orb.MultiPolygon{box(-70.1, -12.1, -69.9, -11.9)}, 0, block(-71, -13, -70, -12)},
		{"across the equator and Greenwich", orb.MultiPolygon{box(-0.5, -0.5, 0.5, 0.5)}, 0, block(-1, -1, 0, 0)},
		{"squares far inside of the outline", orb.MultiPolygon{box(-74.5, -14.5, -69.5, -9.5)}, 0, block(-75, -15, -70, -10)},
		{"110 km around a field reach the next squares", orb.MultiPolygon{box(-70.51, -0.51, -70.49, -0.49)}, 110e3, block(-72, -2, -70, 0)},
		{"a hole has squares of its own", orb.MultiPolygon{hole}, 0, outside(block(-75, -15, -66, -6), block(-73, -13, -68, -8))},
		{"two fields", orb.MultiPolygon{box(-70.6, -12.6, -70.5, -12.5), box(10.4, 45.4, 10.5, 45.5)}, 0,
			append(block(10, 45, 10, 45), block(-71, -13, -71, -13)...)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, squares.Near(tt.area, tt.marginM)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func outside(all, without []squares.Square) []squares.Square {
	return slices.DeleteFunc(all, func(s squares.Square) bool { return slices.Contains(without, s) })
}

// No square is missed that has a point within the margin, and none is there
// that is 2 % farther than that. Points are thrown, distances are orb's.
func TestNearAgainstThrownPoints(t *testing.T) {
	const marginM = 250e3
	random := rand.New(rand.NewPCG(5, 6))
	for range 5 {
		lon, lat := -170+340*random.Float64(), -48+96*random.Float64()
		corner := orb.Point{lon, lat}
		area := orb.MultiPolygon{{{corner, {lon + 0.02, lat}, {lon, lat + 0.02}, corner}}}
		got := map[squares.Square]float64{}
		for _, s := range squares.Near(area, marginM) {
			got[s] = math.Inf(1)
		}
		for range 200_000 {
			p := orb.Point{lon - 8 + 16*random.Float64(), lat - 5 + 10*random.Float64()}
			s := squares.Square{LonDeg: int(math.Floor(p[0])), LatDeg: int(math.Floor(p[1]))}
			distanceM := geo.DistanceHaversine(corner, p)
			nearestM, in := got[s]
			if distanceM < marginM && !in {
				t.Fatalf("%v is missing: a point of it is %.0f m from %v", s, distanceM, corner)
			}
			if in {
				got[s] = min(nearestM, distanceM)
			}
		}
		for s, nearestM := range got {
			// Thrown points come within a few kilometres of the nearest one.
			if nearestM > 1.02*marginM+6e3 {
				t.Errorf("%v is %.0f m from %v", s, nearestM, corner)
			}
		}
	}
}

func TestWithin(t *testing.T) {
	tests := []struct {
		name string
		box  orb.Bound
		want []squares.Square
	}{
		{"whole degrees", orb.Bound{Min: orb.Point{-72, -14}, Max: orb.Point{-70, -12}}, block(-72, -14, -71, -13)},
		{"parts of squares", orb.Bound{Min: orb.Point{-72.5, -13.5}, Max: orb.Point{-71.5, -13.4}}, block(-73, -14, -72, -14)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, squares.Within(tt.box)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestString(t *testing.T) {
	if got := (squares.Square{LonDeg: -70, LatDeg: -13}).String() + ", " + (squares.Square{}).String(); got != "13°S 70°W, 0°N 0°E" {
		t.Error(got)
	}
}
