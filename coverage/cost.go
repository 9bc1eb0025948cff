package coverage

import (
	"context"
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Cost is what a query takes, as it is estimated before any of it is done: no
// terrain is read for that.
type Cost struct {
	// Posts are those that are worked through: in range of each radar, in the
	// airspace for each altitude, and on the way from radars to places.
	Posts float64
	// SweptPosts are those of Posts that are swept for floor surfaces, and are not
	// where these are kept. Tally tells how many were.
	SweptPosts float64
	// MemoryB is how many bytes of memory are needed, at most Engine.MemoryB.
	MemoryB float64
}

// cheapPosts is up to how many posts queries are cheap: they take some hundredths
// of a second.
const cheapPosts = 5_000_000

// Cheap reports whether a query is not worth waiting for.
func (c Cost) Cheap() bool { return c.Posts <= cheapPosts }

// Plus returns the cost of a query after another.
func (c Cost) Plus(d Cost) Cost {
	return Cost{Posts: c.Posts + d.Posts, SweptPosts: c.SweptPosts + d.SweptPosts, MemoryB: max(c.MemoryB, d.MemoryB)}
}

// unplaced are the radars of a query, all at sea level: ranges, and so windows, do
// not depend on the ground.
func (q *Query) unplaced() []sight.Site {
	sites := make([]sight.Site, len(q.Radars))
	for i, r := range q.Radars {
		sites[i] = sight.NewSite(r, 0, q.K)
	}
	return sites
}

// GapCost estimates that of FindGaps and EachCovered, and fails as they do for a
// resolution that the terrain cannot give.
func (e *Engine) GapCost(q GapQuery) (Cost, error) {
	sites := q.unplaced()
	s, err := e.stage(q.Query, &Basis{}, e.gapLoad(q, sites))
	if err != nil {
		return Cost{}, err
	}
	s = e.at(Resolution{Factor: s.Factor, Denser: true})
	area := s.posts.Lattice().Cover(q.Airspace.Bound(), 1)
	f, err := s.gapFootprint(q, sites, area, posts(area), viewed(s.posts))
	c := Cost{Posts: posts(area)*float64(max(1, len(q.Altitudes))) + borderPosts(q.Airspace, area), MemoryB: min(f.whole(), e.memoryB())}
	c.sweep(&f)
	if q.Bracket {
		c.Posts, c.SweptPosts = 2*c.Posts, 2*c.SweptPosts
	}
	return c, err
}

// borderPosts weighs the rows of posts that the edges of an area cross: to raster a
// crossing, and to trace what comes of it, takes as long as so many posts.
func borderPosts(area orb.MultiPolygon, l terrain.Lattice) (n float64) {
	const perCrossing = 8
	for _, polygon := range area {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				n += perCrossing * (1 + math.Abs(ring[i].Lat()-ring[i-1].Lat())*l.PerDegLat)
			}
		}
	}
	return n
}

// FloorCost estimates that of Floor, and fails as that does for a resolution.
func (e *Engine) FloorCost(q Query) (Cost, error) {
	sites := q.unplaced()
	s, err := e.stage(q, &Basis{}, e.floorLoad(sites))
	if err != nil {
		return Cost{}, err
	}
	box, err := boxAround(sites, s.posts.Lattice())
	if err != nil {
		return Cost{}, err
	}
	f, err := s.sweeping(sites, box, viewed(s.posts), 1)
	c := Cost{Posts: posts(box), MemoryB: min(f.whole(), e.memoryB())}
	c.sweep(&f)
	return c, err
}

func (c *Cost) sweep(f *footprint) {
	c.SweptPosts += f.surfaces / floorB
	c.Posts += f.surfaces / floorB
}

// EachCost estimates that of EachSurface and EachSeen, and fails as they do for a
// resolution.
func (e *Engine) EachCost(q Query) (Cost, error) {
	sites := q.unplaced()
	s, err := e.eachStage(q, &Basis{Sites: sites})
	if err != nil || len(sites) == 0 {
		return Cost{}, err
	}
	c, largest := Cost{}, 0.0
	for i := range sites {
		w, err := floor.Window(&sites[i], s.posts.Lattice())
		if err != nil {
			return Cost{}, err
		}
		c.SweptPosts += posts(w)
		largest = max(largest, posts(w))
	}
	c.Posts, c.MemoryB = c.SweptPosts, float64(e.workers())*(workerB+floorB*largest)
	if !viewed(s.posts) {
		box, err := boxAround(sites, s.posts.Lattice())
		if err != nil {
			return Cost{}, err
		}
		c.MemoryB += min(groundB*posts(box), e.memoryB()/2)
	}
	c.MemoryB = min(c.MemoryB, e.memoryB())
	return c, nil
}

// What it takes, in posts that are read or swept in that time, to find out where a
// place lies from a radar, to go half a post along a ray, and to read a place off a
// surface; and what is known of a place and a radar, in bytes.
const (
	pairPosts = 400
	stepPosts = 4
	readPosts = 50
	pairB     = 400
)

