package floor

import (
	"context"
	"math"

	"github.com/canopyradar/canopy/terrain"
)

// task sweeps a fan of neighbouring rays of a quadrant, and gives the posts
// between them their floors.
type task struct {
	s    *Surface
	q    *quadrant
	land *land
	*bench
	// first is the ray at v = −1; slopes and radii are those of the rays at
	// fitNodes, radii of their effective earths.
	first         int
	slopes, radii [4]float64
	limits        limits
}

// bench is where a worker does one task after another.
type bench struct {
	block block
	// ground is the patch of what lies below aircraft.
	ground []float32
	// col0 and cols are the columns of the patches.
	col0, cols int
	posts      []float32
	floors     []AGL
}

func newBench(l *land) *bench {
	b := &bench{block: block{tans: make([]float32, (blockSteps+1)*maxRays+lanes)}}
	return b
}

// patchMargin is how many columns a patch has beyond the crossings on each
// side: a leg that begins at its edge ends, and looks, less than three columns
// farther.
const patchMargin = 4

func (t *task) run(ctx context.Context) error {
	t.begin()
	for i := range t.q.stretches {
		st := &t.q.stretches[i]
		c := st.course(t.q, &t.slopes, &t.radii)
		if i == 0 {
			t.near(st, c)
			continue
		}
		for k := st.first; k < st.first+st.count; k += blockSteps {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			t.far(st, c, k, min(blockSteps, st.first+st.count-k))
		}
	}
	return ctx.Err()
}

// begin aims the fan.
func (t *task) begin() {
	q, site := t.q, t.s.Site
	for i, v := range fitNodes {
		t.slopes[i] = q.slope(float64(t.first) + (v+1)/2*float64(q.fanRays-1))
		t.radii[i] = site.Effective(q.azimuthAt(t.slopes[i])).RadiusM
	}
	t.limits = newLimits(site, (t.radii[1]+t.radii[2])/2)
	b := &t.block
	b.rays, b.vStep = q.fanRays, 2/float32(q.fanRays-1)
	lowest := float32(tanDeg(site.MinElevationDeg))
	for i := range b.rays {
		b.tans[i] = lowest
	}
}

// far takes the fan over steps k to k+n of a stretch.
func (t *task) far(st *stretch, c *course, k, n int) {
	b := &t.block
	b.steps = n
	from := t.q.along(k) - 1
	t.place(c, st.tau(from), st.tau(from+float64(n)))
	for i := range n + 1 {
		b.lines[i] = c.line(st.tau(from+float64(i)), float64(t.col0))
	}
	b.patch = t.load(b.patch, t.land.screen, k-1, n+1)
	t.ground = b.patch
	if t.land.ground != t.land.screen {
		t.ground = t.load(t.ground, t.land.ground, k-1, n+1)
	}
	rows := t.follow()
	for i := range n {
		tans := b.tans
		if rows {
			tans = b.tans[i*maxRays:]
		}
		t.fill(k+i, c, st.tau(from+float64(i+1)), &b.lines[i+1], tans, t.ground[(i+1)*b.pitch:])
	}
	if rows {
		copy(b.tans[:b.rays], b.tans[n*maxRays:])
	}
}

// follow takes the rays over the terrain of the block, and reports whether any
// met it; if not, only row 0 of the tangents is of meaning.
func (t *task) follow() bool {
	b := &t.block
	t.highest()
	mask := met(b)
	if mask != 0 {
		follow(b, mask)
	}
	return mask != 0
}

func (t *task) highest() {
	b := &t.block
	b.highest = grown(b.highest, b.pitch)
	copy(b.highest, b.patch[:b.pitch])
	for i := range b.steps {
		for c, z := range b.patch[(i+1)*b.pitch : (i+2)*b.pitch] {
			b.highest[c] = max(b.highest[c], z)
		}
	}
}

// place lays the patch around the columns that the fan crosses from one τ to
// another.
func (t *task) place(c *course, from, to float64) {
	left := math.Min(at(&c.first, from), at(&c.first, to))
	right := math.Max(at(&c.last, from), at(&c.last, to))
	t.col0 = int(math.Floor(left)) - patchMargin
	t.cols = int(math.Floor(right)) + patchMargin + 2 - t.col0
	t.block.pitch = t.cols
}

