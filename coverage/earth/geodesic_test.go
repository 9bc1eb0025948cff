package earth

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// geodesicToleranceM is three times what either implementation promises.
const geodesicToleranceM = 5e-8

// Computed with GeographicLib; the first row is also published in the manual
// of its GeodSolve.
var inverseCases = []struct {
	name                         string
	from, to                     orb.Point
	distanceM, azimuth, azimuth2 float64
}{
	{"JFK to LHR", orb.Point{-73.8, 40.6}, orb.Point{-0.5, 51.6}, 5551759.4003186785, 51.19888284557983, 107.82177673551426},
	{"Puerto Maldonado to Pichari", orb.Point{-69.2282, -12.6131}, orb.Point{-73.83, -12.52}, 500176.9308455036, -89.32164073040843, -88.31989454006141},
	{"Puerto Maldonado to Iquitos", orb.Point{-69.2282, -12.6131}, orb.Point{-73.3088, -3.7847}, 1074769.8174475434, -25.04869323750052, -24.464776902915734},
	{"Lima to Auckland, across the antimeridian", orb.Point{-77.1143, -12.0219}, orb.Point{174.7917, -37.0081}, 10769662.231292663, -130.13096359494878, -69.3013050243867},
	{"a metre north", orb.Point{-69.2282, -12.6131}, orb.Point{-69.2282, -12.613091}, 0.9956451798071296, 0, 0},
	{"a millimetre", orb.Point{-69.2282, -12.6131}, orb.Point{-69.228199993, -12.613100006}, 0.0010094658297116917, 131.11246653285508, 131.11246653132653},
	{"an arc-second east", orb.Point{25, 60}, orb.Point{25.00027777777778, 60}, 15.500000436828445, 89.99987971869392, 90.00012028130608},
	{"across the equator", orb.Point{-70, -3}, orb.Point{-69, 4}, 781983.6934560325, 8.184567177677652, 8.193310316411347},
	{"along the equator", orb.Point{-80, 0}, orb.Point{-35, 0}, 5009377.085697311, 90, 90},
	{"along a meridian", orb.Point{-70, -18}, orb.Point{-70, 0}, 1990981.9348781104, 0, 0},
	{"over the north pole", orb.Point{10, 70}, orb.Point{-170, 80}, 3349810.858918378, 0, 180},
	{"from the south pole", orb.Point{0, -90}, orb.Point{30, -60}, 3347892.90982221, 30, 0},
	{"to the north pole", orb.Point{45, 45}, orb.Point{0, 90}, 5017021.351334979, 0, -45},
	{"just past the pole", orb.Point{0, 89.999}, orb.Point{170, 89.999}, 222.53790049188956, 5.000000000757685, 174.9999999992423},
	{"nearly antipodal", orb.Point{0, -30}, orb.Point{179.8, 29.9}, 19989832.82760953, 161.89052473632697, 18.0907372457395},
	{"nearly antipodal, inside the astroid", orb.Point{0, -10}, orb.Point{179.7, 10.05}, 19990780.47625276, 27.447454495661685, 152.5479839541693},
	{"nearly antipodal on the equator", orb.Point{0, 0}, orb.Point{179.5, 0}, 19980861.908890963, 55.966495140158635, 124.03350485984137},
	{"nearly antipodal on mirrored latitudes", orb.Point{0, -30}, orb.Point{179.999, 30}, 20003931.36632067, 179.8903745233787, 0.10962547662130122},
	{"beside the antipode of an equatorial point", orb.Point{0, 0}, orb.Point{179.5, 0.5}, 19936288.578965314, 25.67187286829188, 154.3270854699416},
	{"antipodal", orb.Point{20, -12.5}, orb.Point{-160, 12.5}, 20003931.458625447, 180, 0},
	{"coincident", orb.Point{-70, -12}, orb.Point{-70, -12}, 0, 0, 0},
	{"the same pole under two longitudes", orb.Point{0, 90}, orb.Point{90, 90}, 0, 0, 0},
}

func TestInverse(t *testing.T) {
	for _, c := range inverseCases {
		t.Run(c.name, func(t *testing.T) {
			got := Inverse(c.from, c.to)
			if math.Abs(got.DistanceM-c.distanceM) > geodesicToleranceM {
				t.Errorf("distance %.10f m, want %.10f", got.DistanceM, c.distanceM)
			}
			if c.distanceM == 0 {
				return
			}
			// Azimuths of a path as short as d are only as good as the
			// tolerance seen from d away; nearly antipodal ones are
			// weaker still, by the ratio of d to the reduced length.
			toleranceDeg := 1e-10 + degPerRad*1e-16*SemiMajorAxisM/c.distanceM
			if c.distanceM > 19.9e6 {
				toleranceDeg = 1e-8
			}
			expectDegrees(t, "azimuth", got.AzimuthDeg, c.azimuth, toleranceDeg)
			expectDegrees(t, "final azimuth", got.FinalAzimuthDeg, c.azimuth2, toleranceDeg)
		})
	}
}

func TestInverseOfTheQuarterMeridian(t *testing.T) {
	const publishedM = 10001965.729 // GRS 80 and WGS-84 agree to a millimetre
	if got := DistanceM(orb.Point{0, 0}, orb.Point{0, 90}); math.Abs(got-publishedM) > 1e-3 {
		t.Errorf("quarter meridian %.4f m, want %.3f", got, publishedM)
	}
}

