package floor

import (
	"math"
	"sync"

	"github.com/paulmach/orb"

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
// step, so that a few geodesics determine millions of crossings.
type frame struct {
	// row and col are the radar's fractional place in the lattice.
	row, col float64
	// north advances over rows, east over columns.
	north, east family
}

// family is the steps of rays that advance in the same direction.
type family struct {
	axes
	// steps returns all steps, by row for north, by column for east. They are
	// made when first asked for.
	steps func() []step
	// origin is the radar's place among so many steps.
	origin float64
	count  int
	// slope and metres are those of posts, across and reach those of rays, over
	// along/extent.
	slope, metres, across, reach polySeries
	extent                       float64
}

// step is a row or a column.
type step struct {
	// along counts posts from the radar: north or east positive.
	along float64
	// slopeAt and reachAt lead from a post's w to the slope of its ray, and
	// to how far along (in metres, positive) it stands.
	slopeAt, reachAt poly
}

// along counts posts from the radar to step i: north or east positive.
func (f *family) along(i int) float64 {
	if f.rows {
		return f.origin - float64(i)
	}
	return float64(i) - f.origin
}

// step returns step i.
func (f *family) step(i int) step {
	along := f.along(i)
	x := along / f.extent
	return step{along: along, slopeAt: f.slope.at(x, 1), reachAt: f.metres.at(x, math.Abs(along))}
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
	f.north.axes = axes{latDeg: origin.Lat(), perDegLon: l.PerDegLon, perDegLat: l.PerDegLat, rows: true}
	f.east.axes = f.north.axes
	f.east.rows = false
	f.north.fit(l.Rows, f.row)
	f.east.fit(l.Cols, f.col)
	return f
}

// fit finds the polynomials of so many steps, among which the radar stands.
func (f *family) fit(count int, origin float64) {
	f.count, f.origin = count, origin
	f.extent = math.Max(origin, float64(count-1)-origin) + 1
	f.steps = sync.OnceValue(func() []step {
		all := make([]step, count)
		for i := range all {
			all[i] = f.step(i)
		}
		return all
	})
	n := f.nodesNeeded()
	f.fitTo(nodes(min(n, degree+1)), nodes(n))
}

// nodesNeeded returns how many nodes along the steps the polynomials need: each makes
// them more exact by the ratio of the extent to the earth, and to what is left
// of it where meridians run together.
func (f *family) nodesNeeded() int {
	lat := f.latDeg * math.Pi / 180
	rad := f.extent * math.Pi / 180 * math.Max(1/f.perDegLat, math.Cos(lat)/f.perDegLon)
	n := math.Log(1e-11) / math.Log(rad*(1+math.Abs(math.Tan(lat))))
	if !(n > 0 && n < stepNodes) {
		return stepNodes
	}
	return 2 * int(n/2+1)
}

// fitTo finds the polynomials through the crossings of rays at some nodes of
// their slopes and lines at some nodes of the steps.
func (f *family) fitTo(slopes, alongs []float64) {
	slopeMax := f.slopeBound()
	var across, reach [stepNodes]poly
	for k, x := range slopes {
		slope := slopeMax * x
		line, secant, rate := f.ray(slope), math.Hypot(1, slope), f.metresAlong()
		for m, y := range alongs {
			along := f.extent * y
			over, distanceM := f.cross(&line, along, rate*along)
			rate = distanceM / along
			across[m][k], reach[m][k] = over/along, rate/secant
		}
	}
	var slopeAt, metresAt [stepNodes]poly
	for m, y := range alongs {
		across[m], reach[m] = interpolate(&across[m], slopes, slopeMax), interpolate(&reach[m], slopes, slopeMax)
		slopeAt[m], metresAt[m] = f.posts(f.extent*y, slopes, &across[m], &reach[m])
	}
	series := func(at *[stepNodes]poly) polySeries { return newPolySeries(at[:len(alongs)], alongs) }
	f.slope, f.metres, f.across, f.reach = series(&slopeAt), series(&metresAt), series(&across), series(&reach)
}

// slopeBound returns the largest slope of a ray within the quadrant.
func (f *family) slopeBound() float64 {
	bound := 0.0
	for _, x := range []float64{-1, 1. / 16, 1} {
		for _, w := range []float64{-slopeLimit, slopeLimit} {
			slope, _ := f.exact(f.extent*x, w)
			bound = math.Max(bound, math.Abs(slope))
		}
	}
	return bound
}

// posts returns slope and metres per post along, as polynomials in w through its
// nodes: those of the rays that pass there. Where these are of fewer digits
// than there may be, it asks the geodesics.
func (f *family) posts(along float64, ws []float64, acrossOf, reachOf *poly) (slopeAt, metresAt poly) {
	exact := f.nodesNeeded() == stepNodes
	for k := range ws {
		w := slopeLimit * ws[k]
		if exact {
			slope, metres := f.exact(along, w)
			slopeAt[k], metresAt[k] = slope, metres/math.Abs(along)
			continue
		}
		slope := secant(w, 0, acrossOf[0], (w-acrossOf[0])/acrossOf[1], acrossOf.at)
		slopeAt[k], metresAt[k] = slope, reachOf.at(slope)
	}
	return interpolate(&slopeAt, ws, slopeLimit), interpolate(&metresAt, ws, slopeLimit)
}

// secant returns the x near x1 at which f, which is y0 at x0, is y: it is nearly
// a straight line. The last x that it looks at is what it returns.
func secant(y, x0, y0, x1 float64, f func(x float64) float64) float64 {
	y1 := f(x1)
	for range 20 {
		if math.Abs(y1-y) <= 1e-13*math.Abs(y) || y1 == y0 {
			break
		}
		x0, x1, y0 = x1, x1+(y-y1)*(x1-x0)/(y1-y0), y1
		y1 = f(x1)
	}
	return x1
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
	rows, cols := float64(f.north.count), float64(f.east.count)
	return math.Max(
		f.north.offM(math.Max(f.col, cols-1-f.col), rangeM),
		f.east.offM(math.Max(f.row, rows-1-f.row), rangeM))
}

// offM looks no farther across than acrossMax posts, and not at all where fewer
// nodes are enough than there may be: there it is below a centimetre.
func (f *family) offM(acrossMax, rangeM float64) float64 {
	if f.nodesNeeded() < stepNodes {
		return 0
	}
	return f.sampledM(acrossMax, rangeM, 16, 8)
}

// sampledM is the largest of so many steps and places on both sides of each.
func (f *family) sampledM(acrossMax, rangeM float64, steps, places int) float64 {
	worst := 0.0
	for k := range steps {
		along := f.along(k * (f.count - 1) / (steps - 1))
		if along == 0 {
			continue
		}
		acrossOf, reachOf := f.rays(along)
		wMax := math.Min(1, acrossMax/math.Abs(along))
		for i := -places; i <= places; i++ {
			slope, reach := f.exact(along, wMax*float64(i)/float64(places))
			if reach*math.Hypot(1, slope) <= rangeM {
				at, reach := f.exact(along, acrossOf.at(slope)/along)
				worst = math.Max(worst, math.Max(math.Abs(at-slope)*reach, math.Abs(reach-reachOf.at(slope))))
			}
		}
	}
	return worst
}

// polar returns the distance in metres over ground and the azimuth in degrees
// of a post.
func (f *frame) polar(row, col int) (distanceM, azimuthDeg float64) {
	up, right := f.row-float64(row), float64(col)-f.col
	if math.Abs(right) <= math.Abs(up) {
		if up == 0 {
			return 0, 0
		}
		slope, reach := f.north.steps()[row].post(right / up)
		north := math.Copysign(reach, up)
		return reach * math.Sqrt(1+slope*slope), azimuth(slope*north, north)
	}
	slope, reach := f.east.steps()[col].post(up / right)
	east := math.Copysign(reach, right)
	return reach * math.Sqrt(1+slope*slope), azimuth(east, slope*east)
}

// towards is polar with the square of the azimuth's sine.
func (f *frame) towards(row, col int) (distanceM, sin2 float64) {
	up, right := f.row-float64(row), float64(col)-f.col
	if math.Abs(right) > math.Abs(up) {
		slope, reach := f.east.steps()[col].post(up / right)
		return reach * math.Sqrt(1+slope*slope), 1 / (1 + slope*slope)
	}
	if up == 0 {
		return 0, 0
	}
	slope, reach := f.north.steps()[row].post(right / up)
	return reach * math.Sqrt(1+slope*slope), slope * slope / (1 + slope*slope)
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
