package terrain

import (
	"context"
	"fmt"
	"math"
)

// Aggregate says how a block of posts becomes one.
type Aggregate int

const (
	// Mean keeps the average: crests sink and valleys fill, so coverage comes
	// out a little too good.
	Mean Aggregate = iota
	// Maximum keeps the highest: crests stay and widen, so coverage comes out
	// too poor.
	Maximum
)

// String returns "mean" or "maximum".
func (a Aggregate) String() string {
	if a == Maximum {
		return "maximum"
	}
	return "mean"
}

// Overviewed is a model that keeps coarser versions of itself.
type Overviewed interface {
	Model
	// Overview returns the version that Coarsen would make, to the last bit,
	// and whether the model keeps it.
	Overview(factor int, a Aggregate) (Model, bool)
}

// Coarsen returns m with factor times fewer posts in both directions: each of
// its posts stands in the middle of a block of factor × factor posts of m and
// sums them up. Blocks are counted from −180 and 90, so that a post is the
// same in every window. Missing posts do not count; a block of nothing else is
// missing.
//
// Reading it reads all of m's posts in the window, unless m is Overviewed and
// keeps that version. With a factor of 1 or less it is m itself.
func Coarsen(m Model, factor int, a Aggregate) Model {
	if factor <= 1 {
		return m
	}
	if kept, ok := m.(Overviewed); ok {
		if overview, ok := kept.Overview(factor, a); ok {
			return overview
		}
	}
	return &coarsened{source: m, factor: factor, aggregate: a}
}

// CoarsenedInfo returns the description of the version of a model that Coarsen
// makes.
func CoarsenedInfo(info Info, factor int, a Aggregate) Info {
	info.Identity = fmt.Sprintf("%s/%d-%s", info.Identity, factor, a)
	info.SpacingArcsec *= float64(factor)
	return info
}

type coarsened struct {
	source    Model
	factor    int
	aggregate Aggregate
}

func (m *coarsened) Info() Info       { return CoarsenedInfo(m.source.Info(), m.factor, m.aggregate) }
func (m *coarsened) Lattice() Lattice { return m.source.Lattice().Coarsen(m.factor) }

// bandPosts bounds the posts of the source that are in memory at a time, where
// rows are not longer than that.
const bandPosts = 1 << 23

func (m *coarsened) Read(ctx context.Context, l Lattice) (*Grid, error) {
	all := m.Lattice()
	g, err := NewWindow(all, l)
	if err != nil {
		return nil, err
	}
	part := l.Intersect(all)
	if part.Posts() == 0 {
		return g, ctx.Err()
	}
	rows := max(1, bandPosts/(part.Cols*m.factor*m.factor))
	for r := 0; r < part.Rows; r += rows {
		band := part.Sub(0, r, part.Cols, min(rows, part.Rows-r))
		fine, err := m.source.Read(ctx, band.blocks(m.source.Lattice(), m.factor))
		if err != nil {
			return nil, err
		}
		for i := range band.Rows {
			at := band.Col0 - l.Col0
			m.sumUp(g.RowM(band.Row0 + i - l.Row0)[at:at+band.Cols], fine, i*m.factor)
		}
	}
	return g, nil
}

// sumUp fills one coarse row from the fine rows that begin at row.
func (m *coarsened) sumUp(outM []float32, fine *Grid, row int) {
	sums, known := make([]float64, len(outM)), make([]int, len(outM))
	if m.aggregate == Maximum {
		for i := range sums {
			sums[i] = math.Inf(-1)
		}
	}
	for r := row; r < row+m.factor; r++ {
		line := fine.RowM(r)
		for c := range outM {
			for _, z := range line[c*m.factor : (c+1)*m.factor] {
				if z != z {
					continue
				}
				known[c]++
				if m.aggregate == Maximum {
					sums[c] = math.Max(sums[c], float64(z))
				} else {
					sums[c] += float64(z)
				}
			}
		}
	}
	for c, n := range known {
		switch {
		case n == 0:
		case m.aggregate == Maximum:
			outM[c] = float32(sums[c])
		default:
			outM[c] = float32(sums[c] / float64(n))
		}
	}
}

// Coarsen returns the lattice of the middles of the blocks of factor × factor
// posts, counted from −180 and 90, that hold a post of l. factor is at least
// 1. A lattice without posts stays without.
func (l Lattice) Coarsen(factor int) Lattice {
	f := float64(factor)
	col0, row0 := floorDiv(l.Col0, factor), floorDiv(l.Row0, factor)
	c := Lattice{
		PerDegLon: l.PerDegLon / f, PerDegLat: l.PerDegLat / f,
		OffLon: (l.OffLon + (f-1)/2) / f, OffLat: (l.OffLat + (f-1)/2) / f,
		Col0: col0, Row0: row0,
	}
	if l.Posts() > 0 {
		c.Cols = floorDiv(l.Col0+l.Cols-1, factor) - col0 + 1
		c.Rows = floorDiv(l.Row0+l.Rows-1, factor) - row0 + 1
	}
	return c
}

// blocks returns the posts, with the spacing of fine, of the blocks whose
// middles l has.
func (l Lattice) blocks(fine Lattice, factor int) Lattice {
	fine.Col0, fine.Row0 = l.Col0*factor, l.Row0*factor
	fine.Cols, fine.Rows = l.Cols*factor, l.Rows*factor
	return fine
}
