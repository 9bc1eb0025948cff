package coverage

import (
	"cmp"
	"context"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/ray"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// lookAll lets every radar look at every place. sights are by place, then by
// radar; ground is the places' elevation, NaN where it is missing.
func (e *Engine) lookAll(ctx context.Context, q Query, basis *Basis, places []orb.Point) (sights [][]sight.Sight, ground []float64, err error) {
	ground, err = e.Walked.elevations(ctx, e.Terrain, places)
	if err != nil {
		return nil, nil, err
	}
	sights = make([][]sight.Sight, len(places))
	for i := range sights {
		sights[i] = make([]sight.Sight, len(basis.Sites))
	}
	boxes := rayBoxes(q.Reach, basis.Sites, places)
	s, err := e.stage(q, basis, e.boxLoad(boxes))
	if err != nil {
		return nil, nil, err
	}
	for i := range basis.Sites {
		report(ctx, float64(i)/float64(len(basis.Sites)), "radar %s", basis.Sites[i].ID)
		r := &rays{stage: s, site: &basis.Sites[i], places: places, groundAMSLM: ground, box: boxes[i]}
		if err := r.look(ctx, q, basis, func(place int, s sight.Sight) { sights[place][i] = s }); err != nil {
			return nil, nil, err
		}
	}
	report(ctx, 1, "done")
	return sights, ground, nil
}

// boxLoad counts the posts in the largest box, and weighs the memory that they need.
func (e *Engine) boxLoad(boxes []orb.Bound) load {
	return func(l terrain.Lattice) (float64, error) {
		most := 0.0
		for _, box := range boxes {
			most = math.Max(most, posts(l.Cover(box, 2)))
		}
		return e.weigh(most, most, groundB*e.copied(most)), nil
	}
}

// rays are those from a radar to some places.
type rays struct {
	*stage
	site   *sight.Site
	places []orb.Point
	// groundAMSLM is that of the places, NaN where it is missing.
	groundAMSLM []float64
	// box is around them.
	box orb.Bound
}

// look calls found with what the radar sees of each place, by all workers. It warns of
// terrain that is missing between the radar and those places that are in its range.
func (r *rays) look(ctx context.Context, q Query, basis *Basis, found func(place int, s sight.Sight)) error {
	if q.Reach == sight.Terrain {
		if err := r.checkGround(ctx, q, basis); err != nil {
			return err
		}
	}
	o := r.Walked.observer(r.stage, r.site, q.Reach)
	if len(r.places) <= fewPlaces {
		return r.follow(ctx, o, 0, len(r.places), found)
	}
	group, following := errgroup.WithContext(ctx)
	group.SetLimit(r.workers())
	for first := 0; first < len(r.places) && following.Err() == nil; first += fewPlaces {
		group.Go(func() error { return r.follow(following, o, first, min(first+fewPlaces, len(r.places)), found) })
	}
	// A loop cut short may leave a group in which all went well.
	return cmp.Or(group.Wait(), ctx.Err())
}

// follow follows the rays to places [first, last).
func (r *rays) follow(ctx context.Context, o *ray.Observer, first, last int, found func(place int, s sight.Sight)) error {
	for i := first; i < last && ctx.Err() == nil; i++ {
		s, err := o.Look(ctx, r.places[i], orSeaLevel(r.groundAMSLM[i]))
		if err != nil {
			return err
		}
		found(i, s)
	}
	return ctx.Err()
}

// checkGround looks for missing terrain in the box around the rays.
func (r *rays) checkGround(ctx context.Context, q Query, basis *Basis) (err error) {
	if _, err := floor.Window(r.site, r.posts.Lattice()); err != nil {
		return err
	}
	l := r.posts.Lattice().Cover(r.box, 2)
	if err := r.limit(l, "posts between radar "+r.site.ID+" and the points", "ask for points nearer to the radar, or for a coarser resolution"); err != nil {
		return err
	}
	if whole, err := r.Walked.isWhole(ctx, r.stage, l); whole || err != nil {
		return err
	}
	ground, err := terrain.ViewOf(ctx, r.posts, l)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, ground.Close()) }()
	return basis.checkBox(q, r.site.ID, ground)
}

// checkBox warns of missing terrain in a box around rays, or refuses it.
func (b *Basis) checkBox(q Query, radarID string, ground *terrain.View) error {
	b.warnFilled(ground.Filled, radarID)
	m, err := missingOf(ground)
	if err != nil || m.Posts == 0 {
		return err
	}
	share := float64(m.Posts) / float64(ground.Posts())
	if q.StrictTerrain {
		return &MissingTerrainError{RadarID: radarID, Share: share, Where: where(m.Bound)}
	}
	b.warn("terrain.missing", radarID, "terrain is missing in %s of the box around radar %s and the points, %s, and taken as sea level there", percent(share), radarID, extent(m))
	return nil
}

// missingOf counts the missing posts of a view.
func missingOf(v *terrain.View) (m floor.Missing, err error) {
	if v.Whole() {
		return m, nil
	}
	return m, v.Guard(func() error {
		elevationM := make([]float32, v.Cols)
		for r := range v.Rows {
			row := terrain.Grid{Lattice: v.Sub(0, r, v.Cols, 1), ElevationM: elevationM}
			v.CopyTo(elevationM, row.Lattice)
			m.AddRow(&row, 0, 0, v.Cols)
		}
		return nil
	})
}

// rayBoxes returns the box around the rays from each site: around the site itself where
// no terrain is asked.
func rayBoxes(reach sight.Reach, sites []sight.Site, places []orb.Point) []orb.Bound {
	boxes := make([]orb.Bound, len(sites))
	for i := range sites {
		if reach == sight.Terrain {
			boxes[i] = rayBox(&sites[i], places)
		} else {
			boxes[i] = sites[i].Position.Bound()
		}
	}
	return boxes
}

// rayBox returns the box around the rays from a radar to those places that are in its
// range, or hardly beyond: on a sphere distances are off by up to 0.7 %, which to know
// better would take as long as a good part of a ray.
//
// Rays are geodesics: between places of one latitude they bow towards the pole, with the
// curvature tan(latitude)/R against the parallel, so by d²·tan(latitude)/8R over a
// distance d. A quarter more is for the latitude that they gain on the way: at 80° and
// over 1000 km it adds a tenth.
func rayBox(site *sight.Site, places []orb.Point) orb.Bound {
	box, farthestM := site.Position.Bound(), 0.0
	for _, p := range places {
		const off = 0.007
		if d := geo.DistanceHaversine(site.Position, p); d*(1-off) <= site.RangeM {
			box = box.Extend(p)
			farthestM = math.Max(farthestM, d*(1+off))
		}
	}
	bowDeg := func(latDeg float64) float64 {
		arc := farthestM / earth.SemiMinorAxisM
		return 1.25 * arc * arc / 8 * math.Tan(math.Max(0, latDeg)*math.Pi/180) * 180 / math.Pi
	}
	box.Max[1] += bowDeg(box.Max.Lat())
	box.Min[1] -= bowDeg(-box.Min.Lat())
	return box
}
