package terrain

import (
	"context"
	"math"
	"runtime/debug"
	"slices"
)

// View is the posts of a window where they lie: in panels, which may be parts
// of files mapped into memory.
type View struct {
	Lattice
	// Panels do not overlap. Posts in none of them are missing.
	Panels []Panel
	// Filled counts the posts that were small voids, and are interpolated.
	Filled int

	mappings []Mapping
	// own is the grid behind a view that nobody else has.
	own *Grid
}

// Panel is a rectangle of posts in memory, row by row, Stride elements apart.
// Exactly one of the slices is set; neither for sea, which is at 0 m.
type Panel struct {
	Lattice // within the view's
	Stride  int
	// Float32 has metres above mean sea level, NaN where missing.
	Float32 []float32
	// Int16 has metres above mean sea level, Void where missing.
	Int16 []int16
	Void  int16
	// HasVoid is false where no post of the panel is missing; Void then means
	// nothing.
	HasVoid bool
}

// Viewer is a Model that can be looked at in place.
type Viewer interface {
	Model
	// View returns a view of the posts of l, equal to what Read returns, and
	// fails as Read does. It is to be closed.
	View(ctx context.Context, l Lattice) (*View, error)
}

// ViewOf returns a view of the posts of l: the model's own where it has one,
// else of the grid that it reads. It fails as Read does, and is to be closed.
func ViewOf(ctx context.Context, m Model, l Lattice) (*View, error) {
	if viewer, ok := m.(Viewer); ok {
		return viewer.View(ctx, l)
	}
	return ReadView(ctx, m, l)
}

// ReadView returns a view of the grid that m reads, for a Viewer that cannot be
// looked at in place in this window.
func ReadView(ctx context.Context, m Model, l Lattice) (*View, error) {
	g, err := m.Read(ctx, l)
	if err != nil {
		return nil, err
	}
	v := g.View()
	v.own = g
	return v, nil
}

// View returns the grid as a view, which shares its memory and need not be
// closed.
func (g *Grid) View() *View {
	v := &View{Lattice: g.Lattice, Filled: g.Filled}
	if g.Posts() > 0 {
		v.Panels = []Panel{{Lattice: g.Lattice, Stride: g.Cols, Float32: g.ElevationM, HasVoid: true}}
	}
	return v
}

// Mapping is a file in memory.
type Mapping interface {
	// Fault returns a *FormatError for a read at address that failed, nil where
	// that does not lie in the mapping.
	Fault(address uintptr) error
	// Close lets go of the file. It fails with a *FormatError if it changed
	// since it was mapped.
	Close() error
}

// NewView returns a view of panels that lie in mappings, which the view closes.
func NewView(l Lattice, panels []Panel, mappings ...Mapping) *View {
	return &View{Lattice: l, Panels: panels, mappings: mappings}
}

// Close lets go of the files, after which panels must not be read. It fails
// with a *FormatError if they changed while the view was open, so that what was
// read may be neither the old nor the new. Closing once more does nothing.
func (v *View) Close() error {
	var first error
	for _, m := range v.mappings {
		if err := m.Close(); first == nil {
			first = err
		}
	}
	v.mappings, v.Panels = nil, nil
	return first
}

// Fault makes the view a Mapping, of which another view can be.
func (v *View) Fault(address uintptr) error {
	for _, m := range v.mappings {
		if err := m.Fault(address); err != nil {
			return err
		}
	}
	return nil
}

// InPlace is false where the posts were read into memory of the view's own.
func (v *View) InPlace() bool { return v.own == nil }

// Guard runs f, which reads panels, and returns its error. It fails with a
// *FormatError where a file cannot be read any more: it was cut short, or its
// disk failed. f may run in many goroutines at once, each with a Guard of its
// own; those that f starts are not guarded.
func (v *View) Guard(f func() error) error {
	if len(v.mappings) == 0 {
		return f()
	}
	return Guard(v, f)
}

// Guard is View.Guard for a mapping without a view.
func Guard(m Mapping, f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		cause := recover()
		if fault, ok := cause.(interface{ Addr() uintptr }); ok {
			err = m.Fault(fault.Addr())
		}
		if cause != nil && err == nil {
			panic(cause)
		}
	}()
	return f()
}

// CopyTo copies the posts of l, of the view's spacing, into dst, row by row:
// metres above mean sea level, NaN where missing. Where the view is of files it
// is to be called within Guard.
func (v *View) CopyTo(dst []float32, l Lattice) {
	if v.count(l) < l.Posts() {
		nan := float32(math.NaN())
		for i := range dst[:l.Posts()] {
			dst[i] = nan
		}
	}
	for i := range v.Panels {
		p := &v.Panels[i]
		if !p.sharesRows(l) {
			continue
		}
		part := p.Intersect(l)
		if part.Cols == 0 {
			continue
		}
		for r := part.Row0; r < part.Row0+part.Rows; r++ {
			p.copyRow(dst[(r-l.Row0)*l.Cols+part.Col0-l.Col0:][:part.Cols], r-p.Row0, part.Col0-p.Col0)
		}
	}
}

// Whole reports whether it is known, without a look at them, that no post of the
// view is missing.
func (v *View) Whole() bool {
	return v.count(v.Lattice) == v.Posts() && !slices.ContainsFunc(v.Panels, func(p Panel) bool { return p.HasVoid })
}

// count returns the number of posts of l that are in a panel.
func (v *View) count(l Lattice) int {
	n := 0
	for i := range v.Panels {
		if p := &v.Panels[i]; p.sharesRows(l) {
			n += p.Intersect(l).Posts()
		}
	}
	return n
}

// sharesRows passes over most panels of a view at little cost, where l is a row
// or a few.
func (p *Panel) sharesRows(l Lattice) bool {
	return p.Row0 < l.Row0+l.Rows && l.Row0 < p.Row0+p.Rows
}

// copyRow fills dst with the posts of a row from a column on.
func (p *Panel) copyRow(dst []float32, row, col int) {
	at := row*p.Stride + col
	switch {
	case p.Float32 != nil:
		copy(dst, p.Float32[at:at+len(dst)])
	case p.Int16 != nil:
		src := p.Int16[at : at+len(dst)]
		for i, z := range src {
			dst[i] = float32(z)
		}
		if p.HasVoid {
			voidToNaN(dst, src, p.Void)
		}
	default:
		clear(dst)
	}
}

func voidToNaN(dst []float32, src []int16, void int16) {
	nan := float32(math.NaN())
	dst = dst[:len(src)]
	for i, z := range src {
		if z == void {
			dst[i] = nan
		}
	}
}
