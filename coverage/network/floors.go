package network

import (
	"math"
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

// NoFloor stands for no floor in the rows of Floors, or for one of more than
// math.MaxInt16 metres.
const NoFloor = math.MinInt16

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
	// lowest[i] holds the i-th smallest floors, more those that are to be
	// sorted in.
	lowest [][]floor.AGL
	more   []floor.AGL
}

func (f *Floors) newRow() *floorRow {
	row := &floorRow{groundM: make([]float32, f.Cols), more: make([]floor.AGL, f.Cols)}
	for range f.k {
		row.lowest = append(row.lowest, make([]floor.AGL, f.Cols))
	}
	return row
}

// Row fills dst with the floors of a row in whole metres above mean sea level.
// Several goroutines may ask for rows at a time. It fails with a
// *terrain.FormatError where the ground cannot be read any more.
func (f *Floors) Row(r int, dst []int16) error {
	row := f.rows.Get().(*floorRow)
	defer f.rows.Put(row)
	err := f.ground.Guard(func() error {
		f.ground.CopyTo(row.groundM, f.Sub(0, r, f.Cols, 1))
		return nil
	})
	if err != nil {
		return err
	}
	for _, lowest := range row.lowest {
		unseen(lowest)
	}
	for _, s := range f.surfaces {
		from := r + f.Row0 - s.Row0
		if from < 0 || from >= s.Rows {
			continue
		}
		part := f.Lattice.Intersect(s.Lattice)
		floors := s.Floor[from*s.Cols+part.Col0-s.Col0:][:part.Cols]
		lower(row.lowest, part.Col0-f.Col0, floors, row.more)
	}
	above := row.lowest[f.k-1]
	for c, z := range row.groundM {
		dst[c] = wholeAMSL(above[c], z)
	}
	return nil
}

// wholeAMSL returns a floor in whole metres above mean sea level, over ground
// that is at sea level where it is missing.
func wholeAMSL(above floor.AGL, groundM float32) int16 {
	if groundM != groundM {
		groundM = 0
	}
	if z := math.RoundToEven(float64(groundM) + above.M()); z > NoFloor && z <= math.MaxInt16 {
		return int16(z)
	}
	return NoFloor
}
