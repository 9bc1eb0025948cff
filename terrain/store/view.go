package store

import (
	"context"
	"slices"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// View returns the posts of l as tiles mapped into memory, unless small voids
// are among them: then it is a view of what Read returns. It fails as Read
// does, and so does the view's Close.
func (s *Store) View(ctx context.Context, l terrain.Lattice) (*terrain.View, error) {
	if s.whole(l) {
		return raw{s}.View(ctx, l)
	}
	return terrain.ViewOf(ctx, s.filled, l)
}

func (r raw) View(ctx context.Context, l terrain.Lattice) (*terrain.View, error) {
	return r.view(ctx, r, r.posts, l)
}

func (o overview) View(ctx context.Context, l terrain.Lattice) (*terrain.View, error) {
	return o.store.view(ctx, o, o.posts, l)
}

// view returns a view of posts of the store as it was when it was opened. m
// reads them where they are few or cannot be mapped, or says why they cannot be had.
func (s *Store) view(ctx context.Context, m terrain.Model, p *posts, l terrain.Lattice) (*terrain.View, error) {
	if p.check(l) == nil && l.Posts() > fewPosts {
		panels, mappings, ok := p.mapped(ctx, l)
		v := terrain.NewView(l, panels, append(mappings, manifestOf{s})...)
		if ok && s.changed() == nil {
			return v, nil
		}
		_ = v.Close() // nothing was read yet
	}
	return terrain.ReadView(ctx, m, l)
}

// fewPosts are read in less time than it takes to map them.
const fewPosts = 64

// manifestOf is a store's manifest, as a file that is to stay as it is while a
// view is open.
type manifestOf struct{ *Store }

func (m manifestOf) Fault(uintptr) error { return nil }
func (m manifestOf) Close() error        { return m.changed() }

// mapped maps the tiles with posts of l, until one cannot be.
func (p *posts) mapped(ctx context.Context, l terrain.Lattice) (panels []terrain.Panel, mappings []terrain.Mapping, ok bool) {
	for _, s := range squares(l, p.level.EdgeDeg) {
		c := p.piece(l, s)
		if c.held.Posts() > 0 {
			panel, mapping, ok := p.mapTile(&c)
			if mapping != nil {
				mappings = append(mappings, mapping)
			}
			if !ok || ctx.Err() != nil {
				return nil, mappings, false
			}
			panels = append(panels, panel)
		}
		panels = append(panels, c.seaPanels()...)
	}
	return panels, mappings, true
}

// mapTile maps the posts that the tile of a piece has. It does not where the
// sea is to show through them, nor where numbers in memory are others.
func (p *posts) mapTile(c *piece) (panel terrain.Panel, mapping terrain.Mapping, ok bool) {
	t := c.tile
	if t.Missing > 0 && slices.ContainsFunc(c.sea, func(sea terrain.Lattice) bool { return sea.Intersect(c.held).Posts() > 0 }) {
		return panel, nil, false
	}
	f, err := p.take(t)
	if err != nil {
		return panel, nil, false
	}
	defer f.release()
	if checkSize(f.File, t) != nil {
		return panel, nil, false
	}
	first := (c.held.Row0-t.Row0)*t.Cols + c.held.Col0 - t.Col0
	n := (c.held.Rows-1)*t.Cols + c.held.Cols
	memory, err := source.Map(f.File, t.SizeB-int64(t.Cols*t.Rows-first)*valueB, int64(n)*valueB, remedyTile)
	if err != nil {
		return panel, nil, false
	}
	heights, ok := source.Numbers[float32](memory.Bytes)
	return terrain.Panel{Lattice: c.held, Stride: t.Cols, Float32: heights, HasVoid: t.Missing > 0}, memory, ok
}

// seaPanels returns the posts at sea that the tile of the piece does not have.
func (c *piece) seaPanels() (panels []terrain.Panel) {
	rest := without(c.part, c.held)
	// Squares of sea share their edges: first those that have most of the piece.
	slices.SortFunc(c.sea, func(a, b terrain.Lattice) int { return b.Posts() - a.Posts() })
	for _, sea := range c.sea {
		var left []terrain.Lattice
		for _, l := range rest {
			if both := l.Intersect(sea); both.Posts() > 0 {
				panels = append(panels, terrain.Panel{Lattice: both})
			}
			left = append(left, without(l, sea)...)
		}
		rest = left
	}
	return panels
}

// without returns the posts of l that hole does not have, as up to four
// rectangles.
func without(l, hole terrain.Lattice) (rest []terrain.Lattice) {
	hole = hole.Intersect(l)
	if hole.Posts() == 0 {
		return []terrain.Lattice{l}
	}
	col, row := hole.Col0-l.Col0, hole.Row0-l.Row0
	for _, side := range []terrain.Lattice{
		l.Sub(0, 0, l.Cols, row),
		l.Sub(0, row, col, hole.Rows),
		l.Sub(col+hole.Cols, row, l.Cols-col-hole.Cols, hole.Rows),
		l.Sub(0, row+hole.Rows, l.Cols, l.Rows-row-hole.Rows),
	} {
		if side.Posts() > 0 {
			rest = append(rest, side)
		}
	}
	return rest
}
