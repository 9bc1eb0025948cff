package earth

import "math"

// maxSteps is far above the dozen or so that the hardest pairs of points
// take; it bounds the search when an input is not finite.
const maxSteps = 100

// trial is the geodesic that leaves the first point at alpha1, followed to the
// latitude of the second.
type trial struct {
	alpha1, alpha2 angle
	// overshootRad is how far east of the second point it arrives.
	overshootRad float64
	// slope is the derivative of overshootRad by alpha1.
	slope float64
	// lonExcessRad is λ12 − ω12.
	lonExcessRad float64
}

// refine improves alpha1 by Newton's method until the geodesic meets the second
// point. Where a step would leave the interval that is known to hold the
// solution, the interval is halved instead: overshoot grows with alpha1
// (section 4).
func (g *solved) refine(alpha1 angle) {
	low, high := angle{tiny, 1}, angle{tiny, -1}
	settled := false
	var t trial
	for range maxSteps {
		t = g.try(alpha1)
		limit := epsilon
		if settled {
			limit = 8 * epsilon
		}
		if math.Abs(t.overshootRad) <= limit {
			break
		}
		if t.overshootRad > 0 {
			high = alpha1
		} else {
			low = alpha1
		}
		next, stepRad, ok := newtonStep(t, low, high)
		if !ok {
			next = direction((low.sin+high.sin)/2, (low.cos+high.cos)/2)
			stepRad = high.minus(low).rad()
		}
		if next == alpha1 {
			break
		}
		alpha1, settled = next, math.Abs(stepRad) < 16*epsilon
	}
	g.alpha1, g.alpha2 = t.alpha1, t.alpha2
	g.omega12 = inRadians(g.lambda12Rad - t.lonExcessRad)
}

// newtonStep fails when the step leads out of the open interval from low to
// high.
func newtonStep(t trial, low, high angle) (next angle, stepRad float64, ok bool) {
	stepRad = -t.overshootRad / t.slope
	if !(t.slope > 0) || math.Abs(stepRad) >= math.Pi {
		return angle{}, 0, false
	}
	sum := t.alpha1.plus(inRadians(stepRad))
	next = direction(sum.sin, sum.cos)
	inside := next.minus(low).sin >= 0 && high.minus(next).sin >= 0
	return next, stepRad, next.sin > 0 && inside
}

// try follows the geodesic that leaves at alpha1.
func (g *solved) try(alpha1 angle) trial {
	if g.beta1.sin == 0 && alpha1.cos == 0 {
		alpha1.cos = -tiny
	}
	alpha0 := nodeAzimuth(alpha1, g.beta1)
	alpha2 := g.arrival(alpha1, alpha0)
	sigma1, sigma2 := arcFromNode(alpha1, g.beta1), arcFromNode(alpha2, g.beta2)
	omega12 := lonFromNode(alpha0, sigma2).minus(lonFromNode(alpha0, sigma1))
	arc := sigma2.minus(sigma1)
	arcRad := math.Atan2(math.Max(0, arc.sin), arc.cos)

	eps := expansion(alpha0)
	c := c3(eps)
	excess := -Flattening * alpha0.sin * a3(eps) * (arcRad + c.sum(sigma2) - c.sum(sigma1))
	beyond := angle{math.Max(0, omega12.sin), omega12.cos}.minus(g.lambda12)
	return trial{
		alpha1: alpha1, alpha2: alpha2,
		overshootRad: beyond.rad() + excess,
		slope:        g.slope(alpha2, sigma1, sigma2, arcRad, eps),
		lonExcessRad: excess,
	}
}

// arrival is the azimuth at which a geodesic reaches the second latitude,
// northwards. Its cosine comes from the difference of the squared cosines of
// the latitudes, in whichever form cancels less (equation 45).
func (g *solved) arrival(alpha1, alpha0 angle) angle {
	if g.beta2.cos == g.beta1.cos && math.Abs(g.beta2.sin) == -g.beta1.sin {
		return angle{alpha1.sin, math.Abs(alpha1.cos)}
	}
	difference := (g.beta1.sin - g.beta2.sin) * (g.beta1.sin + g.beta2.sin)
	if g.beta1.cos < -g.beta1.sin {
		difference = (g.beta2.cos - g.beta1.cos) * (g.beta2.cos + g.beta1.cos)
	}
	x := alpha1.cos * g.beta1.cos
	return direction(alpha0.sin/g.beta2.cos, math.Sqrt(x*x+difference)/g.beta2.cos)
}

// slope is the derivative of the longitude reached by the azimuth at the
// start, from the reduced length (equations 38 and 46). At the vertex the
// geodesic only touches the second latitude, and a limit stands in.
func (g *solved) slope(alpha2, sigma1, sigma2 angle, arcRad, eps float64) float64 {
	if alpha2.cos == 0 {
		return -2 * math.Sqrt(1-eccentricity2*g.beta1.cos*g.beta1.cos) / g.beta1.sin
	}
	c, d := c1(eps), c2(eps)
	i1 := a1(eps) * (arcRad + c.sum(sigma2) - c.sum(sigma1))
	i2 := a2(eps) * (arcRad + d.sum(sigma2) - d.sum(sigma1))
	stretch1 := math.Sqrt(1 + secondEccentricity2*g.beta1.sin*g.beta1.sin)
	stretch2 := math.Sqrt(1 + secondEccentricity2*g.beta2.sin*g.beta2.sin)
	reduced := stretch2*sigma1.cos*sigma2.sin - stretch1*sigma1.sin*sigma2.cos -
		sigma1.cos*sigma2.cos*(i1-i2)
	return (1 - Flattening) * reduced / (alpha2.cos * g.beta2.cos)
}
