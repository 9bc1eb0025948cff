package coverage

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// EachSurface computes the floor surface of each radar of a query on its own,
// as siting does with candidates: thousands, on a coarse resolution. They share
// one look at the terrain of them all, and each worker its memory.
//
// use is called with the number of the radar in the query, by several
// goroutines at a time and in no order; the surface is of meaning until it
// returns. Radars out of service are computed like any other. Missing terrain
// is taken as sea level, and counted in the surface.
func (e *Engine) EachSurface(ctx context.Context, q Query, use func(radar int, s *floor.Surface) error) (*Basis, error) {
	basis, err := e.basis(ctx, q)
	if err != nil || len(basis.Sites) == 0 {
		return &basis, err
	}
	s, err := e.eachStage(q, &basis)
	if err != nil {
		return nil, err
	}
	return &basis, s.each(ctx, q, basis.Sites, use)
}

// eachStage chooses the posts on which each radar is swept on its own.
func (e *Engine) eachStage(q Query, basis *Basis) (*stage, error) {
	return e.stage(q, basis, e.floorLoad(basis.Sites, groundsB))
}

// groundsB is how many bytes the ground in the box around the radars takes.
func groundsB(sites []sight.Site, l terrain.Lattice) (float64, error) {
	box, err := boxAround(sites, l)
	return groundB * posts(box), err
}

func (s *stage) each(ctx context.Context, q Query, sites []sight.Site, use func(int, *floor.Surface) error) (err error) {
	box, err := boxAround(sites, s.posts.Lattice())
	if err != nil {
		return err
	}
	if err := s.limit(box, "posts in the box around the radars", "take radars that stand closer together, or a coarser resolution"); err != nil {
		return err
	}
	ground, err := terrain.ViewOf(ctx, s.posts, box)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, ground.Close()) }()
	var next atomic.Int64
	var mu sync.Mutex
	done := 0
	group, ctx := errgroup.WithContext(ctx)
	for range s.workers() {
		group.Go(func() error {
			var room floor.Room
			for i := int(next.Add(1)) - 1; i < len(sites); i = int(next.Add(1)) - 1 {
				near, err := s.nearGround(ctx, &sites[i])
				if err != nil {
					return err
				}
				surface, err := room.Compute(ctx, &sites[i], q.Reach, floor.Land{Ground: ground, Near: near}, 1)
				if err != nil {
					return err
				}
				if err := use(i, surface); err != nil {
					return err
				}
				mu.Lock()
				done++
				report(ctx, float64(done)/float64(len(sites)), "%d of %d radars", done, len(sites))
				mu.Unlock()
			}
			return nil
		})
	}
	return group.Wait()
}
