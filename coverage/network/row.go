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
func (r *row) enter(index int, eyes []eye) {
	r.index = index
	r.from, r.to = r.n.lookedAt(index)
	r.runs, r.first = r.n.Inside.Row(index)
	r.west, r.groundRead = int(r.runs[0].Col0), false
	r.working, r.broken = r.working[:0], r.broken[:0]
	for i := range eyes {
		v := &r.views[i]
		switch v.index = i; {
		case !eyes[i].look(index, v):
		case v.Site.InService:
			r.working = append(r.working, v)
		default:
			r.broken = append(r.broken, v)
		}
	}
}

// blocks returns the blocks first ≤ i < last of a run that are looked at.
func (r *row) blocks(run raster.Run) (first, last int) {
	begin, end := int(run.Col0)/cellsPerBlock, int(run.Col0)/cellsPerBlock+blocksOf(run)
	first, last = max(begin, r.from/cellsPerBlock), min(end, (r.to+cellsPerBlock-1)/cellsPerBlock)
	return first - begin, max(first, last) - begin
}

// readGround reads the ground of the row, and counts what is missing in its
// runs.
func (r *row) readGround(t *task) {
	r.groundRead = true
	width := int(r.runs[len(r.runs)-1].Col1) - r.west
	g := terrain.Grid{Lattice: r.n.Ground.Sub(r.west, r.index, width, 1), ElevationM: r.groundM[:width]}
	if r.readWhole(&g) {
		return
	}
	r.n.Ground.CopyTo(g.ElevationM, g.Lattice)
	if !r.n.reliefKnown {
		for _, run := range r.runs {
			t.missing.AddRow(&g, 0, int(run.Col0)-r.west, int(run.Col1)-r.west)
		}
	}
	g.FillMissing(0)
}

// groundFrom returns the ground from a column on, of meaning as far as there are
// cells.
func (r *row) groundFrom(col int) []float32 {
	if !r.groundRead {
		r.readGround(nil)
	}
	return r.groundM[col-r.west:]
}

// readWhole reads the ground of the row if nothing is missing, as far as panels
// tell without a look at each post.
func (r *row) readWhole(g *terrain.Grid) bool {
	known := 0
	for i := range r.n.Ground.Panels {
		p := &r.n.Ground.Panels[i]
		part := p.Intersect(g.Lattice)
		if part.Posts() == 0 {
			continue
		}
		dst := g.ElevationM[part.Col0-g.Col0:][:part.Cols]
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
	return known == g.Cols
}
