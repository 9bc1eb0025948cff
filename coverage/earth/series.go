package earth

import "slices"

// order is that of the series in ε: for WGS-84 the first neglected term moves
// a point by less than 10 nm.
const order = 6

// series are the coefficients of Σ c[l−1] sin 2lσ, l from 1.
type series [order]float64

// sum evaluates the series at σ by Clenshaw's recurrence, unrolled because
// Line.At spends its time here.
func (c *series) sum(sigma angle) float64 {
	x := 2 * (sigma.cos - sigma.sin) * (sigma.cos + sigma.sin)
	b6 := c[5]
	b5 := x*b6 + c[4]
	b4 := x*b5 - b6 + c[3]
	b3 := x*b4 - b5 + c[2]
	b2 := x*b3 - b4 + c[1]
	b1 := x*b2 - b3 + c[0]
	return 2 * sigma.sin * sigma.cos * b1
}

// alternating evaluates rows whose powers go up by two: row l holds the
// factors of ε^l, ε^(l+2), ε^(l+4), l from 1.
func alternating(rows *[order][3]float64, eps float64) series {
	var c series
	eps2, power := eps*eps, eps
	for l, row := range rows {
		c[l] = power * (row[0] + eps2*(row[1]+eps2*row[2]))
		power *= eps
	}
	return c
}

// a1 is the mean of the distance integral I1 (equation 17).
func a1(eps float64) float64 {
	eps2 := eps * eps
	return (1 + eps2*(1.0/4+eps2*(1.0/64+eps2/256))) / (1 - eps)
}

// c1 are the coefficients of I1 (equation 18).
func c1(eps float64) series { return alternating(&c1Rows, eps) }

var c1Rows = [order][3]float64{
	{-1.0 / 2, 3.0 / 16, -1.0 / 32},
	{-1.0 / 16, 1.0 / 32, -9.0 / 2048},
	{-1.0 / 48, 3.0 / 256},
	{-5.0 / 512, 3.0 / 512},
	{-7.0 / 1280},
	{-7.0 / 2048},
}

// c1Reverted are the coefficients that lead from distance back to arc length
// (equation 21).
func c1Reverted(eps float64) series { return alternating(&c1RevertedRows, eps) }

var c1RevertedRows = [order][3]float64{
	{1.0 / 2, -9.0 / 32, 205.0 / 1536},
	{5.0 / 16, -37.0 / 96, 1335.0 / 4096},
	{29.0 / 96, -75.0 / 128},
	{539.0 / 1536, -2391.0 / 2560},
	{3467.0 / 7680},
	{38081.0 / 61440},
}

// a2 is the mean of the integral I2 in the reduced length (equation 42).
func a2(eps float64) float64 {
	eps2 := eps * eps
	return (1 + eps2*(1.0/4+eps2*(9.0/64+eps2*25/256))) * (1 - eps)
}

// c2 are the coefficients of I2 (equation 43).
func c2(eps float64) series { return alternating(&c2Rows, eps) }

var c2Rows = [order][3]float64{
	{1.0 / 2, 1.0 / 16, 1.0 / 32},
	{3.0 / 16, 1.0 / 32, 35.0 / 2048},
	{5.0 / 48, 5.0 / 256},
	{35.0 / 512, 7.0 / 512},
	{63.0 / 1280},
	{77.0 / 2048},
}

// polynomial evaluates Σ p[i] x^i.
func polynomial(p []float64, x float64) float64 {
	sum := 0.0
	for _, v := range slices.Backward(p) {
		sum = sum*x + v
	}
	return sum
}

// epsilonPolynomial is a polynomial in ε whose coefficients were polynomials
// in the third flattening, evaluated for WGS-84.
type epsilonPolynomial [order]float64

// forEllipsoid evaluates rows[j], a polynomial in n that stands at ε^(from+j).
func forEllipsoid(from int, rows [][]float64) epsilonPolynomial {
	var p epsilonPolynomial
	for j, row := range rows {
		p[from+j] = polynomial(row, thirdFlattening)
	}
	return p
}

func (p *epsilonPolynomial) at(eps float64) float64 { return polynomial(p[:], eps) }

// a3 is the mean of the longitude integral I3 (equation 24).
func a3(eps float64) float64 { return a3Polynomial.at(eps) }

var a3Polynomial = forEllipsoid(0, [][]float64{
	{1},
	{-1.0 / 2, 1.0 / 2},
	{-1.0 / 4, -1.0 / 8, 3.0 / 8},
	{-1.0 / 16, -3.0 / 16, -1.0 / 16},
	{-3.0 / 64, -1.0 / 32},
	{-3.0 / 128},
})

// c3 are the coefficients of I3 (equation 25); the last is zero.
func c3(eps float64) series {
	var c series
	for l := range c3Polynomials {
		c[l] = c3Polynomials[l].at(eps)
	}
	return c
}

var c3Polynomials = [order - 1]epsilonPolynomial{
	forEllipsoid(1, [][]float64{
		{1.0 / 4, -1.0 / 4},
		{1.0 / 8, 0, -1.0 / 8},
		{3.0 / 64, 3.0 / 64, -1.0 / 64},
		{5.0 / 128, 1.0 / 64},
		{3.0 / 128},
	}),
	forEllipsoid(2, [][]float64{
		{1.0 / 16, -3.0 / 32, 1.0 / 32},
		{3.0 / 64, -1.0 / 32, -3.0 / 64},
		{3.0 / 128, 1.0 / 128},
		{5.0 / 256},
	}),
	forEllipsoid(3, [][]float64{
		{5.0 / 192, -3.0 / 64, 5.0 / 192},
		{3.0 / 128, -5.0 / 192},
		{7.0 / 512},
	}),
	forEllipsoid(4, [][]float64{
		{7.0 / 512, -7.0 / 256},
		{7.0 / 512},
	}),
	forEllipsoid(5, [][]float64{
		{21.0 / 2560},
	}),
}
