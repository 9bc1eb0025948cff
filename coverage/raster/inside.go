package raster

// Inside returns a cell of the component that lies far from its edge: the
// middle of its largest square of cells, and of several as large, the first.
// Cells are taken as squares, so where they are narrow, far from the equator,
// the square is a rectangle.
//
// It takes time in proportion to the cells. For each cell the largest square
// whose south-east corner it is follows from three neighbours.
func (c *Component) Inside() (col, row int) {
	above, here := make([]int32, c.Col1-c.Col0+1), make([]int32, c.Col1-c.Col0+1)
	best := int32(0)
	var aboveRuns []Run
	for rest := c.Runs; len(rest) > 0; {
		runs := firstRow(rest)
		rest = rest[len(runs):]
		for _, run := range runs {
			if side, at := c.square(run, above, here); side > best {
				best = side
				col, row = at-int(side)/2, int(run.Row)-int(side)/2
			}
		}
		c.forget(aboveRuns, above)
		above, here, aboveRuns = here, above, runs
	}
	return col, row
}

// firstRow returns the runs at the start of runs that lie in one row.
func firstRow(runs []Run) []Run {
	n := 1
	for n < len(runs) && runs[n].Row == runs[0].Row {
		n++
	}
	return runs[:n]
}

// square fills in, for the cells of a run, the side of the largest square
// that ends there, given those of the row above. Index i stands for column
// Col0+i−1. It returns the largest and its column.
func (c *Component) square(run Run, above, here []int32) (side int32, col int) {
	for x := int(run.Col0); x < int(run.Col1); x++ {
		i := x - c.Col0 + 1
		here[i] = 1 + min(above[i-1], above[i], here[i-1])
		if here[i] > side {
			side, col = here[i], x
		}
	}
	return side, col
}

func (c *Component) forget(runs []Run, sides []int32) {
	for _, run := range runs {
		clear(sides[int(run.Col0)-c.Col0+1 : int(run.Col1)-c.Col0+1])
	}
}
