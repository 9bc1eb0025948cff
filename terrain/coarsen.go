package terrain

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
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
		m.sumUpBand(g, fine, band)
	}
	return g, nil
}

// sumUpBand fills the posts of band, which lies within g, from the blocks that
// fine has of them. Rows are shared out among the processors.
func (m *coarsened) sumUpBand(g, fine *Grid, band Lattice) {
	var group sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), band.Rows)
	for first := range workers {
		group.Go(func() {
			var sums mean
			for i := first; i < band.Rows; i += workers {
				at := band.Col0 - g.Col0
				outM := g.RowM(band.Row0 + i - g.Row0)[at : at+band.Cols]
				block := fine.ElevationM[i*m.factor*fine.Cols : (i+1)*m.factor*fine.Cols]
				if m.aggregate == Maximum {
					highest(outM, block, m.factor)
				} else {
					sums.write(outM, block, m.factor)
				}
			}
		})
	}
	group.Wait()
}

// highest writes the maximum of each block of factor × factor posts; fine has
// a row of blocks, row by row.
func highest(outM, fine []float32, factor int) {
	lowest := float32(math.Inf(-1))
	for c := range outM {
		outM[c] = lowest
	}
	for ; len(fine) > 0; fine = fine[len(outM)*factor:] {
		rest := fine
		for c, top := range outM {
			for _, z := range rest[:factor] {
				if z > top {
					top = z
				}
			}
			outM[c] = top
			rest = rest[factor:]
		}
	}
	for c, top := range outM {
		if top == lowest {
			outM[c] = float32(math.NaN())
		}
	}
}

// mean adds up rows of blocks, one after the other, all of the same length.
type mean struct {
	sums  []float64
	known []int
}

// write writes the mean of each block, as highest does the maximum.
func (m *mean) write(outM, fine []float32, factor int) {
	if m.sums == nil {
		m.sums, m.known = make([]float64, len(outM)), make([]int, len(outM))
	}
	sums, known := m.sums, m.known
	clear(sums)
	clear(known)
	for ; len(fine) > 0; fine = fine[len(outM)*factor:] {
		rest := fine
		for c, sum := range sums {
			n := known[c]
			for _, z := range rest[:factor] {
				if z == z {
					sum += float64(z)
					n++
				}
			}
			sums[c], known[c] = sum, n
			rest = rest[factor:]
		}
	}
	for c, n := range known {
		if n == 0 {
			outM[c] = float32(math.NaN())
		} else {
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
