package floor

import (
	"math"

	"github.com/canopyradar/canopy/terrain"
)

// Here are the inner loops of the sweep, for any processor. They say what is
// computed; others may be quicker.

const (
	// lanes is how many rays are looked at together.
	lanes = 16
	// maxRays is how many rays a fan may have: one bit for each of its lanes.
	maxRays = 64 * lanes
	// blockSteps is how many steps a fan advances at once.
	blockSteps = 8
	// tansPadding is how much farther than their end kernels read tangents.
	tansPadding = 64
)

// block is some steps of a fan of rays, and the terrain that they cross.
// Heights are reduced ones; see line.
type block struct {
	// lines are those of the step before, and of the steps.
	lines [blockSteps + 1]line
	steps int
	// patch holds the heights of posts: row i of it, pitch apart, is of line
	// i. highest is the highest of each column.
	patch   []float32
	pitch   int
	highest []float32
	// tans holds the tangents of the rays' screening angles: row i of it,
	// maxRays apart, is up to line i, tansPadding follow the last. Row 0 is
	// given.
	tans []float32
	// wall is what the terrain comes to on the wall; see project.
	wall     []float32
	drawings [blockSteps + 1]drawing
	// rays counts them, in whole lanes; ray i is at v = −1 + i·vStep.
	rays  int
	vStep float32
	// slackM is more than a ray sinks, in a block, below the straight line.
	slackM float32
}

// sparse reports whether rays are more than 1.2 posts apart, which they are only
// over much finer terrain near by. Sixteen of them, and what they move in a
// block, would not fit over thirty-two posts, nor eight of them and a step over
// sixteen, as quick kernels take for granted.
func (b *block) sparse() bool { return b.apart() > 1.2 }

// apart is how many posts neighbouring rays are apart, or less.
func (b *block) apart() float32 {
	return b.vStep * max(b.lines[0].widest(), b.lines[b.steps].widest())
}

// wide reports whether lanes of rays, and what they move in a block, may not fit
// over as many posts.
func (b *block) wide() bool {
	return (lanes-1)*b.apart()+b.lines[b.steps].moved(&b.lines[0]) > lanes-2
}

// crossesTwo reports whether rays may cross two columns on the way to a line.
func (b *block) crossesTwo() bool {
	for i := range b.steps {
		if b.lines[i+1].moved(&b.lines[i]) > 0.999 {
			return true
		}
	}
	return false
}

// moved is how far rays move across, at most, from another line to this one.
func (l *line) moved(from *line) float32 {
	a, b := &from.x, &l.x
	return abs32(b[0]-a[0]) + abs32(b[1]-a[1]) + abs32(b[2]-a[2]) + abs32(b[3]-a[3])
}

// widest is how far x grows, at most, with v.
func (l *line) widest() float32 { return abs32(l.x[1]) + 2*abs32(l.x[2]) + 3*abs32(l.x[3]) }

func abs32(x float32) float32 { return max(x, -x) }

func (l *line) at(v float32) (x, sigma, sag float32) {
	return cubic(&l.x, v), cubic(&l.sigma, v), cubic(&l.sag, v)
}

func cubic(c *[4]float32, v float32) float32 { return c[0] + v*(c[1]+v*(c[2]+v*c[3])) }

func (b *block) v(ray int) float32 { return float32(ray)*b.vStep - 1 }

// met returns which lanes meet terrain that may screen a ray: a bit for each.
// Most terrain lies below the rays.
func met(b *block) (mask uint64) {
	from, to := &b.lines[0], &b.lines[b.steps]
	for first := 0; first < b.rays; first += lanes {
		left := min(cubic(&from.x, b.v(first)), cubic(&to.x, b.v(first)))
		right := max(cubic(&from.x, b.v(first+lanes-1)), cubic(&to.x, b.v(first+lanes-1)))
		highest := float32(math.Inf(-1))
		for _, z := range b.highest[int(left) : int(right)+2] {
			highest = max(highest, z)
		}
		highest += b.slackM
		for i := first; i < first+lanes; i++ {
			_, sigma0, sag0 := from.at(b.v(i))
			_, sigma1, sag1 := to.at(b.v(i))
			if tan := b.tans[i]; tan*sigma0+sag0 <= highest || tan*sigma1+sag1 <= highest {
				mask |= 1 << (first / lanes)
				break
			}
		}
	}
	return mask
}

// follow takes the rays over the steps: those of the lanes of mask over the
// terrain, where it raises their tangents, the others as they are.
func follow(b *block, mask uint64) {
	b.project(mask, project)
	for i := range b.rays {
		if mask>>(i/lanes)&1 != 0 {
			b.follow(i)
			continue
		}
		for s := range b.steps {
			b.tans[(s+1)*maxRays+i] = b.tans[i]
		}
	}
}

