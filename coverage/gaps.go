package coverage

import (
	"cmp"
	"context"
	"math"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// GapQuery asks for the gaps of a network in an airspace.
type GapQuery struct {
	Query
	// Airspace is the area that should be covered; valid.
	Airspace orb.MultiPolygon
	// Altitudes to look at, one band each.
	Altitudes []altitude.Altitude
	// Departments label the gaps; none is allowed.
	Departments []orb.MultiPolygon
	// Airstrips to look for in the gaps; nil for none.
	Airstrips []*airstrip.Airstrip
	// MinAreaM2 is the area in m² below which gaps are summed up.
	MinAreaM2 float64
	// ToleranceM is how far a boundary may depart from its cells; negative
	// for twice the post spacing.
	ToleranceM float64
	// Bracket asks for a second answer, on maxima instead of means.
	Bracket bool
}

// GapResult holds the gaps, band by band.
type GapResult struct {
	Basis
	Bands []gap.Band
	// Strictest are the bands where the maxima of the posts around hide
	// aircraft, and not their means; nil if the query did not ask.
	Strictest []gap.Band
	// SpacingArcsec is the post spacing of the computation, in arc-seconds
	// of latitude.
	SpacingArcsec float64
}

// finestNeeded is the posts per degree to which coarser terrain is refined for
// gaps, so that their edges are not stairs of several kilometres.
const finestNeeded = 120

// FindGaps finds the gaps of a network in an airspace.
func (e *Engine) FindGaps(ctx context.Context, q GapQuery) (result *GapResult, err error) {
	basis, err := e.basis(ctx, q.Query)
	if err != nil {
		return nil, err
	}
	s, err := e.stage(q.Query, &basis, gapLoad(q, basis.Sites))
	if err != nil {
		return nil, err
	}
	s.posts = denser(s.posts)
	result = &GapResult{Basis: basis, SpacingArcsec: spacingArcsec(s.posts)}
	report(ctx, 0, "airspace")
	area, err := s.airspace(ctx, q)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err = cmp.Or(err, area.Ground.Close()); err != nil {
			result = nil
		}
	}()
	if result.Bands, err = s.bands(ctx, q, area, result); err != nil {
		return nil, err
	}
	if q.Bracket {
		if result.Strictest, err = s.bracket(ctx, q, area, result); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// denser refines terrain that is coarser than finestNeeded.
func denser(m terrain.Model) terrain.Model {
	return terrain.Refine(m, int(math.Ceil(finestNeeded/m.Lattice().PerDegLat-1e-9)))
}

// gapLoad counts the posts of the airspace, and those in range of the radars
// that reach into it.
func gapLoad(q GapQuery, sites []sight.Site) load {
	return func(l terrain.Lattice) (float64, error) {
		area := l.Cover(q.Airspace.Bound(), 1)
		sum := posts(area)
		for i := range sites {
			w, err := floor.Window(&sites[i], l)
			if err != nil {
				return 0, err
			}
			if w.Intersect(area).Posts() > 0 {
				sum += posts(w)
			}
		}
		return sum, nil
	}
}

// bracket computes the bands again, where maxima hide aircraft instead of
// means. At the terrain's own resolution the two are the same.
func (s *stage) bracket(ctx context.Context, q GapQuery, area *area, result *GapResult) ([]gap.Band, error) {
	if s.factor == 1 {
		result.warn("bracket.none", "", "computed at the terrain's own resolution: there is no range to tell")
		return result.Bands, nil
	}
	strict := *s
	strict.screen = denser(terrain.Coarsen(s.Terrain, s.factor, terrain.Maximum))
	// What there is to warn of, the first answer has said.
	return strict.bands(ctx, q, area, &GapResult{Basis: Basis{Sites: result.Sites}})
}

// area is an airspace on the posts of a computation.
type area struct {
	network.Scene
	departments []*raster.Mask
}

// airspace rasterises the airspace, and looks at its ground, which is to be
// closed.
func (s *stage) airspace(ctx context.Context, q GapQuery) (*area, error) {
	l := s.posts.Lattice().Cover(q.Airspace.Bound(), 1)
	if err := s.limit(l, "posts in the box around the airspace", "take a smaller airspace, or ask for a coarser resolution"); err != nil {
		return nil, err
	}
	a := &area{Scene: network.Scene{Altitudes: q.Altitudes, MinRadars: q.MinRadars, Reach: q.Reach}}
	a.departments = make([]*raster.Mask, len(q.Departments))
	var group errgroup.Group
	group.SetLimit(s.workers())
	group.Go(func() error {
		a.Inside = airspace.Rasterise(q.Airspace, l)
		return nil
	})
	for i, department := range q.Departments {
		group.Go(func() error {
			a.departments[i] = airspace.Rasterise(department, l)
			return nil
		})
	}
	if err := cmp.Or(group.Wait(), ctx.Err()); err != nil {
		return nil, err
	}
	if len(a.Inside.Runs) == 0 {
		return nil, &AirspaceError{Reason: "the airspace is smaller than the spacing of the terrain's posts: take a larger airspace, or finer terrain"}
	}
	var err error
	a.Ground, err = terrain.ViewOf(ctx, s.posts, l)
	return a, err
}

// bands finds the gaps of all bands.
func (s *stage) bands(ctx context.Context, q GapQuery, a *area, result *GapResult) ([]gap.Band, error) {
	n := network.New(a.Scene)
	layers, err := s.layers(ctx, q, a, result)
	if err != nil {
		return nil, err
	}
	report(ctx, s.share(len(q.Radars), q), "coverage")
	if err := n.Look(ctx, layers, 0, a.Inside.Rows, s.workers()); err != nil {
		return nil, err
	}
	result.checkAirspace(q.Airspace, n)
	report(ctx, s.share(len(q.Radars)+1, q), "gaps")
	finder := gap.Finder{
		Network: n, Departments: a.departments, Airstrips: q.Airstrips, MinAreaM2: q.MinAreaM2, ToleranceM: q.ToleranceM,
	}
	if q.ToleranceM < 0 {
		finder.ToleranceM = 2 * earth.CurvatureAt(0).MeridianM * math.Pi / 180 / a.Ground.PerDegLat
	}
	bands, err := finder.Find(ctx, s.workers())
	if err != nil {
		return nil, err
	}
	report(ctx, s.share(len(q.Radars)+2, q), "done")
	return bands, nil
}

// layers sweeps radar after radar, each with all workers.
func (s *stage) layers(ctx context.Context, q GapQuery, a *area, result *GapResult) (layers []network.Layer, err error) {
	for i := range result.Sites {
		report(ctx, s.share(i, q), "radar %s", result.Sites[i].ID)
		surface, err := s.surface(ctx, q.Query, &result.Sites[i], &result.Basis, func(l terrain.Lattice) bool {
			return l.Intersect(a.Ground.Lattice).Posts() > 0
		})
		if err != nil {
			return nil, err
		}
		if surface != nil {
			layers = append(layers, network.Layer{Surface: surface})
		}
	}
	return layers, nil
}

// share is how much of a request is done when step steps are: one a radar, the
// coverage and the gaps. A bracket takes them twice.
func (s *stage) share(step int, q GapQuery) float64 {
	share := float64(step) / float64(len(q.Radars)+2)
	switch {
	case s.screen != nil:
		return 0.5 + share/2
	case q.Bracket && s.factor > 1:
		return share / 2
	}
	return share
}

// checkAirspace warns where terrain is missing in the airspace, and where the
// cells do not resolve it.
func (r *GapResult) checkAirspace(area orb.MultiPolygon, n *network.Network) {
	if n.Missing.Posts > 0 {
		share := float64(n.Missing.Posts) / float64(n.Inside.Count())
		r.warn("terrain.missing_airspace", "", "terrain is missing in %s of the airspace, %s, and taken as sea level there", percent(share), extent(n.Missing))
	}
	cells := gap.AreaM2(n.Inside)
	exact := airspace.AreaM2(area)
	if off := math.Abs(cells/exact - 1); off > 0.005 {
		r.warn("airspace.coarse", "", "the airspace's cells sum to %.1f km², its outline holds %.1f km²: it is small for posts %.0f arc-seconds apart", cells/1e6, exact/1e6, r.SpacingArcsec)
	}
}
