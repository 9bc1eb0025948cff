package airspace_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"

	"github.com/canopyradar/canopy/coverage/airspace"
)

func parse(t testing.TB, text string) orb.MultiPolygon {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if p, ok := g.(orb.Polygon); ok {
		return orb.MultiPolygon{p}
	}
	return g.(orb.MultiPolygon)
}

func TestValidateAccepts(t *testing.T) {
	tests := []struct{ name, area string }{
		{"a square", "POLYGON((0 0,4 0,4 4,0 4,0 0))"},
		{"clockwise", "POLYGON((0 0,0 4,4 4,4 0,0 0))"},
		{"a repeated position", "POLYGON((0 0,4 0,4 0,4 4,0 4,0 0,0 0))"},
		{"positions along a side", "POLYGON((0 0,1 0,2 0,4 0,4 4,0 4,0 0))"},
		{"a hole", "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))"},
		{"a hole that touches the outer ring's side", "POLYGON((0 0,4 0,4 4,0 4,0 0),(2 0,3 2,1 2,2 0))"},
		{"a hole that touches the outer ring's corner", "POLYGON((0 0,4 0,4 4,0 4,0 0),(0 0,3 2,2 3,0 0))"},
		{"a hole with all corners on the outer ring", "POLYGON((0 0,4 0,4 4,0 4,0 0),(2 0,4 2,2 4,0 2,2 0))"},
		{"polygons that touch at a corner", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((4 4,6 4,6 6,4 6,4 4)))"},
		{"an island in a hole", "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(1 1,8 1,8 8,1 8,1 1)),((2 2,3 2,3 3,2 3,2 2)))"},
		// ┌──┐
		// │┌┐│  the ring comes back to the middle of its side, and turns
		// └┴┴┘
		{"a ring that touches itself", "POLYGON((0 0,2 0,1 1,3 1,2 0,4 0,4 4,0 4,0 0))"},
		{"the whole earth", "POLYGON((-180 -90,0 -90,180 -90,180 90,0 90,-180 90,-180 -90))"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := airspace.Validate(parse(t, test.area)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestValidateRefuses(t *testing.T) {
	tests := []struct {
		name, area    string
		polygon, ring int
		at            orb.Point
		reason        string
	}{
		{"no polygon", "MULTIPOLYGON EMPTY", -1, -1, orb.Point{}, "no polygon"},
		{"no ring", "POLYGON EMPTY", 0, -1, orb.Point{}, "no ring"},
		{"latitude 95", "POLYGON((0 0,4 0,4 95,0 4,0 0))", 0, 0, orb.Point{4, 95}, "latitude 95"},
		{"longitude -181", "POLYGON((0 0,4 0,-181 4,0 4,0 0))", 0, 0, orb.Point{-181, 4}, "longitude -181"},
		{"three positions", "POLYGON((0 0,4 0,0 0))", 0, 0, orb.Point{0, 0}, "3 positions"},
		{"an open ring", "POLYGON((0 0,4 0,4 4,0 4))", 0, 0, orb.Point{0, 4}, "open"},
		{"one place", "POLYGON((1 2,1 2,1 2,1 2))", 0, 0, orb.Point{1, 2}, "no ground"},
		{"one line", "POLYGON((0 0,1 1,3 3,0 0))", 0, 0, orb.Point{0, 0}, "no ground"},
		{"a spike", "POLYGON((0 0,4 0,4 4,6 4,4 4,0 4,0 0))", 0, 0, orb.Point{4, 4}, "twice along"},
		{"a bow tie", "POLYGON((0 0,4 4,4 0,0 4,0 0))", 0, 0, orb.Point{2, 2}, "crosses itself"},
		{"a bow tie with a knot", "POLYGON((0 0,2 2,4 4,4 0,2 2,0 4,0 0))", 0, 0, orb.Point{2, 2}, "crosses itself"},
		{"a crossing at a corner, on a side", "POLYGON((0 0,4 0,4 4,2 0,2 -2,0 0))", 0, 0, orb.Point{2, 0}, "crosses itself"},
		{"a hole across the border", "POLYGON((0 0,4 0,4 4,0 4,0 0),(3 1,6 1,6 2,3 2,3 1))", 0, 1, orb.Point{4, 1}, "rings of the polygon cross"},
		{"a hole across the border at corners", "POLYGON((0 0,4 0,4 2,4 4,0 4,0 0),(3 1,4 2,5 1,4 0,3 1))", 0, 1, orb.Point{4, 2}, "rings of the polygon cross"},
		{"a hole along the border", "POLYGON((0 0,4 0,4 4,0 4,0 0),(4 1,4 2,3 2,3 1,4 1))", 0, 1, orb.Point{4, 1}, "share a stretch"},
		{"a hole outside", "POLYGON((0 0,4 0,4 4,0 4,0 0),(5 1,6 1,6 2,5 2,5 1))", 0, 1, orb.Point{5, 1}, "outside"},
		{"a hole in a hole", "POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,8 1,8 8,1 8,1 1),(2 2,3 2,3 3,2 3,2 2))", 0, 2, orb.Point{2, 2}, "in another hole"},
		{"polygons that overlap", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((3 1,6 1,6 2,3 2,3 1)))", 1, 0, orb.Point{4, 1}, "overlap"},
		{"a polygon in another", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((1 1,2 1,2 2,1 2,1 1)))", 1, 0, orb.Point{1, 1}, "overlap"},
		{"a polygon twice", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((0 0,4 0,4 4,0 4,0 0)))", 1, 0, orb.Point{0, 0}, "share a stretch"},
		{"polygons with a common border", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((4 0,8 0,8 4,4 4,4 0)))", 1, 0, orb.Point{4, 0}, "share a stretch"},
		{"across the antimeridian", "POLYGON((170 0,-170 0,-170 9,170 9,170 0))", 0, 0, orb.Point{170, 0}, "180 degrees"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := airspace.Validate(parse(t, test.area))
			checkFault(t, err, test.polygon, test.ring, test.reason)
			var fault *airspace.GeometryError
			if errors.As(err, &fault) && fault.At != test.at {
				t.Errorf("at %v, want %v", fault.At, test.at)
			}
		})
	}
}

func checkFault(t *testing.T, err error, polygon, ring int, reason string) {
	t.Helper()
	var fault *airspace.GeometryError
	if !errors.As(err, &fault) {
		t.Fatalf("got %v, want a GeometryError", err)
	}
	if fault.Polygon != polygon || fault.Ring != ring || !strings.Contains(fault.Reason, reason) || fault.Remedy == "" {
		t.Errorf("got %+v, want polygon %d, ring %d, %s", fault, polygon, ring, reason)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than a line: %q", err)
	}
}

func TestValidateRefusesWhatIsNoNumber(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for axis := range 2 {
			area := parse(t, "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))")
			area[0][1][2][axis] = bad
			checkFault(t, airspace.Validate(area), 0, 1, "is not between")
		}
	}
}

func TestGeometryErrorText(t *testing.T) {
	tests := []struct{ area, want string }{
		{"MULTIPOLYGON EMPTY", "the area has no polygon: give at least one"},
		{"POLYGON EMPTY", "polygon 1: the polygon has no ring: leave it out, or give its outer ring"},
		{"POLYGON((0 0,4 4,4 0,0 4,0 0))", "polygon 1, outer ring, at longitude 2, latitude 2: " +
			"the ring crosses itself: split it in two there, or put its positions in order"},
		{"POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 95,2 2,1 1))", "polygon 1, hole 1, at longitude 2, latitude 95: " +
			"latitude 95 is not between -90 and 90: give longitude first, then latitude, in degrees"},
	}
	for _, test := range tests {
		if err := airspace.Validate(parse(t, test.area)); err == nil || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

// star returns a ring of n corners around a centre, with chance radii between
// near and far: it never crosses itself.
func star(random *rand.Rand, n int, centre orb.Point, near, far float64) orb.Ring {
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		radius := near + random.Float64()*(far-near)
		ring = append(ring, orb.Point{centre.Lon() + radius*cos, centre.Lat() + radius*sin})
	}
	return append(ring, ring[0])
}

// Rings of chance corners on a small grid meet in every way that there is.
// Where simplefeatures finds the polygon valid, so must Validate; the other
// way round it allows more, rings that touch themselves.
func TestValidateAgainstSimplefeatures(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	valid := 0
	for range 40000 {
		area := orb.MultiPolygon{{gridRing(random)}}
		if random.IntN(2) == 0 {
			area[0] = append(area[0], gridRing(random))
		}
		peer, err := geom.UnmarshalWKT(wkt.MarshalString(area), geom.NoValidate{})
		if err != nil {
			t.Fatal(err)
		}
		peerErr, gotErr := peer.Validate(), airspace.Validate(area)
		if peerErr == nil && gotErr != nil && !holeOutside(area[0]) {
			t.Fatalf("%s is valid, got %v", wkt.MarshalString(area), gotErr)
		}
		if gotErr == nil {
			valid++
		}
		if peerErr != nil && gotErr == nil && !touches(peerErr) {
			t.Fatalf("%s is invalid: %v", wkt.MarshalString(area), peerErr)
		}
	}
	if valid < 1000 {
		t.Errorf("only %d areas were valid", valid)
	}
}

// holeOutside reports whether the hole has a corner outside of the outer ring,
// which simplefeatures 0.50 overlooks where the two touch.
func holeOutside(polygon orb.Polygon) bool {
	for _, hole := range polygon[1:] {
		for _, p := range hole {
			if !planar.RingContains(polygon[0], p) {
				return true
			}
		}
	}
	return false
}

// touches reports whether an error may stand for rings that touch but do not
// cross.
func touches(err error) bool {
	return strings.Contains(err.Error(), "not simple") || strings.Contains(err.Error(), "connected") ||
		strings.Contains(err.Error(), "multiple points")
}

func gridRing(random *rand.Rand) orb.Ring {
	var ring orb.Ring
	for range 3 + random.IntN(4) {
		ring = append(ring, orb.Point{float64(random.IntN(6)), float64(random.IntN(6))})
	}
	return append(ring, ring[0])
}

// sieve returns a square of side degrees with a hole in each degree.
func sieve(side int) orb.MultiPolygon {
	square := func(west, south, size float64) orb.Ring {
		return orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{west + size, south + size}}.ToRing()
	}
	polygon := orb.Polygon{square(0, 0, float64(side))}
	for col := range side {
		for row := range side {
			polygon = append(polygon, square(float64(col)+0.25, float64(row)+0.25, 0.5))
		}
	}
	return orb.MultiPolygon{polygon}
}

func TestValidateManyHoles(t *testing.T) {
	area := sieve(30)
	if err := airspace.Validate(area); err != nil {
		t.Error(err)
	}
	area[0] = append(area[0], orb.Ring{{0.4, 0.4}, {0.6, 0.4}, {0.6, 0.6}, {0.4, 0.4}})
	checkFault(t, airspace.Validate(area), 0, 901, "in another hole")
}

func BenchmarkValidate7921Holes(b *testing.B) {
	area := sieve(89)
	b.ReportAllocs()
	for b.Loop() {
		if err := airspace.Validate(area); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidate10000(b *testing.B) {
	area := orb.MultiPolygon{{star(rand.New(rand.NewPCG(1, 2)), 10000, orb.Point{-75, -8}, 5, 5.01)}}
	b.ReportAllocs()
	for b.Loop() {
		if err := airspace.Validate(area); err != nil {
			b.Fatal(err)
		}
	}
}

// comb is a star with so many spikes, each a degree long, that lie side by side.
func comb(spikes int) orb.MultiPolygon {
	var ring orb.Ring
	for i := range 2 * spikes {
		sin, cos := math.Sincos(math.Pi * float64(i) / float64(spikes))
		r := 3 + float64(i%2)
		ring = append(ring, orb.Point{-74 + r*cos, -10 + r*sin})
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

// TestEntangledAreas: the time that an area takes is bounded, and those that people
// draw are far from that.
func TestEntangledAreas(t *testing.T) {
	if err := airspace.Validate(comb(1000)); err != nil {
		t.Errorf("a thousand spikes: %v", err)
	}
	err := airspace.Validate(comb(50_000))
	var fault *airspace.GeometryError
	if !errors.As(err, &fault) || !strings.Contains(err.Error(), "lie near 100 others each on average: simplify the border") {
		t.Errorf("50,000 spikes: %v", err)
	}
}
