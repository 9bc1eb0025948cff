package coverage

import (
	"cmp"
	"context"
	"math"
	"sync/atomic"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
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
	// Cells asks for those of each gap.
	Cells bool
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
	// Posts are those of the computation in the box around the airspace: the cells
	// of gaps are numbered as theirs.
	Posts terrain.Lattice
	// SpacingArcsec is the post spacing of the computation, in arc-seconds
	// of latitude.
	SpacingArcsec float64
}

// finestNeeded is the posts per degree to which coarser terrain is refined for
// gaps, so that their edges are not stairs of several kilometres.
const finestNeeded = 120

// FindGaps finds the gaps of a network in an airspace.
func (e *Engine) FindGaps(ctx context.Context, q GapQuery) (result *GapResult, err error) {
	s, area, result, err := e.enter(ctx, q)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err = cmp.Or(err, area.close()); err != nil {
			result = nil
		}
	}()
	bracketed := q.Bracket && s.Factor > 1
	share := 1.0
	if bracketed {
		share = 0.5
	}
	if result.Bands, err = s.bands(ctx, q, area, result, progress{share: share}); err != nil {
		return nil, err
	}
	switch {
	case bracketed:
		// Where maxima hide aircraft instead of means.
		s = e.at(Resolution{Factor: s.Factor, Denser: true, Strictest: true})
		// What there is to warn of, the first answer has said.
		quiet := &GapResult{Basis: Basis{Sites: result.Sites}}
		result.Strictest, err = s.bands(ctx, q, area, quiet, progress{from: 0.5, share: 0.5})
	case q.Bracket:
		result.warn("bracket.none", "", "computed at the terrain's own resolution: there is no range to tell")
		result.Strictest = result.Bands
	}
	return result, err
}

// enter chooses the posts for an airspace, and has a look at that, which is to be
// closed.
func (e *Engine) enter(ctx context.Context, q GapQuery) (*stage, *area, *GapResult, error) {
	basis, err := e.basis(ctx, q.Query)
	if err != nil {
		return nil, nil, nil, err
	}
	s, err := e.stage(q.Query, &basis, e.gapLoad(q, basis.Sites))
	if err != nil {
		return nil, nil, nil, err
	}
	s = e.at(Resolution{Factor: s.Factor, Denser: true})
	result := &GapResult{Basis: basis, SpacingArcsec: spacingArcsec(s.posts)}
	report(ctx, 0, "airspace")
	a, err := s.airspace(ctx, q, result)
	if err != nil {
		return nil, nil, nil, err
	}
	result.Posts = a.Inside.Lattice
	return s, a, result, nil
}

// denser refines terrain that is coarser than finestNeeded.
func denser(m terrain.Model) terrain.Model { return terrain.Refine(m, refinement(m.Lattice())) }

func refinement(l terrain.Lattice) int {
	return max(1, int(math.Ceil(finestNeeded/l.PerDegLat-1e-9)))
}

// gapLoad counts the posts of the airspace, and those in range of the radars
// that reach into it, and weighs the memory that they need.
func (e *Engine) gapLoad(q GapQuery, sites []sight.Site) load {
	return func(l terrain.Lattice) (float64, error) {
		bytes, err := e.gapsB(q, sites, l)
		if err != nil {
			return 0, err
		}
		area := l.Cover(q.Airspace.Bound(), 1)
		f, err := e.sweeping(sites, area, false, 1)
		return e.weigh(posts(area)+f.surfaces/floorB, max(posts(area), f.largest), bytes), err
	}
}

// gapsB is how many bytes gaps take at the least on the posts of l.
func (e *Engine) gapsB(q GapQuery, sites []sight.Site, l terrain.Lattice) (float64, error) {
	own := l == e.Terrain.Lattice() && viewed(denser(e.Terrain))
	box := l.Refine(refinement(l)).Cover(q.Airspace.Bound(), 1)
	f, err := e.gapFootprint(q, sites, box, posts(box), own)
	return f.least(), err
}

// area is an airspace on the posts of a computation.
type area struct {
	network.Scene
	outline     orb.MultiPolygon
	departments []*raster.Mask
	// parts is how many times the airspace is cut to fit into memory, and atOnce
	// how many radars are swept at a time.
	parts, atOnce int
	// land is nil while it is not known. keeps says that it and what is laid over
	// it may be kept, under its key.
	land    *land
	keeps   bool
	landKey surfaces.Key
}

