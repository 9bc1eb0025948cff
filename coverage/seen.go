package coverage

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// Target is a point that may be seen.
type Target struct {
	Point
	// OrLower has it seen as well where some lower altitude over its ground is, as
	// beside an antenna, where higher ones are in the cone of silence.
	OrLower bool
}

// EachSeen tells of each radar of a query on its own which targets it sees: target
// t is bit t%64 of word t/64. Targets that follow each other at one position share
// a look, so altitudes over a place belong together.
//
// The ground is that of Posts, as it is for gaps, and not that between the
// terrain's own posts where these are finer. A target below it is seen by nobody,
// unless the reach is a disc's. use is called as that of EachSurface, and the
// bits are its own to keep.
func (e *Engine) EachSeen(ctx context.Context, q Query, targets []Target, use func(radar int, seen []uint64) error) (*Basis, error) {
	basis, err := e.basis(ctx, q)
	if err != nil || len(basis.Sites) == 0 {
		return &basis, err
	}
	s, err := e.eachStage(q, &basis)
	if err != nil {
		return nil, err
	}
	check := func(i int, s Sighted) error {
		if q.StrictTerrain {
			if err := new(Basis).checkTerrain(q, basis.Sites[i].ID, s.Missing, s.PostsInRange); err != nil {
				return err
			}
		}
		return use(i, s.Seen)
	}
	if ok, err := s.elsewhere(ctx, q, basis.Sites, targets, check); ok {
		return &basis, err
	}
	return &basis, s.sight(ctx, q, basis.Sites, targets, check)
}

// sight calls use with what each radar sees of targets.
func (s *stage) sight(ctx context.Context, q Query, sites []sight.Site, targets []Target, use func(int, Sighted) error) error {
	places, err := s.placesOf(ctx, targets)
	if err != nil {
		return err
	}
	return s.each(ctx, q, sites, func(i int, surface *floor.Surface) error {
		r := newReader(surfaces.Kept{Surface: surface}, i)
		return use(i, Sighted{Seen: r.seen(places, targets), Missing: surface.Missing, PostsInRange: surface.PostsInRange})
	})
}

// Posts returns the terrain on the posts of a computation of a resolution as
// Query has it; where it is left open, on the terrain's own.
func (e *Engine) Posts(resolutionArcsec float64) (terrain.Model, error) {
	s, err := e.stage(Query{ResolutionArcsec: resolutionArcsec, Reach: sight.Disc}, &Basis{}, func(terrain.Lattice) (float64, error) { return 0, nil })
	if err != nil {
		return nil, err
	}
	return s.posts, nil
}

// Place puts the radars of a query on their ground.
func (e *Engine) Place(ctx context.Context, q Query) (*Basis, error) {
	b, err := e.basis(ctx, q)
	return &b, err
}

// FitGaps returns the resolution that FindGaps chooses where a query leaves it
// open.
func (e *Engine) FitGaps(ctx context.Context, q GapQuery) (resolutionArcsec float64, err error) {
	return e.fitting(ctx, q.Query, func(sites []sight.Site) load { return e.gapLoad(q, sites) })
}

// FitEach returns the resolution that EachSurface and EachSeen choose where a
// query leaves it open. In no hurry, with radars swept one after the other
// however long that takes, it is the finest that the largest of them allows.
func (e *Engine) FitEach(ctx context.Context, q Query, hurry bool) (resolutionArcsec float64, err error) {
	return e.fitting(ctx, q, func(sites []sight.Site) load { return e.eachLoad(sites, hurry) })
}

func (e *Engine) fitting(ctx context.Context, q Query, load func([]sight.Site) load) (resolutionArcsec float64, err error) {
	basis, err := e.basis(ctx, q)
	if err != nil {
		return 0, err
	}
	q.ResolutionArcsec = 0
	s, err := e.stage(q, &basis, load(basis.Sites))
	if err != nil {
		return 0, err
	}
	return spacingArcsec(s.posts), nil
}

// place is a position over which targets lie.
type place struct {
	above
	// row and col are those of the spot, numbered over the whole earth.
	row, col int
	u, v     float64
	// Its targets are first ≤ t < last, and the highest of them in metres above mean
	// sea level.
	first, last  int
	highestAMSLM float64
}

// onePost is the share of the spacing of posts within which a place is on one:
// rounding of degrees is a thousandth of that.
const onePost = 1e-6

