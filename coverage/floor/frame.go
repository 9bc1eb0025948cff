package floor

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/terrain"
)

// A frame says where geodesics from a radar cross the rows and columns of
// posts around it.
//
// In the plane that the exponential map unrolls around the radar, geodesics
// are straight: a place at distance s and azimuth α stands at north = s·cos α,
// east = s·sin α. A ray in the northern or southern quadrant is named by its
// slope t = east/north, and advances over the rows; a ray in the eastern or
// western one by t = north/east, and advances over the columns.
//
// On each row (column), and on the lines between them, the frame has four
// polynomials. Two lead from the ray to the post, two from the post to the ray.
// Posts are named by their slope in the lattice, w = posts across / posts along,
// both counted from the radar. All four are smooth in t or w and from step to
// step, so that a few hundred geodesics determine millions of crossings.
type frame struct {
	// row and col are the radar's fractional place in the lattice.
	row, col float64
	// north advances over rows, east over columns.
	north, east family
}

// family is the steps of rays that advance in the same direction.
type family struct {
	// steps are indexed by row for north, by column for east.
	steps []step
	exact crossing
	// across and reach are those of rays, over along/extent.
	across, reach polySeries
	extent        float64
}

// step is a row or a column.
type step struct {
	// along counts posts from the radar: north or east positive.
	along float64
	// slopeAt and reachAt lead from a post's w to the slope of its ray, and
	// to how far along (in metres, positive) it stands.
	slopeAt, reachAt poly
}

// rays leads from a ray's slope to where it crosses the line that stands along
// posts from the radar: posts across from it, and metres along, positive.
func (f *family) rays(along float64) (acrossOf, reachOf poly) {
	x := along / f.extent
	return f.across.at(x, along), f.reach.at(x, math.Abs(along))
}

// slopeLimit bounds w: a little over 1, where the quadrants meet.
const slopeLimit = 1.04

func newFrame(origin orb.Point, l terrain.Lattice) *frame {
	f := &frame{row: l.Row(origin.Lat()), col: l.Col(origin.Lon())}
	lonAt := func(posts float64) float64 { return -180 + (float64(l.Col0)+f.col+posts+l.OffLon)/l.PerDegLon }
	latAt := func(posts float64) float64 { return 90 - (float64(l.Row0)+f.row-posts+l.OffLat)/l.PerDegLat }
	f.north = newFamily(l.Rows, f.row, func(i int) float64 { return f.row - float64(i) },
		func(along, w float64) (slope, reach float64) {
			east, north := unroll(origin, lonAt(along*w), latAt(along))
			return east / north, math.Abs(north)
		})
	f.east = newFamily(l.Cols, f.col, func(i int) float64 { return float64(i) - f.col },
		func(along, w float64) (slope, reach float64) {
			east, north := unroll(origin, lonAt(along), latAt(along*w))
			return north / east, math.Abs(east)
		})
	return f
}

func unroll(origin orb.Point, lonDeg, latDeg float64) (east, north float64) {
	g := earth.Inverse(origin, orb.Point{lonDeg, latDeg})
	sin, cos := math.Sincos(g.AzimuthDeg * math.Pi / 180)
	return g.DistanceM * sin, g.DistanceM * cos
}

// crossing returns, exactly, the slope of the ray through the post that
// stands `along` posts from the radar at lattice slope w, and its metres along.
type crossing func(along, w float64) (slope, reach float64)

func newFamily(n int, origin float64, along func(i int) float64, exact crossing) family {
	extent := math.Max(origin, float64(n-1)-origin) + 1
	var slopeAt, reachAt, acrossOf, reachOf [stepNodes]poly
	slopeMax := slopeBound(extent, exact)
	for m := range stepNodes {
		a := extent * node(m, stepNodes)
		slopeAt[m], reachAt[m] = fitPosts(a, exact)
		acrossOf[m], reachOf[m] = fitRays(a, slopeMax, exact, &slopeAt[m])
	}
	f := family{steps: make([]step, n), exact: exact, extent: extent,
		across: newPolySeries(acrossOf), reach: newPolySeries(reachOf)}
	slopes, reaches := newPolySeries(slopeAt), newPolySeries(reachAt)
	for i := range f.steps {
		a := along(i)
		f.steps[i] = step{along: a, slopeAt: slopes.at(a/extent, 1), reachAt: reaches.at(a/extent, math.Abs(a))}
	}
	return f
}

// slopeBound returns the largest slope of a ray within the quadrant.
func slopeBound(extent float64, exact crossing) float64 {
	bound := 0.0
	for m := range stepNodes {
		a := extent * node(m, stepNodes)
		for _, w := range []float64{-slopeLimit, slopeLimit} {
			slope, _ := exact(a, w)
			bound = math.Max(bound, math.Abs(slope))
		}
	}
	return bound
}

// fitPosts returns slope and reach per post along, as polynomials in w.
func fitPosts(along float64, exact crossing) (slope, reach poly) {
	slopes, reaches := make([]float64, degree+1), make([]float64, degree+1)
	for k := range slopes {
		slopes[k], reaches[k] = exact(along, slopeLimit*node(k, degree+1))
		reaches[k] /= math.Abs(along)
	}
	return monomial(chebyshev(slopes), slopeLimit), monomial(chebyshev(reaches), slopeLimit)
}

