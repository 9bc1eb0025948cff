package earth

import (
	"math"
	"testing"
)

// TestSeriesAgainstTheirIntegrals checks every series with the integral that
// it expands, by quadrature, for geodesics of all inclinations.
func TestSeriesAgainstTheirIntegrals(t *testing.T) {
	for _, cos := range []float64{1, 0.9, 0.5, 0.1} {
		alpha0 := angle{math.Sqrt(1 - cos*cos), cos}
		k2 := secondEccentricity2 * cos * cos
		eps := expansion(alpha0)
		w := func(x float64) float64 { return math.Sqrt(1 + k2*math.Sin(x)*math.Sin(x)) }
		forms := []struct {
			name      string
			mean      float64
			c         series
			integrand func(float64) float64
		}{
			{"I1", a1(eps), c1(eps), w},
			{"I2", a2(eps), c2(eps), func(x float64) float64 { return 1 / w(x) }},
			{"I3", a3(eps), c3(eps), func(x float64) float64 {
				return (2 - Flattening) / (1 + (1-Flattening)*w(x))
			}},
		}
		for _, f := range forms {
			for _, sigma := range []float64{0.3, 1, 2.2, 3} {
				got := f.mean * (sigma + f.c.sum(inRadians(sigma)))
				expectNear(t, f.name, got, integrate(f.integrand, 0, sigma), 4e-15)
			}
		}
	}
}

func TestRevertedSeries(t *testing.T) {
	eps := expansion(angle{0, 1})
	forward, back := c1(eps), c1Reverted(eps)
	for _, sigma := range []float64{0.1, 0.8, 1.9, 3} {
		tau := sigma + forward.sum(inRadians(sigma))
		expectNear(t, "σ", tau+back.sum(inRadians(tau)), sigma, 1e-15)
	}
}

func TestAreaSeriesAgainstItsIntegral(t *testing.T) {
	shape := func(x float64) float64 { return x + math.Sqrt(1/x+1)*math.Asinh(math.Sqrt(x)) }
	for _, cos := range []float64{0.95, 0.5, 0.2} {
		alpha0 := angle{math.Sqrt(1 - cos*cos), cos}
		k2 := secondEccentricity2 * cos * cos
		integrand := func(x float64) float64 {
			y := k2 * math.Sin(x) * math.Sin(x)
			return -(shape(secondEccentricity2) - shape(y)) / (secondEccentricity2 - y) * math.Sin(x) / 2
		}
		got := i4Difference(expansion(alpha0), inRadians(0.2), 1.7)
		// The quotient of differences in the integrand has lost about four
		// digits before it is summed.
		expectNear(t, "I4", got, integrate(integrand, 0.2, 1.9), 1e-11)
	}
}

// integrate is Gauss's rule of five points on 64 pieces.
func integrate(f func(float64) float64, from, to float64) float64 {
	nodes := [...]float64{0, 0.5384693101056831, 0.906179845938664}
	weights := [...]float64{0.5688888888888889, 0.47862867049936647, 0.23692688505618908}
	const pieces = 64
	half := (to - from) / pieces / 2
	sum := 0.0
	for i := range pieces {
		middle := from + float64(2*i+1)*half
		sum += weights[0] * f(middle)
		for j := 1; j < len(nodes); j++ {
			sum += weights[j] * (f(middle-nodes[j]*half) + f(middle+nodes[j]*half))
		}
	}
	return sum * half
}

func TestAstroidMultiplier(t *testing.T) {
	for _, c := range []struct{ x, y float64 }{
		{-0.5, -0.3}, {-1, -1e-8}, {-1.2, -1e-12}, {-3, 0}, {-0.001, -2}, {0, -0.7}, {-0.999999, -1e-9}, {-40, -60},
	} {
		mu := astroidMultiplier(c.x, c.y)
		p, q := c.x/(1+mu), c.y/mu
		expectNear(t, "x²/(1+μ)² + y²/μ²", p*p+q*q, 1, 1e-9)
	}
}

func TestDegreesAreExactAtRightAngles(t *testing.T) {
	for deg := -720.0; deg <= 720; deg += 90 {
		a := inDegrees(deg)
		if a.sin != math.Round(a.sin) || a.cos != math.Round(a.cos) {
			t.Errorf("%v° is %v", deg, a)
		}
		expectNear(t, "sine", a.sin, math.Sin(deg*radPerDeg), 1e-12)
		expectNear(t, "cosine", a.cos, math.Cos(deg*radPerDeg), 1e-12)
	}
}
