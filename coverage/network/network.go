// Package network lays the floor surfaces of many radars over one airspace:
// where too few of them see at each altitude, what keeps them from it, and the
// floor of all of them together.
//
// The work goes row by row over the cells of the airspace, in blocks of up to
// 64, and for all altitudes at once. Floors decide nearly everything, as they
// compare without their ground. Whether a ceiling cuts an altitude off, and
// why a cell is not seen, is decided for a tile of some rows of blocks where
// bounds on the radars' envelopes allow it; for the cells of a block where a
// quick comparison of each does; and cell by cell, exactly, where neither tells.
package network

import (
	"context"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Scene is what radars are asked to see.
type Scene struct {
	// Ground holds the cells and their terrain; what is missing is taken as
	// sea level.
	Ground *terrain.View
	// Inside holds the cells of the airspace; the others are never looked at.
	Inside *raster.Mask
	// Altitudes to look at, one band each.
	Altitudes []altitude.Altitude
	// MinRadars is how many radars must see a cell for it to be covered; at
	// least 1.
	MinRadars int
	// Reach is that of the surfaces.
	Reach sight.Reach
	// Relief and Lowest are those of an earlier look at the same cells, the latter
	// with the same radars in service and the same MinRadars; nil for none.
	Relief *Relief
	Lowest *Lowest
	// Earlier is a look with other radars, which takes a Relief; nil for none.
	Earlier *Earlier
}

// Network is what radars see of an airspace.
type Network struct {
	Scene
	// Bands are the airspace at each altitude.
	Bands []Band
	// reliefKnown and lowestKnown say that the scene brought them.
	reliefKnown, lowestKnown bool
}

// Band is an airspace at one altitude. A cell is covered where at least
// MinRadars radars in service see it. Without that it is underground where the
// ground is higher than the altitude, unless the reach is a disc's, which asks
// for no ground; and else it is open.
type Band struct {
	Altitude altitude.Altitude
	// Open are the open cells, in the order of a mask's runs. Stretches that
	// touch differ in their cause.
	Open []Stretch
	// Covered and Underground count the cells of each row.
	Covered, Underground []int32
}

// Stretch is a run of open cells with one cause: the largest among the radars
// that do not see them, OutOfRange where there are none.
type Stretch struct {
	raster.Run
	Cause sight.Cause
}

// Layer is a floor surface, or some of its rows.
type Layer struct {
	*floor.Surface
	// From is the row that Floor begins with.
	From int
	// Radar is the caller's number of it, for LookEach.
	Radar int
}

// Cut returns the rows of a surface that lie among those of l: a copy, unless
// they are all.
func Cut(s *floor.Surface, l terrain.Lattice) Layer {
	from, to := max(0, l.Row0-s.Row0), min(s.Rows, l.Row0+l.Rows-s.Row0)
	if to-from == s.Rows || to <= from {
		return Layer{Surface: s}
	}
	cut := *s
	cut.Floor = slices.Clone(s.Floor[from*s.Cols : to*s.Cols])
	return Layer{Surface: &cut, From: from}
}

// Spans returns the columns in range of the rows of a lattice that the surface
// reaches, from a row on.
func (l Layer) Spans(of terrain.Lattice) (row int, spans []Columns) {
	row = max(0, l.Row0-of.Row0)
	spans = make([]Columns, max(0, min(of.Rows, l.Row0+l.Rows-of.Row0)-row))
	for i := range spans {
		from, to := l.Span(row + i + of.Row0 - l.Row0)
		right := l.Col0 - of.Col0
		if from, to = max(0, from+right), min(of.Cols, to+right); from < to {
			spans[i] = Columns{int32(from), int32(to)}
		}
	}
	return row, spans
}

// New returns a network that has looked at no row yet.
func New(scene Scene) *Network {
	n := &Network{Scene: scene, reliefKnown: scene.Relief != nil, lowestKnown: scene.Lowest != nil}
	if !n.reliefKnown {
		n.Relief = newRelief(scene.Inside)
	}
	if !n.lowestKnown {
		n.Lowest = newLowest(n.Relief, n.hasHorizons())
	}
	for _, a := range scene.Altitudes {
		n.Bands = append(n.Bands, Band{Altitude: a,
			Covered: make([]int32, scene.Inside.Rows), Underground: make([]int32, scene.Inside.Rows)})
	}
	return n
}

// Floors returns the lowest height above each cell of run i of Inside that
// enough radars in service see.
func (n *Network) Floors(i int) []floor.AGL { return n.Lowest.floors[i] }

// rowsPerTask are looked at by one worker: enough to make little of starting,
// few enough to stop soon and to keep all workers busy to the end.
const rowsPerTask = 16

// Look lets radars look at rows from ≤ r < to of the airspace, which follow
// those that it was called for before. Layers are on the spacing of the ground
// and hold those rows as far as their surfaces do. It stops with ctx.Err() soon
// after ctx is done; the network is then of no use.
func (n *Network) Look(ctx context.Context, layers []Layer, from, to, workers int) error {
	tasks, err := n.look(ctx, layers, from, to, make([]func(*Cells), max(workers, 1)))
	if err == nil {
		n.append(tasks)
	}
	return err
}

// look has a worker for each of those who are to be told of cells; nil is for who
// keeps in the tasks what they find.
func (n *Network) look(ctx context.Context, layers []Layer, from, to int, told []func(*Cells)) ([]task, error) {
	eyes := make([]eye, len(layers))
	for i := range layers {
		eyes[i] = newEye(n, &layers[i])
	}
	tasks := make([]task, (to-from+rowsPerTask-1)/rowsPerTask)
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for _, tell := range told {
		group.Go(func() error {
			return n.Ground.Guard(func() error {
				w := newLooker(n, eyes)
				w.tell = tell
				for i := int(next.Add(1)) - 1; i < len(tasks); i = int(next.Add(1)) - 1 {
					row := from + i*rowsPerTask
					if ctx.Err() != nil {
						return ctx.Err()
					}
					w.look(row, min(row+rowsPerTask, to), &tasks[i])
				}
				return nil
			})
		})
	}
	return tasks, group.Wait()
}

// task is what was found in some rows.
type task struct {
	open    [][]Stretch
	missing floor.Missing
}

func (n *Network) append(tasks []task) {
	for i := range tasks {
		n.Relief.addMissing(tasks[i].missing)
	}
	for b := range n.Bands {
		more := 0
		for i := range tasks {
			more += len(tasks[i].open[b])
		}
		n.Bands[b].Open = slices.Grow(n.Bands[b].Open, more)
		for i := range tasks {
			n.Bands[b].Open = append(n.Bands[b].Open, tasks[i].open[b]...)
		}
	}
}
