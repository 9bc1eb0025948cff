package store

import (
	"context"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
)

// valueB is the size of an elevation.
const valueB = 4

// posts are those of one level.
type posts struct {
	dir     string
	level   Level
	lattice terrain.Lattice
	tiles   map[Square]*Tile
	sea     []terrain.Lattice // where missing posts are at 0 m
}

func newPosts(dir string, m Manifest, level Level) *posts {
	p := &posts{dir: dir, level: level, lattice: m.Lattice.Posts().Coarsen(level.Factor), tiles: map[Square]*Tile{}}
	for i := range level.Tiles {
		t := &level.Tiles[i]
		p.tiles[t.Square] = t
	}
	for _, s := range m.Sea {
		p.sea = append(p.sea, s.closed(m.Lattice.Posts(), 1).Coarsen(level.Factor))
	}
	return p
}

// whole reports whether tiles know every post of l.
func (p *posts) whole(l terrain.Lattice) bool {
	if !p.lattice.SameSpacing(l) {
		return false
	}
	for _, s := range squares(l, p.level.EdgeDeg) {
		t, part := p.tiles[s], l.Intersect(s.owned(l, p.level.EdgeDeg))
		if t == nil || t.Missing > 0 || t.on(l).Intersect(part) != part {
			return false
		}
	}
	return true
}

// bandRows is how many rows of a window are read in one go: enough that each
// processor gets a fair share of a window, and few enough maps of files.
const bandRows = 1200

// read fills a new grid. Each goroutine takes the next band of rows, across all
// squares: rows share pages of the grid, which are then not needed by two at
// the same time.
func (p *posts) read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	if !p.lattice.SameSpacing(l) || l.Cols < 0 || l.Rows < 0 {
		return nil, &terrain.SpacingError{Model: p.lattice, Window: l}
	}
	// Not NewGrid: what a tile is copied to need not be NaN before.
	g := &terrain.Grid{Lattice: l, ElevationM: make([]float32, l.Posts())}
	preferHugePages(g.ElevationM)
	group, reading := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for r := 0; r < l.Rows; r += bandRows {
		band := l.Sub(0, r, l.Cols, min(bandRows, l.Rows-r))
		group.Go(func() error {
			for _, s := range squares(band, p.level.EdgeDeg) {
				if err := reading.Err(); err != nil {
					return err
				}
				if err := p.fill(g, s, band); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return g, ctx.Err()
}

// fill writes the posts of band, a part of g, that one square owns.
func (p *posts) fill(g *terrain.Grid, s Square, band terrain.Lattice) error {
	part := band.Intersect(s.owned(band, p.level.EdgeDeg))
	t := p.tiles[s]
	if t == nil || t.SizeB == 0 {
		blank(g, part, part.Sub(0, 0, 0, 0))
	} else {
		held := part.Intersect(t.on(part))
		blank(g, part, held)
		if err := p.copyTile(g, t, held); err != nil {
			return err
		}
		if t.Missing == 0 && held == part {
			return nil
		}
	}
	for _, sea := range p.sea {
		if both := part.Intersect(sea); both.Posts() > 0 {
			flood(g, both)
		}
	}
	return nil
}

// blank makes the posts of part missing, but for those of except, which lies
// within it.
func blank(g *terrain.Grid, part, except terrain.Lattice) {
	nan := float32(math.NaN())
	for r := range part.Rows {
		rowM := cut(g, part, r)
		if row := part.Row0 + r; row >= except.Row0 && row < except.Row0+except.Rows && except.Cols > 0 {
			fillRow(rowM[:except.Col0-part.Col0], nan)
			rowM = rowM[except.Col0-part.Col0+except.Cols:]
		}
		fillRow(rowM, nan)
	}
}

func fillRow(rowM []float32, v float32) {
	for i := range rowM {
		rowM[i] = v
	}
}

// flood puts the missing posts of part at sea level.
func flood(g *terrain.Grid, part terrain.Lattice) {
	for r := range part.Rows {
		rowM := cut(g, part, r)
		for i, z := range rowM {
			if z != z {
				rowM[i] = 0
			}
		}
	}
}

// cut returns g's posts of row r of part, which lies within g.
func cut(g *terrain.Grid, part terrain.Lattice, r int) []float32 {
	at := part.Col0 - g.Col0
	return g.RowM(part.Row0 + r - g.Row0)[at : at+part.Cols]
}

// copyTile copies the posts of held, which both g and the tile have.
func (p *posts) copyTile(g *terrain.Grid, t *Tile, held terrain.Lattice) error {
	if held.Posts() == 0 {
		return nil
	}
	values, err := openValues(tilePath(p.dir, p.level.Name, t.Square), t.SizeB, t.Cols*t.Rows)
	if err != nil {
		return err
	}
	defer values.close()
	return values.guard(func() error {
		for r := range held.Rows {
			first := (held.Row0+r-t.Row0)*t.Cols + held.Col0 - t.Col0
			if err := values.read(cut(g, held, r), first); err != nil {
				return err
			}
		}
		return nil
	})
}
