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

// nodes returns the n Chebyshev nodes in (−1, 1).
func nodes(n int) []float64 {
	xs := make([]float64, n)
	for k := range xs {
		xs[k] = math.Cos(math.Pi * (float64(k) + 0.5) / float64(n))
	}
	return xs
}

// chebyshev returns the coefficients of the Chebyshev series through values
// at the nodes xs.
func chebyshev(values *poly, xs []float64) (coeffs poly) {
	for k, x := range xs {
		v := values[k] * 2 / float64(len(xs))
		t, next := 1.0, x
		for j := range xs {
			coeffs[j] += v * t
			t, next = next, 2*x*next-t
		}
	}
	coeffs[0] /= 2
	return coeffs
}

// interpolate returns the polynomial through values at scale times the nodes
// xs, of which there are degree+1 at most.
func interpolate(values *poly, xs []float64, scale float64) (sum poly) {
	coeffs := chebyshev(values, xs)
	// The Chebyshev polynomials of degrees 0 and −1.
	t, before := poly{1}, poly{0, 1}
	for j := range xs {
		sum.add(&t, coeffs[j])
		next := poly{-before[0]}
		for i := range degree {
			next[i+1] = 2*t[i] - before[i+1]
		}
		t, before = next, t
	}
	power := 1.0
	for i := range sum {
		sum[i] /= power
		power *= scale
	}
	return sum
}

// polySeries interpolates polynomials between the nodes of the steps: it is a
// Chebyshev series whose coefficients are polynomials.
type polySeries []poly

// newPolySeries returns the series through polynomials at the nodes xs.
func newPolySeries(at []poly, xs []float64) polySeries {
	s := make(polySeries, len(xs))
	for k, x := range xs {
		s[0].add(&at[k], 1/float64(len(xs)))
		t, next := x, 2*x*x-1
		for j := 1; j < len(s); j++ {
			s[j].add(&at[k], 2*t/float64(len(xs)))
			t, next = next, 2*x*next-t
		}
	}
	return s
}

func (s polySeries) at(x, factor float64) (p poly) {
	t, next := factor, factor*x
	for j := range s {
		p.add(&s[j], t)
		t, next = next, 2*x*next-t
	}
	return p
}

// add adds so many times q.
func (p *poly) add(q *poly, times float64) {
	for i := range p {
		p[i] += times * q[i]
	}
}