// follow takes one ray over the steps, on the wall. Bilinear terrain has its
// edges where the ray meets a step, and where it crosses a column of posts on the
// way there; between them it is a parabola.
func (b *block) follow(ray int) {
	v, tan := b.v(ray), b.tans[ray]
	x0, sigma, _ := b.lines[0].at(v)
	least := tan * sigma
	z, z0 := least, b.onWall(0, x0)
	for s := 1; s <= b.steps; s++ {
		x1 := cubic(&b.lines[s].x, v)
		z1 := b.onWall(s, x1)
		// Without an edge, the way before it is all there is.
		c0, c1, dx := floor32(x0), floor32(x1), x1-x0
		c := int(max(c0, c1))
		share, edge := float32(1), z1
		begin, end := place{0, z0}, place{1, z1}
		if c0 != c1 {
			share, edge = b.onColumn(s, c, x0)
		}
		if abs32(c0-c1) > 1 {
			// Beside the diagonals, and the more so the farther from the equator,
			// some cross two columns.
			share2, edge2 := b.onColumn(s, c-1, x0)
			z = max(z, edge2)
			if share2 < share {
				begin = place{share2, edge2}
			} else if share2 > share {
				end = place{share2, edge2}
			}
		}
		twists, d := b.wallRow(s, ofTwists), &b.drawings[s]
		before := twists[int(max(c0, c1-1))]*dx + d.along
		after := twists[int(max(c1, c0-1))]*dx + d.along
		to := place{share, edge}
		z = max(z, z1, edge, d.top(begin, to, before), d.top(to, end, after))
		if z > least {
			tan = z / sigma
		}
		b.tans[s*maxRays+ray] = tan
		x0, z0 = x1, z1
	}
}

// place is one on the wall: where a ray is after a share of a step.
type place struct{ share, z float32 }

// onColumn returns where, after what share of a step, a ray that was at x
// crosses a column.
func (b *block) onColumn(s, c int, x float32) (share, z float32) {
	share = max(min((x-float32(c))*b.wallRow(s, ofShares)[c], 1), 0)
	from, to := b.wallRow(s-1, ofLine)[c], b.wallRow(s, ofLine)[c]
	return share, from + (to-from)*share
}

// top returns the highest place between two of a parabola that would bend by so
// much over a whole step; the first one if it does not rise above both.
func (d *drawing) top(from, to place, bend float32) float32 {
	share, tilt := to.share-from.share, (to.z-from.z)*0.25
	bend *= share * share * (1 + d.lean*(from.share+to.share-1))
	if bend <= abs32(tilt) {
		return from.z
	}
	return from.z + (bend+tilt)*(bend+tilt)/bend
}

func floor32(x float32) float32 { return float32(math.Floor(float64(x))) }

// cells are those of one step that lie between the rays of a fan.
type cells struct {
	line *line
	cellParameters
	// tans are the rays', ground the heights of the posts from the first cell
	// on, and floors where the cells' go. heights is room for theirs, and rest for
	// as many floors as lanes.
	tans    []float32
	ground  []float32
	floors  []AGL
	heights []float32
	rest    [lanes]AGL
	// steepest is the largest of the tangents, or infinite where the ground of cells
	// may be above the rays.
	steepest float32
	// altitudes says that floors are the bits of altitudes.
	altitudes bool
	// ahead is memory that will be wanted soon: posts that will be read, and
	// floors that will be written.
	ahead [2]stream
}

// cellParameters are numbers for all cells.
type cellParameters struct {
	// A cell at x has u = (x − x₀)/x₁, which is firstU for the first cell of the line
	// and grows by inverseX; before counts those before these cells. With the series
	// of the line's cubic turned round, v = u + u²·(inverse[0] + u·inverse[1]).
	firstU, inverseX float32
	inverse          [2]float32
	before           float32
	// halfRays is half of how many spaces there are between the rays, lastRay
	// a little less than the number of the last.
	halfRays, lastRay float32
	// limited is 0 where no cell is above what is seen.
	limited float32
	// bow is what makes σ exact; see bow.
	bow bow
	limits
}

// between says how many rays there are.
func (c *cells) between(rays int) {
	c.halfRays, c.lastRay = float32(rays-1)/2, math.Nextafter32(float32(rays-1), 0)
}

// invert prepares the way from x to v, for cells from one on that is so far
// right of x₀.
func (c *cells) invert(first float64) {
	x := &c.line.x
	c.firstU, c.inverseX = float32(first/float64(x[1])), 1/x[1]
	a, b := x[2]*c.inverseX, x[3]*c.inverseX
	c.inverse = [2]float32{-a, 2*a*a - b}
}

// limit finds out whether any cell may be above what is seen.
func (c *cells) limit() {
	sigma, sag := largest(&c.line.sigma), largest(&c.line.sag)
	c.limited = 1
	if c.steepest < c.topTan && max(c.steepest, 0)*sigma+sag < c.topM && sigma <= c.rimSigma {
		c.limited = 0
	}
}

