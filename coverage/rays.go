package coverage

import (
	"cmp"
	"context"
	"math"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// lookAll lets every radar look at every place. sights are by place, then by
// radar; ground is the places' elevation, NaN where it is missing.
func (e *Engine) lookAll(ctx context.Context, q Query, basis *Basis, places []orb.Point) (sights [][]sight.Sight, ground []float64, err error) {
	ground, err = terrain.Elevations(ctx, e.Terrain, places)
	if err != nil {
		return nil, nil, err
	}
	sights = make([][]sight.Sight, len(places))
	for i := range sights {
		sights[i] = make([]sight.Sight, len(basis.Sites))
	}
	for i := range basis.Sites {
		report(ctx, float64(i)/float64(len(basis.Sites)), "radar %s", basis.Sites[i].ID)
		o, err := e.observer(ctx, q, basis, &basis.Sites[i], places)
		if err != nil {
			return nil, nil, err
		}
		if err := e.look(ctx, o, places, ground, func(place int, s sight.Sight) { sights[place][i] = s }); err != nil {
			return nil, nil, err
		}
	}
	report(ctx, 1, "done")
	return sights, ground, nil
}

// observer reads the terrain between a radar and those places that are in its
// range.
func (e *Engine) observer(ctx context.Context, q Query, basis *Basis, site *sight.Site, places []orb.Point) (*sight.Observer, error) {
	box := site.Position.Bound()
	if q.Reach == sight.Terrain {
		if _, err := floor.Window(site, e.Terrain.Lattice()); err != nil {
			return nil, err
		}
		box = rayBox(site, places)
	}
	l := e.Terrain.Lattice().Cover(box, 2)
	if err := e.limit(l, "posts between radar "+site.ID+" and the points", "ask for points nearer to the radar, or take coarser terrain"); err != nil {
		return nil, err
	}
	ground, err := e.Terrain.Read(ctx, l)
	if err != nil {
		return nil, err
	}
	if missing := ground.Missing(); missing > 0 && q.Reach == sight.Terrain {
		share := float64(missing) / float64(ground.Posts())
		if q.StrictTerrain {
			return nil, &MissingTerrainError{RadarID: site.ID, Share: share}
		}
		basis.warn("terrain.missing", site.ID, "terrain is missing in %s of the box around radar %s and the points, and taken as sea level there", percent(share), site.ID)
	}
	return sight.NewObserver(site, q.Reach, ground), nil
}

// rayBox returns the box around the rays from a radar to those places that
// are in its range. Rays are geodesics: between places of one latitude they
// bow towards the pole, with the curvature tan(latitude)/R against the
// parallel, so by d²·tan(latitude)/8R over a distance d. A quarter more is for
// the latitude that they gain on the way: at 80° and over 1000 km it adds a
// tenth.
func rayBox(site *sight.Site, places []orb.Point) orb.Bound {
	box, farthestM := site.Position.Bound(), 0.0
	for _, p := range places {
		if d := earth.DistanceM(site.Position, p); d <= site.RangeM {
			box = box.Extend(p)
			farthestM = math.Max(farthestM, d)
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

// look follows the rays of one radar, by all workers.
func (e *Engine) look(ctx context.Context, o *sight.Observer, places []orb.Point, ground []float64, found func(place int, s sight.Sight)) error {
	var group errgroup.Group
	group.SetLimit(e.workers())
	const batch = 16
	for first := 0; first < len(places) && ctx.Err() == nil; first += batch {
		group.Go(func() error {
			for i := first; i < min(first+batch, len(places)) && ctx.Err() == nil; i++ {
				found(i, o.LookOver(places[i], orSeaLevel(ground[i])))
			}
			return ctx.Err()
		})
	}
	// A loop cut short may leave a group in which all went well.
	return cmp.Or(group.Wait(), ctx.Err())
}
