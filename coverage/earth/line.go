package earth

import (
	"math"

	"github.com/paulmach/orb"
)

// Line is a geodesic that leaves a point at an azimuth, prepared once so that
// positions along it are cheap. It is safe for concurrent use. The zero Line
// is of no use.
//
// The line is kept on Karney's auxiliary sphere: α0 is the azimuth at the node
// where the geodesic crosses the equator northwards, σ the arc from there,
// ω the longitude from there, and τ the arc stretched in proportion to the
// distance (section 2).
type Line struct {
	fromLonDeg     float64
	alpha0         angle
	tau1, omega1   angle
	radPerM        float64 // τ per metre
	sigma1FromTau1 float64
	c1Reverted     series
	c3             series
	c3At1          float64
	lonScale       float64 // −f sin α0 A3
}

// NewLine prepares the geodesic that leaves from at azimuthDeg. At a pole the
// azimuth is counted from the meridian of from's longitude: that is the way
// the line goes.
func NewLine(from orb.Point, azimuthDeg float64) Line {
	beta1, alpha1 := reducedLatitude(from.Lat()), inDegrees(azimuthDeg)
	alpha0 := nodeAzimuth(alpha1, beta1)
	sigma1 := arcFromNode(alpha1, beta1)
	eps := expansion(alpha0)
	forward := c1(eps)
	stretch := forward.sum(sigma1)

	l := Line{
		fromLonDeg:     from.Lon(),
		alpha0:         alpha0,
		tau1:           sigma1.plus(inRadians(stretch)),
		omega1:         lonFromNode(alpha0, sigma1),
		radPerM:        1 / (SemiMinorAxisM * a1(eps)),
		sigma1FromTau1: -stretch,
		c1Reverted:     c1Reverted(eps),
		c3:             c3(eps),
		lonScale:       -Flattening * alpha0.sin * a3(eps),
	}
	l.c3At1 = l.c3.sum(sigma1)
	return l
}

// At returns the position distanceM along the line; a negative distance lies
// behind its start. The longitude is within ±180.
func (l *Line) At(distanceM float64) orb.Point {
	sigma2, sigma12Rad := l.arc(distanceM)
	return l.point(sigma2, sigma12Rad)
}

// AtWithAzimuth returns the position distanceM along the line, and the azimuth
// of the line there.
func (l *Line) AtWithAzimuth(distanceM float64) (to orb.Point, azimuthDeg float64) {
	sigma2, sigma12Rad := l.arc(distanceM)
	azimuth := angle{l.alpha0.sin, l.alpha0.cos * sigma2.cos}
	return l.point(sigma2, sigma12Rad), azimuth.deg()
}

// arc returns the arc from the node to the position at distanceM, and the arc
// from the start of the line.
func (l *Line) arc(distanceM float64) (sigma2 angle, sigma12Rad float64) {
	tau12Rad := distanceM * l.radPerM
	tau2 := l.tau1.plus(inRadians(tau12Rad))
	back := l.c1Reverted.sum(tau2)
	return tau2.nudge(back), tau12Rad + back - l.sigma1FromTau1
}

func (l *Line) point(sigma2 angle, sigma12Rad float64) orb.Point {
	sinBeta := l.alpha0.cos * sigma2.sin
	x := l.alpha0.cos * sigma2.cos
	cosBeta := math.Sqrt(l.alpha0.sin*l.alpha0.sin + x*x)
	lat := math.Atan(sinBeta / ((1 - Flattening) * cosBeta))

	omega2 := angle{l.alpha0.sin * sigma2.sin, sigma2.cos}
	omega12 := omega2.minus(l.omega1)
	lon := omega12.rad() + l.lonScale*(sigma12Rad+l.c3.sum(sigma2)-l.c3At1)
	return orb.Point{normalLonDeg(l.fromLonDeg + lon*degPerRad), lat * degPerRad}
}

// Direct returns where the geodesic that leaves from at azimuthDeg is after
// distanceM metres, and its azimuth there. It is accurate to about 15 nm. At a
// pole see NewLine; a negative distance goes backwards.
func Direct(from orb.Point, azimuthDeg, distanceM float64) (to orb.Point, finalAzimuthDeg float64) {
	line := NewLine(from, azimuthDeg)
	return line.AtWithAzimuth(distanceM)
}

// nodeAzimuth is α0 of a geodesic that passes the reduced latitude beta with
// azimuth alpha.
func nodeAzimuth(alpha, beta angle) angle {
	return angle{alpha.sin * beta.cos, math.Hypot(alpha.cos, alpha.sin*beta.sin)}
}

// arcFromNode is σ where the geodesic passes beta with azimuth alpha. On the
// equator, heading along it, the arc is zero.
func arcFromNode(alpha, beta angle) angle {
	x := alpha.cos * beta.cos
	if beta.sin == 0 && x == 0 {
		return angle{0, 1}
	}
	return direction(beta.sin, x)
}

// lonFromNode is ω at σ.
func lonFromNode(alpha0, sigma angle) angle {
	y := alpha0.sin * sigma.sin
	if y == 0 && sigma.cos == 0 {
		return angle{0, 1}
	}
	return direction(y, sigma.cos)
}

// expansion is ε, the small quantity of every series (equation 16).
func expansion(alpha0 angle) float64 {
	k2 := secondEccentricity2 * alpha0.cos * alpha0.cos
	return k2 / (2*(1+math.Sqrt(1+k2)) + k2)
}
