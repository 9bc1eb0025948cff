package earth

import "math"

// c4 are the coefficients of the area integral I4 (equation 63), of
// cos (2l+1)σ with l from 0.
func c4(eps float64) [order]float64 {
	var c [order]float64
	for l := range c4Polynomials {
		c[l] = c4Polynomials[l].at(eps)
	}
	return c
}

// i4Difference is I4(σ1 + σ12) − I4(σ1). The difference of the cosines is taken as
// a product of sines, so that a short edge keeps its relative accuracy.
func i4Difference(eps float64, sigma1 angle, sigma12Rad float64) float64 {
	half := inRadians(sigma12Rad / 2)
	middle := sigma1.plus(half)
	doubleHalf, doubleMiddle := half.plus(half), middle.plus(middle)
	sum := 0.0
	for _, c := range c4(eps) {
		sum -= 2 * c * middle.sin * half.sin
		half, middle = half.plus(doubleHalf), middle.plus(doubleMiddle)
	}
	return sum
}

// areaToEquatorM2 is the area between a geodesic and the equator, positive
// when it runs eastwards in the northern hemisphere (section 6).
func (g *solved) areaToEquatorM2() float64 {
	alpha0 := g.alpha0()
	belt := 0.0
	if product := alpha0.sin * alpha0.cos; product != 0 {
		belt = SemiMajorAxisM * SemiMajorAxisM * eccentricity2 * product *
			i4Difference(expansion(alpha0), g.sigma1(), g.sigma12Rad)
	}
	return g.mirror() * (authalicRadius2M2*g.sphericalExcess() + belt)
}

// sphericalExcess is α2 − α1, in radians. For all but long lines it comes from
// the end points and not from the azimuths, whose difference cancels.
func (g *solved) sphericalExcess() float64 {
	if g.meridional {
		return -g.lambda12Rad
	}
	if g.omega12.cos <= -math.Sqrt2/2 || g.beta2.sin-g.beta1.sin > 1.75 {
		return g.alpha2.minus(g.alpha1).rad()
	}
	c1, c2, c12 := 1+g.beta1.cos, 1+g.beta2.cos, 1+g.omega12.cos
	return 2 * math.Atan2(g.omega12.sin*(g.beta1.sin*c2+g.beta2.sin*c1),
		c12*(g.beta1.sin*g.beta2.sin+c1*c2))
}

var c4Polynomials = [order]epsilonPolynomial{
	forEllipsoid(0, [][]float64{
		{2.0 / 3, -4.0 / 15, 8.0 / 105, 4.0 / 315, 16.0 / 3465, 20.0 / 9009},
		{-1.0 / 5, 16.0 / 35, -32.0 / 105, 16.0 / 385, 64.0 / 15015},
		{-2.0 / 105, -32.0 / 315, 1088.0 / 3465, -1184.0 / 5005},
		{11.0 / 315, -368.0 / 3465, -32.0 / 6435},
		{4.0 / 1155, 1088.0 / 45045},
		{97.0 / 15015},
	}),
	forEllipsoid(1, [][]float64{
		{1.0 / 45, -16.0 / 315, 32.0 / 945, -16.0 / 3465, -64.0 / 135135},
		{-2.0 / 105, 64.0 / 945, -128.0 / 1485, 1984.0 / 45045},
		{-1.0 / 105, 16.0 / 2079, 5792.0 / 135135},
		{4.0 / 1155, -2944.0 / 135135},
		{1.0 / 9009},
	}),
	forEllipsoid(2, [][]float64{
		{4.0 / 525, -32.0 / 1575, 64.0 / 3465, -32.0 / 5005},
		{-8.0 / 1575, 128.0 / 5775, -256.0 / 6825},
		{-8.0 / 1925, 1856.0 / 225225},
		{8.0 / 10725},
	}),
	forEllipsoid(3, [][]float64{
		{8.0 / 2205, -256.0 / 24255, 512.0 / 45045},
		{-16.0 / 8085, 1024.0 / 105105},
		{-136.0 / 63063},
	}),
	forEllipsoid(4, [][]float64{
		{64.0 / 31185, -512.0 / 81081},
		{-128.0 / 135135},
	}),
	forEllipsoid(5, [][]float64{
		{128.0 / 99099},
	}),
}
