package coverage

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// EachSurface computes the floor surface of each radar of a query on its own,
// as siting does with candidates: thousands, on a coarse resolution. They share
// one look at the terrain of them all, or several where that is too much, and each
// worker its memory.
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
	return e.stage(q, basis, e.eachLoad(basis.Sites, true))
}

// eachLoad counts the posts in range of all radars, unless there is no hurry, and
// weighs those of the largest.
func (e *Engine) eachLoad(sites []sight.Site, hurry bool) load {
	return func(l terrain.Lattice) (float64, error) {
		sum, largest := 0.0, 0.0
		for i := range sites {
			w, err := floor.Window(&sites[i], l)
			if err != nil {
				return 0, err
			}
			largest = max(largest, posts(w))
			if hurry {
				sum += posts(w)
			}
		}
		return e.weigh(sum, largest, groundB*largest), nil
	}
}

// each sweeps the radars, those together of which the terrain is looked at
// together.
func (s *stage) each(ctx context.Context, q Query, sites []sight.Site, use func(int, *floor.Surface) error) error {
	all := &eachSweep{stage: s, q: q, sites: sites, use: use}
	groups, err := s.neighbours(sites)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if err := all.sweep(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// neighbours are radars, by number, and the box around them.
type neighbours struct {
	radars []int
	box    terrain.Lattice
}

// neighbours cuts radars into groups from south to north, so that the box around
// each holds no more posts than a request may have, and than half of the memory
// holds where they are read.
func (s *stage) neighbours(sites []sight.Site) (groups []neighbours, err error) {
	allowed := float64(s.maxPosts())
	if !viewed(s.posts) {
		allowed = min(allowed, s.memoryB()/2/groundB)
	}
	order := make([]int, len(sites))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sites[a].Position.Lat(), sites[b].Position.Lat()) })
	for _, i := range order {
		w, err := floor.Window(&sites[i], s.posts.Lattice())
		if err == nil {
			err = s.limitWindow(&sites[i], w)
		}
		if err != nil {
			return nil, err
		}
		last := len(groups) - 1
		if last >= 0 {
			if box := join(groups[last].box, w); posts(box) <= allowed {
				groups[last] = neighbours{append(groups[last].radars, i), box}
				continue
			}
		}
		groups = append(groups, neighbours{[]int{i}, w})
	}
	return groups, nil
}

// eachSweep is the work of EachSurface.
type eachSweep struct {
	*stage
	q     Query
	sites []sight.Site
	use   func(int, *floor.Surface) error

	mu   sync.Mutex
	done int
}

func (e *eachSweep) sweep(ctx context.Context, g neighbours) (err error) {
	ground, err := terrain.ViewOf(ctx, e.posts, g.box)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, ground.Close()) }()
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range e.workers() {
		group.Go(func() error {
			var room floor.Room
			for i := int(next.Add(1)) - 1; i < len(g.radars); i = int(next.Add(1)) - 1 {
				if err := e.one(ctx, &room, ground, g.radars[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

func (e *eachSweep) one(ctx context.Context, room *floor.Room, ground *terrain.View, i int) error {
	near, err := e.nearGround(ctx, &e.sites[i])
	if err != nil {
		return err
	}
	surface, err := room.Compute(ctx, &e.sites[i], e.q.Reach, floor.Land{Ground: ground, Near: near}, 1)
	if err != nil {
		return err
	}
	e.countSwept(ctx, surface.PostsInRange)
	if err := e.use(i, surface); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.done++
	report(ctx, float64(e.done)/float64(len(e.sites)), "%d of %d radars", e.done, len(e.sites))
	return nil
}
