package outline

import "math/bits"

// bend is a corner of a ring between its neighbours still in use, as indices
// into the ring.
type bend struct {
	before, at, after int32
}

func (r *ring) corners(v bend) (before, at, after Corner) {
	return r.full[v.before], r.full[v.at], r.full[v.after]
}

// verdict says what becomes of a corner: from which round on to judge it again,
// or one of these.
type verdict uint8

const (
	again  verdict = 0   // to judge in each round, as it hangs on others
	keep   verdict = 254 // for good, unless a neighbour goes
	remove verdict = 255 // now
)

// judge decides on a corner of a ring that has left corners. In each round, the
// triangles that may go are twice as large.
//
// A corner between two shared ones stays: without it, the ring of which it is
// one and another ring could come to share an edge.
func (b *band) judge(r *ring, v bend, left int, round verdict) verdict {
	before, at, after := r.corners(v)
	area2 := twiceArea(before, at, after)
	switch from := verdict(bits.Len64(uint64(max(area2, -area2, 1) - 1))); {
	case left <= 3,
		b.corners.shared(at),
		b.corners.shared(before) && b.corners.shared(after),
		!b.near(at, before, after):
		return keep
	case from > round:
		return from
	case !r.affords(area2):
		return again
	case !b.allNear(r, v):
		return keep
	case b.corners.anyIn([...]Corner{before, at, after}):
		return again
	}
	return remove
}

func (b *band) remove(r *ring, v bend) {
	before, at, after := r.corners(v)
	r.area2 -= twiceArea(before, at, after)
	b.corners.drop(at)
	r.verdicts[v.before], r.verdicts[v.after] = again, again
}

// affords reports whether the ring keeps its area to within a tenth if it
// loses a triangle.
func (r *ring) affords(area2 int64) bool {
	change := r.area2 - area2 - r.tracedArea2
	return 10*max(change, -change) <= max(r.tracedArea2, -r.tracedArea2)
}

// near reports whether corner p lies within tolerance of the edge a–b.
func (b *band) near(p, a, c Corner) bool {
	return b.scale.near(p, a, c, b.toleranceM*b.toleranceM)
}

// allNear reports whether all corners between the neighbours of a bend, in
// use or not, lie within tolerance of the edge that would replace them.
func (b *band) allNear(r *ring, v bend) bool {
	before, _, after := r.corners(v)
	n := int32(len(r.full))
	for i := (v.before + 1) % n; i != v.after; i = (i + 1) % n {
		if !b.near(r.full[i], before, after) {
			return false
		}
	}
	return true
}
