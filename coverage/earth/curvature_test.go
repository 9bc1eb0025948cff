package earth

import (
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"
)

func mustK(deltaN float64) float64 {
	k, err := KFromGradient(deltaN)
	if err != nil {
		panic(err)
	}
	return k
}

func TestRadiiOfCurvature(t *testing.T) {
	const polarM = SemiMajorAxisM * SemiMajorAxisM / SemiMinorAxisM
	cases := []struct {
		name       string
		got, wantM float64
	}{
		{"M on the equator", CurvatureAt(0).MeridianM, SemiMinorAxisM * SemiMinorAxisM / SemiMajorAxisM},
		{"N on the equator", CurvatureAt(0).PrimeVerticalM, SemiMajorAxisM},
		{"M at the pole", CurvatureAt(90).MeridianM, polarM},
		{"N at the pole", CurvatureAt(-90).PrimeVerticalM, polarM},
		{"north", CurvatureAt(-12).AlongM(0), CurvatureAt(-12).MeridianM},
		{"south", CurvatureAt(-12).AlongM(180), CurvatureAt(12).MeridianM},
		{"west", CurvatureAt(-12).AlongM(-90), CurvatureAt(-12).PrimeVerticalM},
		{"between", CurvatureAt(-12).AlongM(45),
			2 / (1/CurvatureAt(-12).MeridianM + 1/CurvatureAt(-12).PrimeVerticalM)},
	}
	for _, c := range cases {
		expectNear(t, c.name, c.got, c.wantM, 1e-8)
	}
}

// TestCurvatureOfGeodesics measures the radii with the geodesics themselves: a
// chord c under an arc s has s − c = s³/(24·R²).
func TestCurvatureOfGeodesics(t *testing.T) {
	const latDeg, arcM = -12.6, 40e3
	for _, azimuthDeg := range []float64{0, 30, 60, 90} {
		ahead, _ := Direct(orb.Point{0, latDeg}, azimuthDeg, arcM/2)
		behind, _ := Direct(orb.Point{0, latDeg}, azimuthDeg, -arcM/2)
		shortfall := arcM - chordM(ahead, behind)
		got := math.Sqrt(arcM * arcM * arcM / (24 * shortfall))
		expectNear(t, "radius", got, CurvatureAt(latDeg).AlongM(azimuthDeg), 1e-4*got)
	}
}

// chordM is the straight way through the earth.
func chordM(a, b orb.Point) float64 {
	x1, y1, z1 := geocentric(a)
	x2, y2, z2 := geocentric(b)
	return math.Sqrt((x1-x2)*(x1-x2) + (y1-y2)*(y1-y2) + (z1-z2)*(z1-z2))
}

func geocentric(p orb.Point) (x, y, z float64) {
	phi, lambda, n := inDegrees(p.Lat()), inDegrees(p.Lon()), CurvatureAt(p.Lat()).PrimeVerticalM
	return n * phi.cos * lambda.cos, n * phi.cos * lambda.sin, n * (1 - eccentricity2) * phi.sin
}

func TestKFromGradient(t *testing.T) {
	for _, c := range []struct{ deltaN, k float64 }{{0, 1}, {39.25, 4.0 / 3}, {-157, 0.5}, {156, 157}} {
		expectNear(t, "k", mustK(c.deltaN), c.k, 1e-12)
	}
	for _, deltaN := range []float64{157, 200, math.NaN(), math.Inf(1), math.Inf(-1)} {
		var refused *GradientError
		if _, err := KFromGradient(deltaN); !errors.As(err, &refused) {
			t.Errorf("ΔN %v: error %v", deltaN, err)
		}
	}
}

func TestEffectiveRadiusFromLapse(t *testing.T) {
	expectNear(t, "no refraction", EffectiveRadiusFromLapse(6371000, 0), 6371000, 0)
	if r := EffectiveRadiusFromLapse(6371000, -2.0/6371000); r >= 0 {
		t.Errorf("trapped rays give %v, want a negative radius", r)
	}
}
