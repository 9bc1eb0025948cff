package coverage

import (
	"context"
	"errors"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// FloorResult is a network's floor on the posts of the computation, in the box
// around the radars' ranges. Its Floor is to be closed.
type FloorResult struct {
	Basis
	terrain.Lattice
	Floor FloorRows
	// AMSLM are all rows of a floor of one radar behind terrain, one after the
	// other; nil of others, which are made as they are asked for.
	AMSLM []int16
}

// FloorRows make the rows of a floor.
type FloorRows interface {
	// Row fills dst with a row: whole metres above mean sea level, or
	// floor.NoAltitude. Several goroutines may ask for rows at a time. It fails
	// with a *terrain.FormatError where the ground cannot be read any more.
	Row(r int, dst []int16) error
	// Close lets go of the ground, and fails with a *terrain.FormatError if its
	// files changed meanwhile.
	Close() error
}

// altitudes are the floors of one radar.
type altitudes struct{ *floor.Altitudes }

func (a altitudes) Row(r int, dst []int16) error {
	copy(dst, a.AMSLM[r*a.Cols:][:a.Cols])
	return nil
}

func (a altitudes) Close() error { return nil }

// Floor computes the floor of a network: the MinRadars-th smallest of those
// of the radars in service. With reach Disc it is the ground. The query must
// have radars.
func (e *Engine) Floor(ctx context.Context, q Query) (*FloorResult, error) {
	if len(q.Radars) == 0 {
		return nil, errors.New("a floor has at least one radar")
	}
	basis, err := e.basis(ctx, q)
	if err != nil {
		return nil, err
	}
	s, err := e.stage(q, &basis, e.floorLoad(basis.Sites))
	if err != nil {
		return nil, err
	}
	box, err := boxAround(basis.Sites, s.posts.Lattice())
	if err != nil {
		return nil, err
	}
	if err := e.limit(box, "posts in the box around the radars", "take fewer radars, shorter ranges, or a coarser resolution"); err != nil {
		return nil, err
	}
	if err := s.fitFloors(basis.Sites, box); err != nil {
		return nil, err
	}
	if alone(q, basis.Sites) {
		report(ctx, 0, "radar %s", basis.Sites[0].ID)
		only, err := s.altitudes(ctx, q, &basis)
		if err != nil {
			return nil, err
		}
		report(ctx, 1, "done")
		return &FloorResult{Basis: basis, Lattice: only.Lattice, Floor: altitudes{only}, AMSLM: only.AMSLM}, nil
	}
	done := progress{share: 1, steps: len(basis.Sites)}
	if err := s.ahead(ctx, q, basis.Sites, terrain.Lattice{}, &done); err != nil {
		return nil, err
	}
	var surfaces []*floor.Surface
	for i := range basis.Sites {
		done.next(ctx, "radar %s", basis.Sites[i].ID)
		surface, err := s.surface(ctx, q, &basis.Sites[i], &basis, terrain.Lattice{})
		if err != nil {
			return nil, err
		}
		surfaces = append(surfaces, surface)
	}
	ground, err := terrain.ViewOf(ctx, s.posts, box)
	if err != nil {
		return nil, err
	}
	report(ctx, 1, "done")
	return &FloorResult{Basis: basis, Lattice: box, Floor: network.NewFloors(ground, surfaces, q.MinRadars)}, nil
}

// alone reports whether a floor is that of one radar behind terrain. Its surface
// is not kept, nor looked for: to make it takes as long as to copy it, and the
// same bytes come out wherever surfaces are kept.
func alone(q Query, sites []sight.Site) bool {
	return len(sites) == 1 && sites[0].InService && q.MinRadars <= 1 && q.Reach == sight.Terrain
}

// altitudes computes the floor of the only radar.
func (s *stage) altitudes(ctx context.Context, q Query, basis *Basis) (a *floor.Altitudes, err error) {
	site := &basis.Sites[0]
	window, err := floor.Window(site, s.posts.Lattice())
	if err == nil {
		err = s.limitWindow(site, window)
	}
	if err != nil {
		return nil, err
	}
	filled, err := s.over(ctx, site, window, func(land floor.Land) (err error) {
		a, err = floor.ComputeAltitudes(ctx, site, land, s.workers())
		return err
	})
	if err != nil {
		return nil, err
	}
	s.countSwept(ctx, a.PostsInRange)
	basis.warnFilled(filled, site.ID)
	return a, basis.checkTerrain(q, site.ID, a.Missing, a.PostsInRange)
}

// fitFloors refuses floors that do not fit into memory.
func (s *stage) fitFloors(sites []sight.Site, box terrain.Lattice) error {
	f, err := s.sweeping(sites, box, viewed(s.posts), 1)
	if err != nil {
		return err
	}
	return s.checkMemory(f.whole(), spacingArcsec(s.posts), func(l terrain.Lattice) (float64, error) { return s.floorsB(sites, l) })
}

// floorsB is how many bytes the floors of radars take on the posts of l.
func (e *Engine) floorsB(sites []sight.Site, l terrain.Lattice) (float64, error) {
	box, err := boxAround(sites, l)
	if err != nil {
		return 0, err
	}
	f, err := e.sweeping(sites, box, l == e.Terrain.Lattice() && viewed(e.Terrain), 1)
	return f.whole(), err
}

// floorLoad counts the posts in the box around the radars, and those in range
// of each, and weighs the memory that they need.
func (e *Engine) floorLoad(sites []sight.Site) load {
	return func(l terrain.Lattice) (float64, error) {
		box, err := boxAround(sites, l)
		if err != nil {
			return 0, err
		}
		sum := posts(box)
		for i := range sites {
			w, _ := floor.Window(&sites[i], l)
			sum += posts(w)
		}
		bytes, err := e.floorsB(sites, l)
		return e.weigh(sum, posts(box), bytes), err
	}
}

// boxAround returns the smallest window on the spacing of l that holds those
// of all radars.
func boxAround(sites []sight.Site, l terrain.Lattice) (terrain.Lattice, error) {
	var box terrain.Lattice
	for i := range sites {
		w, err := floor.Window(&sites[i], l)
		if err != nil {
			return w, err
		}
		if i == 0 {
			box = w
		}
		box = join(box, w)
	}
	return box, nil
}

// join returns the smallest window that holds two of one spacing.
func join(a, b terrain.Lattice) terrain.Lattice {
	col, row := min(a.Col0, b.Col0), min(a.Row0, b.Row0)
	right, low := max(a.Col0+a.Cols, b.Col0+b.Cols), max(a.Row0+a.Rows, b.Row0+b.Rows)
	return a.Sub(col-a.Col0, row-a.Row0, right-col, low-row)
}
