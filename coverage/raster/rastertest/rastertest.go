// Package rastertest makes masks for tests: from drawings, from chance, and
// with the ragged edges of real ground.
package rastertest

import (
	"math"
	"math/rand/v2"
	"strings"

	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// Lattice returns a lattice of 15 arc-second posts whose north-west post is
// near Pucallpa.
func Lattice(cols, rows int) terrain.Lattice {
	return terrain.Lattice{
		PerDegLon: 240, PerDegLat: 240, OffLon: 0.5, OffLat: 0.5,
		Col0: 105 * 240, Row0: 98 * 240, Cols: cols, Rows: rows,
	}
}

// Mask returns the cells of a lattice for which has is true.
func Mask(l terrain.Lattice, has func(col, row int) bool) *raster.Mask {
	var runs []raster.Run
	for row := range l.Rows {
		for col := 0; col < l.Cols; col++ {
			first := col
			for col < l.Cols && has(col, row) {
				col++
			}
			if col > first {
				runs = append(runs, raster.Run{Row: int32(row), Col0: int32(first), Col1: int32(col)})
			}
		}
	}
	return raster.NewMask(l, runs)
}

// Draw returns the mask of a drawing: a line for each row, # for a cell of
// the mask and any other letter for one that is not. Space around lines does
// not count.
func Draw(drawing string) *raster.Mask {
	lines := strings.Fields(drawing)
	return Mask(Lattice(len(lines[0]), len(lines)), func(col, row int) bool { return lines[row][col] == '#' })
}

// Picture returns the drawing of a mask, with a dot for each cell that is not
// in it.
func Picture(m *raster.Mask) string {
	var b strings.Builder
	for row := range m.Rows {
		for col := range m.Cols {
			if m.Has(col, row) {
				b.WriteByte('#')
			} else {
				b.WriteByte('.')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Noise returns a mask in which each cell stands with the probability given.
func Noise(cols, rows int, density float64, seed uint64) *raster.Mask {
	random := rand.New(rand.NewPCG(seed, 1))
	cells := make([]bool, cols*rows)
	for i := range cells {
		cells[i] = random.Float64() < density
	}
	return Mask(Lattice(cols, rows), func(col, row int) bool { return cells[row*cols+col] })
}

// Ragged returns a mask of large patches with ragged edges and islands, like
// gaps in mountains: where a sum of value noise, from half the raster down to
// two cells in octaves of falling strength, is above its middle.
func Ragged(cols, rows int, seed uint64) *raster.Mask {
	return Mask(Lattice(cols, rows), func(col, row int) bool { return height(col, row, max(cols, rows)/2, seed) > 0 })
}

func height(col, row, largest int, seed uint64) float64 {
	sum, strength := 0.0, 1.0
	for step := largest; step >= 2; step /= 2 {
		sum += strength * smooth(float64(col)/float64(step), float64(row)/float64(step), seed+uint64(step))
		strength *= 0.9
	}
	return sum
}

// smooth interpolates chance values at whole x and y.
func smooth(x, y float64, seed uint64) float64 {
	x0, y0 := math.Floor(x), math.Floor(y)
	u, v := x-x0, y-y0
	north := chance(x0, y0, seed)*(1-u) + chance(x0+1, y0, seed)*u
	south := chance(x0, y0+1, seed)*(1-u) + chance(x0+1, y0+1, seed)*u
	return north*(1-v) + south*v
}

// chance returns a value from −1 to 1 that depends on its arguments alone; the
// mixing is that of splitmix64 (Vigna, public domain).
func chance(x, y float64, seed uint64) float64 {
	z := seed*0x9e3779b97f4a7c15 + uint64(x)*0xbf58476d1ce4e5b9 + uint64(y)*0x94d049bb133111eb
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11)/(1<<52) - 1
}