// LookCost estimates that of CheckPoints and AssessAirstrips, and fails as they do
// for a resolution. readable says that they may read surfaces, where these are
// kept: that is looked up for what else is not cheap, and costs no more than to
// read the ground under the radars.
func (e *Engine) LookCost(ctx context.Context, q Query, places []orb.Point, readable bool) (Cost, error) {
	sites := q.unplaced()
	own := e.at(Resolution{Factor: 1})
	c := own.lookCost(&q, sites, places)
	if c.Cheap() {
		return c, nil
	}
	s, err := e.stage(q, &Basis{}, e.cheapRayLoad(q, sites, places))
	if err != nil {
		return Cost{}, err
	}
	c = s.lookCost(&q, sites, places)
	if !readable || e.Surfaces == nil {
		return c, nil
	}
	basis, err := e.basis(ctx, q)
	if err != nil {
		return Cost{}, err
	}
	k := &keptSurfaces{Engine: e, Basis: basis, places: places}
	if k.find(ctx, s) {
		return Cost{Posts: readPosts * float64(len(k.readers)*len(places))}, nil
	}
	return c, ctx.Err()
}

// lookCost is that of all radars looking at all places.
func (s *stage) lookCost(q *Query, sites []sight.Site, places []orb.Point) Cost {
	pairs := float64(len(sites) * len(places))
	c := Cost{Posts: pairPosts*pairs + s.groundPosts(places)}
	for i := range sites {
		if q.Reach == sight.Terrain {
			c = c.Plus(s.rayCost(&sites[i], places))
		}
	}
	c.MemoryB = min(c.MemoryB+pairB*pairs, s.memoryB())
	return c
}

// groundPosts counts those that are unpacked to know the ground below places: what
// lies between neighbours, where the terrain cannot be viewed as it is.
func (s *stage) groundPosts(places []orb.Point) float64 {
	if len(places) == 0 || viewed(s.Terrain) {
		return 0
	}
	return posts(s.Terrain.Lattice().Cover(orb.MultiPoint(places).Bound(), 0))
}

// rayCost is that of half a post after the other on the way from a radar to each of
// the places in its range, and of the box of terrain around them, which is read, or
// looked through where posts of it may be missing, unless none is known to be.
func (s *stage) rayCost(site *sight.Site, places []orb.Point) Cost {
	box, onTheWay, l := site.Position.Bound(), 0.0, s.posts.Lattice()
	reach := roughReach(site)
	for _, p := range places {
		if reach.Contains(p) {
			box = box.Extend(p)
			onTheWay += stepPosts * 2 * max(math.Abs(p.Lon()-site.Position.Lon())*l.PerDegLon, math.Abs(p.Lat()-site.Position.Lat())*l.PerDegLat)
		}
	}
	around := l.Cover(box, 2)
	if s.Walked.knowsWhole(s, around) {
		return Cost{Posts: onTheWay}
	}
	inBox := posts(around)
	return Cost{Posts: inBox + onTheWay, MemoryB: groundB * s.copied(inBox)}
}

// roughReach is a box that holds all that is in a radar's range, and some more:
// geodesics would take longer than a single ray does.
func roughReach(site *sight.Site) orb.Bound {
	const shortestDegM = 110_500
	latDeg := site.RangeM / shortestDegM
	farthest := min(math.Abs(site.Position.Lat())+latDeg, 89)
	lonDeg := latDeg / math.Cos(farthest*math.Pi/180)
	return orb.Bound{
		Min: orb.Point{site.Position.Lon() - lonDeg, site.Position.Lat() - latDeg},
		Max: orb.Point{site.Position.Lon() + lonDeg, site.Position.Lat() + latDeg},
	}
}

// GroundCost estimates that of looking the ground up below places.
func (e *Engine) GroundCost(places []orb.Point) Cost {
	own := &stage{Engine: e}
	return Cost{Posts: float64(len(places)) + own.groundPosts(places)}
}

// AreaCost is that of reading the terrain in a box.
func (e *Engine) AreaCost(b orb.Bound) Cost {
	n := posts(e.Terrain.Lattice().Cover(b, 1))
	return Cost{Posts: n, MemoryB: min(groundB*n, e.memoryB())}
}

type tallyKey struct{}

// WithTally returns a context whose work calls tell with the posts that it sweeps
// for each surface that is computed, here or by an Executor, as opposed to kept;
// from several goroutines at a time.
func WithTally(ctx context.Context, tell func(posts int)) context.Context {
	return context.WithValue(ctx, tallyKey{}, tell)
}

func (e *Engine) countSwept(ctx context.Context, posts int) {
	if e.Swept != nil {
		e.Swept.Add(int64(posts))
	}
	tally(ctx, posts)
}

// tally is for what is swept elsewhere.
func tally(ctx context.Context, posts int) {
	if tell, ok := ctx.Value(tallyKey{}).(func(int)); ok {
		tell(posts)
	}
}
