package floor

import (
	"context"
	"math"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/terrain"
)

// density returns how many rays pass between two neighbouring posts at the rim.
// With so many, posts between the rays are within a metre of rays of their own
// up to 130 km, and within three at 400 km, root mean square.
func density(rangeM float64) float64 { return min(max(300e3/rangeM, 1), 1.6) }

// enoughM is how far apart every second ray may be for no others to be followed: near
// the radar there are more of them than the terrain needs, unless it is finer there.
const enoughM = 16

// widestFan is as wide, in slopes, as the cubics of a course allow: they are the
// more exact the nearer to the radar and to the equator. Neighbouring
// fans both follow the ray on their border, so that the cut shows nowhere.
const widestFan = 0.75

// widestStep is the largest slope between two rays, however few posts the rim
// has: terrain near by turns the view by more.
const widestStep = 0.002

// stretchSteps is how many steps a course is fitted to.
const stretchSteps = 64

// quadrant is one of the four sets of rays that advance together, one row or
// column of posts a step.
type quadrant struct {
	// family and sign lead to the lines that it crosses: those that stand
	// sign times so many posts along.
	family *family
	sign   float64
	// origin is the radar's place among the steps, acrossOrigin that across.
	// The first step is one of the lattice's, direction leads to the next.
	origin, acrossOrigin    float64
	first, direction, count int
	// rowSteps says that steps are rows, and not columns.
	rowSteps bool
	// acrossSign is −1 where slopes in the frame grow against the index across,
	// turn where rays do. Rays are numbered along that index.
	acrossSign, turn float64
	ownsDiagonal     bool
	stretches        []stretch
	near             *nearby
	// inRange are the posts across that are, by line of the lattice; cells are
	// those that the quadrant owns as well, by step.
	inRange, cells []span
	// slopeMin is that of ray 0, before turning.
	slopeMin, slopeStep float64
	fanRays, fans       int
	// full is the step from which on all rays are followed; before, every second is.
	full int
}

