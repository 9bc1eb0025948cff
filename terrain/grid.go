package terrain

import "math"

// Grid holds terrain elevations on a lattice.
type Grid struct {
	Lattice
	// ElevationM holds metres above mean sea level, row by row from the
	// north-west; NaN where the model knows nothing (a void, or beyond it).
	ElevationM []float32
	// Filled counts the posts among them that were small voids, and are
	// interpolated.
	Filled int
}

// NewGrid returns a grid on l in which every elevation is missing.
func NewGrid(l Lattice) *Grid {
	g := &Grid{Lattice: l, ElevationM: make([]float32, l.Posts())}
	nan := float32(math.NaN())
	for i := range g.ElevationM {
		g.ElevationM[i] = nan
	}
	return g
}

// RowM returns the elevations of row r in metres, west to east. It shares
// memory with the grid.
func (g *Grid) RowM(r int) []float32 {
	return g.ElevationM[r*g.Cols : (r+1)*g.Cols]
}

// At returns the elevation in metres at a longitude and latitude in degrees,
// bilinear between the four posts around it. It is NaN outside of the grid
// and where a post that weighs in is missing.
func (g *Grid) At(lonDeg, latDeg float64) float64 {
	return g.AtPost(g.Col(lonDeg), g.Row(latDeg))
}

// AtPost is At for a fractional column and row.
func (g *Grid) AtPost(col, row float64) float64 {
	if !(col >= 0 && row >= 0 && col <= float64(g.Cols-1) && row <= float64(g.Rows-1)) {
		return math.NaN()
	}
	c, r := int(col), int(row)
	u, v := col-float64(c), row-float64(r)
	i := r*g.Cols + c
	z := weigh(g.ElevationM, i, u)
	if v > 0 {
		z += (weigh(g.ElevationM, i+g.Cols, u) - z) * v
	}
	return z
}

func weigh(z []float32, i int, u float64) float64 {
	if u == 0 {
		return float64(z[i])
	}
	return float64(z[i]) + (float64(z[i+1])-float64(z[i]))*u
}

// FillMissing gives the posts without an elevation one, in metres: 0 takes them
// as sea level.
func (g *Grid) FillMissing(elevationM float32) {
	for i, z := range g.ElevationM {
		if z != z {
			g.ElevationM[i] = elevationM
		}
	}
}

// Missing counts the posts without an elevation.
func (g *Grid) Missing() int {
	n := 0
	for _, z := range g.ElevationM {
		if z != z {
			n++
		}
	}
	return n
}
