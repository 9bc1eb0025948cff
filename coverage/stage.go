package coverage

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// stage is an engine on the posts of one computation.
type stage struct {
	*Engine
	// posts are those of the computation: the terrain's own, or a coarser or
	// denser version.
	posts terrain.Model
	// screen is what hides aircraft; nil where posts are.
	screen terrain.Model
	Resolution
}

func (e *Engine) at(r Resolution) *stage {
	s := &stage{Engine: e, posts: terrain.Coarsen(e.Terrain, r.Factor, terrain.Mean), Resolution: r}
	if r.Denser {
		s.posts = denser(s.posts)
	}
	if r.Strictest {
		s.screen = denser(terrain.Coarsen(e.Terrain, r.Factor, terrain.Maximum))
	}
	return s
}

// DefaultBudgetPosts is how many posts a request that leaves the resolution
// open may work through: enough for eleven radars of 400 km over Peru at 3
// arc-seconds, some ten seconds on two cores.
const DefaultBudgetPosts = 1_500_000_000

// usualArcsec are the resolutions that a request which leaves it open is given
// where the terrain keeps no coarser versions of its own.
var usualArcsec = []float64{3, 15, 30, 60, 120, 300, 600}

// ResolutionError is returned for a resolution that the terrain cannot give.
type ResolutionError struct {
	// AskedArcsec and OwnArcsec are distances between posts in arc-seconds:
	// what the query asks for, and the terrain's own.
	AskedArcsec, OwnArcsec float64
}

func (e *ResolutionError) Error() string {
	if e.AskedArcsec < e.OwnArcsec {
		return fmt.Sprintf("%g arc-seconds is finer than the terrain's own %.4g: ask for that or coarser, or load finer terrain", e.AskedArcsec, e.OwnArcsec)
	}
	below := math.Floor(e.AskedArcsec / e.OwnArcsec)
	return fmt.Sprintf("%g arc-seconds is no multiple of the terrain's own %.4g: ask for %.5g or %.5g",
		e.AskedArcsec, e.OwnArcsec, below*e.OwnArcsec, (below+1)*e.OwnArcsec)
}

// load counts the posts that a computation on the spacing of l would work
// through.
type load func(l terrain.Lattice) (float64, error)

// stage chooses the posts of a computation. Where the query leaves the
// resolution open they are the finest whose load fits the budget.
func (e *Engine) stage(q Query, basis *Basis, load load) (*stage, error) {
	own := spacingArcsec(e.Terrain)
	factor := int(math.Round(q.ResolutionArcsec / own))
	var err error
	switch {
	case q.ResolutionArcsec == 0:
		factor, err = e.fit(q.Reach, basis, load)
	case factor < 1 || math.Abs(q.ResolutionArcsec/own-float64(factor)) > 1e-6:
		err = &ResolutionError{AskedArcsec: q.ResolutionArcsec, OwnArcsec: own}
	}
	if err != nil || factor <= 1 {
		return e.at(Resolution{Factor: 1}), err
	}
	if q.Reach == sight.Terrain && q.ResolutionArcsec > coarseEnough && own <= coarseEnough {
		basis.warnCoarse(q.ResolutionArcsec)
	}
	return e.at(Resolution{Factor: factor}), nil
}

func spacingArcsec(m terrain.Model) float64 { return 3600 / m.Lattice().PerDegLat }

// fit returns the smallest factor by which the terrain must be coarsened for
// the load to fit the budget, or the largest there is.
func (e *Engine) fit(reach sight.Reach, basis *Basis, load load) (factor int, err error) {
	budget := float64(e.budgetPosts())
	all, err := load(e.Terrain.Lattice())
	factors := e.factors()
	if err != nil || all <= budget || len(factors) == 0 {
		return 1, err
	}
	for _, factor = range factors {
		posts, err := load(e.Terrain.Lattice().Coarsen(factor))
		if err != nil {
			return 1, err
		}
		if posts <= budget {
			break
		}
	}
	basis.warnAveraged(reach, factor, spacingArcsec(e.Terrain), all/budget)
	return factor, nil
}

// factors are those by which the terrain may be coarsened, smallest first.
func (e *Engine) factors() (factors []int) {
	if c := e.Terrain.Info().Contents; c != nil && len(c.OverviewFactors) > 0 {
		return slices.Sorted(slices.Values(c.OverviewFactors))
	}
	own := spacingArcsec(e.Terrain)
	for _, arcsec := range usualArcsec {
		if f := math.Round(arcsec / own); f > 1 && math.Abs(arcsec/own-f) < 1e-6 {
			factors = append(factors, int(f))
		}
	}
	return factors
}

