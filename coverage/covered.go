package coverage

import (
	"cmp"
	"context"

	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/raster"
)

// Covered is an airspace on the posts of a computation.
type Covered struct {
	Basis
	// Inside are the cells of the airspace, and Departments those of each of the
	// query's.
	Inside      *raster.Mask
	Departments []*raster.Mask
	// SpacingArcsec is as in GapResult.
	SpacingArcsec float64
}

// EachCovered tells which radars in service see each cell of an airspace: those
// where at least MinRadars do are what FindGaps has covered, on the same posts. It
// needs no airstrips, nor what FindGaps needs for outlines, and brackets nothing.
//
// teller is called once for each worker, before any looks. What it returns is told
// of rows by that worker alone: Seen.Radar is a number in the query, and Band that
// of an altitude.
func (e *Engine) EachCovered(ctx context.Context, q GapQuery, teller func(*Covered) func(*network.Cells)) (covered *Covered, err error) {
	s, area, result, err := e.enter(ctx, q)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err = cmp.Or(err, area.close()); err != nil {
			covered = nil
		}
	}()
	covered = &Covered{Basis: result.Basis, Inside: area.Inside, Departments: area.departments, SpacingArcsec: result.SpacingArcsec}
	told := make([]func(*network.Cells), s.workers())
	for i := range told {
		told[i] = teller(covered)
	}
	err = s.tell(ctx, q.Query, area, result, told)
	covered.Basis = result.Basis
	return covered, err
}

// tell lets the radars look at an airspace, part by part.
func (s *stage) tell(ctx context.Context, q Query, a *area, result *GapResult, told []func(*network.Cells)) error {
	all := newSweeps(a, result, progress{share: 1})
	scene := a.Scene
	scene.MinRadars = 1
	n := network.New(scene)
	if err := s.ahead(ctx, q, all.sites, a.Inside.Lattice, &all.progress); err != nil {
		return err
	}
	for i := range a.parts {
		from, to := a.part(i)
		layers, err := s.layers(ctx, q, a.Inside.Sub(0, from, a.Inside.Cols, to-from), all)
		if err != nil {
			return err
		}
		all.next(ctx, "coverage")
		if err := n.LookEach(ctx, layers, from, to, told); err != nil {
			return err
		}
	}
	s.keepLand(a, n)
	all.warn(result)
	result.checkAirspace(a)
	all.next(ctx, "done")
	return nil
}
