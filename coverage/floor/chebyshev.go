package floor

import "math"

// degree of the polynomials that stand in for geodesics across one step, and
// nodes along the steps: enough for a centimetre at 400 km up to 45 degrees of
// latitude, and for a few metres at 1000 km (TestFrameAgainstGeodesics).
const (
	degree    = 8
	stepNodes = 14
)

// poly is a polynomial in ascending powers.
type poly [degree + 1]float64

func (p *poly) at(x float64) float64 {
	y := p[degree]
	for i := degree - 1; i >= 0; i-- {
		y = y*x + p[i]
	}
	return y
}

// node returns the k-th of n Chebyshev nodes in (−1, 1).
func node(k, n int) float64 {
	return math.Cos(math.Pi * (float64(k) + 0.5) / float64(n))
}

// chebyshev returns the coefficients of the Chebyshev series through values
// at the nodes.
func chebyshev(values []float64) []float64 {
	n := len(values)
	coeffs := make([]float64, n)
	for j := range coeffs {
		for k, v := range values {
			coeffs[j] += v * math.Cos(float64(j)*math.Pi*(float64(k)+0.5)/float64(n))
		}
		coeffs[j] *= 2 / float64(n)
	}
	coeffs[0] /= 2
	return coeffs
}

// monomial turns degree+1 Chebyshev coefficients in x/scale into powers of x.
func monomial(coeffs []float64, scale float64) poly {
	var sum, before, current, next poly
	current[0] = 1
	for j, c := range coeffs {
		if j > 0 {
			for i := range degree {
				next[i+1] = 2 * current[i]
			}
			next[0] = 0
			if j == 1 {
				next = poly{0, 1}
			} else {
				for i := range next {
					next[i] -= before[i]
				}
			}
			before, current = current, next
		}
		for i := range sum {
			sum[i] += c * current[i]
		}
	}
	power := 1.0
	for i := range sum {
		sum[i] /= power
		power *= scale
	}
	return sum
}
