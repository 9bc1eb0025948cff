package floor

import (
	"cmp"
	"context"
	"math"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
)

// raysPerTask keeps the state of a task's rays, and the terrain that they
// cross, in the first caches. Neighbouring tasks both follow the ray on their
// border, so that the cut shows nowhere.
const raysPerTask = 256

// stepsPerCheck is after how many steps, or rows, work looks whether it should
// stop.
const stepsPerCheck = 64

// quadrant is one of the four sets of rays that advance together.
type quadrant struct {
	steps []step
	// origin is the radar's place among the steps, acrossOrigin that across.
	origin, acrossOrigin float64
	// first step, the direction of the next ones, and how many there are.
	first, direction, count int
	// across counts posts on a step; strides lead from post to post in the
	// grid, and acrossSign is −1 where the slope grows against the index.
	across                   int
	stepStride, acrossStride int
	acrossSign               float64
	ownsDiagonal             bool
	slopeMin, slopeStep      float64
	rays                     int
	// azimuthAt turns the slope of a ray into its azimuth in degrees.
	azimuthAt func(slope float64) float64
}

// sweep fills the surface over land.
func (s *Surface) sweep(ctx context.Context, land Land, workers int) error {
	near := newNearField(s, cmp.Or(land.Near, land.Ground))
	near.fill()
	sagM := s.sagM()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(workers, 1))
	for _, q := range s.quadrants() {
		for first := 0; first < q.rays-1; first += raysPerTask {
			t := &task{s: s, q: q, near: near, ground: land.Ground.ElevationM, rising: land.Screen.ElevationM, sagM: sagM,
				first: first, count: min(raysPerTask, q.rays-1-first)}
			group.Go(func() error { return t.run(ctx) })
		}
	}
	return group.Wait()
}

// sagM returns more than a ray sinks, over the effective earth, below the
// straight line between two places that are a leg apart: L²/8a, and 2 cm for
// rounding. A leg is at most a diagonal between posts.
func (s *Surface) sagM() float64 {
	m := s.Site.StepM(terrain.Lattice{PerDegLon: s.PerDegLon, PerDegLat: s.PerDegLat}) * 2
	wider := math.Max(s.PerDegLon/s.PerDegLat, s.PerDegLat/s.PerDegLon)
	leg := 2 * m * wider
	return 0.02 + leg*leg/(8*s.smallestRadiusM)
}

func (s *Surface) quadrants() []*quadrant {
	f := s.frame
	all := make([]*quadrant, 0, 4)
	for _, direction := range []int{-1, 1} {
		d := float64(direction)
		north := &quadrant{
			steps: f.north.steps, origin: f.row, acrossOrigin: f.col, direction: direction,
			across: s.Cols, stepStride: s.Cols, acrossStride: 1, acrossSign: 1, ownsDiagonal: true,
			azimuthAt: func(slope float64) float64 { return azimuth(-d*slope, -d) },
		}
		east := &quadrant{
			steps: f.east.steps, origin: f.col, acrossOrigin: f.row, direction: direction,
			across: s.Rows, stepStride: 1, acrossStride: s.Cols, acrossSign: -1,
			azimuthAt: func(slope float64) float64 { return azimuth(d, d*slope) },
		}
		for _, q := range []*quadrant{north, east} {
			q.plan()
			all = append(all, q)
		}
	}
	return all
}

// plan lays the steps, and the rays: equally spaced in slope, at most a post
// apart at the rim, and alike on both sides, so that mirrored terrain has the
// mirrored surface.
func (q *quadrant) plan() {
	if q.direction < 0 {
		q.first = int(math.Ceil(q.origin)) - 1
		q.count = q.first + 1
	} else {
		q.first = int(math.Floor(q.origin)) + 1
		q.count = len(q.steps) - q.first
	}
	if q.count <= 0 {
		q.count = 0
		return
	}
	widest := 0.0
	for k := range q.count {
		s := q.step(k)
		widest = math.Max(widest, math.Max(math.Abs(s.slopeAt.at(-1)), math.Abs(s.slopeAt.at(1))))
	}
	q.slopeStep = q.narrowest(q.step(q.count - 1))
	aside := int(math.Ceil(widest/q.slopeStep)) + 1
	q.slopeMin = -float64(aside) * q.slopeStep
	q.rays = 2*aside + 1
}

// narrowest returns the smallest difference in slope between neighbouring
// posts of a step.
func (q *quadrant) narrowest(s *step) float64 {
	half := 0.5 / math.Abs(s.along)
	least := math.Inf(1)
	for w := -1.0; w <= 1; w += 1.0 / 16 {
		least = math.Min(least, math.Abs(s.slopeAt.at(w+half)-s.slopeAt.at(w-half)))
	}
	return least
}

// owns reports whether a post, counted from the radar, is this quadrant's. It
// compares what frame.distance does, so that every post has one owner.
func (q *quadrant) owns(across, along float64) bool {
	if q.ownsDiagonal {
		return math.Abs(across) <= math.Abs(along)
	}
	return math.Abs(across) < math.Abs(along)
}

func (q *quadrant) step(k int) *step { return &q.steps[q.first+k*q.direction] }

func (q *quadrant) slope(ray int) float64 { return q.slopeMin + float64(ray)*q.slopeStep }
