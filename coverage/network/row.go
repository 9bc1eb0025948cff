package network

import (
	"math"

	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// row is a row of the network in hand.
type row struct {
	n     *Network
	index int
	// runs are its cells, and first is the index of the first of them.
	runs  []raster.Run
	first int
	// from ≤ c < to are the columns that are looked at: whole blocks.
	from, to int
	// views are of the eyes that have some of it in range, of which working are
	// those of radars in service and broken the others.
	views           []view
	working, broken []*view
	// groundM is the ground from column west on, if it was read: with room for a
	// block more.
	groundM    []float32
	west       int
	groundRead bool
}

// enter goes on to another row, which has cells.
func (w *row) enter(r int, eyes []eye) {
	w.index = r
	w.from, w.to = w.n.lookedAt(r)
	w.runs, w.first = w.n.Inside.Row(r)
	w.west, w.groundRead = int(w.runs[0].Col0), false
	w.working, w.broken = w.working[:0], w.broken[:0]
	for i := range eyes {
		v := &w.views[i]
		switch v.index = i; {
		case !eyes[i].look(r, v):
		case v.Site.InService:
			w.working = append(w.working, v)
		default:
			w.broken = append(w.broken, v)
		}
	}
}

// blocks returns the blocks first ≤ i < last of a run that are looked at.
func (w *row) blocks(run raster.Run) (first, last int) {
	begin, end := int(run.Col0)/cellsPerBlock, int(run.Col0)/cellsPerBlock+blocksOf(run)
	first, last = max(begin, w.from/cellsPerBlock), min(end, (w.to+cellsPerBlock-1)/cellsPerBlock)
	return first - begin, max(first, last) - begin
}

// readGround reads the ground of the row, and counts what is missing in its
// runs.
func (w *row) readGround(t *task) {
	w.groundRead = true
	width := int(w.runs[len(w.runs)-1].Col1) - w.west
	g := terrain.Grid{Lattice: w.n.Ground.Sub(w.west, w.index, width, 1), ElevationM: w.groundM[:width]}
	if w.readWhole(&g) {
		return
	}
	w.n.Ground.CopyTo(g.ElevationM, g.Lattice)
	if !w.n.reliefKnown {
		for _, run := range w.runs {
			t.missing.AddRow(&g, 0, int(run.Col0)-w.west, int(run.Col1)-w.west)
		}
	}
	g.FillMissing(0)
}

// groundFrom returns the ground from a column on, of meaning as far as there are
// cells.
func (w *row) groundFrom(col int) []float32 {
	if !w.groundRead {
		w.readGround(nil)
	}
	return w.groundM[col-w.west:]
}

// readWhole reads the ground of the row if nothing is missing, as far as panels
// tell without a look at each post.
func (w *row) readWhole(row *terrain.Grid) bool {
	known := 0
	for i := range w.n.Ground.Panels {
		p := &w.n.Ground.Panels[i]
		part := p.Intersect(row.Lattice)
		if part.Posts() == 0 {
			continue
		}
		dst := row.ElevationM[part.Col0-row.Col0:][:part.Cols]
		switch {
		case p.Float32 != nil && p.HasVoid:
			return false
		case p.Float32 != nil:
			copy(dst, p.Float32[(part.Row0-p.Row0)*p.Stride+part.Col0-p.Col0:])
		case p.Int16 == nil:
			clear(dst)
		default:
			void := int32(p.Void)
			if !p.HasVoid {
				void = math.MaxInt32
			}
			if widen(dst, p.Int16[(part.Row0-p.Row0)*p.Stride+part.Col0-p.Col0:][:part.Cols], void) {
				return false
			}
		}
		known += part.Cols
	}
	return known == row.Cols
}