// part returns the rows from ≤ r < to of the i-th part.
func (a *area) part(i int) (from, to int) {
	return i * a.Inside.Rows / a.parts, (i + 1) * a.Inside.Rows / a.parts
}

// close lets go of files. Ground in memory may be kept.
func (a *area) close() error {
	if a.Ground.InPlace() {
		return a.Ground.Close()
	}
	return nil
}

// airspace rasterises the airspace, and looks at its ground, which is to be
// closed.
func (s *stage) airspace(ctx context.Context, q GapQuery, result *GapResult) (*area, error) {
	l := s.posts.Lattice().Cover(q.Airspace.Bound(), 1)
	if err := s.limit(l, "posts in the box around the airspace", "take a smaller airspace, or ask for a coarser resolution"); err != nil {
		return nil, err
	}
	a := &area{outline: q.Airspace, Scene: network.Scene{Altitudes: q.Altitudes, MinRadars: q.MinRadars, Reach: q.Reach}}
	a.departments = make([]*raster.Mask, len(q.Departments))
	var group errgroup.Group
	group.SetLimit(s.workers())
	group.Go(func() error {
		a.Inside = s.mask(q.Airspace, l)
		return nil
	})
	for i, department := range q.Departments {
		group.Go(func() error {
			a.departments[i] = s.mask(department, l)
			return nil
		})
	}
	if err := cmp.Or(group.Wait(), ctx.Err()); err != nil {
		return nil, err
	}
	if len(a.Inside.Runs) == 0 {
		return nil, &AirspaceError{Reason: "the airspace is smaller than the spacing of the terrain's posts: take a larger airspace, or finer terrain"}
	}
	if err := s.fitMemory(q, a, result); err != nil {
		return nil, err
	}
	if s.recallLand(a); a.land != nil && a.land.ground != nil {
		a.Ground = a.land.ground
		return a, nil
	}
	var err error
	a.Ground, err = terrain.ViewOf(ctx, s.posts, l)
	return a, err
}

// fitMemory decides in how many parts the airspace is looked at.
func (s *stage) fitMemory(q GapQuery, a *area, result *GapResult) error {
	f, err := s.gapFootprint(q, result.Sites, a.Inside.Lattice, float64(a.Inside.Count()), viewed(s.posts))
	if err != nil {
		return err
	}
	err = s.checkMemory(f.least(), result.SpacingArcsec, func(l terrain.Lattice) (float64, error) {
		return s.gapsB(q, result.Sites, l)
	})
	if err != nil {
		return err
	}
	a.atOnce = f.sweepsAtOnce(s.memoryB())
	if a.parts = f.parts(s.memoryB()); a.parts > 1 {
		result.warn("memory.tiled", "", "done in %d parts, as all at once would take %d MiB of memory, of which %d are allowed: surfaces of radars are computed more than once where they are not kept",
			a.parts, mebibytes(f.whole()), mebibytes(s.memoryB()))
	}
	return nil
}

// bands finds the gaps of all bands.
func (s *stage) bands(ctx context.Context, q GapQuery, a *area, result *GapResult, done progress) ([]gap.Band, error) {
	sweeps := newSweeps(a, result, done)
	n, known, err := s.look(ctx, q.Query, a, sweeps)
	if err != nil {
		return nil, err
	}
	s.keepLand(a, n)
	sweeps.warn(result)
	result.checkAirspace(a)
	sweeps.next(ctx, "gaps")
	finder := gap.Finder{
		Network: n, Departments: a.departments, Airstrips: q.Airstrips, MinAreaM2: q.MinAreaM2, ToleranceM: q.ToleranceM, Cells: q.Cells,
		RowM2: a.land.rowM2, Whole: known.whole, Earlier: known.earlier,
	}
	if q.ToleranceM < 0 {
		finder.ToleranceM = 2 * earth.CurvatureAt(0).MeridianM * math.Pi / 180 / a.Ground.PerDegLat
	}
	bands, err := finder.Find(ctx, s.workers())
	if err == nil {
		s.keep(a, n, known, finder.Counts)
		sweeps.next(ctx, "done")
	}
	return bands, err
}