// largest is what a cubic comes to at most.
func largest(c *[4]float32) float32 { return c[0] + abs32(c[1]) + abs32(c[2]) + abs32(c[3]) }

// shed gives the cells their floors.
func shed(c *cells) {
	for i, ground := range c.ground[:len(c.floors)] {
		u := (c.before+float32(i))*c.inverseX + c.firstU
		v := u + u*u*(c.inverse[0]+u*c.inverse[1])
		// Rounding may put the first cell a hair before the first ray.
		ray := max(min(v*c.halfRays+c.halfRays, c.lastRay), 0)
		k := int(ray)
		tan := c.tans[k] + (c.tans[k+1]-c.tans[k])*(ray-float32(k))
		sigma, sag := cubic(&c.line.sigma, v), cubic(&c.line.sag, v)
		z := max(tan*sigma+sag, ground)
		switch unseen := c.above(z, sigma, sag, sigma*c.bow.at(v)); {
		case c.altitudes:
			c.floors[i] = c.altitude(z, unseen)
		case unseen:
			c.floors[i] = Unseen
		default:
			c.floors[i] = c.agl(z, ground)
		}
	}
}

// reducer is what reduces heights in metres above mean sea level: h₀ and 1/a.
type reducer struct{ antennaAMSLM, inverseRadius float32 }

func (r *reducer) reduced(z float32) float32 {
	w := z * r.inverseRadius
	return (z - r.antennaAMSLM) * (1 - w*(1-w))
}

// cut is some posts of a panel, and where their reduced heights go.
type cut struct {
	panel *terrain.Panel
	// first is the index of the north-western post; rows and columns are as in
	// the panel.
	first, rows, columns int
	// patch takes them from index to on; the next of its rows is pitch away.
	patch     []float32
	to, pitch int
}

// cutOf returns that of a panel which holds a window.
func cutOf(p *terrain.Panel, window terrain.Lattice) cut {
	return cut{panel: p, first: (window.Row0-p.Row0)*p.Stride + window.Col0 - p.Col0, rows: window.Rows, columns: window.Cols}
}

// void is what is missing among heights of 16 bits, or no such height.
func (c *cut) void() int32 {
	if c.panel.HasVoid {
		return int32(c.panel.Void)
	}
	return 1 << 20
}

// rows reduces the rows of a cut, each to a row of the patch.
func rows(c *cut, r *reducer) {
	for i := range c.rows {
		for j := range c.columns {
			c.patch[c.to+i*c.pitch+j] = r.reduced(c.height(i, j))
		}
	}
}

// columns reduces the columns of a cut, each to a row of the patch.
func columns(c *cut, r *reducer) {
	for j := range c.columns {
		for i := range c.rows {
			c.patch[c.to+j*c.pitch+i] = r.reduced(c.height(i, j))
		}
	}
}

// height returns that of a post in metres above mean sea level, 0 where it is
// missing.
func (c *cut) height(row, column int) float32 {
	i := c.first + row*c.panel.Stride + column
	if c.panel.Int16 != nil {
		if z := c.panel.Int16[i]; int32(z) != c.void() {
			return float32(z)
		}
		return 0
	}
	if z := c.panel.Float32[i]; z == z {
		return z
	}
	return 0
}

// highest finds the highest post of each column of a patch.
func highest(dst, patch []float32, pitch, rows int) {
	copy(dst, patch[:pitch])
	for i := 1; i < rows; i++ {
		for c, z := range patch[i*pitch : (i+1)*pitch] {
			dst[c] = max(dst[c], z)
		}
	}
}

// turn turns eight rows of floors, pitch apart, into columns of dst: n rows of
// it, stride apart.
func turn(dst []AGL, stride int, src []AGL, pitch, n int) {
	for i := range n {
		for j := range blockSteps {
			dst[i*stride+j] = src[j*pitch+i]
		}
	}
}

// kernel is the inner loops, as some processors run them.
type kernel struct {
	name    string
	met     func(*block) uint64
	follow  func(*block, uint64)
	shed    func(*cells)
	rows    func(*cut, *reducer)
	columns func(*cut, *reducer)
	highest func(dst, patch []float32, pitch, rows int)
	// topsOfColumns and topsOfRows overlook a cut.
	topsOfColumns, topsOfRows func(*cut, *reducer)

	turn      func(dst []AGL, stride int, src []AGL, pitch, n int)
	altitudes func(dst []int16, floors []AGL, c *cut)
}

var portable = kernel{"portable", met, follow, shed, rows, columns, highest, topsOfColumns, topsOfRows, turn, altitudes}

// kernels are those that this processor can run, the quickest first.
var kernels = append(processorKernels(), portable)
