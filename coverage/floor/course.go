package floor

import "math"

// line is where a fan of rays crosses one step, as cubics in the ray's
// place v in the fan, from −1 for the first ray to 1 for the last.
type line struct {
	// x is in posts across, counted from the first column of the patch.
	x [4]float32
	// sigma and sag are what an elevation angle turns into a height with. Of a
	// place at the angle ψ over an effective earth of radius a, which is z high,
	// and w = (z − h0)/(a + z):
	//
	//	tan θ = (a·w − sag)/sigma,  sigma = a·sin ψ,  sag = a·(1 − cos ψ)
	//
	// The kernel knows heights as the reduced ones, a·w, in metres.
	sigma, sag [4]float32
}

// course is the way of a fan of rays over a stretch of steps: the lines of its
// steps, and of what lies between them.
type course struct {
	x, sigma, sag fit
	// first and last are where the rays at both ends of the fan cross, which
	// neighbouring fans agree on to the last bit.
	first, last coefficients
}

// fit is a cubic in v whose coefficients are cubics in τ, which goes from −1 to
// 1 over a stretch.
type fit [4]coefficients

// bow leads from the cubics of σ to σ. It is as long as the secant of a ray's
// slope, of which a cubic over a wide fan is off by the same share wherever the
// ray is: of tangents times σ that is of no matter, of the range it is. The share
// is nothing at the nodes, and nearly a straight line times that between them.
type bow [2]float32

// newBow returns that of rays of the given slopes at the nodes.
func newBow(slopes *[4]float64) bow {
	var secants coefficients
	for i, t := range slopes {
		secants[i] = math.Sqrt(1 + t*t)
	}
	cubic := through(secants)
	share := func(v float64) float64 {
		t := (slopes[0]+slopes[3])/2 + v*(slopes[3]-slopes[0])/2
		return (math.Sqrt(1+t*t)/at(&cubic, v) - 1) / ((v*v - 1) * (v*v - 1./9))
	}
	left, right := share(-2./3), share(2./3)
	return bow{float32((left + right) / 2), float32((right - left) * 0.75)}
}

func (b *bow) at(v float32) float32 {
	v2 := v * v
	return 1 + (v2-1)*(v2-1./9)*(b[0]+v*b[1])
}

// coefficients are those of a cubic.
type coefficients [4]float64

// fitNodes are where a fit passes through its values, in v and in τ.
var fitNodes = [4]float64{-1, -1. / 3, 1. / 3, 1}

// newFit returns the fit through values at the nodes, by v and τ.
func newFit(values *[4]coefficients) (f fit) {
	for j := range values[0] {
		c := through(coefficients{values[0][j], values[1][j], values[2][j], values[3][j]})
		for i := range f {
			f[i][j] = c[i]
		}
	}
	for i := range f {
		f[i] = through(f[i])
	}
	return f
}

// through returns the cubic through values at the nodes.
func through(v coefficients) coefficients {
	a, b, c, d := v[0], v[1], v[2], v[3]
	return coefficients{
		(9*(b+c) - (a + d)) / 16,
		(27*(c-b) - (d - a)) / 16,
		9 * ((a + d) - (b + c)) / 16,
		9 * ((d - a) - 3*(c-b)) / 16,
	}
}

func at(p *coefficients, tau float64) float64 { return p[0] + tau*(p[1]+tau*(p[2]+tau*p[3])) }

func (f *fit) at(tau float64) (c [4]float32) {
	for i := range f {
		c[i] = float32(at(&f[i], tau))
	}
	return c
}

// line returns the crossings at τ, on a patch that begins at a column.
func (c *course) line(tau, col0 float64) (l line) {
	l.x = c.x.at(tau)
	l.x[0] = float32(at(&c.x[0], tau) - col0)
	l.sigma, l.sag = c.sigma.at(tau), c.sag.at(tau)
	return l
}

// stretch is some steps of a quadrant, over which a course is fitted.
type stretch struct {
	// first step and how many.
	first, count int
	// from and to are the posts along of the step before and of the last.
	from, to float64
	// acrossOf and reachOf are those of the family at the nodes.
	acrossOf, reachOf [4]poly
}

func (s *stretch) tau(along float64) float64 { return 2*(along-s.from)/(s.to-s.from) - 1 }

// lay makes c the way of rays of the given slopes at the nodes, over effective
// earths of the given radii.
func (s *stretch) lay(c *course, q *quadrant, slopes, radii *[4]float64) {
	var x, sigma, sag [4]coefficients
	for i, t := range slopes {
		secant := math.Sqrt(1 + t*t)
		for j := range fitNodes {
			x[i][j] = q.acrossOrigin + q.acrossSign*s.acrossOf[j].at(t)
			half := s.reachOf[j].at(t) * secant / (2 * radii[i])
			sin, cos := sincos(half)
			sigma[i][j], sag[i][j] = 2*radii[i]*sin*cos, 2*radii[i]*sin*sin
		}
	}
	*c = course{x: newFit(&x), sigma: newFit(&sigma), sag: newFit(&sag), first: through(x[0]), last: through(x[3])}
}

// sincos is of small angles: at a quarter of a radian, over 3000 km, it is
// exact to the last digits.
func sincos(x float64) (sin, cos float64) {
	x2 := x * x
	return x * (1 - x2/6*(1-x2/20*(1-x2/42*(1-x2/72)))), 1 - x2/2*(1-x2/12*(1-x2/30*(1-x2/56*(1-x2/90))))
}