// load fills the patch with n steps from step k on.
func (t *task) load(patch []float32, view *terrain.View, k, n int) []float32 {
	patch, t.posts = grown(patch, n*t.cols), grown(t.posts, n*t.cols)
	view.CopyTo(t.posts, t.q.window(t.s.Lattice, k, n, t.col0, t.cols))
	for i := range n {
		from := i
		if t.q.direction < 0 {
			from = n - 1 - i
		}
		row := patch[i*t.cols : (i+1)*t.cols]
		if t.q.rowSteps {
			t.limits.reduce(row, t.posts[from*t.cols:], 1)
		} else {
			t.limits.reduce(row, t.posts[from:], n)
		}
	}
	return patch
}

// grown returns a slice of at least n elements, of no meaning.
func grown[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// fill gives the posts of step k that lie between the rays their floors.
func (t *task) fill(k int, c *course, tau float64, l *line, tans, ground []float32) {
	own := t.q.cells[k]
	from := max(int(own[0]), int(math.Ceil(at(&c.first, tau))))
	to := min(int(own[1]), int(math.Ceil(at(&c.last, tau))))
	if from >= to {
		return
	}
	row, col := t.q.post(k, from)
	at, stride := row*t.s.Cols+col, 1
	if !t.q.rowSteps {
		stride = t.s.Cols
	}
	cells := cells{
		line: l, tans: tans, ground: ground[from-t.col0:][:to-from], firstX: float32(from - t.col0),
		halfRays: float32(t.block.rays-1) / 2, limits: &t.limits,
	}
	cells.invert()
	if stride == 1 {
		cells.floors = t.s.Floor[at : at+to-from]
		shed(&cells)
		return
	}
	t.floors = grown(t.floors, to-from)
	cells.floors = t.floors
	shed(&cells)
	for i, f := range t.floors {
		t.s.Floor[at+i*stride] = f
	}
}

// near takes the fan over the first steps, part by part.
func (t *task) near(st *stretch, c *course) {
	b := &t.block
	blocks := t.land.blocks(t.s)
	for k := st.first; k < st.first+st.count; k++ {
		to := t.q.along(k)
		// Nearer than this, rounding would turn the view.
		from := math.Max(to-1, 1./blockSteps)
		rows := false
		for i := 0; from < to && i < blocks; i++ {
			if rows {
				copy(b.tans[:b.rays], b.tans[blockSteps*maxRays:])
			}
			t.sample(st, c, from+(to-from)*float64(i)/float64(blocks), from+(to-from)*float64(i+1)/float64(blocks))
			rows = t.follow()
		}
		tans := b.tans
		if rows {
			tans = b.tans[(blockSteps-1)*maxRays:]
		}
		tau := st.tau(to)
		t.place(c, tau, tau)
		t.ground = t.load(t.ground, t.land.ground, k, 1)
		l := c.line(tau, float64(t.col0))
		t.fill(k, c, tau, &l, tans, t.ground)
		if rows {
			copy(b.tans[:b.rays], b.tans[blockSteps*maxRays:])
		}
	}
}

// sample fills the block with lines between two places along, over the terrain
// near by.
func (t *task) sample(st *stretch, c *course, from, to float64) {
	q, b, near := t.q, &t.block, t.land.near
	// Places in the lattice near by are linear in those of the surface.
	place := func(step, across float64) (s, a float64) {
		if q.rowSteps {
			return near.Row(t.s.latAt(step)), near.Col(t.s.lonAt(across))
		}
		return near.Col(t.s.lonAt(step)), near.Row(t.s.latAt(across))
	}
	_, zero := place(0, 0)
	_, one := place(0, 1)
	stretched := one - zero
	b.steps = blockSteps
	t.place(c, st.tau(from), st.tau(to))
	left := int(math.Floor(zero+float64(t.col0)*stretched)) - patchMargin
	b.pitch = int(math.Ceil(float64(t.cols)*stretched)) + 2*patchMargin
	b.patch = grown(b.patch, (blockSteps+1)*b.pitch)
	for i := range blockSteps + 1 {
		along := from + (to-from)*float64(i)/blockSteps
		l := c.line(st.tau(along), 0)
		for j := range l.x {
			l.x[j] = float32(at(&c.x[j], st.tau(along)) * stretched)
		}
		l.x[0] = float32(at(&c.x[0], st.tau(along))*stretched + zero - float64(left))
		b.lines[i] = l
		step, _ := place(q.origin+float64(q.direction)*along, 0)
		for j := range b.pitch {
			row, col := step, float64(left+j)
			if !q.rowSteps {
				row, col = col, row
			}
			z := near.AtPost(col, row)
			if z != z {
				z = 0
			}
			b.patch[i*b.pitch+j] = t.limits.reduced(z)
		}
	}
}
