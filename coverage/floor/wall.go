package floor

import "math/bits"

// Seen from the antenna, the terrain of a block is drawn on the wall that stands
// over line 0: what is z high, less its sag, stands there z·σ₀/σ high. Straight
// edges of the terrain stay straight, so that rays, which are closer than posts,
// find with few instructions how high they must pass.

// Rows of the wall, of each step.
const (
	// ofTwists are by how much a cell on the way to the step bends up, in its
	// middle, where a ray moves across by a column.
	ofTwists = iota
	// ofShares lead from how far right of a post of the step before a ray
	// passes, to the share of the way at which it crosses the post's column.
	ofShares
	// ofLine are the posts.
	ofLine
	wallRows
)

// drawing says how the terrain of a step comes to the wall.
type drawing struct {
	// Column c has u = firstU + c·inverseX, and is crossed by the ray at
	// v = u + u²·(inverse[0] + u·inverse[1]), as cells are.
	firstU, inverseX float32
	inverse          [2]float32
	// scale is σ₀/σ as a polynomial in v, sag that of the line.
	scale [3]float32
	sag   [4]float32
	// advance is by how much x grows on the way from the line before.
	advance [4]float32
	// twist leads to those of the wall. across is four times by how much the
	// earth's bend raises what is straight between two posts, along by how much
	// what is so on the way from the line before.
	twist, across, along float32
	// lean is by how much more terrain bends, on the wall, at the end of the
	// way than in its middle.
	lean float32
}

const (
	// farthestV is how far beyond the rays polynomials in v are trusted. Near the
	// antenna the next posts may stand farther away, where sags do not count.
	farthestV = 8
	// leastAdvance is by how much a ray must move across to be looked at on a
	// column between two steps: less is but rounding.
	leastAdvance = 1. / (1 << 20)
)

// draw makes a drawing of a line, and of its way from the one before.
func (l *line) draw(d *drawing, wall, before *line) {
	d.firstU, d.inverseX = -l.x[0]/l.x[1], 1/l.x[1]
	p, q := l.x[2]*d.inverseX, l.x[3]*d.inverseX
	d.inverse = [2]float32{-p, 2*p*p - q}
	first, last := cubic(&wall.sigma, -1)/cubic(&l.sigma, -1), cubic(&wall.sigma, 1)/cubic(&l.sigma, 1)
	middle := wall.sigma[0] / l.sigma[0]
	d.scale = [3]float32{middle, (last - first) / 2, (last+first)/2 - middle}
	d.sag = l.sag
	for i := range d.advance {
		d.advance[i] = l.x[i] - before.x[i]
	}
	halfWay := wall.sigma[0] / (l.sigma[0] + before.sigma[0]) * 2
	way := 1 - before.sigma[0]/l.sigma[0]
	d.twist, d.across, d.along = -halfWay/4, l.sag[2]*d.inverseX*d.inverseX*middle, l.sag[0]*way*way/4*halfWay
	d.lean = 1.5 * way
}

// wallRow returns a row of the wall.
func (b *block) wallRow(step, of int) []float32 {
	return b.wall[(step*wallRows+of)*b.pitch:][:b.pitch]
}

// onWall returns how high the terrain of a step stands on the wall at x.
func (b *block) onWall(step int, x float32) float32 {
	c := int(x)
	u := x - float32(c)
	z := b.wallRow(step, ofLine)[c:]
	return z[0] + (z[1]-z[0])*u + b.drawings[step].across*(u-u*u)
}

// project draws the terrain that rays of the lanes of mask may meet. Steps are
// those of the patch before and of this one, and of the wall.
func (b *block) project(mask uint64, project func(d *drawing, before, posts, wall []float32, pitch int)) {
	b.wall = grown(b.wall, (blockSteps+1)*wallRows*b.pitch+padding)
	columns := b.columns(mask)
	for s := range b.steps + 1 {
		d, l, before := &b.drawings[s], &b.lines[s], max(s-1, 0)
		l.draw(d, &b.lines[0], &b.lines[before])
		d.firstU += float32(columns.from) * d.inverseX
		post := func(s int) []float32 { return b.patch[s*b.pitch+columns.from:][:columns.to-columns.from+1] }
		project(d, post(before), post(s), b.wall[s*wallRows*b.pitch+columns.from:], b.pitch)
	}
}

// columns returns those that rays of the lanes of mask may cross, in whole
// lanes; none if there are none.
func (b *block) columns(mask uint64) span {
	if mask == 0 {
		return span{}
	}
	const margin = 3
	first, last := b.v(bits.TrailingZeros64(mask)*lanes), b.v(min(bits.Len64(mask)*lanes, b.rays)-1)
	from, to := &b.lines[0].x, &b.lines[b.steps].x
	left := int(min(cubic(from, first), cubic(to, first))) - margin
	right := int(max(cubic(from, last), cubic(to, last))) + margin
	left = max(left, 0) / lanes * lanes
	return span{left, min(left+(right-left+lanes)/lanes*lanes, b.pitch)}
}

// project draws a step.
func project(d *drawing, before, posts, wall []float32, pitch int) {
	for i := range len(posts) - 1 {
		u := d.firstU + float32(i)*d.inverseX
		v := min(max(u+u*u*(d.inverse[0]+u*d.inverse[1]), -farthestV), farthestV)
		wall[ofLine*pitch+i] = (posts[i] - cubic(&d.sag, v)) * (d.scale[0] + v*(d.scale[1]+v*d.scale[2]))
		wall[ofTwists*pitch+i] = ((posts[i+1] - posts[i]) - (before[i+1] - before[i])) * d.twist
		share, advance := float32(0), cubic(&d.advance, v)
		if abs32(advance) >= leastAdvance {
			share = -1 / advance
		}
		wall[ofShares*pitch+i] = share
	}
}