// sweep fills the surface over land, with a worker at each bench.
func (s *Surface) sweep(ctx context.Context, land *land, benches []*bench) error {
	s.underfoot(land)
	quadrants := s.quadrants(land)
	tasks := make(chan *task)
	group, ctx := errgroup.WithContext(ctx)
	for _, b := range benches {
		group.Go(func() error {
			for t := range tasks {
				t.bench = b
				err := land.ground.Guard(func() error {
					return land.screen.Guard(func() error { return t.run(ctx) })
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(tasks)
		for _, q := range quadrants {
			for f := range q.fans {
				select {
				case tasks <- &task{s: s, q: q, land: land, first: f * (q.fanRays - 1)}:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	return group.Wait()
}

// slackM returns more than a ray sinks, over an effective earth of radius a,
// below the straight line between two places that are a block apart: L²/8a, and
// 5 cm for rounding.
func (s *Surface) slackM(a float64) float64 {
	at := s.Site.Position
	diagonalM := earth.DistanceM(at, orb.Point{at.Lon() + 1/s.PerDegLon, at.Lat() + 1/s.PerDegLat})
	l := (blockSteps + 1) * diagonalM
	return 0.05 + l*l/(8*a)
}

func (s *Surface) quadrants(land *land) []*quadrant {
	f := s.frame
	all := make([]*quadrant, 0, 4)
	for _, direction := range []int{-1, 1} {
		d := float64(direction)
		north := &quadrant{
			family: &f.north, sign: -d, origin: f.row, acrossOrigin: f.col, direction: direction,
			rowSteps: true, acrossSign: 1, turn: -d, ownsDiagonal: true,
		}
		north.lay(s, s.Rows)
		east := &quadrant{
			family: &f.east, sign: d, origin: f.col, acrossOrigin: f.row, direction: direction,
			acrossSign: -1, turn: -d,
		}
		east.lay(s, s.Cols)
		all = append(all, north, east)
	}
	for _, q := range all {
		q.plan(s, land)
	}
	return all
}

// lay finds the steps of the quadrant that have posts in range, of so many in
// the lattice, and those posts.
func (q *quadrant) lay(s *Surface, steps int) {
	if q.direction < 0 {
		q.first = int(math.Ceil(q.origin)) - 1
		q.count = q.first + 1
	} else {
		q.first = int(math.Floor(q.origin)) + 1
		q.count = steps - q.first
	}
	q.inRange = s.rim.columns
	if q.rowSteps {
		q.inRange = s.rim.rows
	}
	q.cells = make([]span, 0, max(q.count, 0))
	for k := range cap(q.cells) {
		cells := q.owned(k).cut(q.inRange[q.first+k*q.direction])
		if cells.from >= cells.to && k >= nearPosts {
			break
		}
		q.cells = append(q.cells, cells)
	}
	for len(q.cells) > 0 && q.cells[len(q.cells)-1].from >= q.cells[len(q.cells)-1].to {
		q.cells = q.cells[:len(q.cells)-1]
	}
	q.count = len(q.cells)
}

// owned returns which posts across a step are this quadrant's, in or out of
// range. It compares what frame.distance does, so that every post has one
// owner.
func (q *quadrant) owned(k int) span {
	along := q.along(k)
	owns := func(c int) bool {
		across := math.Abs(float64(c) - q.acrossOrigin)
		return across < along || q.ownsDiagonal && across == along
	}
	from, to := int(math.Floor(q.acrossOrigin-along)), int(math.Ceil(q.acrossOrigin+along))+1
	for from < to && !owns(from) {
		from++
	}
	for to > from && !owns(to-1) {
		to--
	}
	return span{from, to}
}

// post returns the row and column of a post across a step.
func (q *quadrant) post(k, across int) (row, col int) {
	step := q.first + k*q.direction
	if q.rowSteps {
		return step, across
	}
	return across, step
}

// along counts posts from the radar to a step.
func (q *quadrant) along(k int) float64 {
	return math.Abs(float64(q.first+k*q.direction) - q.origin)
}

// plan lays the stretches, and the rays: equally spaced in slope, and alike on
// both sides, so that mirrored terrain has the mirrored surface.
func (q *quadrant) plan(s *Surface, land *land) {
	if q.count == 0 {
		return
	}
	near := min(land.steps(s, q), q.count)
	q.near = newNearby(s, q, land.near, near)
	q.stretches = append(make([]stretch, 0, q.count/stretchSteps+2), q.stretch(0, near, 0))
	for k := near; k < q.count; k += stretchSteps {
		q.stretches = append(q.stretches, q.stretch(k, min(stretchSteps, q.count-k), q.along(k)-1))
	}
	widest := 0.0
	for i := range q.stretches {
		first := q.stretches[i].first
		// In between, slopes hardly change.
		for _, k := range []int{first, first + q.stretches[i].count - 1} {
			st := q.step(k)
			widest = math.Max(widest, math.Max(math.Abs(st.slopeAt.at(-1)), math.Abs(st.slopeAt.at(1))))
		}
	}
	q.slopeStep = min(q.narrowest(q.step(q.count-1))/density(s.Site.RangeM), widestStep)
	spaces := int(math.Ceil(2*widest/q.slopeStep)) + 2
	// Every second ray of a fan, from the first to the last, makes whole lanes.
	const mostSpaces = maxRays - 2
	q.fans = max(int(math.Ceil(2*widest/widestFan)), (spaces+mostSpaces-1)/mostSpaces)
	each := (spaces + q.fans - 1) / q.fans
	q.fanRays = (each+2+2*lanes-1)/(2*lanes)*(2*lanes) - 1
	width := 2*widest + 3*q.slopeStep
	q.slopeMin, q.slopeStep = -width/2, width/float64(q.fans*(q.fanRays-1))
	for i := range q.stretches {
		k := q.stretches[i].first
		if !land.fine && 2*q.slopeStep*q.step(k).reachAt.at(0) <= enoughM {
			q.full = k
		}
	}
}

func (q *quadrant) stretch(first, count int, from float64) stretch {
	st := stretch{first: first, count: count, from: from, to: q.along(first + count - 1)}
	for j, tau := range fitNodes {
		along := st.from + (st.to-st.from)*(tau+1)/2
		st.acrossOf[j], st.reachOf[j] = q.family.rays(q.sign * along)
	}
	return st
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

func (q *quadrant) step(k int) *step {
	s := q.family.step(q.first + k*q.direction)
	return &s
}

// slope returns that of a ray, which need not be a whole one, in the frame.
func (q *quadrant) slope(ray float64) float64 { return q.turn * (q.slopeMin + ray*q.slopeStep) }

// azimuthAt turns the slope of a ray in the frame into its azimuth in degrees.
func (q *quadrant) azimuthAt(slope float64) float64 {
	if q.rowSteps {
		return azimuth(q.sign*slope, q.sign)
	}
	return azimuth(q.sign, q.sign*slope)
}

// window returns the posts of n steps from step k on, and of columns across.
func (q *quadrant) window(l terrain.Lattice, k, n, across, columns int) terrain.Lattice {
	from := q.first + k*q.direction
	if q.direction < 0 {
		from -= n - 1
	}
	if q.rowSteps {
		return l.Sub(across, from, columns, n)
	}
	return l.Sub(from, across, n, columns)
}