// warnAveraged says what was chosen. excess is how many times the terrain's own
// posts are over the budget.
func (b *Basis) warnAveraged(reach sight.Reach, factor int, ownArcsec, excess float64) {
	consequence := ""
	if reach == sight.Terrain {
		consequence = ": averaging lowers crests, so coverage looks a little better than it is"
	}
	b.warn("terrain.resolution", "", "computed on posts %g arc-seconds apart, each the mean of %d × %d of the terrain's own, which are %.2g times what one request may take unasked%s",
		ownArcsec*float64(factor), factor, factor, excess, consequence)
}

// nearGround reads the terrain's own posts around a radar; nil where those of
// the computation are as good.
func (s *stage) nearGround(ctx context.Context, site *sight.Site) (*terrain.Grid, error) {
	if s.Factor == 1 {
		return nil, nil
	}
	return s.Terrain.Read(ctx, floor.NearWindow(site, s.posts.Lattice(), s.Terrain.Lattice()))
}

// surface returns the floor surface of a radar over a box, kept or computed, or
// nil if it does not reach there. A box of no posts is for all of the surface.
func (s *stage) surface(ctx context.Context, q Query, site *sight.Site, basis *Basis, box terrain.Lattice) (*floor.Surface, error) {
	window, err := s.window(site, box)
	if err != nil || window.Posts() == 0 {
		return nil, err
	}
	compute := func(ctx context.Context) (surfaces.Kept, error) {
		surface, filled, err := s.compute(ctx, q, site, window, box)
		return surfaces.Kept{Surface: surface, Filled: filled}, err
	}
	var kept surfaces.Kept
	if question, ok := s.question(q.Reach, site, window); ok && s.Surfaces != nil {
		box = terrain.Lattice{}
		kept, err = s.Surfaces.Get(ctx, question, compute)
	} else {
		kept, err = compute(ctx)
	}
	if err != nil {
		return nil, err
	}
	basis.warnFilled(kept.Filled, site.ID)
	return kept.Surface, basis.checkTerrain(q, site.ID, kept.Surface.Missing, kept.Surface.PostsInRange)
}

// window returns that of a radar which reaches into a box, else none. A box of no
// posts is everywhere.
func (s *stage) window(site *sight.Site, box terrain.Lattice) (terrain.Lattice, error) {
	window, err := floor.Window(site, s.posts.Lattice())
	if err != nil || box.Posts() > 0 && box.Intersect(window).Posts() == 0 {
		return terrain.Lattice{}, err
	}
	return window, s.limitWindow(site, window)
}

func (s *stage) limitWindow(site *sight.Site, window terrain.Lattice) error {
	return s.limit(window, "posts in the box around the range of radar "+site.ID, "shorten its range, or ask for a coarser resolution")
}

// question says what a radar's surface over a window depends on. There is none
// where the terrain does not tell one content from another.
func (s *stage) question(reach sight.Reach, site *sight.Site, window terrain.Lattice) (q surfaces.Question, ok bool) {
	if s.Terrain.Info().Identity == "" {
		return q, false
	}
	q = surfaces.Question{Site: site, Reach: reach, Ground: surfaces.Land{Identity: s.posts.Info().Identity, Window: window}}
	if s.screen != nil {
		q.Screen = surfaces.Land{Identity: s.screen.Info().Identity, Window: window}
	}
	if s.Factor > 1 {
		near := floor.NearWindow(site, s.posts.Lattice(), s.Terrain.Lattice())
		q.Near = surfaces.Land{Identity: s.Terrain.Info().Identity, Window: near}
	}
	return q, true
}

// compute computes the floor surface of a radar over a box, and counts the voids
// of its terrain that were filled.
func (s *stage) compute(ctx context.Context, q Query, site *sight.Site, window, box terrain.Lattice) (surface *floor.Surface, filled int, err error) {
	filled, err = s.over(ctx, site, window, func(land floor.Land) (err error) {
		land.Within = box
		surface, err = floor.Compute(ctx, site, q.Reach, land, s.workers())
		return err
	})
	if err == nil {
		s.countSwept(ctx, surface.PostsInRange)
	}
	return surface, filled, err
}

// over calls do with the terrain of a radar's window, and counts the voids of it
// that were filled.
func (s *stage) over(ctx context.Context, site *sight.Site, window terrain.Lattice, do func(floor.Land) error) (filled int, err error) {
	var land floor.Land
	if land.Near, err = s.nearGround(ctx, site); err != nil {
		return 0, err
	}
	if land.Ground, err = terrain.ViewOf(ctx, s.posts, window); err != nil {
		return 0, err
	}
	defer func() { err = cmp.Or(err, land.Ground.Close()) }()
	if s.screen != nil {
		if land.Screen, err = terrain.ViewOf(ctx, s.screen, window); err != nil {
			return 0, err
		}
		defer func() { err = cmp.Or(err, land.Screen.Close()) }()
	}
	return land.Ground.Filled, do(land)
}
