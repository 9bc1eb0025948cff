// Package mosaic puts elevation models that stand on the same posts together
// to one: the tiles of a survey, whatever formats they come in.
//
// Where parts overlap, as tiles do that share the posts of their edges, and one
// has a void and another a value, the value is taken. Where values differ, that
// of the southern and then of the western part is, by their south-west corners.
package mosaic

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"

	"github.com/tidwall/rtree"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
)

// New returns parts, at least one, as one model, that name calls. Their order
// does not matter, and one that is given twice counts once. A single part is
// returned as it is.
//
// It fails with a *terrain.FormatError that names two parts when their posts
// are not spaced alike.
func New(name string, parts []terrain.Model) (terrain.Model, error) {
	if len(parts) == 0 {
		return nil, &terrain.FormatError{Path: name, Reason: "a mosaic of no parts"}
	}
	sorted := inOrder(parts)
	for _, p := range sorted[1:] {
		if !p.SameSpacing(sorted[0].Lattice) {
			return nil, unlike(name, sorted[0], p)
		}
	}
	if len(sorted) == 1 {
		return sorted[0].model, nil
	}
	m := &mosaic{parts: sorted, lattice: span(sorted)}
	for i, p := range sorted {
		west, north := p.Col0, p.Row0
		m.index.Insert([2]int{west, north}, [2]int{west + p.Cols - 1, north + p.Rows - 1}, i)
	}
	m.info = m.describe(name)
	return m, nil
}

// mosaic is several models of one spacing, of which the first that knows a
// post gives its elevation.
type mosaic struct {
	parts   []part
	index   rtree.RTreeGN[int, int]
	lattice terrain.Lattice
	info    terrain.Info
}

// part is a model with its lattice at hand.
type part struct {
	terrain.Lattice
	model    terrain.Model
	identity string
}

// inOrder sorts parts by south-west corner, from the south and then from the
// west, and leaves out those that are given twice.
func inOrder(parts []terrain.Model) []part {
	sorted := make([]part, len(parts))
	for i, m := range parts {
		sorted[i] = part{Lattice: m.Lattice(), model: m, identity: m.Info().Identity}
	}
	slices.SortFunc(sorted, func(a, b part) int {
		return cmp.Or(
			cmp.Compare(a.Lat(a.Rows-1), b.Lat(b.Rows-1)), cmp.Compare(a.Lon(0), b.Lon(0)),
			cmp.Compare(a.Rows, b.Rows), cmp.Compare(a.Cols, b.Cols), cmp.Compare(a.identity, b.identity),
		)
	})
	return slices.CompactFunc(sorted, func(a, b part) bool {
		return a.Lattice == b.Lattice && a.identity == b.identity
	})
}

func unlike(name string, a, b part) error {
	return &terrain.FormatError{Path: name,
		Reason: fmt.Sprintf("%s has %s, but %s has %s", b.model.Info().Name, spacing(b), a.model.Info().Name, spacing(a)),
		Remedy: fmt.Sprintf("keep files of one spacing in a directory, or make one file of them with: "+
			"gdalwarp -tr %.12g %.12g -r bilinear FILES out.tif", 1/a.PerDegLon, 1/a.PerDegLat),
	}
}

// spacing tells how a part's posts lie, as much of it as people need.
func spacing(p part) string {
	return fmt.Sprintf("%g × %g posts per degree, shifted by %g, %g",
		p.PerDegLon, p.PerDegLat, p.OffLon, p.OffLat)
}

// span returns the smallest lattice that holds all parts.
func span(parts []part) terrain.Lattice {
	all := parts[0].Lattice
	col1, row1 := all.Col0+all.Cols, all.Row0+all.Rows
	for _, p := range parts[1:] {
		all.Col0, all.Row0 = min(all.Col0, p.Col0), min(all.Row0, p.Row0)
		col1, row1 = max(col1, p.Col0+p.Cols), max(row1, p.Row0+p.Rows)
	}
	all.Cols, all.Rows = col1-all.Col0, row1-all.Row0
	return all
}

