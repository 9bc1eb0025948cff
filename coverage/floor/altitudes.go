package floor

import (
	"math"

	"github.com/canopyradar/canopy/terrain"
)

// NoAltitude is where nothing is seen at any altitude.
const NoAltitude = math.MinInt16

// Altitudes returns floors as altitudes: whole metres above mean sea level, to
// the nearest, and NoAltitude where there is none. The floors are those of the
// posts of row, of the spacing of ground; missing posts are at sea level.
// scratch is room for as many posts. Where the ground is of files it is to be
// called within Guard.
func Altitudes(dst []int16, floors []AGL, ground *terrain.View, row terrain.Lattice, scratch []float32) {
	p := panelOf(ground, row)
	if p == nil {
		ground.CopyTo(scratch, row)
		p = &terrain.Panel{Lattice: row, Stride: row.Cols, Float32: scratch}
	}
	c := cut{panel: p, first: (row.Row0-p.Row0)*p.Stride + row.Col0 - p.Col0, rows: 1, columns: row.Cols}
	kernels[0].altitudes(dst, floors, &c)
}

// altitudes is Altitudes over the row of a cut.
func altitudes(dst []int16, floors []AGL, c *cut) {
	for i, a := range floors {
		dst[i] = NoAltitude
		if a == Unseen {
			continue
		}
		root := float32(a) * (1. / aglScale)
		if z := math.RoundToEven(float64(c.height(0, i) + root*root)); z <= math.MaxInt16 {
			dst[i] = int16(z)
		}
	}
}
