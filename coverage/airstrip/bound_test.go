package airstrip

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/earth"
)

func TestLonGap(t *testing.T) {
	tests := []struct {
		name            string
		lon, west, east float64
		want            float64
	}{
		{"inside", 5, 0, 10, 0},
		{"on the west side", 0, 0, 10, 0},
		{"west of it", -5, 0, 10, 5},
		{"east of it", 15, 0, 10, 5},
		{"across the antimeridian, westward", -179, 170, 179, 2},
		{"across the antimeridian, eastward", 179, -179, -170, 2},
		{"the antimeridian by its two names", 180, -180, -180, 0},
		{"opposite a line", 90, -90, -90, 180},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := lonGapDeg(tt.lon, tt.west, tt.east); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// Planar distance in degrees gets every one of these wrong.
func TestBoundNearTheEdgesOfTheMap(t *testing.T) {
	tests := []struct {
		name   string
		from   orb.Point
		lo, hi [2]float64
		maxM   float64
	}{
		{"inside", orb.Point{-74, -12}, [2]float64{-75, -13}, [2]float64{-73, -11}, 0},
		{"next to it across the antimeridian", orb.Point{179.99, 0}, [2]float64{-180, -1}, [2]float64{-179, 1}, 1113.2},
		{"the pole, which every meridian meets", orb.Point{0, 90}, [2]float64{170, 89.99}, [2]float64{180, 90}, 0},
		{"over the pole", orb.Point{0, 89.99}, [2]float64{180, 80}, [2]float64{180, 89.99}, 2233.9},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := newOrigin(tt.from).atLeastM(tt.lo, tt.hi); got > tt.maxM {
				t.Errorf("bound of %v m is over the distance, %v m", got, tt.maxM)
			}
		})
	}
}

const nanoPerUnit = 1e9

// drawDeg draws a number of degrees in steps of a nanodegree, a tenth of a
// millimetre.
func drawDeg(t *rapid.T, lo, hi float64, name string) float64 {
	return float64(rapid.Int64Range(int64(lo*nanoPerUnit), int64(hi*nanoPerUnit)).Draw(t, name)) / nanoPerUnit
}

// drawEdgy draws from −limit to limit, often close to an end or to 0.
func drawEdgy(t *rapid.T, limit float64, name string) float64 {
	return rapid.SampledFrom([]func() float64{
		func() float64 { return drawDeg(t, -limit, limit, name) },
		func() float64 { return drawDeg(t, limit-0.01, limit, name) },
		func() float64 { return drawDeg(t, -limit, -limit+0.01, name) },
		func() float64 { return drawDeg(t, -0.01, 0.01, name) },
	}).Draw(t, "where")()
}

func drawSpan(t *rapid.T, limit float64, name string) (lo, hi float64) {
	a, b := drawEdgy(t, limit, name+" a"), drawEdgy(t, limit, name+" b")
	return min(a, b), max(a, b)
}

func TestBoundNeverExceedsTheDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		west, east := drawSpan(t, 180, "lon")
		south, north := drawSpan(t, 90, "lat")
		inBox := orb.Point{drawDeg(t, west, east, "lon in"), drawDeg(t, south, north, "lat in")}
		from := orb.Point{drawEdgy(t, 180, "from lon"), drawEdgy(t, 90, "from lat")}

		boundM := newOrigin(from).atLeastM([2]float64{west, south}, [2]float64{east, north})
		if d := earth.DistanceM(from, inBox); !(boundM <= d) {
			t.Fatalf("bound %v m exceeds %v m, from %v to %v", boundM, d, from, inBox)
		}
	})
}

// A bound that is far under the distance is true, but opens too many boxes.
// The radii of curvature differ by 1 %, so no bound of this kind can be more
// than that under the distance to a single point; antipodes, to which the
// ellipsoid has shortcuts, are left out.
func TestBoundIsClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := orb.Point{drawDeg(t, -180, 180, "lon"), drawDeg(t, -85, 85, "lat")}
		to, _ := earth.Direct(from, rapid.Float64Range(0, 360).Draw(t, "azimuth"), rapid.Float64Range(1e3, 1e7).Draw(t, "distance"))
		d := earth.DistanceM(from, to)
		if boundM := newOrigin(from).atLeastM(to, to); boundM < 0.985*d {
			t.Fatalf("bound %v m is far under %v m", boundM, d)
		}
	})
}

func TestMinCurvatureRadius(t *testing.T) {
	const publishedM = 6335439.3273 // a(1−e²), Moritz 2000 and NGA.STND.0036
	if math.Abs(minCurvatureRadiusM-publishedM) > 1e-3 {
		t.Errorf("got %.4f m, want %.4f m", float64(minCurvatureRadiusM), publishedM)
	}
}