// describe sums the parts up: what all of them say, and every note of one.
func (m *mosaic) describe(name string) terrain.Info {
	info := m.parts[0].model.Info()
	info.Name, info.Notes, info.Contents = name, nil, nil
	h := sha256.New()
	for _, p := range m.parts {
		fmt.Fprintf(h, "%d %d %d %d %s\n", p.Col0, p.Row0, p.Cols, p.Rows, p.identity)
		of := p.model.Info()
		info.Demonstration = info.Demonstration || of.Demonstration
		info.Source = common(info.Source, of.Source)
		info.Licence = common(info.Licence, of.Licence)
		for _, note := range of.Notes {
			if !slices.Contains(info.Notes, note) {
				info.Notes = append(info.Notes, note)
			}
		}
	}
	info.Identity = fmt.Sprintf("mosaic:%x", h.Sum(nil))
	return info
}

// common returns what both say, or nothing.
func common(a, b string) string {
	if a == b {
		return a
	}
	return ""
}

// Info describes the whole. Source and Licence are empty where the parts do
// not agree; the notes are all of theirs.
func (m *mosaic) Info() terrain.Info { return m.info }

func (m *mosaic) Lattice() terrain.Lattice { return m.lattice }

// Read reads the parts that the window touches side by side, and puts them in
// one after the other, so that a shared post is the same in every window. Of
// the parts, as many are in memory as there are processors.
func (m *mosaic) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	touching := m.touching(l)
	if len(touching) == 1 {
		return m.parts[touching[0]].model.Read(ctx, l)
	}
	g, err := terrain.NewWindow(m.lattice, l)
	if err != nil {
		return nil, err
	}
	group, reading := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	before := make(chan struct{})
	close(before)
	for _, i := range touching {
		turn, done := before, make(chan struct{})
		group.Go(func() error {
			defer close(done)
			read, err := m.parts[i].model.Read(reading, l.Intersect(m.parts[i].Lattice))
			<-turn
			if err == nil {
				complete(g, read)
			}
			return err
		})
		before = done
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return g, ctx.Err()
}

// View looks at the parts side by side where they do not overlap in the window
// and each can be looked at in place. Else it is a view of what Read returns.
func (m *mosaic) View(ctx context.Context, l terrain.Lattice) (*terrain.View, error) {
	touching := m.touching(l)
	if len(touching) == 1 {
		return terrain.ViewOf(ctx, m.parts[touching[0]].model, l)
	}
	overlaps := func(i int) bool { return len(m.touching(l.Intersect(m.parts[i].Lattice))) > 1 }
	if len(touching) > 0 && !slices.ContainsFunc(touching, overlaps) {
		if v, err := m.sideBySide(ctx, l, touching); v != nil || err != nil {
			return v, err
		}
	}
	return terrain.ReadView(ctx, m, l)
}

// sideBySide returns one view of parts that do not overlap in l; nil where one
// of them cannot be looked at in place.
func (m *mosaic) sideBySide(ctx context.Context, l terrain.Lattice, touching []int) (*terrain.View, error) {
	var panels []terrain.Panel
	var views []terrain.Mapping
	for _, i := range touching {
		v, err := terrain.ViewOf(ctx, m.parts[i].model, l.Intersect(m.parts[i].Lattice))
		if err == nil {
			views = append(views, v)
		}
		if err != nil || !v.InPlace() {
			return nil, cmp.Or(err, terrain.NewView(l, nil, views...).Close())
		}
		panels = append(panels, v.Panels...)
	}
	return terrain.NewView(l, panels, views...), nil
}

// touching returns the parts that hold a post of l, in their order; none where
// l is no window of m.
func (m *mosaic) touching(l terrain.Lattice) []int {
	if l.Cols <= 0 || l.Rows <= 0 || !l.SameSpacing(m.lattice) {
		return nil
	}
	var found []int
	m.index.Search([2]int{l.Col0, l.Row0}, [2]int{l.Col0 + l.Cols - 1, l.Row0 + l.Rows - 1},
		func(_, _ [2]int, i int) bool {
			found = append(found, i)
			return true
		})
	slices.Sort(found)
	return found
}

// complete gives g the elevations of read, which lies within it, where it has
// none yet.
func complete(g, read *terrain.Grid) {
	at := read.Col0 - g.Col0
	for r := range read.Rows {
		into := g.RowM(read.Row0 + r - g.Row0)[at : at+read.Cols]
		for c, z := range read.RowM(r) {
			if into[c] != into[c] {
				into[c] = z
			}
		}
	}
	g.Filled += read.Filled
}
