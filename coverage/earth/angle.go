package earth

import "math"

const (
	radPerDeg = math.Pi / 180
	degPerRad = 180 / math.Pi

	epsilon = 0x1p-52
	// tiny stands for zero where a direction must survive. Its square is
	// still a normal number.
	tiny = 0x1p-511
)

// angle is an angle as a point of the unit circle. Sums and differences of
// small angles keep their relative accuracy in this form, and nothing has to
// be brought back into a range.
type angle struct{ sin, cos float64 }

// inDegrees is exact at multiples of 90.
func inDegrees(deg float64) angle {
	rest := math.Remainder(deg, 90)
	quarters := math.Remainder((deg-rest)/90, 4)
	sin, cos := math.Sincos(rest * radPerDeg)
	switch quarters {
	case 1:
		return angle{cos, -sin}
	case -1:
		return angle{-cos, sin}
	case 2, -2:
		return angle{-sin, -cos}
	}
	return angle{sin, cos}
}

func inRadians(rad float64) angle {
	sin, cos := math.Sincos(rad)
	return angle{sin, cos}
}

// direction is the angle from the x axis to the point (x, y), which must not
// be the origin.
func direction(y, x float64) angle {
	length := math.Hypot(x, y)
	return angle{y / length, x / length}
}

func (a angle) rad() float64 { return math.Atan2(a.sin, a.cos) }

// deg is within ±180. Adding zero to the sine turns −0 into 0, so that due
// north is 0 and due south 180, and neither carries a sign.
func (a angle) deg() float64 { return math.Atan2(a.sin+0, a.cos) * degPerRad }

func (a angle) plus(b angle) angle {
	return angle{a.sin*b.cos + a.cos*b.sin, a.cos*b.cos - a.sin*b.sin}
}

func (a angle) minus(b angle) angle {
	return angle{a.sin*b.cos - a.cos*b.sin, a.cos*b.cos + a.sin*b.sin}
}

// nudge adds an angle so small (below 1e-3 radians: the terms of sixth order
// are left out) that its sine and cosine need no call.
func (a angle) nudge(rad float64) angle {
	r2 := rad * rad
	sin := rad * (1 - r2/6*(1-r2/20))
	cos := 1 - r2/2*(1-r2/12)
	return angle{a.sin*cos + a.cos*sin, a.cos*cos - a.sin*sin}
}

// reducedLatitude is β of tan β = (1 − f) tan φ. At a pole its cosine stays
// just above zero, so that a meridian through the pole remains a direction. Near the
// equator latitudes are rounded to 1e-17 degrees: squares of smaller ones
// would underflow.
func reducedLatitude(latDeg float64) angle {
	const coarse = 1.0 / 16
	if math.Abs(latDeg) < coarse {
		latDeg = math.Copysign(coarse-(coarse-math.Abs(latDeg)), latDeg)
	}
	phi := inDegrees(latDeg)
	beta := direction((1-Flattening)*phi.sin, phi.cos)
	beta.cos = math.Max(beta.cos, tiny)
	return beta
}

// lonDifferenceDeg is the way east from one longitude to another, within
// ±180. What rounding the difference drops is added back once the difference
// is small, so that neighbours across the antimeridian lose nothing.
func lonDifferenceDeg(fromDeg, toDeg float64) float64 {
	difference := toDeg - fromDeg
	taken := difference + fromDeg
	dropped := (toDeg - taken) + ((taken - difference) - fromDeg)
	return math.Remainder(difference, 360) + dropped
}

// normalLonDeg brings a longitude into ±180.
func normalLonDeg(lonDeg float64) float64 {
	if lonDeg >= -180 && lonDeg <= 180 {
		return lonDeg
	}
	return math.Remainder(lonDeg, 360)
}
