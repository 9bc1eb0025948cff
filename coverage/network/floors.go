package network

import (
	"sync"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/terrain"
)

// Floors are the floors of radars over all posts of a window, made row by row.
type Floors struct {
	terrain.Lattice
	ground   *terrain.View
	surfaces []*floor.Surface
	k        int
	rows     sync.Pool
}

// NewFloors returns the k-th smallest floors of the surfaces of radars in
// service over the posts of a ground, of which they have the spacing. It closes
// the ground.
func NewFloors(ground *terrain.View, surfaces []*floor.Surface, k int) *Floors {
	f := &Floors{Lattice: ground.Lattice, ground: ground, k: k}
	for _, s := range surfaces {
		if s.Site.InService {
			f.surfaces = append(f.surfaces, s)
		}
	}
	f.rows.New = func() any { return f.newRow() }
	return f
}

// Close lets go of the ground, and fails with a *terrain.FormatError if its
// files changed meanwhile.
func (f *Floors) Close() error { return f.ground.Close() }

// floorRow is the working memory for a row.
type floorRow struct {
	groundM []float32
	// lowest[i] holds the i-th smallest floors; more is for sorting them, and
	// unseen what there is before.
	lowest       [][]floor.AGL
	more, unseen []floor.AGL
}

func (f *Floors) newRow() *floorRow {
	row := &floorRow{groundM: make([]float32, f.Cols), more: make([]floor.AGL, f.Cols), unseen: unseen(f.Cols)}
	for range f.k {
		row.lowest = append(row.lowest, make([]floor.AGL, f.Cols))
	}
	return row
}

// Row fills dst with the floors of a row as floor.AltitudesOver has them. Several
// goroutines may ask for rows at a time. It fails with a *terrain.FormatError
// where the ground cannot be read any more.
func (f *Floors) Row(r int, dst []int16) error {
	row := f.rows.Get().(*floorRow)
	defer f.rows.Put(row)
	above := f.above(r, row)
	return f.ground.Guard(func() error {
		floor.AltitudesOver(dst, above, f.ground, f.Sub(0, r, f.Cols, 1), row.groundM)
		return nil
	})
}

// above returns the floors of a row, which may be those of a surface.
func (f *Floors) above(r int, row *floorRow) []floor.AGL {
	if len(f.surfaces) == 1 && f.k == 1 && f.surfaces[0].Lattice == f.Lattice {
		return f.surfaces[0].Floor[r*f.Cols : (r+1)*f.Cols]
	}
	for _, lowest := range row.lowest {
		copy(lowest, row.unseen)
	}
	for _, s := range f.surfaces {
		from := r + f.Row0 - s.Row0
		if from < 0 || from >= s.Rows {
			continue
		}
		part := f.Lattice.Intersect(s.Lattice)
		floors := s.Floor[from*s.Cols+part.Col0-s.Col0:][:part.Cols]
		sortIn(row.lowest, part.Col0-f.Col0, floors, row.more)
	}
	return row.lowest[f.k-1]
}
