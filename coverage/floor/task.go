package floor

import (
	"context"
	"math"
	"slices"

	"github.com/canopyradar/canopy/coverage/sight"
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
	reducer       reducer
	// steepest is the largest of the tangents so far.
	steepest float32
}

var infinite = float32(math.Inf(1))

// bench is where a worker does one task after another.
type bench struct {
	kernel kernel
	block  block
	cells  cells
	// ground is the patch of what lies below aircraft, from row 1 on.
	ground []float32
	// col0 and cols are the columns of the patches. previous is the last row
	// of the patch before, from column previous0 on.
	col0, cols int
	previous   []float32
	previous0  int
	// held are the columns of the patch that hold posts; in others all rays pass
	// above them, and no cell needs theirs. deep is ground for such cells.
	held span
	deep []float32
	// floors holds those of a block of columns, as many apart as the patch has,
	// and spans which of them there are.
	floors []AGL
	spans  [blockSteps]span
	course course
	// cut is what is loaded. copied and posts hold what lies in no one panel.
	cut    cut
	copied terrain.Panel
	posts  []float32
	// reads is where posts come from, writes where floors go.
	reads, writes matrix
}

func newBench(k kernel) *bench {
	return &bench{kernel: k, block: block{tans: make([]float32, (blockSteps+1)*maxRays+tansPadding)}}
}

func (t *task) run(ctx context.Context) error {
	t.begin()
	for i := range t.q.stretches {
		st := &t.q.stretches[i]
		if i > 0 && st.first == t.q.full {
			t.thicken()
		}
		c := &t.course
		st.lay(c, t.q, &t.slopes, &t.radii)
		if i == 0 {
			t.cells.steepest = infinite
			t.nearBy(st, c)
			t.steepen()
			continue
		}
		for k := st.first; k < st.first+st.count; k += blockSteps {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if t.out(k, st.tau(t.q.along(k))) {
				return nil
			}
			t.far(st, c, k, min(blockSteps, st.first+st.count-k))
		}
	}
	return ctx.Err()
}

// out reports whether all rays are out of range at step k, or where nothing is
// asked for, and so from there on.
func (t *task) out(k int, tau float64) bool {
	line, lines, across := t.q.first+k*t.q.direction, t.s.wantedCols, t.s.wantedRows
	if t.q.rowSteps {
		lines, across = across, lines
	}
	if line < lines.from || line >= lines.to {
		return true
	}
	in := t.q.inRange[line].cut(across)
	return at(&t.course.last, tau) < float64(in.from-1) || at(&t.course.first, tau) > float64(in.to)
}

// begin aims the fan.
func (t *task) begin() {
	q, site := t.q, t.s.Site
	t.writes = matrixOf(t.s.Floor, t.s.Cols, 0, 0)
	t.reads = t.writes
	for i, v := range fitNodes {
		t.slopes[i] = q.slope(float64(t.first) + (v+1)/2*float64(q.fanRays-1))
		t.radii[i] = site.Effective(q.azimuthAt(t.slopes[i])).RadiusM
	}
	a := (t.radii[1] + t.radii[2]) / 2
	t.reducer = reducer{float32(site.AntennaAMSLM()), float32(1 / a)}
	t.cells.limits, t.cells.altitudes = newLimits(site, a, t.s.altitudes), t.s.altitudes
	b := &t.block
	b.slackM = float32(t.s.slackM(a))
	rays := q.fanRays
	if q.full > 0 {
		rays = rays/2 + 1
	}
	t.among(rays)
	t.cells.bow = newBow(&t.slopes)
	lowest := float32(sight.BeamTan(site.MinElevationDeg))
	for i := range b.rays {
		b.tans[i] = lowest * t.cells.bow.at(b.v(i))
	}
}

// among makes the fan one of so many rays.
func (t *task) among(rays int) {
	t.cells.between(rays)
	t.block.rays, t.block.vStep = (rays+lanes-1)/lanes*lanes, 2/float32(rays-1)
}

