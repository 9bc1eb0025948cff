package coverage

import (
	"context"
	"math"

	"github.com/paulmach/orb"

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
	// Departments label the gaps; none is allowed, and 255 at most.
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
func (e *Engine) FindGaps(ctx context.Context, q GapQuery) (*GapResult, error) {
	basis, err := e.basis(ctx, q.Query)
	if err != nil {
		return nil, err
	}
	s, err := e.stage(q.Query, &basis, gapLoad(q, basis.Sites))
	if err != nil {
		return nil, err
	}
	result := &GapResult{Basis: basis}
	s.posts = denser(s.posts)
	result.SpacingArcsec = spacingArcsec(s.posts)
	if result.Bands, err = s.bands(ctx, q, result); err != nil {
		return nil, err
	}
	if q.Bracket {
		if result.Strictest, err = s.bracket(ctx, q, result); err != nil {
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
func (s *stage) bracket(ctx context.Context, q GapQuery, result *GapResult) ([]gap.Band, error) {
	if s.factor == 1 {
		result.warn("bracket.none", "", "computed at the terrain's own resolution: there is no range to tell")
		return result.Bands, nil
	}
	strict := *s
	strict.screen = denser(terrain.Coarsen(s.Terrain, s.factor, terrain.Maximum))
	// What there is to warn of, the first answer has said.
	return strict.bands(ctx, q, &GapResult{Basis: Basis{Sites: result.Sites}})
}

// bands finds the gaps of all bands.
func (s *stage) bands(ctx context.Context, q GapQuery, result *GapResult) ([]gap.Band, error) {
	n, err := s.airspace(ctx, q, result)
	if err != nil {
		return nil, err
	}
	if err := s.addRadars(ctx, q, n, result); err != nil {
		return nil, err
	}
	return s.findGaps(ctx, q, n)
}

// airspace rasterises the airspace, and reads its ground.
func (s *stage) airspace(ctx context.Context, q GapQuery, result *GapResult) (*network.Network, error) {
	report(ctx, s.share(0, q), "airspace")
	l := s.posts.Lattice().Cover(q.Airspace.Bound(), 1)
	if err := s.limit(l, "posts in the box around the airspace", "take a smaller airspace, or ask for a coarser resolution"); err != nil {
		return nil, err
	}
	inside := airspace.Rasterise(q.Airspace, l)
	if inside.Count() == 0 {
		return nil, &AirspaceError{Reason: "the airspace is smaller than the spacing of the terrain's posts: take a larger airspace, or finer terrain"}
	}
	ground, err := s.posts.Read(ctx, l)
	if err != nil {
		return nil, err
	}
	if m := missingIn(ground, inside); m.Posts > 0 {
		share := float64(m.Posts) / float64(inside.Count())
		result.warn("terrain.missing_airspace", "", "terrain is missing in %s of the airspace, %s, and taken as sea level there", percent(share), extent(m))
	}
	ground.FillMissing(0)
	result.checkArea(q.Airspace, inside)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return network.New(ground, inside, q.Altitudes, q.MinRadars), nil
}

// checkArea warns where the cells do not resolve the airspace.
func (r *GapResult) checkArea(area orb.MultiPolygon, inside *raster.Mask) {
	cells := gap.AreaM2(inside)
	exact := airspace.AreaM2(area)
	if off := math.Abs(cells/exact - 1); off > 0.005 {
		r.warn("airspace.coarse", "", "the airspace's cells sum to %.1f km², its outline holds %.1f km²: it is small for posts %.0f arc-seconds apart", cells/1e6, exact/1e6, r.SpacingArcsec)
	}
}

// addRadars sweeps radar after radar, each with all workers.
func (s *stage) addRadars(ctx context.Context, q GapQuery, n *network.Network, result *GapResult) error {
	for i := range result.Sites {
		report(ctx, s.share(i, q), "radar %s", result.Sites[i].ID)
		surface, err := s.surface(ctx, q.Query, &result.Sites[i], &result.Basis, func(l terrain.Lattice) bool {
			return l.Intersect(n.Ground.Lattice).Posts() > 0
		})
		if err != nil {
			return err
		}
		if surface == nil {
			continue
		}
		if err := n.Add(ctx, surface, s.workers()); err != nil {
			return err
		}
	}
	return nil
}

// share is how much of a request is done when step steps are; a bracket takes
// them twice.
func (s *stage) share(step int, q GapQuery) float64 {
	share := float64(step) / float64(len(q.Radars)+len(q.Altitudes))
	switch {
	case s.screen != nil:
		return 0.5 + share/2
	case q.Bracket && s.factor > 1:
		return share / 2
	}
	return share
}

// findGaps traces the gaps of all bands.
func (s *stage) findGaps(ctx context.Context, q GapQuery, n *network.Network) (bands []gap.Band, err error) {
	labels, err := airspace.RasteriseLabels(q.Departments, n.Ground.Lattice)
	if err != nil {
		return nil, err
	}
	finder := gap.Finder{
		Network: n, Departments: labels, DepartmentCount: len(q.Departments),
		Airstrips: q.Airstrips, MinAreaM2: q.MinAreaM2, ToleranceM: q.ToleranceM,
		IgnoreGround: q.Reach == sight.Disc,
	}
	if q.ToleranceM < 0 {
		finder.ToleranceM = 2 * earth.CurvatureAt(0).MeridianM * math.Pi / 180 / n.Ground.PerDegLat
	}
	for i := range n.Bands {
		report(ctx, s.share(len(q.Radars)+i, q), "gaps at %s", n.Bands[i].Altitude)
		band, err := finder.Find(ctx, &n.Bands[i])
		if err != nil {
			return nil, err
		}
		bands = append(bands, band)
	}
	report(ctx, s.share(len(q.Radars)+len(q.Altitudes), q), "done")
	return bands, nil
}
