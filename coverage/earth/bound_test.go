package earth

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestBoundAround(t *testing.T) {
	cases := []struct {
		name    string
		centre  orb.Point
		radiusM float64
		allLons bool
	}{
		{"Puerto Maldonado", orb.Point{-69.2282, -12.6131}, 444480, false},
		{"one metre", orb.Point{-69.2282, -12.6131}, 1, false},
		{"on the equator", orb.Point{10, 0}, 2e6, false},
		{"on the equator, almost to the poles", orb.Point{10, 0}, 9.99e6, false},
		{"beside the pole", orb.Point{10, 88}, 223e3, false},
		{"over the north pole", orb.Point{10, 88}, 224e3, true},
		{"over the south pole", orb.Point{10, -85}, 1e6, true},
		{"over the antimeridian", orb.Point{179, -17}, 400e3, true},
		{"half the world", orb.Point{0, 20}, 12e6, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := BoundAround(c.centre, c.radiusM)
			if all := b.Min.Lon() == -180 && b.Max.Lon() == 180; all != c.allLons {
				t.Fatalf("every longitude: %v, in %v", all, b)
			}
			rim := rimBound(c.centre, c.radiusM, 20000)
			if c.allLons {
				return
			}
			if !b.Contains(rim.Min) || !b.Contains(rim.Max) {
				t.Errorf("%v does not hold the rim %v", b, rim)
			}
			// The rim is sampled, so that its box falls short by a little.
			slack := 1e-7 + 1e-6*c.radiusM*degPerRad/SemiMinorAxisM/math.Cos(b.Max.Lat()*radPerDeg)
			expectNear(t, "west", b.Min.Lon(), rim.Min.Lon(), slack)
			expectNear(t, "east", b.Max.Lon(), rim.Max.Lon(), slack)
			expectNear(t, "south", b.Min.Lat(), rim.Min.Lat(), slack)
			expectNear(t, "north", b.Max.Lat(), rim.Max.Lat(), slack)
		})
	}
}

func rimBound(centre orb.Point, radiusM float64, points int) orb.Bound {
	b := orb.Bound{Min: centre, Max: centre}
	for i := range points {
		to, _ := Direct(centre, 360*float64(i)/float64(points), radiusM)
		b = b.Extend(to)
	}
	return b
}

func TestBoundAroundHoldsTheDisc(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := drawPoint(t, "centre")
		radiusM := math.Pow(10, rapid.Float64Range(0, 7).Draw(t, "log radius"))
		azimuthDeg := rapid.Float64Range(-180, 180).Draw(t, "azimuth")
		share := rapid.Float64Range(0.9, 1).Draw(t, "share")
		to, _ := Direct(centre, azimuthDeg, radiusM*share)
		if b := BoundAround(centre, radiusM); !b.Contains(to) {
			t.Errorf("%v does not hold %v", b, to)
		}
	})
}

func TestBoundAroundNoRadius(t *testing.T) {
	centre := orb.Point{-70, -12}
	b := BoundAround(centre, 0)
	if !b.Contains(centre) || b.Max.Lon()-b.Min.Lon() > 1e-10 || b.Max.Lat()-b.Min.Lat() > 1e-10 {
		t.Errorf("box around a point: %v", b)
	}
}
