package store

import (
	"context"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

const (
	// valueB is the size of an elevation.
	valueB = 4
	// largeB is the size from which on large pages are worth while.
	largeB = 32 << 20
)

// posts are those of one level.
type posts struct {
	dir     string
	level   Level
	lattice terrain.Lattice
	tiles   map[Square]*Tile
	files   *files
	sea     []terrain.Lattice // where missing posts are at 0 m
}

func newPosts(dir string, m Manifest, level Level) *posts {
	p := &posts{dir: dir, level: level, lattice: m.Lattice.Posts().Coarsen(level.Factor), tiles: map[Square]*Tile{}, files: newFiles()}
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

// check fails with a *terrain.SpacingError where l is no window of the posts.
func (p *posts) check(l terrain.Lattice) error {
	if !p.lattice.SameSpacing(l) || l.Cols < 0 || l.Rows < 0 {
		return &terrain.SpacingError{Model: p.lattice, Window: l}
	}
	return nil
}

// read fills a new grid. Each goroutine takes the next rows, across all
// squares: rows share pages of the grid, which then are not needed by two at the
// same time.
func (p *posts) read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	if err := p.check(l); err != nil {
		return nil, err
	}
	// Not NewGrid: what a tile is copied to need not be NaN before.
	g := &terrain.Grid{Lattice: l, ElevationM: make([]float32, l.Posts())}
	if raw := bytesOf(g.ElevationM); len(raw) >= largeB {
		source.PreferLargePages(raw)
	}
	if l.Posts() <= fewPosts {
		return g, p.fillFew(ctx, g)
	}
	group, reading := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for row := range rowsOf(squares(l, p.level.EdgeDeg)) {
		all := g.Intersect(row[0].owned(g.Lattice, p.level.EdgeDeg))
		for r := 0; r < all.Rows; r += taskRows {
			group.Go(func() error { return p.fillRows(reading, g, row, r, min(r+taskRows, all.Rows)) })
		}
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return g, ctx.Err()
}

// fillFew does not share the work.
func (p *posts) fillFew(ctx context.Context, g *terrain.Grid) error {
	for row := range rowsOf(squares(g.Lattice, p.level.EdgeDeg)) {
		if err := p.fillRows(ctx, g, row, 0, g.Intersect(row[0].owned(g.Lattice, p.level.EdgeDeg)).Rows); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf yields squares row by row.
func rowsOf(all []Square) func(yield func([]Square) bool) {
	return func(yield func([]Square) bool) {
		for len(all) > 0 {
			n := 1
			for n < len(all) && all[n].LatDeg == all[0].LatDeg {
				n++
			}
			if !yield(all[:n]) {
				return
			}
			all = all[n:]
		}
	}
}

// taskRows is how many rows of posts are a goroutine's next: enough that tiles
// are not mapped too often, few enough that all end at about the same time.
const taskRows = 300

// bandRows is how many of them are filled across all squares before the next:
// few enough to be in the processor's cache from when the system makes their
// memory until the last square has written to it.
const bandRows = 16

// fillRows writes the posts of rows first to last of a row of squares to g.
func (p *posts) fillRows(ctx context.Context, g *terrain.Grid, row []Square, first, last int) error {
	pieces := make([]piece, len(row))
	defer func() {
		for i := range pieces {
			pieces[i].close()
		}
	}()
	for i, s := range row {
		pieces[i] = p.piece(g.Lattice, s)
		if err := pieces[i].open(p, first, last-first); err != nil {
			return err
		}
	}
	for r := first; r < last; r += bandRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range pieces {
			if err := pieces[i].fill(g, r, min(bandRows, last-r)); err != nil {
				return err
			}
		}
	}
	return nil
}

// piece is the part of a window that one square owns.
type piece struct {
	part terrain.Lattice
	// held are the posts of it that the tile has.
	held terrain.Lattice
	tile *Tile
	// sea is where missing posts are at 0 m.
	sea []terrain.Lattice
	// values are the tile's, nil until the piece is open and where it has none.
	values *values
}

func (p *posts) piece(l terrain.Lattice, s Square) piece {
	c := piece{part: l.Intersect(s.owned(l, p.level.EdgeDeg)), tile: p.tiles[s]}
	if c.tile != nil && c.tile.SizeB > 0 {
		c.held = c.part.Intersect(c.tile.on(c.part))
	}
	if c.held == c.part && c.tile.Missing == 0 {
		return c
	}
	for _, sea := range p.sea {
		if both := c.part.Intersect(sea); both.Posts() > 0 {
			c.sea = append(c.sea, both)
		}
	}
	return c
}

// open opens the tile for rows of the piece, if they have posts of it.
func (c *piece) open(p *posts, first, rows int) (err error) {
	if held := c.held.Intersect(c.part.Sub(0, first, c.part.Cols, rows)); held.Posts() > 0 {
		c.values, err = p.open(c.tile, held)
	}
	return err
}

func (c *piece) close() {
	if c.values != nil {
		c.values.close()
	}
}

// fill writes rows of the piece, from its row first on.
func (c *piece) fill(g *terrain.Grid, first, rows int) error {
	band := c.part.Sub(0, first, c.part.Cols, rows)
	held := c.held.Intersect(band)
	if held != band {
		blank(g, band, held)
	}
	if held.Posts() > 0 {
		if err := copyRows(g, c.tile, c.values, held); err != nil {
			return err
		}
	}
	for _, sea := range c.sea {
		if both := band.Intersect(sea); both.Posts() > 0 {
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

// open opens the values of a tile for the rows of held, which it has: no more
// of it is to take memory.
func (p *posts) open(t *Tile, held terrain.Lattice) (*values, error) {
	f, err := p.take(t)
	if err != nil {
		return nil, err
	}
	v, err := openValues(f.File, t.SizeB, t.Cols*t.Rows, (held.Row0-t.Row0)*t.Cols, held.Rows*t.Cols)
	if err != nil {
		f.release()
		return nil, err
	}
	v.file = f
	return v, nil
}

// copyTile copies the posts of held, which both g and the tile have.
func (p *posts) copyTile(g *terrain.Grid, t *Tile, held terrain.Lattice) error {
	if held.Posts() == 0 {
		return nil
	}
	values, err := p.open(t, held)
	if err != nil {
		return err
	}
	defer values.close()
	return copyRows(g, t, values, held)
}

// copyRows copies the posts of held from the values of a tile.
func copyRows(g *terrain.Grid, t *Tile, values *values, held terrain.Lattice) error {
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
