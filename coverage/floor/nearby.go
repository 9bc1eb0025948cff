package floor

import (
	"math"

	"github.com/canopyradar/canopy/terrain"
)

// nearby is the terrain around the antenna as the rays of a quadrant cross it.
type nearby struct {
	near              *terrain.Grid
	rowSteps          bool
	origin, direction float64
	acrossOrigin      float64
	antennaAMSLM      float64
	across, along     scale
	// steps hold for each step near by the lines on the way to it: first the
	// one that the way begins at, last the step itself.
	steps [][]nearLine
	// free is room for heights.
	free []float32
}

// scale leads from places in the surface's lattice to those in the one near by.
type scale struct{ zero, stretch float64 }

func (s scale) of(x float64) float64 { return s.zero + x*s.stretch }

// nearLine is a line across, so many posts along, and the heights above the
// antenna of the posts near by on it, from the first to beyond the last that
// rays come near.
type nearLine struct {
	along    float64
	first    int
	heightsM []float32
}

func newNearby(s *Surface, q *quadrant, near *terrain.Grid, steps int) *nearby {
	n := &nearby{near: near, rowSteps: q.rowSteps, origin: q.origin, direction: float64(q.direction),
		acrossOrigin: q.acrossOrigin, antennaAMSLM: s.Site.AntennaAMSLM()}
	rows := scale{near.Row(s.latAt(0)), near.PerDegLat / s.PerDegLat}
	cols := scale{near.Col(s.lonAt(0)), near.PerDegLon / s.PerDegLon}
	if n.across, n.along = rows, cols; q.rowSteps {
		n.across, n.along = cols, rows
	}
	n.steps = make([][]nearLine, steps)
	for k := range n.steps {
		to := q.along(k)
		// Nearer than this, rounding would turn the view.
		from := math.Max(to-1, 1/(blockSteps*n.along.stretch))
		n.steps[k] = n.way(from, to)
	}
	return n
}

// way returns the lines on the way to a step: the lines of posts, where
// bilinear terrain has its edges, and parts of the way from each to the next
// where that is near. There are none on a way of no length.
func (n *nearby) way(from, to float64) []nearLine {
	if from >= to {
		return nil
	}
	lines := append(make([]nearLine, 0, 2*blockSteps), n.line(from))
	for from < to-hair {
		next := math.Min(n.next(from), to)
		parts := int(math.Ceil(math.Min(1/(leastTurn*from*n.along.stretch), blockSteps) - hair))
		for i := range parts {
			lines = append(lines, n.line(from+(next-from)*float64(i+1)/float64(parts)))
		}
		from = next
	}
	return lines
}

// hair is so little, in posts or parts, that only rounding makes such a
// difference.
const hair = 1e-6

// place returns where a line that stands along posts from the radar is among
// the posts near by.
func (n *nearby) place(along float64) float64 { return n.along.of(n.origin + n.direction*along) }

// next returns where the next line of posts near by stands.
func (n *nearby) next(along float64) float64 {
	// A hair on, so that rounding does not make it the same.
	line := math.Ceil(n.place(along+hair) * n.direction)
	return n.direction * ((line*n.direction-n.along.zero)/n.along.stretch - n.origin)
}

func (n *nearby) line(along float64) nearLine {
	g, place := n.near, n.place(along)
	row := int(math.Floor(place))
	share := float64(place - float64(row))
	count, stride, step := g.Cols, 1, g.Cols
	if !n.rowSteps {
		count, stride, step = g.Rows, g.Cols, 1
	}
	at := row * step
	if share == 0 {
		step = 0 // The next row may be beyond the grid.
	}
	// Where frames hold, rays of posts far away on the diagonals cross it there.
	const slopeLimit = 1.5
	left, right := n.across.of(n.acrossOrigin-slopeLimit*along), n.across.of(n.acrossOrigin+slopeLimit*along)
	first, last := max(int(left)-patchMargin, 0), min(int(right)+patchMargin, count-1)
	l := nearLine{along: along, first: first, heightsM: n.room(last + 1 - first)}
	at += first * stride
	for i := range l.heightsM {
		z := float64(g.ElevationM[at])
		z += (float64(g.ElevationM[at+step]) - z) * share
		l.heightsM[i] = float32(z - n.antennaAMSLM)
		at += stride
	}
	return l
}

// room returns room for so many heights.
func (n *nearby) room(count int) []float32 {
	if len(n.free) < count {
		n.free = make([]float32, max(count, 4096))
	}
	room := n.free[:count]
	n.free = n.free[count:]
	return room
}

// reduced fills dst with the reduced heights of the line's posts from the one
// numbered left on, those of the sea beyond them.
func (l *nearLine) reduced(dst []float32, left int, r *reducer) {
	from := min(max(l.first-left, 0), len(dst))
	to := min(max(l.first+len(l.heightsM)-left, from), len(dst))
	sea := r.lift(-r.antennaAMSLM)
	for i := range dst[:from] {
		dst[i] = sea
	}
	for i, up := range l.heightsM[min(max(left-l.first, 0), len(l.heightsM)):][:to-from] {
		dst[from+i] = r.lift(up)
	}
	for i := range dst[to:] {
		dst[to+i] = sea
	}
}

// lift returns the reduced height of what is so much above the antenna.
func (r *reducer) lift(up float32) float32 {
	w := (up + r.antennaAMSLM) * r.inverseRadius
	return up * (1 - w*(1-w))
}
