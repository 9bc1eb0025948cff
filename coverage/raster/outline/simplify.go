package outline

import (
	"context"

	"github.com/canopyradar/canopy/terrain"
)

// Simplify returns the outlines of the components of one mask with fewer
// corners, no corner moved:
//
//   - every corner left out lies within toleranceM metres of the edge that
//     runs past it now;
//   - no two edges cross, be it of a ring, of an outline, or of two outlines,
//     and holes stay inside; rings touch only where they did before;
//   - no ring vanishes or shrinks to a sliver: each keeps its area, in cells,
//     to within a tenth.
//
// A tolerance of 0 or less leaves all corners. The outlines given are not
// changed. All of them must have been traced on l: a component that is left
// out may come to overlap the others.
//
// Corners go in the order of the triangle they span with their neighbours,
// smallest first, in steps of two (after Visvalingam and Whyatt, "Line
// generalisation by repeated elimination of points", Cartographic J. 30(1),
// 1993), and only where that triangle holds no other corner still in use, so
// that no edge can come to lie on the wrong side of another. Corners that two
// rings share always stay.
//
// Distances are measured in the plane of longitude and latitude, scaled to
// metres at the row of the corner: right to 1 % up to tolerances of 30 km.
//
// It stops with ctx.Err() soon after ctx is done.
func Simplify(ctx context.Context, outlines []Outline, l terrain.Lattice, toleranceM float64) ([]Outline, error) {
	return NewSimplifier(l, toleranceM).Simplify(ctx, outlines)
}

// Simplifier is where the outlines of one mask after the other are simplified,
// all of one lattice. It is for one goroutine at a time.
type Simplifier struct {
	scale      scale
	toleranceM float64
	corners    *corners
}

// NewSimplifier returns one for masks on l.
func NewSimplifier(l terrain.Lattice, toleranceM float64) *Simplifier {
	return &Simplifier{newScale(l), toleranceM, newCorners(l)}
}

// Simplify is the function of that name.
func (s *Simplifier) Simplify(ctx context.Context, outlines []Outline) ([]Outline, error) {
	b := s.band(outlines)
	round := again
	for b.thin(ctx, round) {
		round++
	}
	return b.outlines(outlines), ctx.Err()
}

// band is the work on the outlines of one mask.
type band struct {
	*Simplifier
	rings []ring
}

// ring is the work on one ring.
type ring struct {
	full Ring
	// live holds the indices into full of the corners still in use, and verdicts
	// what was last said of each.
	live               []int32
	verdicts           []verdict
	tracedArea2, area2 int64
	settled            bool
}

func (s *Simplifier) band(outlines []Outline) *band {
	s.corners.use(outlines)
	b := &band{Simplifier: s}
	rings, all := 0, 0
	for _, outline := range outlines {
		rings += len(outline)
		for _, full := range outline {
			all += len(full)
		}
	}
	b.rings = make([]ring, 0, rings)
	live, verdicts := make([]int32, all), make([]verdict, all)
	for _, outline := range outlines {
		for _, full := range outline {
			n := len(full)
			b.rings = append(b.rings, newRing(full, live[:n], verdicts[:n]))
			live, verdicts = live[n:], verdicts[n:]
		}
	}
	return b
}

// newRing begins the work on a ring, with room for as much as it has corners.
func newRing(full Ring, live []int32, verdicts []verdict) ring {
	for i := range live {
		live[i] = int32(i)
	}
	area2 := full.TwiceArea()
	r := ring{full: full, live: live, verdicts: verdicts, tracedArea2: area2, area2: area2}
	r.settled = !r.affords(1) && !r.affords(-1) // the least of triangles
	return r
}

// thin takes out the corners whose triangle is small enough for a round. It
// reports whether there may be more to take out, and time to do it.
func (b *band) thin(ctx context.Context, round verdict) bool {
	more := false
	for i := range b.rings {
		if ctx.Err() != nil {
			return false
		}
		if r := &b.rings[i]; !r.settled {
			r.settled = !b.thinRing(r, round)
			more = more || !r.settled
		}
	}
	return more
}

// thinRing is thin for one ring. Corners kept so far and those still to judge
// share the one slice.
func (b *band) thinRing(r *ring, round verdict) (more bool) {
	kept, n, left := r.live[:0], len(r.live), len(r.live)
	for k := range n {
		at := r.live[k]
		if said := r.verdicts[at]; said > round {
			more = more || said != keep
			kept = append(kept, at)
			continue
		}
		v := bend{before: r.live[n-1], at: at, after: r.live[(k+1)%n]}
		if len(kept) > 0 {
			v.before = kept[len(kept)-1]
		}
		said := b.judge(r, v, left, round)
		r.verdicts[at] = said
		if said == remove {
			b.remove(r, v)
			left--
		} else {
			kept = append(kept, at)
		}
		more = more || said == remove || said > round && said != keep
	}
	r.live = kept
	return more
}

// outlines puts the corners still in use into the shape of the outlines that
// the band was made of.
func (b *band) outlines(traced []Outline) []Outline {
	result := make([]Outline, len(traced))
	rest := b.rings
	for i, outline := range traced {
		result[i] = make(Outline, len(outline))
		for j := range outline {
			result[i][j] = rest[j].simplified()
		}
		rest = rest[len(outline):]
	}
	return result
}

func (r *ring) simplified() Ring {
	simplified := make(Ring, len(r.live))
	for i, k := range r.live {
		simplified[i] = r.full[k]
	}
	return simplified
}
