package ray

import (
	"cmp"
	"context"
	"math"
)

// hand holds the last blocks of ground that it looked at. It is for one goroutine.
type hand struct {
	ctx    context.Context
	ground *Ground
	held   [2][2]heldBlock // by whether row and column are odd
	cell   cell
	// err is the first failure, after which all is at sea level.
	err error
}

func newHand(ctx context.Context, g *Ground) hand {
	return hand{ctx: ctx, ground: g, cell: cell{west: math.NaN()}}
}

type heldBlock struct {
	col, row int
	*block
}

func (h *hand) block(col, row int) *block {
	held := &h.held[row&1][col&1]
	if held.block != nil && held.col == col && held.row == row {
		return held.block
	}
	b, err := h.ground.block(h.ctx, col, row)
	if err != nil {
		h.err = cmp.Or(h.err, err)
		b = newBlock(make([]float32, blockPosts*blockPosts))
	}
	*held = heldBlock{col, row, b}
	return b
}

// cell is that of the last elevation: its posts, and the elevations there.
type cell struct{ west, north, nw, ne, sw, se float64 }

// elevationM is Grid.AtPost of all the ground.
func (h *hand) elevationM(col, row float64) float64 {
	u, v := col-h.cell.west, row-h.cell.north
	if !(u > 0 && u < 1 && v > 0 && v < 1) {
		return h.elevationBeyondM(col, row)
	}
	north := h.cell.nw + (h.cell.ne-h.cell.nw)*u
	south := h.cell.sw + (h.cell.se-h.cell.sw)*u
	return north + (south-north)*v
}

// elevationBeyondM is elevationM beyond the cell, or on its edge.
func (h *hand) elevationBeyondM(col, row float64) float64 {
	l := &h.ground.lattice
	if !(col >= 0 && row >= 0 && col <= float64(l.Cols-1) && row <= float64(l.Rows-1)) {
		return math.NaN()
	}
	west, north := int(col), int(row)
	b := h.block(west/blockCells, north/blockCells)
	i := north%blockCells*blockPosts + west%blockCells
	z := b.elevationsM[i:][:blockPosts+2]
	h.cell = cell{float64(west), float64(north), float64(z[0]), float64(z[1]), float64(z[blockPosts]), float64(z[blockPosts+1])}
	u, v := col-h.cell.west, row-h.cell.north
	m := between(h.cell.nw, h.cell.ne, u)
	if v > 0 {
		m = between(m, between(h.cell.sw, h.cell.se, u), v)
	}
	return m
}

// between returns what is a share of the way from one elevation to another; what is
// not on the way may be missing.
func between(from, to, share float64) float64 {
	if share == 0 {
		return from
	}
	return from + (to-from)*share
}

// topM returns how high the ground is at most in the cells between two columns and
// two rows of posts, which may lie beyond it, in metres above mean sea level.
func (h *hand) topM(west, north, east, south float64) float64 {
	if !(east-west < mostAside && south-north < mostAside) {
		return math.Inf(1)
	}
	all := cells{int(math.Floor(west)), int(math.Floor(north)), int(math.Floor(east)), int(math.Floor(south))}
	l := &h.ground.lattice
	known := cells{max(all.west, 0), max(all.north, 0), min(all.east, l.Cols-1), min(all.south, l.Rows-1)}
	if known.west > known.east || known.north > known.south {
		return 0
	}
	top := h.highestM(known)
	if known != all {
		top = max(top, 0)
	}
	return float64(top)
}

// cells are those from a column to another and from a row to another.
type cells struct{ west, north, east, south int }

// How many cells aside boxes have of which nothing is known; in which tops are looked
// through, and not peaks; and posts.
const (
	mostAside  = blockCells
	topsAside  = 2 * topCells
	postsAside = 3
)

// highestM returns the highest around cells of the ground, and not much more.
func (h *hand) highestM(c cells) float32 {
	aside := max(c.east-c.west, c.south-c.north)
	col, row := c.west/blockCells, c.north/blockCells
	switch {
	case aside >= topsAside:
		return h.highestTopM(c, peakCells)
	case aside >= postsAside || c.east/blockCells > col || c.south/blockCells > row:
		return h.highestTopM(c, topCells)
	}
	return h.block(col, row).highestM(c.west%blockCells, c.north%blockCells, c.east-c.west+2, c.south-c.north+2)
}

// highestTopM returns the highest of the tops or peaks, of so many cells aside, that
// have some of the cells.
func (h *hand) highestTopM(c cells, size int) float32 {
	top, aside := float32(math.Inf(-1)), blockCells/size
	for row := c.north / size; row <= c.south/size; row++ {
		for col := c.west / size; col <= c.east/size; col++ {
			b := h.block(col/aside, row/aside)
			topsM := b.topsM[:]
			if size == peakCells {
				topsM = b.peaksM[:]
			}
			top = max(top, topsM[row%aside*aside+col%aside])
		}
	}
	return top
}
