package outline

// bend is a corner of a ring between its neighbours still in use, as indices
// into the ring.
type bend struct {
	before, at, after int32
}

func (r *ring) corners(v bend) (before, at, after Corner) {
	return r.full[v.before], r.full[v.at], r.full[v.after]
}

type verdict int

const (
	keep   verdict = iota // for good, unless a neighbour goes
	wait                  // for a larger limit
	remove                // now
)

// judge decides on a corner of a ring that has left corners.
//
// A corner between two shared ones stays: without it, the ring of which it is
// one and another ring could come to share an edge.
func (b *band) judge(r *ring, v bend, left int, limit int64) verdict {
	before, at, after := r.corners(v)
	area2 := twiceArea(before, at, after)
	switch {
	case left <= 3,
		b.corners.shared(r.at[v.at], at.Row),
		b.corners.shared(r.at[v.before], before.Row) && b.corners.shared(r.at[v.after], after.Row),
		!b.near(at, before, after):
		return keep
	case max(area2, -area2) > limit:
		return wait
	case !r.affords(area2),
		!b.allNear(r, v),
		b.corners.anyIn([...]Corner{before, at, after}, [...]int32{r.at[v.before], r.at[v.at], r.at[v.after]}):
		return keep
	}
	return remove
}

func (b *band) remove(r *ring, v bend) {
	before, at, after := r.corners(v)
	r.area2 -= twiceArea(before, at, after)
	b.corners.drop(r.at[v.at])
}

// affords reports whether the ring keeps its area to within a tenth if it
// loses a triangle.
func (r *ring) affords(area2 int64) bool {
	change := r.area2 - area2 - r.tracedArea2
	return 10*max(change, -change) <= max(r.tracedArea2, -r.tracedArea2)
}

// near reports whether corner p lies within tolerance of the edge a–b.
func (b *band) near(p, a, c Corner) bool {
	return b.scale.distance2M2(p, a, c) <= b.toleranceM*b.toleranceM
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
