package earth

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// worldM2 is the published area of the WGS-84 ellipsoid.
const worldM2 = 510065621724088.44

// Computed with GeographicLib; the last row is also published in the manual
// of its Planimeter. All run counter-clockwise.
var ringCases = []struct {
	name   string
	ring   orb.Ring
	areaM2 float64
}{
	{"a degree in the Andes", orb.Ring{{-74, -13}, {-73, -13}, {-73, -12}, {-74, -12}}, 12024953762.060669},
	{"Peru in four points", orb.Ring{{-70.4, -18.3}, {-69.9, -4.2}, {-80.3, -3.4}, {-81.3, -6}}, 1156579586977.082},
	{"across the antimeridian", orb.Ring{{179, -17}, {-179, -17}, {-179, -15}, {179, -15}}, 47378519562.5437},
	{"around the north pole", orb.Ring{{0, 80}, {120, 80}, {-120, 80}}, 1634782820860.6875},
	{"around the south pole", orb.Ring{{0, -85}, {-90, -80}, {180, -70}, {90, -60}}, 6395101315887.25},
	{"an octant", orb.Ring{{0, 0}, {90, 0}, {0, 90}}, worldM2 / 8},
	{"the northern hemisphere", orb.Ring{{0, 0}, {120, 0}, {-120, 0}}, worldM2 / 2},
	{"half of it, by an edge over the pole", orb.Ring{{0, 0}, {90, 0}, {-90, 0}}, worldM2 / 4},
	{"a triangle with the pole on an edge", orb.Ring{{0, 80}, {90, 80}, {180, 80}}, 0},
	{"Antarctica", orb.Ring{{-58, -63.1}, {-74, -72.9}, {-102, -71.9}, {-102, -74.9}, {-131, -74.3}, {-163, -77.5}, {163, -77.4}, {172, -71.7}, {140, -65.9}, {113, -65.7}, {88, -66.6}, {59, -66.9}, {25, -69.8}, {-4, -70}, {-14, -71}, {-33, -77.3}, {-46, -77.9}, {-61, -74.7}}, 13662703680020.1},
}

func TestRingArea(t *testing.T) {
	for _, c := range ringCases {
		t.Run(c.name, func(t *testing.T) {
			if c.areaM2 == 0 {
				c.areaM2 = poleOnEdgeM2()
			}
			got := RingAreaM2(c.ring)
			expectNear(t, "area", got, c.areaM2, 1+1e-12*c.areaM2)

			closed := append(slices.Clone(c.ring), c.ring[0])
			expectNear(t, "area of the closed ring", RingAreaM2(closed), got, 1e-3)
			reversed := slices.Clone(closed)
			slices.Reverse(reversed)
			if math.Abs(got) < worldM2*0.49 {
				expectNear(t, "area of the reversed ring", RingAreaM2(reversed), -got, 1)
			}
		})
	}
}

// poleOnEdgeM2 is the triangle 0°, 90°, 180° at 80° north: two equal ones with
// a corner in the pole.
func poleOnEdgeM2() float64 {
	return 2 * RingAreaM2(orb.Ring{{0, 80}, {90, 80}, {0, 90}})
}

func TestRingAreaOfDegenerateRings(t *testing.T) {
	for name, ring := range map[string]orb.Ring{
		"empty": nil, "point": {{1, 2}}, "edge": {{1, 2}, {3, 4}},
		"there and back": {{1, 2}, {3, 4}, {5, 9}, {3, 4}, {1, 2}},
	} {
		expectNear(t, name, RingAreaM2(ring), 0, 1e-2)
	}
}

// TestRingAreaOfSmallRings compares with the plane, which is exact to rounding
// at this size. One metre of edge hides a million square metres between it
// and the equator.
func TestRingAreaOfSmallRings(t *testing.T) {
	for _, sideM := range []float64{1, 30, 1000} {
		for _, centre := range []orb.Point{{-73, -12.5}, {20, 0.0001}, {179.9999, 67}} {
			var square orb.Ring
			for azimuth := 45.0; azimuth > -315; azimuth -= 90 {
				corner, _ := Direct(centre, azimuth, sideM/math.Sqrt2)
				square = append(square, corner)
			}
			// The corners are rounded to 1e-14 of a degree, a nanometre.
			tolerance := 1e-8*sideM + 1e-7*sideM*sideM*(sideM/1e3)
			expectNear(t, "square", RingAreaM2(square), sideM*sideM, tolerance)
		}
	}
}

