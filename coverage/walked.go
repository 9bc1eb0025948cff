package coverage

import (
	"cmp"
	"context"
	"sync"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/ray"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Walked keeps the terrain that rays went over, for those that follow: to read it takes
// longer than to go over it. It is safe for concurrent use; nil keeps nothing.
type Walked struct {
	cache *ray.Cache

	mu sync.Mutex
	// whole says of squares whether all their posts are known.
	whole map[square]bool
}

// NewWalked returns an empty one that grows to sizeB bytes.
func NewWalked(sizeB int64) *Walked {
	return &Walked{cache: ray.NewCache(sizeB), whole: map[square]bool{}}
}

// square is one of squareSide posts aside, coarser than the terrain by a factor, by
// number from the north-west.
type square struct{ factor, col, row int }

const squareSide = 256

// lentB is for the rays of one radar where nothing is kept.
const lentB = 64 << 20

// observer returns a radar that looks over the posts of a stage.
func (w *Walked) observer(s *stage, site *sight.Site, reach sight.Reach) *ray.Observer {
	var cache *ray.Cache
	if w != nil {
		cache = w.cache
	} else {
		cache = ray.NewCache(lentB)
	}
	o := ray.NewObserver(site, reach, cache.Over(s.posts, s.Factor))
	if s.Factor > 1 {
		o = o.WithNear(cache.Over(s.Terrain, 1), floor.NearM(site, s.posts.Lattice()))
	}
	return o
}

// fewPlaces are looked at one by one.
const fewPlaces = 16

// elevations are terrain.Elevations of the terrain's own posts.
func (w *Walked) elevations(ctx context.Context, m terrain.Model, places []orb.Point) ([]float64, error) {
	if w == nil || len(places) > fewPlaces {
		return terrain.Elevations(ctx, m, places)
	}
	return w.cache.Over(m, 1).Elevations(ctx, places)
}

// isWhole reports whether all posts of a box on a stage are known, as far as squares
// tell.
func (w *Walked) isWhole(ctx context.Context, s *stage, box terrain.Lattice) (bool, error) {
	if w == nil || box.Intersect(s.posts.Lattice()) != box {
		return false, nil
	}
	squares := squaresOf(s, box)
	whole, known := w.recall(squares)
	if known {
		return whole, nil
	}
	if err := w.examine(ctx, s, squares); err != nil {
		return false, err
	}
	whole, _ = w.recall(squares)
	return whole, nil
}

// knowsWhole is isWhole, false where that would have to read terrain.
func (w *Walked) knowsWhole(s *stage, box terrain.Lattice) bool {
	if w == nil || box.Intersect(s.posts.Lattice()) != box {
		return false
	}
	whole, known := w.recall(squaresOf(s, box))
	return known && whole
}

// squares are those from one to another.
type squares struct{ first, last square }

// squaresOf returns those that have posts of a box on a stage.
func squaresOf(s *stage, box terrain.Lattice) squares {
	l := s.posts.Lattice()
	col, row := box.Col0-l.Col0, box.Row0-l.Row0
	return squares{
		square{s.Factor, col / squareSide, row / squareSide},
		square{s.Factor, (col + box.Cols - 1) / squareSide, (row + box.Rows - 1) / squareSide},
	}
}

// all yields the squares row by row.
func (q squares) all(yield func(square) bool) {
	for at := q.first; at.row <= q.last.row; at.row++ {
		for at.col = q.first.col; at.col <= q.last.col; at.col++ {
			if !yield(at) {
				return
			}
		}
	}
}

// posts returns those of the squares that a lattice has.
func (q squares) posts(l terrain.Lattice) terrain.Lattice {
	return l.Sub(q.first.col*squareSide, q.first.row*squareSide,
		(q.last.col-q.first.col+1)*squareSide, (q.last.row-q.first.row+1)*squareSide).Intersect(l)
}

// recall reports whether all of the squares are whole, and whether that is known: of
// squares that are not, one is enough.
func (w *Walked) recall(q squares) (whole, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	known = true
	for at := range q.all {
		switch whole, ok := w.whole[at]; {
		case !ok:
			known = false
		case !whole:
			return false, true
		}
	}
	return known, known
}

// examine finds out which of the squares are whole: all at once, or one by one where
// voids were filled somewhere.
func (w *Walked) examine(ctx context.Context, s *stage, q squares) (err error) {
	v, err := terrain.ViewOf(ctx, s.posts, q.posts(s.posts.Lattice()))
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, v.Close()) }()
	if v.Filled > 0 && q.first != q.last {
		for at := range q.all {
			if err := w.examine(ctx, s, squares{at, at}); err != nil {
				return err
			}
		}
		return nil
	}
	return v.Guard(func() error {
		room := make([]float32, squareSide*squareSide)
		for at := range q.all {
			g := terrain.Grid{Lattice: squares{at, at}.posts(s.posts.Lattice())}
			whole := v.Filled == 0
			if whole && !v.Whole() {
				g.ElevationM = room[:g.Posts()]
				v.CopyTo(g.ElevationM, g.Lattice)
				whole = g.Missing() == 0
			}
			w.remember(at, whole)
		}
		return ctx.Err()
	})
}

func (w *Walked) remember(at square, whole bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.whole[at] = whole
}