// thicken puts a ray between each two.
func (t *task) thicken() {
	n, tans := t.block.rays, t.block.tans
	t.among(t.q.fanRays)
	tans[2*n-1] = tans[n-1] // Beyond the fan.
	for i := n - 1; i > 0; i-- {
		tans[2*i], tans[2*i-1] = tans[i], (tans[i-1]+tans[i])/2
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
	mask := t.meet(k)
	ground := b.patch[b.pitch:]
	if t.land.ground != t.land.screen {
		t.ground = grown(t.ground, len(b.patch))
		ground = t.ground
		t.load(ground, t.land.ground, k, n)
	}
	rows := t.follow(mask)
	t.cells.steepest = t.steepest
	if rows || t.land.ground != t.land.screen {
		t.cells.steepest = infinite
	}
	for i := range n {
		tans := b.tans
		if rows {
			tans = b.tans[i*maxRays:]
		}
		t.cells.line, t.cells.tans = &b.lines[i+1], tans
		t.fill(k+i, i, ground[i*b.pitch:], c, st.tau(from+float64(i+1)))
	}
	if !t.q.rowSteps {
		t.turn(k, n)
	}
	if rows {
		copy(b.tans[:b.rays], b.tans[n*maxRays:])
		t.steepen()
	}
}

// steepen finds the largest of the tangents.
func (t *task) steepen() {
	var most [lanes]float32
	t.kernel.highest(most[:], t.block.tans, lanes, t.block.rays/lanes)
	t.steepest = slices.Max(most[:])
}

// follow takes the rays of the lanes of mask over the terrain of the block, and
// reports whether there are any; if not, only row 0 of the tangents is of meaning.
func (t *task) follow(mask uint64) bool {
	if mask != 0 {
		t.quick().follow(&t.block, mask)
	}
	return mask != 0
}

// quick returns the quickest kernel for the rays of the block.
func (t *task) quick() *kernel {
	if t.block.sparse() {
		return &portable
	}
	return &t.kernel
}

// fill gives the posts of step k, which is i of its block, that lie between the
// rays their floors. The cells have the line and the tangents; ground is the row
// of the patch.
func (t *task) fill(k, i int, ground []float32, c *course, tau float64) {
	cells := t.q.cells[k].cut(span{int(math.Ceil(at(&c.first, tau))), int(math.Ceil(at(&c.last, tau)))})
	t.spans[i] = cells
	if cells.from >= cells.to {
		return
	}
	t.cells.invert(float64(cells.from) - at(&c.x[0], tau))
	t.cells.limit()
	from, to := t.col0+t.held.from, t.col0+t.held.to
	t.shed(k, i, cells.cut(span{cells.from, from}), nil)
	t.shed(k, i, cells.cut(span{from, to}), ground)
	t.shed(k, i, cells.cut(span{to, cells.to}), nil)
}

// shed does so for some of the cells. Without a ground, it is below all rays.
func (t *task) shed(k, i int, cells span, ground []float32) {
	from, to := cells.from, cells.to
	if from >= to {
		return
	}
	if ground == nil {
		t.cells.ground = t.deep[:to-from+lanes]
	} else {
		t.cells.ground = ground[from-t.col0:]
	}
	if t.q.rowSteps {
		row, col := t.q.post(k, from)
		t.cells.floors = t.s.Floor[row*t.s.Cols+col:][:to-from]
	} else {
		t.floors = grown(t.floors, blockSteps*t.block.pitch)
		t.cells.floors = t.floors[t.column(i)*t.block.pitch+from-t.col0:][:to-from]
	}
	t.cells.ahead = [2]stream{t.q.ahead(t.reads, k, from), t.q.ahead(t.writes, k, from)}
	t.cells.before = float32(from - t.spans[i].from)
	t.kernel.shed(&t.cells)
}

// column returns the place of step i of a block among columns, which run east.
func (t *task) column(i int) int {
	if t.q.direction < 0 {
		return blockSteps - 1 - i
	}
	return i
}

// turn stores the floors of n steps that are columns.
func (t *task) turn(k, n int) {
	all := t.spans[0]
	for i := range n {
		all = all.cut(t.spans[i])
	}
	if n == blockSteps && all.from < all.to {
		row, col := t.q.post(k, all.from)
		if t.q.direction < 0 {
			col -= n - 1
		}
		t.kernel.turn(t.s.Floor[row*t.s.Cols+col:], t.s.Cols, t.floors[all.from-t.col0:], t.block.pitch, all.to-all.from)
	} else {
		all.to = all.from
	}
	for i := range n {
		s := t.spans[i]
		t.storeColumn(k+i, i, span{s.from, min(s.to, all.from)})
		t.storeColumn(k+i, i, span{max(s.from, all.to), s.to})
	}
}

func (t *task) storeColumn(k, i int, s span) {
	for r := s.from; r < s.to; r++ {
		row, col := t.q.post(k, r)
		t.s.Floor[row*t.s.Cols+col] = t.floors[t.column(i)*t.block.pitch+r-t.col0]
	}
}

// nearBy takes the fan over the first steps.
func (t *task) nearBy(st *stretch, c *course) {
	t.previous = t.previous[:0]
	b := &t.block
	for k, way := range t.q.near.steps {
		rows := false
		for first := 0; first+1 < len(way); first += b.steps {
			if rows {
				copy(b.tans[:b.rays], b.tans[b.steps*maxRays:])
			}
			b.steps = min(blockSteps, len(way)-1-first)
			t.over(st, c, way[first:first+b.steps+1])
			rows = t.follow(t.met())
		}
		tans := b.tans
		if rows {
			tans = b.tans[(b.steps-1)*maxRays:]
		}
		tau := st.tau(t.q.along(k))
		t.place(c, tau, tau)
		t.held = span{0, t.cols}
		t.load(b.patch, t.land.ground, k, 1)
		b.lines[0] = c.line(tau, float64(t.col0))
		t.cells.line, t.cells.tans = &b.lines[0], tans
		t.fill(k, 0, b.patch, c, tau)
		if !t.q.rowSteps {
			t.storeColumn(k, 0, t.spans[0])
		}
		if rows {
			copy(b.tans[:b.rays], b.tans[b.steps*maxRays:])
		}
	}
}

// over fills the block with lines near by.
func (t *task) over(st *stretch, c *course, way []nearLine) {
	b, across := &t.block, t.q.near.across
	t.place(c, st.tau(way[0].along), st.tau(way[len(way)-1].along))
	left := int(math.Floor(across.of(float64(t.col0)))) - patchMargin
	b.pitch = (int(math.Ceil(float64(t.cols)*across.stretch)) + 2*patchMargin + lanes - 1) / lanes * lanes
	b.patch = grown(b.patch, (blockSteps+1)*b.pitch+padding)
	for i := range way {
		tau := st.tau(way[i].along)
		l := c.line(tau, 0)
		for j := range l.x {
			l.x[j] = float32(at(&c.x[j], tau) * across.stretch)
		}
		l.x[0] = float32(across.of(at(&c.x[0], tau)) - float64(left))
		b.lines[i] = l
		way[i].reduced(b.patch[i*b.pitch:][:b.pitch], left, &t.reducer)
	}
}
