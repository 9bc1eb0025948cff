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
}

// GapResult holds the gaps, band by band.
type GapResult struct {
	Basis
	Bands []gap.Band
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
	fine := *e
	fine.Terrain = terrain.Refine(e.Terrain, int(math.Ceil(finestNeeded/e.Terrain.Lattice().PerDegLat-1e-9)))
	result := &GapResult{Basis: basis, SpacingArcsec: 3600 / fine.Terrain.Lattice().PerDegLat}
	n, err := fine.airspace(ctx, q, result)
	if err != nil {
		return nil, err
	}
	if err := fine.addRadars(ctx, q, n, result); err != nil {
		return nil, err
	}
	if err := fine.findGaps(ctx, q, n, result); err != nil {
		return nil, err
	}
	return result, nil
}

// airspace rasterises the airspace, and reads its ground.
func (e *Engine) airspace(ctx context.Context, q GapQuery, result *GapResult) (*network.Network, error) {
	report(ctx, 0, "airspace")
	l := e.Terrain.Lattice().Cover(q.Airspace.Bound(), 1)
	if err := e.limit(l, "posts in the box around the airspace", "take a smaller airspace, or coarser terrain"); err != nil {
		return nil, err
	}
	inside := airspace.Rasterise(q.Airspace, l)
	if inside.Count() == 0 {
		return nil, &AirspaceError{Reason: "the airspace is smaller than the spacing of the terrain's posts: take a larger airspace, or finer terrain"}
	}
	ground, err := e.Terrain.Read(ctx, l)
	if err != nil {
		return nil, err
	}
	if share := ground.MissingShare(inside.Has); share > 0 {
		result.warn("terrain.missing_airspace", "", "terrain is missing in %s of the airspace, and taken as sea level there", percent(share))
	}
	seaLevel(ground)
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
func (e *Engine) addRadars(ctx context.Context, q GapQuery, n *network.Network, result *GapResult) error {
	for i := range result.Sites {
		report(ctx, e.share(i, q), "radar %s", result.Sites[i].ID)
		s, err := e.surface(ctx, q.Query, &result.Sites[i], &result.Basis, func(l terrain.Lattice) bool {
			return l.Intersect(n.Ground.Lattice).Posts() > 0
		})
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		if err := n.Add(ctx, s, e.workers()); err != nil {
			return err
		}
	}
	return nil
}

// share is how much of a request is done when step steps are.
func (e *Engine) share(step int, q GapQuery) float64 {
	return float64(step) / float64(len(q.Radars)+len(q.Altitudes))
}

// surface computes the floor surface of a radar, or nil if its window is not
// needed.
func (e *Engine) surface(ctx context.Context, q Query, site *sight.Site, basis *Basis, needed func(terrain.Lattice) bool) (*floor.Surface, error) {
	window, err := floor.Window(site, e.Terrain.Lattice())
	if err != nil || !needed(window) {
		return nil, err
	}
	if err := e.limit(window, "posts in the box around the range of radar "+site.ID, "shorten its range, or take coarser terrain"); err != nil {
		return nil, err
	}
	ground, err := e.Terrain.Read(ctx, window)
	if err != nil {
		return nil, err
	}
	s, err := floor.Compute(ctx, site, q.Reach, ground, e.workers())
	if err != nil {
		return nil, err
	}
	return s, basis.checkTerrain(q, s)
}

// checkTerrain warns of missing terrain in range, or refuses it.
func (b *Basis) checkTerrain(q Query, s *floor.Surface) error {
	if s.PostsMissing == 0 || q.Reach == sight.Disc {
		return nil
	}
	share := float64(s.PostsMissing) / float64(s.PostsInRange)
	if q.StrictTerrain {
		return &MissingTerrainError{RadarID: s.Site.ID, Share: share}
	}
	b.warn("terrain.missing", s.Site.ID, "terrain is missing in %s of the range of radar %s, and taken as sea level there: right over the sea, too good over land", percent(share), s.Site.ID)
	return nil
}

// findGaps finds the gaps of all bands.
func (e *Engine) findGaps(ctx context.Context, q GapQuery, n *network.Network, result *GapResult) error {
	labels, err := airspace.RasteriseLabels(q.Departments, n.Ground.Lattice)
	if err != nil {
		return err
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
		report(ctx, e.share(len(q.Radars)+i, q), "gaps at %s", n.Bands[i].Altitude)
		band, err := finder.Find(ctx, &n.Bands[i])
		if err != nil {
			return err
		}
		result.Bands = append(result.Bands, band)
	}
	report(ctx, 1, "done")
	return nil
}