func TestPolygonArea(t *testing.T) {
	outer := orb.Ring{{-74, -13}, {-73, -13}, {-73, -12}, {-74, -12}, {-74, -13}}
	hole := orb.Ring{{-73.6, -12.6}, {-73.4, -12.6}, {-73.4, -12.4}, {-73.6, -12.4}, {-73.6, -12.6}}
	want := math.Abs(RingAreaM2(outer)) - math.Abs(RingAreaM2(hole))
	backwards := slices.Clone(hole)
	slices.Reverse(backwards)

	expectNear(t, "hole counter-clockwise", PolygonAreaM2(orb.Polygon{outer, hole}), want, 1e-3)
	expectNear(t, "hole clockwise", PolygonAreaM2(orb.Polygon{outer, backwards}), want, 1e-3)
	expectNear(t, "twice", MultiPolygonAreaM2(orb.MultiPolygon{{outer, hole}, {outer}}),
		want+math.Abs(RingAreaM2(outer)), 1e-2)
	expectNear(t, "no rings", PolygonAreaM2(nil), 0, 0)
}

func TestCellArea(t *testing.T) {
	const arcsec = 1.0 / 3600
	cases := []struct {
		name                string
		south, north, width float64
		wantM2, relative    float64
	}{
		{"the world", -90, 90, 360, worldM2, 1e-15},
		{"an octant", 0, 90, 90, worldM2 / 8, 1e-15},
		{"upside down", 90, 0, 90, -worldM2 / 8, 1e-15},
		{"nothing", 10, 10, 5, 0, 0},
		{"an arc-second on the equator", -arcsec / 2, arcsec / 2, arcsec,
			CurvatureAt(0).MeridianM * SemiMajorAxisM * arcsec * arcsec * radPerDeg * radPerDeg, 1e-10},
		{"an arc-second at −12.5°", -12.5 - arcsec/2, -12.5 + arcsec/2, arcsec, patchM2(-12.5, arcsec), 1e-10},
		{"an arc-second at 89°", 89 - arcsec/2, 89 + arcsec/2, arcsec, patchM2(89, arcsec), 1e-9},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			expectNear(t, "area", CellAreaM2(c.south, c.north, c.width), c.wantM2, c.relative*math.Abs(c.wantM2))
		})
	}
}

// patchM2 is M·N·cos φ dφ dλ: for cells so small the rest is far below 1e-9.
func patchM2(latDeg, sideDeg float64) float64 {
	side := sideDeg * radPerDeg
	return CurvatureAt(latDeg).MeridianM * CurvatureAt(latDeg).PrimeVerticalM * math.Cos(latDeg*radPerDeg) * side * side
}

func TestCellAreasAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		south := rapid.Float64Range(-90, 89).Draw(t, "south")
		north := rapid.Float64Range(south, 90).Draw(t, "north")
		const parts = 100
		sum := 0.0
		for i := range parts {
			a := south + (north-south)*float64(i)/parts
			b := south + (north-south)*float64(i+1)/parts
			sum += CellAreaM2(a, b, 3)
		}
		whole := CellAreaM2(south, north, 3)
		expectNear(t, "sum", sum, whole, 1e-11*whole+1e-3)
	})
}

// TestStraightAndGeodesicEdges holds the difference that RingAreaM2 documents.
func TestStraightAndGeodesicEdges(t *testing.T) {
	const latDeg, sideDeg = -12.0, 0.9
	edgeM := CurvatureAt(latDeg).PrimeVerticalM * math.Cos(latDeg*radPerDeg) * sideDeg * radPerDeg
	chord := orb.Ring{{0, latDeg}, {sideDeg, latDeg}, {sideDeg, 0}, {0, 0}}
	difference := RingAreaM2(chord) - CellAreaM2(latDeg, 0, sideDeg)
	want := math.Pow(edgeM, 3) * math.Tan(-latDeg*radPerDeg) / (12 * 6.37e6)
	expectNear(t, "area between parallel and geodesic", math.Abs(difference), want, 0.01*want)
}
