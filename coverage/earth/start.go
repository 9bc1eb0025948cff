package earth

import "math"

// shortArcRad is the arc, about 0.2 m, below which a sphere of the local
// radius is exact to rounding and better conditioned than the series.
const shortArcRad = 3.6e-8

// startShort takes the earth for a sphere, with longitudes stretched for the
// mean latitude while the points are not far apart (equations 48 to 51). It
// returns the azimuth at the first point; for very close points that is final,
// the path is complete and ok is true.
func (g *solved) startShort() (alpha1 angle, ok bool) {
	latDifference, latSum := g.beta2.minus(g.beta1), g.beta2.plus(g.beta1)
	near := latDifference.cos >= 0 && latDifference.sin < 0.5 && g.beta2.cos*g.lambda12Rad < 0.5
	omega12, scale := g.lambda12, 1.0
	if near {
		scale = g.meanLonScale()
		omega12 = inRadians(g.lambda12Rad / scale)
	}

	y := g.beta2.cos * omega12.sin
	product := g.beta1.sin * g.beta2.cos * omega12.sin * omega12.sin
	x := latDifference.sin + product/(1+omega12.cos)
	if omega12.cos < 0 {
		x = latSum.sin - product/(1-omega12.cos)
	}
	arcSin := math.Hypot(x, y)
	if !near || arcSin >= shortArcRad {
		return direction(y, x), false
	}
	g.alpha1 = direction(y, x)
	g.alpha2 = direction(g.beta1.cos*omega12.sin,
		latDifference.sin-g.beta1.cos*g.beta2.sin*omega12.sin*omega12.sin/(1+omega12.cos))
	g.omega12, g.sigma12Rad = omega12, arcSin
	g.distanceM = SemiMajorAxisM * scale * arcSin
	return g.alpha1, true
}

// meanLonScale is √(1 − e² cos² β) at the mean of the two latitudes.
func (g *solved) meanLonScale() float64 {
	s, c := g.beta1.sin+g.beta2.sin, g.beta1.cos+g.beta2.cos
	return math.Sqrt(1 - eccentricity2*c*c/(s*s+c*c))
}

// nearlyAntipodal reports whether Newton's method needs the better start, on
// the evidence of the spherical path.
func (g *solved) nearlyAntipodal() bool {
	arcCos := g.beta1.sin*g.beta2.sin + g.beta1.cos*g.beta2.cos*g.lambda12.cos
	arcSin := math.Sqrt(math.Max(0, 1-arcCos*arcCos))
	return arcCos < 0 && arcSin < 6*thirdFlattening*math.Pi*g.beta1.cos*g.beta1.cos
}

// startAntipodal is the azimuth of the shortest path to a point close to the
// antipode, where geodesics envelop an astroid. x and y place the second point
// in the plane of that astroid, in units of its size (section 5).
func (g *solved) startAntipodal() angle {
	southmost := angle{0, -g.beta1.sin}
	lonSize := Flattening * g.beta1.cos * math.Pi * a3(expansion(southmost))
	x := (g.lambda12Rad - math.Pi) / lonSize
	y := g.beta2.plus(g.beta1).sin / (lonSize * g.beta1.cos)
	if y > -100*epsilon && x > -1-1e-5 {
		sin := math.Min(1, -x)
		return angle{sin, -math.Sqrt((1 - sin) * (1 + sin))}
	}
	mu := astroidMultiplier(x, y)
	return direction(-x/(1+mu), y/mu)
}

// astroidMultiplier is the positive root μ of x²/(1+μ)² + y²/μ² = 1, which is
// the quartic of equation 55 in another form. The left side falls and is
// convex, so that Newton's method climbs to the root from any point below it,
// such as |y| and |x| − 1. y must not be zero unless |x| > 1.
func astroidMultiplier(x, y float64) float64 {
	mu := math.Max(math.Abs(y), math.Abs(x)-1)
	for range maxSteps {
		p, q := x/(1+mu), y/mu
		step := (p*p + q*q - 1) / (2 * (p*p/(1+mu) + q*q/mu))
		mu += step
		if !(step > 1e-9*mu) {
			break
		}
	}
	return mu
}