// begin begins a look with what is known of it.
func (s *stage) begin(a *area, layers []network.Layer) (*network.Network, known) {
	if !a.keeps || a.parts > 1 {
		return network.New(a.Scene), known{}
	}
	radars := s.seers(a, layers)
	scene, k := a.Scene, known{floors: s.recallFloors(a, radars), radars: radars}
	scene.Lowest = k.lowest
	scene.Earlier, k.earlier = s.earlier(a, radars)
	return network.New(scene), k
}

// look has radars look at an airspace, part by part.
func (s *stage) look(ctx context.Context, q Query, a *area, all *sweeps) (n *network.Network, known known, err error) {
	if err := s.ahead(ctx, q, all.sites, a.Inside.Lattice, &all.progress); err != nil {
		return nil, known, err
	}
	for i := range a.parts {
		from, to := a.part(i)
		layers, err := s.layers(ctx, q, a.Inside.Sub(0, from, a.Inside.Cols, to-from), all)
		if err != nil {
			return nil, known, err
		}
		if n == nil {
			n, known = s.begin(a, layers)
		}
		all.next(ctx, "coverage")
		if err := n.Look(ctx, layers, from, to, s.workers()); err != nil {
			return nil, known, err
		}
	}
	return n, known, nil
}

// sweeps are those of a request.
type sweeps struct {
	progress
	sites []sight.Site
	// parts is how many times the airspace is cut, and atOnce how many radars are
	// swept at a time.
	parts, atOnce int
	// notes are what there is to warn of, by radar, however often it is swept.
	notes []Basis
}

func newSweeps(a *area, result *GapResult, done progress) *sweeps {
	done.steps = a.parts*(len(result.Sites)+1) + 1
	return &sweeps{progress: done, sites: result.Sites, parts: a.parts, atOnce: a.atOnce, notes: make([]Basis, len(result.Sites))}
}

func (all *sweeps) warn(result *GapResult) {
	for _, b := range all.notes {
		result.Warnings = append(result.Warnings, b.Warnings...)
	}
}

// layers sweeps the radars, some at a time, each with all workers. Of one part of
// several, they keep what lies above its rows.
func (s *stage) layers(ctx context.Context, q Query, rows terrain.Lattice, all *sweeps) (layers []network.Layer, err error) {
	swept, errs := make([]network.Layer, len(all.sites)), make([]error, len(all.sites))
	var group errgroup.Group
	group.SetLimit(all.atOnce)
	var failed atomic.Bool
	for i := range all.sites {
		if failed.Load() {
			break
		}
		all.next(ctx, "radar %s", all.sites[i].ID)
		group.Go(func() error {
			swept[i], errs[i] = s.layer(ctx, q, rows, all, i)
			if errs[i] != nil {
				failed.Store(true)
			}
			return nil
		})
	}
	_ = group.Wait()
	for i := range swept {
		if errs[i] != nil {
			return nil, errs[i]
		}
		if swept[i].Surface != nil {
			layers = append(layers, swept[i])
		}
	}
	return layers, nil
}

// layer sweeps a radar. Its surface is nil if it does not reach the rows.
func (s *stage) layer(ctx context.Context, q Query, rows terrain.Lattice, all *sweeps, radar int) (layer network.Layer, err error) {
	var b Basis
	layer.Surface, err = s.surface(ctx, q, &all.sites[radar], &b, rows)
	if err != nil || layer.Surface == nil {
		return layer, err
	}
	all.notes[radar] = b
	if all.parts > 1 {
		layer = network.Cut(layer.Surface, rows)
	}
	layer.Radar = radar
	return layer, nil
}

// checkAirspace warns where terrain is missing in the airspace, and where the
// cells do not resolve it.
func (r *GapResult) checkAirspace(a *area) {
	if missing := a.land.relief.Missing; missing.Posts > 0 {
		share := float64(missing.Posts) / float64(a.Inside.Count())
		r.warn("terrain.missing_airspace", "", "terrain is missing in %s of the airspace, %s, and taken as sea level there", percent(share), extent(missing))
	}
	cells, exact := a.land.cellsM2, a.land.exactM2
	if off := math.Abs(cells/exact - 1); off > 0.005 {
		r.warn("airspace.coarse", "", "the airspace's cells sum to %.1f km², its outline holds %.1f km²: it is small for posts %.0f arc-seconds apart", cells/1e6, exact/1e6, r.SpacingArcsec)
	}
}
