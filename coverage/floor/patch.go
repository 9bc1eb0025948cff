package floor

import (
	"math"

	"github.com/canopyradar/canopy/terrain"
)

// patchMargin is how many columns a patch has beyond the crossings on each
// side: a leg that begins at its edge ends, and looks, less than three columns
// farther.
const patchMargin = 4

// place lays the patch around the columns that the fan crosses from one τ to
// another.
func (t *task) place(c *course, from, to float64) {
	left := math.Min(at(&c.first, from), at(&c.first, to))
	right := math.Max(at(&c.last, from), at(&c.last, to))
	t.col0 = int(math.Floor(left)) - patchMargin
	t.cols = int(math.Floor(right)) + patchMargin + 2 - t.col0
	t.block.pitch = (t.cols + lanes - 1) / lanes * lanes
	t.block.patch = grown(t.block.patch, (blockSteps+1)*t.block.pitch+padding)
	for len(t.deep) < t.cols+lanes {
		t.deep = append(t.deep, belowAll)
	}
}

// belowAll is a height below all terrain and all rays.
const belowAll = -1e6

// padding is how much farther than their ends kernels read what is patch, or
// as long as it.
const padding = 2 * lanes

// carry makes the last row of the patch before step k row 0 of this one.
func (t *task) carry(k int) {
	row := t.block.patch[:t.block.pitch]
	if len(t.previous) == 0 {
		t.load(row, t.land.screen, k-1, 1)
		return
	}
	// No ray comes near the columns that it lacks.
	for i := range row {
		row[i] = belowAll
	}
	shift := t.previous0 - t.col0
	if shift < 0 {
		copy(row, t.previous[min(-shift, len(t.previous)):])
	} else if shift < len(row) {
		copy(row[shift:], t.previous)
	}
}

// load fills the columns of the patch that are to hold posts with n steps from step
// k on.
func (t *task) load(patch []float32, view *terrain.View, k, n int) {
	if t.held.from >= t.held.to {
		return
	}
	window := t.q.window(t.s.Lattice, k, n, t.col0+t.held.from, t.held.to-t.held.from)
	patch = patch[t.held.from:]
	p := panelOf(view, window)
	if p == nil {
		t.posts = grown(t.posts, window.Posts())
		view.CopyTo(t.posts, window)
		t.copied = terrain.Panel{Lattice: window, Stride: window.Cols, Float32: t.posts}
		p = &t.copied
	} else {
		t.reads = t.s.panelMatrix(p)
	}
	c := &t.cut
	*c = cutOf(p, window)
	c.patch, c.pitch = patch, t.block.pitch
	if t.q.direction < 0 {
		c.to, c.pitch = (n-1)*c.pitch, -c.pitch
	}
	if t.q.rowSteps {
		t.kernel.rows(c, &t.reducer)
	} else {
		t.kernel.columns(c, &t.reducer)
	}
}

// panelOf returns the panel of a view that holds all of a window, if one does.
func panelOf(view *terrain.View, window terrain.Lattice) *terrain.Panel {
	for i := range view.Panels {
		p := &view.Panels[i]
		if p.Intersect(window) == window && (p.Int16 != nil || p.Float32 != nil) {
			return p
		}
	}
	return nil
}

// grown returns a slice of at least n elements, of no meaning.
func grown[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}