func TestNaNPassesThrough(t *testing.T) {
	nan := math.NaN()
	if d := DistanceM(orb.Point{nan, 0}, orb.Point{1, 1}); !math.IsNaN(d) {
		t.Errorf("distance from a NaN longitude is %v", d)
	}
	if to, _ := Direct(orb.Point{0, nan}, 10, 1e5); !math.IsNaN(to.Lat()) {
		t.Errorf("latitude from a NaN latitude is %v", to.Lat())
	}
}

// Computed with GeographicLib.
var directCases = []struct {
	name                  string
	from                  orb.Point
	azimuthDeg, distanceM float64
	to                    orb.Point
	finalAzimuth          float64
}{
	{"a metre", orb.Point{-69.2282, -12.6131}, 123.4, 1, orb.Point{-69.22819231619668, -12.613104975996118}, 123.39999832211547},
	{"the range of a radar", orb.Point{-69.2282, -12.6131}, 271.5, 444480, orb.Point{-73.3157278564628, -12.476737820229086}, -87.61180683508017},
	{"half way round", orb.Point{-75, 40}, 33, 2e7, orb.Point{104.7603338047266, -40.01456445159013}, 146.99209159494694},
	{"across the antimeridian", orb.Point{179, -17}, 80, 400e3, orb.Point{-177.31324482466226, -16.339277053463775}, 78.94208878658327},
	{"past the pole", orb.Point{20, 89}, 0.5, 300e3, orb.Point{-160.79638530905277, 88.31402320135714}, 179.70341014887796},
	{"from the pole", orb.Point{30, 90}, 120, 1e6, orb.Point{90, 81.04623281595062}, 180},
	{"backwards", orb.Point{-75, -5}, 10, -250e3, orb.Point{-75.39298026763122, -7.226184179557445}, 10.041857066264775},
	{"along the equator", orb.Point{100, 0}, 90, 9e6, orb.Point{-179.15162442924307, 0}, 90},
	{"nowhere", orb.Point{-75, -5}, 10, 0, orb.Point{-75, -5}, 10},
}

func TestDirect(t *testing.T) {
	for _, c := range directCases {
		t.Run(c.name, func(t *testing.T) {
			to, final := Direct(c.from, c.azimuthDeg, c.distanceM)
			if off := DistanceM(to, c.to); off > geodesicToleranceM {
				t.Errorf("arrived at %v, %.3g m from %v", to, off, c.to)
			}
			expectDegrees(t, "final azimuth", final, c.finalAzimuth, 1e-10)
		})
	}
}

func TestLineGoesThroughThePole(t *testing.T) {
	line := NewLine(orb.Point{20, 89}, 0)
	toPoleM := DistanceM(orb.Point{20, 89}, orb.Point{0, 90})
	if at := line.At(toPoleM); math.Abs(at.Lat()-90) > 1e-9 {
		t.Errorf("at the pole's distance the line is at %v", at)
	}
	beyond, azimuth := line.AtWithAzimuth(2 * toPoleM)
	if off := DistanceM(beyond, orb.Point{-160, 89}); off > geodesicToleranceM {
		t.Errorf("beyond the pole the line is at %v, %.3g m off the opposite meridian", beyond, off)
	}
	expectDegrees(t, "azimuth beyond the pole", azimuth, 180, 1e-9)
}

func TestDirectUndoesInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := drawPoint(t, "from"), drawPoint(t, "to")
		g := Inverse(from, to)
		got, final := Direct(from, g.AzimuthDeg, g.DistanceM)
		if off := DistanceM(got, to); off > geodesicToleranceM {
			t.Errorf("arrived %.3g m from the target", off)
		}
		// At a pole the azimuth is a matter of the longitude, which Direct
		// cannot know.
		if math.Abs(to.Lat()) < 89.99 && g.DistanceM > 1 {
			expectDegrees(t, "final azimuth", final, g.FinalAzimuthDeg, 1e-5/math.Min(g.DistanceM, 1e5))
		}
	})
}

func TestInverseIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := drawPoint(t, "from"), drawPoint(t, "to")
		there, back := DistanceM(from, to), DistanceM(to, from)
		if math.Abs(there-back) > geodesicToleranceM {
			t.Errorf("there %.10f m, back %.10f m", there, back)
		}
	})
}

// TestInverseFindsTheShortestPath walks around the nearly antipodal points,
// where several geodesics compete: no detour over a third point is shorter.
func TestInverseFindsTheShortestPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := drawPoint(t, "from")
		to := orb.Point{
			normalLonDeg(from.Lon() + 180 + rapid.Float64Range(-1, 1).Draw(t, "lon")),
			math.Max(-90, math.Min(90, -from.Lat()+rapid.Float64Range(-1, 1).Draw(t, "lat"))),
		}
		over, _ := Direct(from, rapid.Float64Range(-180, 180).Draw(t, "azimuth"), 10e6)
		direct, detour := DistanceM(from, to), DistanceM(from, over)+DistanceM(over, to)
		if direct > detour+geodesicToleranceM {
			t.Errorf("%.9f m, but %.9f m over %v", direct, detour, over)
		}
	})
}

func drawPoint(t *rapid.T, label string) orb.Point {
	return orb.Point{
		rapid.Float64Range(-180, 180).Draw(t, label+" lon"),
		rapid.Float64Range(-90, 90).Draw(t, label+" lat"),
	}
}

// reporter is what testing.T and rapid.T have in common.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

func expectDegrees(t reporter, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(math.Remainder(got-want, 360)) <= tolerance) {
		t.Errorf("%s %.12f°, want %.12f° ± %.2g", what, got, want, tolerance)
	}
}

func expectNear(t reporter, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.12g, want %.12g ± %.2g", what, got, want, tolerance)
	}
}
