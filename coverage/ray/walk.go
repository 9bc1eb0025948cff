package ray

import (
	"context"
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
)

// walk follows a ray, and keeps the largest elevation angle of the terrain.
type walk struct {
	line earth.Line
	e    earth.Effective
	// bowPerM2 is how far a part of the ray strays from a straight line on a map,
	// in degrees of latitude or of longitude, by the square of its length.
	bowPerM2 float64

	// at is where the last step ended.
	at            place
	startM, stepM float64
	hand

	// tan is about that of the largest angle; the candidates are all places where
	// it may be reached, from the nearest on.
	tan        float64
	candidates [8]place
	count      int
	// highestTan and crest are those of places that are no candidates any more.
	highestTan float64
	crest      sight.Crest
}

// place is one on the ray, and among the posts.
type place struct{ distanceM, col, row float64 }

// How many steps of half a post are ruled out at once: those across a peak at most,
// and at least those across half of a top.
const (
	mostSteps  = 2 * peakCells
	leastSteps = topCells
)

// over goes on over ground, in steps of stepM, for as long as they end nearer
// than untilM.
func (w *walk) over(ctx context.Context, ground *Ground, stepM, untilM float64) error {
	w.hand = newHand(ctx, ground)
	w.startM, w.stepM = w.at.distanceM, stepM
	w.at = w.step(0)
	steps := int((untilM - w.startM) / stepM)
	for steps > 0 && w.startM+float64(steps)*stepM >= untilM {
		steps--
	}
	for w.startM+float64(steps+1)*stepM < untilM {
		steps++
	}
	for i := 0; i < steps && w.err == nil; i += mostSteps {
		j := min(i+mostSteps, steps)
		w.follow(i, j, w.step(j))
	}
	w.decide()
	return w.err
}

// step returns where a step ends.
func (w *walk) step(i int) place {
	distanceM := w.startM + float64(i)*w.stepM
	p := w.line.At(distanceM)
	return place{distanceM, w.ground.lattice.Col(p.Lon()), w.ground.lattice.Row(p.Lat())}
}

// follow takes the steps after the first up to the last, which ends at to: half of
// them and then the others, but those that are ruled out at once.
func (w *walk) follow(first, last int, to place) {
	switch {
	case w.ruledOut(to):
		w.at = to
	case last-first <= leastSteps:
		for i := first + 1; i < last; i++ {
			w.stepTo(w.step(i))
		}
		w.stepTo(to)
	default:
		middle := (first + last) / 2
		w.follow(first, middle, w.step(middle))
		w.follow(middle, last, to)
	}
}

// hairM is more than rounding makes of a height, and less than matters.
const hairM = 1e-6

// ruledOut reports whether no terrain on the way to a place can rise above what was
// seen.
func (w *walk) ruledOut(to place) bool {
	lengthM := to.distanceM - w.at.distanceM
	bowDeg := w.bowPerM2 * lengthM * lengthM
	cols, rows := bowDeg*w.ground.lattice.PerDegLon+hairM, bowDeg*w.ground.lattice.PerDegLat+hairM
	topM := w.topM(
		math.Min(w.at.col, to.col)-cols, math.Min(w.at.row, to.row)-rows,
		math.Max(w.at.col, to.col)+cols, math.Max(w.at.row, to.row)+rows)
	return w.e.HighestTan(w.at.distanceM, to.distanceM, topM+hairM) < w.tan-hairTan(w.tan)
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

// stepTo looks at the terrain where sight does: where parts of the step end, where it
// crosses a row or a column of posts, and where it ends. A step is so short that it is
// straight on the grid.
func (w *walk) stepTo(to place) {
	from := w.at
	stepM, cols, rows := to.distanceM-from.distanceM, to.col-from.col, to.row-from.row
	parts := sight.Parts(stepM, from.distanceM)
	for i := 1.0; i < parts; i++ {
		share := i / parts
		w.look(place{from.distanceM + stepM*share, from.col + cols*share, from.row + rows*share})
	}
	for _, share := range [2]float64{sight.Crossing(from.col, to.col), sight.Crossing(from.row, to.row)} {
		if share > 0 {
			w.look(place{from.distanceM + stepM*share, from.col + cols*share, from.row + rows*share})
		}
	}
	w.look(to)
	w.at = to
}

// look makes a place a candidate if the terrain there may rise above what was seen.
func (w *walk) look(at place) {
	t := w.tanAbout(at.distanceM, w.seaLevelIfMissing(at))
	hair := hairTan(t)
	switch {
	case !(t >= w.tan-hair):
		return
	case t > w.tan+hair:
		w.count = 0
	case w.count == len(w.candidates):
		w.decide()
	}
	w.candidates[w.count] = at
	w.count++
	w.tan = max(w.tan, t)
}

// decide finds the largest angle among the candidates, and those before them.
func (w *walk) decide() {
	for _, at := range w.candidates[:w.count] {
		z := w.seaLevelIfMissing(at)
		if t := w.e.TanElevation(at.distanceM, z); t > w.highestTan {
			l := &w.ground.lattice
			w.highestTan = t
			w.crest = sight.Crest{Position: orb.Point{l.Lon(0) + at.col/l.PerDegLon, l.Lat(0) - at.row/l.PerDegLat}, DistanceM: at.distanceM, ElevationAMSLM: z}
		}
	}
	w.count = 0
}

func (w *walk) seaLevelIfMissing(at place) float64 {
	if z := w.elevationM(at.col, at.row); z == z {
		return z
	}
	return 0
}

// hairTan is more than what tanAbout is off, twice.
func hairTan(tan float64) float64 { return 1e-10 * (1 + math.Abs(tan)) }

// tanAbout is Effective.TanElevation for less, by the series of sine and tangent.
func (w *walk) tanAbout(distanceM, heightAMSLM float64) float64 {
	const most = 0.2 // where the terms left out are below 1e-11
	psi := distanceM / w.e.RadiusM
	if psi > most {
		return w.e.TanElevation(distanceM, heightAMSLM)
	}
	psi2 := psi * psi
	sin := psi * (1 - psi2*(1./6-psi2*(1./120-psi2*(1./5040-psi2*(1./362880)))))
	tanHalf := psi * (1./2 + psi2*(1./24+psi2*(1./240+psi2*(17./40320+psi2*(31./725760)))))
	return (heightAMSLM-w.e.AntennaAMSLM)/((w.e.RadiusM+heightAMSLM)*sin) - tanHalf
}
