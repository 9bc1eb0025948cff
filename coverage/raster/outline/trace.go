package outline

import "github.com/canopyradar/canopy/coverage/raster"

// Trace returns the edge of a component, along the sides of its cells and
// without corners that lie on a straight line.
//
// Where four cells meet of which two, diagonally, belong to the component,
// those two are taken to hang together there: the corner parts two stretches
// of ground outside. Because the component also hangs together by sides, the
// two stretches always lie in different rings, so no ring touches itself.
//
// It takes time and memory in proportion to the runs of the component.
func Trace(c *raster.Component) Outline {
	t := tracer{runs: c.Runs, next: make([]side, 2*len(c.Runs)), open: none}
	var upper, lower, end side
	for int(upper) < len(t.next) {
		end = t.rowEnd(lower)
		t.line(upper, lower, end)
		upper, lower = lower, end
	}
	return t.rings()
}

// side numbers the west side of run i as 2i and its east side as 2i+1, so
// that the sides of a row, west to east, and the rows follow one another.
// Ground inside lies to the left of the line along an edge, so west sides
// run south and east sides north.
type side int32

const none side = -1

func (s side) west() bool { return s&1 == 0 }

// tracer finds, for each side, the one that the edge goes on with.
type tracer struct {
	runs []raster.Run
	next []side
	// open is the side whose stretch along the current line has no other end
	// yet.
	open    side
	corners int
}

func (t *tracer) col(s side) int32 {
	run := &t.runs[s>>1]
	if s.west() {
		return run.Col0
	}
	return run.Col1
}

// endRow returns the line between rows at which a side ends.
func (t *tracer) endRow(s side) int32 {
	run := &t.runs[s>>1]
	if s.west() {
		return run.Row + 1
	}
	return run.Row
}

// rowEnd returns the first side after the row of s.
func (t *tracer) rowEnd(s side) side {
	end := int(s) >> 1
	for end < len(t.runs) && t.runs[end].Row == t.runs[s>>1].Row {
		end++
	}
	return side(2 * end)
}

// line joins the sides that meet at the line between two rows: upper ≤ s <
// lower of the row above and lower ≤ s < end of the row below.
//
//	──┐ A      A and B, of both rows, go straight on; C and D end here and
//	  ├───┐    the edge runs between them, along the line
//	──┘ B C
func (t *tracer) line(upper, lower, end side) {
	up, down := upper, lower
	for up < lower || down < end {
		switch {
		case down == end || up < lower && t.col(up) < t.col(down):
			t.turn(up, up.west())
			up++
		case up == lower || t.col(down) < t.col(up):
			t.turn(down, !down.west())
			down++
		default:
			t.meet(up, down)
			up, down = up+1, down+1
		}
	}
}

// meet joins the sides of two rows at one corner: straight on, or, where the
// cells inside lie diagonally, in the order of a right turn.
//
//	inside │           │ inside
//	───────┼───────────┼───────
//	       │ inside    inside │
func (t *tracer) meet(up, down side) {
	switch {
	case up.west() && down.west():
		t.next[up] = down
	case !up.west() && !down.west():
		t.next[down] = up
	case up.west():
		t.turn(up, true)
		t.turn(down, true)
	default:
		t.turn(down, false)
		t.turn(up, false)
	}
}

// turn notes that the edge turns between side s and the line: off s where it
// arrives, and into s otherwise. Turns along a line come in pairs.
func (t *tracer) turn(s side, arrives bool) {
	switch {
	case t.open == none:
		t.open = s
		return
	case arrives:
		t.next[s] = t.open
	default:
		t.next[t.open] = s
	}
	t.open = none
	t.corners += 2
}

// rings follows the sides. The north-west corner of a component lies on its
// outer ring, so that one comes first.
func (t *tracer) rings() Outline {
	corners := make(Ring, 0, t.corners)
	var outline Outline
	for s := side(0); int(s) < len(t.next); s += 2 {
		if t.next[s] == none {
			continue
		}
		start := len(corners)
		corners = t.follow(s, corners)
		outline = append(outline, corners[start:len(corners):len(corners)])
	}
	return outline
}

// follow appends the corners of the ring that holds s, and forgets its sides.
func (t *tracer) follow(s side, ring Ring) Ring {
	for t.next[s] != none {
		next := t.next[s]
		t.next[s] = none
		if row, from, to := t.endRow(s), t.col(s), t.col(next); from != to {
			ring = append(ring, Corner{from, row}, Corner{to, row})
		}
		s = next
	}
	return ring
}
