package raster

// Inside returns a cell of the component that lies far from its edge: the
// middle of its largest square of cells, and of several as large, the first.
// Cells are taken as squares, so where they are narrow, far from the equator,
// the square is a rectangle.
//
// It takes time in proportion to the runs: each round looks at the corners of
// the squares that the one before has left.
func (c *Component) Inside() (col, row int) {
	corners, side, step := c.Runs, int32(1), int32(1)
	for {
		grown := grow(corners, step)
		if len(grown) == 0 {
			break
		}
		corners, side = grown, side+step
		step = side
	}
	for step /= 2; step > 0; step /= 2 {
		if grown := grow(corners, step); len(grown) > 0 {
			corners, side = grown, side+step
		}
	}
	first := corners[0]
	return int(first.Col0 + side - 1 - side/2), int(first.Row + side - 1 - side/2)
}

// grow returns the north-west corners of squares whose side is larger by step,
// given those of all squares of a side of at least step: four of these that
// overlap or touch make up a larger one.
func grow(corners []Run, step int32) []Run {
	var grown []Run
	lower := 0
	for _, upper := range corners {
		row := upper.Row + step
		for lower < len(corners) && (corners[lower].Row < row || corners[lower].Row == row && corners[lower].Col1 <= upper.Col0) {
			lower++
		}
		for i := lower; i < len(corners) && corners[i].Row == row && corners[i].Col0 < upper.Col1; i++ {
			run := Run{Row: upper.Row, Col0: max(upper.Col0, corners[i].Col0), Col1: min(upper.Col1, corners[i].Col1) - step}
			if run.Col0 < run.Col1 {
				grown = append(grown, run)
			}
		}
	}
	return grown
}
