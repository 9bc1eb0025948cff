package coverage

import (
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
	l := s.posts.Lattice()
	if w == nil || box.Intersect(l) != box {
		return false, nil
	}
	first := square{s.Factor, (box.Col0 - l.Col0) / squareSide, (box.Row0 - l.Row0) / squareSide}
	last := square{s.Factor, (box.Col0 - l.Col0 + box.Cols - 1) / squareSide, (box.Row0 - l.Row0 + box.Rows - 1) / squareSide}
	for at := first; at.row <= last.row; at.row++ {
		for at.col = first.col; at.col <= last.col; at.col++ {
			if whole, err := w.squareIsWhole(ctx, s, at); !whole || err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

func (w *Walked) squareIsWhole(ctx context.Context, s *stage, at square) (bool, error) {
	w.mu.Lock()
	whole, known := w.whole[at]
	w.mu.Unlock()
	if known {
		return whole, nil
	}
	l := s.posts.Lattice()
	v, err := terrain.ViewOf(ctx, s.posts, l.Sub(at.col*squareSide, at.row*squareSide, squareSide, squareSide).Intersect(l))
	if err != nil {
		return false, err
	}
	missing, err := missingOf(v)
	if closed := v.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return false, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.whole[at] = missing.Posts == 0 && v.Filled == 0
	return w.whole[at], nil
}
