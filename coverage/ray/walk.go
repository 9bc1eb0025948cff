package ray

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/canopyradar/canopy/coverage/earth"
)

// walk follows a ray, and keeps the largest elevation angle of the terrain. It begins
// where the highest posts around promise most, so that it may pass over the rest.
type walk struct {
	line earth.Line
	// bowPerM2 is how far a part of the ray strays from a straight line on a map,
	// in degrees of latitude or of longitude, by the square of its length.
	bowPerM2 float64
	// startM is where the steps begin, and stepM how long they are.
	startM, stepM float64
	hand
	skyline
}

// place is one on the ray, and among the posts.
type place struct{ distanceM, col, row float64 }

// stretch is the steps of a walk after the first up to the last.
type stretch struct {
	first, last int
	from, to    place
	// tan bounds that of the elevation angles of its terrain.
	tan float64
}

// placeOf returns where a step of a stretch ends; its first begins at the end of
// step 0.
func (w *walk) placeOf(s *stretch, step int) place {
	switch step {
	case 0:
		return s.from
	case s.last - s.first:
		return s.to
	}
	return w.place(s.first + step)
}

// How many steps of half a post a stretch has: those across a peak at most, and
// those across half of a top when they are taken.
const (
	mostSteps  = 2 * peakCells
	leastSteps = topCells
)

// over goes on over ground, in steps of stepM, for as long as they end nearer
// than untilM.
func (w *walk) over(ctx context.Context, ground *Ground, stepM, untilM float64) error {
	w.hand, w.stepM = newHand(ctx, ground), stepM
	steps := int((untilM - w.startM) / stepM)
	for steps > 0 && w.startM+float64(steps)*stepM >= untilM {
		steps--
	}
	for w.startM+float64(steps+1)*stepM < untilM {
		steps++
	}
	all, from := make([]stretch, 0, 32), w.place(0)
	for i := 0; i < steps; i += mostSteps {
		last := min(i+mostSteps, steps)
		s := w.stretch(i, last, from, w.place(last))
		all, from = append(all, s), s.to
	}
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(b.tan, a.tan) })
	for i := range all {
		w.follow(&all[i])
	}
	w.decide(&ground.lattice)
	w.startM = from.distanceM
	return w.err
}

// place returns where a step ends.
func (w *walk) place(step int) place {
	distanceM := w.distanceM(step)
	p := w.line.At(distanceM)
	return place{distanceM, w.ground.lattice.Col(p.Lon()), w.ground.lattice.Row(p.Lat())}
}

func (w *walk) distanceM(step int) float64 { return w.startM + float64(step)*w.stepM }

// stretch returns one at the end of which it has looked, if that promises more than was
// seen: the soonest way to learn how high in view the terrain is.
func (w *walk) stretch(first, last int, from, to place) stretch {
	topM := w.topBetweenM(from, to, to.distanceM-from.distanceM)
	s := stretch{first, last, from, to, w.highestTan(from.distanceM, to.distanceM, topM)}
	if s.tan >= w.hiddenTan() {
		w.look(to, math.Inf(-1))
	}
	return s
}

// topBetweenM returns how high the ground is at most between two places that are on a
// part of the ray of a length in metres, or on its chord on the map.
func (w *walk) topBetweenM(from, to place, lengthM float64) float64 {
	bowDeg := w.bowPerM2 * lengthM * lengthM
	cols, rows := bowDeg*w.ground.lattice.PerDegLon+hairM, bowDeg*w.ground.lattice.PerDegLat+hairM
	return hairM + w.topM(
		min(from.col, to.col)-cols, min(from.row, to.row)-rows,
		max(from.col, to.col)+cols, max(from.row, to.row)+rows)
}

// follow takes the steps of a stretch, but those of parts in which no terrain can be
// higher in view than what was seen.
func (w *walk) follow(s *stretch) {
	switch {
	case s.tan < w.hiddenTan() || w.err != nil:
	case s.last-s.first <= leastSteps:
		w.takeFew(s)
	default:
		middle := (s.first + s.last) / 2
		between := w.place(middle)
		a, b := w.stretch(s.first, middle, s.from, between), w.stretch(middle, s.last, between, s.to)
		if a.tan < b.tan {
			a, b = b, a
		}
		w.follow(&a)
		w.follow(&b)
	}
}

// takeFew is follow for at most leastSteps, about whose places their chord tells enough
// to pass over them.
func (w *walk) takeFew(s *stretch) {
	var topsM [leastSteps]float64
	n, lengthM := s.last-s.first, s.to.distanceM-s.from.distanceM
	cols, rows := (s.to.col-s.from.col)/float64(n), (s.to.row-s.from.row)/float64(n)
	at := s.from
	for i := range n {
		next := place{col: at.col + cols, row: at.row + rows}
		topsM[i] = w.topBetweenM(at, next, lengthM)
		at = next
	}
	tan, hidden := w.tan, w.hiddenBelow(s.from.distanceM, s.to.distanceM)
	for w.err == nil {
		best, bestM := -1, 0.0
		for i, topM := range topsM[:n] {
			from, to := float64(i)/float64(n), float64(i+1)/float64(n)
			if aboveM := topM - min(hidden.atM(from), hidden.atM(to)); aboveM >= bestM {
				best, bestM = i, aboveM
			}
		}
		if best < 0 {
			return
		}
		topsM[best] = math.Inf(-1)
		w.take(w.placeOf(s, best), w.placeOf(s, best+1))
		if w.tan > tan {
			tan, hidden = w.tan, w.hiddenBelow(s.from.distanceM, s.to.distanceM)
		}
	}
}

// bowPerM2 bounds the bow of the parts of a geodesic that begins at a latitude and has
// a length. A geodesic turns by tan(latitude)/R, so that an arc d strays by up to
// d²·tan(latitude)/8R from its chord on a map, more by 1/cos(latitude) in degrees of
// longitude. A quarter more is for the ellipsoid.
func bowPerM2(latDeg, lengthM float64) float64 {
	const rad = math.Pi / 180
	most := latDeg*rad + lengthM/earth.SemiMinorAxisM
	if most >= math.Pi/2 {
		return math.Inf(1)
	}
	return 1.25 * math.Tan(most) / math.Cos(most) / (8 * earth.SemiMinorAxisM * earth.SemiMinorAxisM * rad)
}