// placesOf returns the positions of targets from north to south and from west to
// east, as surfaces lie in memory.
func (s *stage) placesOf(ctx context.Context, targets []Target) ([]place, error) {
	var places []place
	var positions []orb.Point
	for i, t := range targets {
		if i == 0 || t.Position != targets[i-1].Position {
			places = append(places, s.placeOf(t.Position, i))
			positions = append(positions, t.Position)
		}
		places[len(places)-1].last = i + 1
	}
	ground, err := terrain.Elevations(ctx, s.posts, positions)
	if err != nil {
		return nil, err
	}
	for i := range places {
		p := &places[i]
		p.groundAMSLM = orSeaLevel(ground[i])
		p.postsAMSLM, p.highestAMSLM = p.groundAMSLM, math.Inf(-1)
		for _, t := range targets[p.first:p.last] {
			p.highestAMSLM = max(p.highestAMSLM, t.Altitude.AMSLM(p.groundAMSLM))
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(a.row-b.row, a.col-b.col, a.first-b.first) })
	return places, nil
}

func (s *stage) placeOf(at orb.Point, first int) place {
	l := s.posts.Lattice()
	p := place{above: above{position: at}, first: first}
	p.row, p.v = postBefore(l.Row(at.Lat()))
	p.col, p.u = postBefore(l.Col(at.Lon()))
	p.row, p.col = p.row+l.Row0, p.col+l.Col0
	return p
}

// postBefore returns the post that a fractional row or column is at or follows,
// and by which share.
func postBefore(x float64) (post int, share float64) {
	if nearest := math.Round(x); math.Abs(x-nearest) < onePost {
		return int(nearest), 0
	}
	below := math.Floor(x)
	return int(below), x - below
}

// seen returns the targets that the radar sees.
func (r *reader) seen(places []place, targets []Target) []uint64 {
	set := make([]uint64, (len(targets)+63)/64)
	from, _ := slices.BinarySearchFunc(places, r.Row0, func(p place, row int) int { return cmp.Compare(p.row, row) })
	for i := from; i < len(places) && places[i].row < r.Row0+r.Rows-1; i++ {
		p := &places[i]
		out, ok := r.readPlace(p)
		if !ok {
			continue
		}
		for k := p.first; k < p.last; k++ {
			heightAMSLM := targets[k].Altitude.AMSLM(p.groundAMSLM)
			if targets[k].OrLower {
				heightAMSLM = min(heightAMSLM, out.ceilingAMSLM)
			}
			if out.holds(heightAMSLM) {
				set[k/64] |= 1 << (k % 64)
			}
		}
	}
	return set
}

// readPlace is read for a place; ok is false where none of its targets is seen.
func (r *reader) readPlace(p *place) (out reading, ok bool) {
	s := spot{row: p.row - r.Row0, col: p.col - r.Col0, u: p.u, v: p.v}
	if s.col < 0 || s.col >= r.Cols-1 {
		return out, false
	}
	i := s.row*r.Cols + s.col
	s.floors = [4]floor.AGL{r.Floor[i], r.Floor[i+1], r.Floor[i+r.Cols], r.Floor[i+r.Cols+1]}
	if p.u == 0 && p.v == 0 {
		s.floors = [4]floor.AGL{s.floors[0], s.floors[0], s.floors[0], s.floors[0]}
	}
	lowest := min(s.floors[0], s.floors[1], s.floors[2], s.floors[3])
	switch {
	case lowest == floor.Unseen:
		return out, false
	case r.Reach == sight.Disc:
		return r.readDisc(p, &s)
	case p.groundAMSLM+lowest.M() > p.highestAMSLM:
		return out, false
	}
	return r.read(p.above, &s)
}

// readDisc is readPlace where the range alone counts. Between posts of which
// some see nothing, that is asked of the place.
func (r *reader) readDisc(p *place, s *spot) (out reading, ok bool) {
	if max(s.floors[0], s.floors[1], s.floors[2], s.floors[3]) == floor.Unseen {
		if edge := r.readEdge(p.above, s); edge.floorAMSLM != edge.floorAMSLM {
			return out, false
		}
	}
	return reading{site: r.site, floorAMSLM: math.Inf(-1), ceilingAMSLM: math.Inf(1)}, true
}