// fitRays returns w and reach per post along, as polynomials in the slope.
func fitRays(along, slopeMax float64, exact crossing, slopeAt *poly) (across, reach poly) {
	ws, reaches := make([]float64, degree+1), make([]float64, degree+1)
	for k := range ws {
		slope := slopeMax * node(k, degree+1)
		// The polynomial gives all digits but the last.
		guess := secant(slope, 0, 0.5, slopeAt.at)
		ws[k] = secant(slope, guess, guess+1e-6, func(w float64) (s float64) {
			s, reaches[k] = exact(along, w)
			return s
		})
		reaches[k] /= math.Abs(along)
	}
	return monomial(chebyshev(ws), slopeMax), monomial(chebyshev(reaches), slopeMax)
}

// secant returns the w, from two first ones, at which slopeOf is a slope: it is
// nearly a straight line. The last w that it looks at is what it returns.
func secant(slope, w0, w1 float64, slopeOf func(w float64) float64) float64 {
	s0, s1 := slopeOf(w0), slopeOf(w1)
	for range 20 {
		if math.Abs(s1-slope) < 1e-13 || s1 == s0 {
			break
		}
		w0, w1, s0 = w1, w1+(slope-s1)*(w1-w0)/(s1-s0), s1
		s1 = slopeOf(w1)
	}
	return w1
}

// frameToleranceM is what offM may reach. Rays between its samples then pass
// within 12 m of their geodesics (TestFrameOffM): an eighth of a post at 3
// arc-seconds, which moves floors by less than the gap between rays does.
const frameToleranceM = 5

// offM returns how far within a range rays pass from their geodesics, in
// metres: the largest of a sample. It grows without limit, or is NaN, where
// meridians run together too fast for the polynomials: for posts as close in
// longitude as in latitude, from 400 km at 65 degrees or 1000 km at 52.
func (f *frame) offM(rangeM float64) float64 {
	rows, cols := float64(len(f.north.steps)), float64(len(f.east.steps))
	return math.Max(
		f.north.offM(math.Max(f.col, cols-1-f.col), rangeM),
		f.east.offM(math.Max(f.row, rows-1-f.row), rangeM))
}

// offM looks no farther across than acrossMax posts.
func (f *family) offM(acrossMax, rangeM float64) float64 {
	const steps, places = 16, 8
	worst := 0.0
	for k := range steps {
		s := &f.steps[k*(len(f.steps)-1)/(steps-1)]
		wMax := math.Min(1, acrossMax/math.Abs(s.along))
		for i := -places; i <= places && s.along != 0; i++ {
			slope, reach := f.exact(s.along, wMax*float64(i)/places)
			if reach*math.Hypot(1, slope) <= rangeM {
				worst = math.Max(worst, f.missM(s, slope))
			}
		}
	}
	return worst
}

// missM returns how far from its geodesic a ray crosses a step, in metres.
func (f *family) missM(s *step, slope float64) float64 {
	acrossOf, reachOf := f.rays(s.along)
	at, reach := f.exact(s.along, acrossOf.at(slope)/s.along)
	return math.Max(math.Abs(at-slope)*reach, math.Abs(reach-reachOf.at(slope)))
}

// polySeries interpolates polynomials between the nodes of the steps: it holds
// a Chebyshev series for each of their coefficients.
type polySeries [degree + 1][]float64

func newPolySeries(nodes [stepNodes]poly) (s polySeries) {
	values := make([]float64, stepNodes)
	for i := range s {
		for m := range nodes {
			values[m] = nodes[m][i]
		}
		s[i] = chebyshev(values)
	}
	return s
}

func (s *polySeries) at(x, factor float64) (p poly) {
	var t [stepNodes]float64
	t[0], t[1] = 1, x
	for m := 2; m < stepNodes; m++ {
		t[m] = 2*x*t[m-1] - t[m-2]
	}
	for i := range p {
		sum := 0.0
		for m, c := range s[i] {
			sum += c * t[m]
		}
		p[i] = factor * sum
	}
	return p
}

// polar returns the distance in metres over ground and the azimuth in degrees
// of a post.
func (f *frame) polar(row, col int) (distanceM, azimuthDeg float64) {
	up, right := f.row-float64(row), float64(col)-f.col
	if math.Abs(right) <= math.Abs(up) {
		if up == 0 {
			return 0, 0
		}
		s := &f.north.steps[row]
		slope, reach := s.post(right / up)
		north := math.Copysign(reach, up)
		return reach * math.Sqrt(1+slope*slope), azimuth(slope*north, north)
	}
	s := &f.east.steps[col]
	slope, reach := s.post(up / right)
	east := math.Copysign(reach, right)
	return reach * math.Sqrt(1+slope*slope), azimuth(east, slope*east)
}

// distance is polar without the azimuth.
func (f *frame) distance(row, col int) float64 {
	up, right := f.row-float64(row), float64(col)-f.col
	var slope, reach float64
	switch {
	case math.Abs(right) > math.Abs(up):
		slope, reach = f.east.steps[col].post(up / right)
	case up != 0:
		slope, reach = f.north.steps[row].post(right / up)
	}
	return reach * math.Sqrt(1+slope*slope)
}

func (s *step) post(w float64) (slope, reach float64) {
	return s.slopeAt.at(w), s.reachAt.at(w)
}

func azimuth(east, north float64) float64 {
	deg := math.Atan2(east, north) * 180 / math.Pi
	if deg < 0 {
		deg += 360
	}
	return deg
}
