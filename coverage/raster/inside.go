package raster

// Inside returns a cell of the component that lies far from its edge: the
// middle of its largest square of cells, and of several as large, the first.
// Cells are taken as squares, so where they are narrow, far from the equator,
// the square is a rectangle.
//
// It takes time in proportion to the runs: each round looks at the corners of
// the squares that the one before has left.
func (c *Component) Inside() (col, row int) {
	s := squares{corners: c.Runs, side: 1}
	step := int32(1)
	for s.grow(step) {
		step = s.side
	}
	for step /= 2; step > 0; step /= 2 {
		s.grow(step)
	}
	first := s.corners[0]
	return int(first.Col0 + s.side - 1 - s.side/2), int(first.Row + s.side - 1 - s.side/2)
}

// squares are all squares of cells of one size in a component.
type squares struct {
	// corners are their north-west corners, as runs.
	corners []Run
	side    int32
	// spare is memory for the next corners.
	spare [2][]Run
}

// grow takes larger squares, if there are any whose side is longer by step:
// four of the others, whose side is step at least, make up each of them.
func (s *squares) grow(step int32) bool {
	grown := s.spare[0][:0]
	if grown == nil {
		grown = make([]Run, 0, len(s.corners))
	}
	lower := 0
	for _, upper := range s.corners {
		row := upper.Row + step
		for lower < len(s.corners) && (s.corners[lower].Row < row || s.corners[lower].Row == row && s.corners[lower].Col1 <= upper.Col0) {
			lower++
		}
		for i := lower; i < len(s.corners) && s.corners[i].Row == row && s.corners[i].Col0 < upper.Col1; i++ {
			run := Run{Row: upper.Row, Col0: max(upper.Col0, s.corners[i].Col0), Col1: min(upper.Col1, s.corners[i].Col1) - step}
			if run.Col0 < run.Col1 {
				grown = append(grown, run)
			}
		}
	}
	if len(grown) == 0 {
		s.spare[0] = grown
		return false
	}
	s.corners, s.side = grown, s.side+step
	s.spare = [2][]Run{s.spare[1], grown}
	return true
}
