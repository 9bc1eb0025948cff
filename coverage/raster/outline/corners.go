package outline

import (
	"math/bits"

	"github.com/canopyradar/canopy/terrain"
)

// corners says which corners of a raster rings use, and which of them two rings
// share. It takes memory in proportion to the tiles that hold any, of 64 × 64.
type corners struct {
	pitch int32 // tiles a row
	// tiles are those without corners, none, but where there are any.
	tiles []*tile
	none  tile
	// taken are the tiles in use, and spare those that were, all in pieces of
	// many, which stay where they are.
	taken, spare [][]tile
}

// tile is the rows of 64 × 64 corners.
type tile [tileRows]cornerRow

// cornerRow has a bit for each corner of a row of a tile.
type cornerRow struct{ used, shared uint64 }

const (
	tileRows    = 64
	tilesAPiece = 64
)

func newCorners(l terrain.Lattice) *corners {
	pitch := l.Cols/64 + 1
	return &corners{pitch: int32(pitch), tiles: make([]*tile, pitch*(l.Rows/tileRows+1))}
}

// use makes the corners of outlines those in use.
func (c *corners) use(outlines []Outline) {
	for i := range c.tiles {
		c.tiles[i] = &c.none
	}
	c.spare, c.taken = append(c.spare, c.taken...), c.taken[:0]
	for _, o := range outlines {
		for _, r := range o {
			for _, p := range r {
				if t := &c.tiles[p.Row/tileRows*c.pitch+p.Col>>6]; *t == &c.none {
					*t = c.newTile()
				}
				row, bit := c.at(p)
				row.shared |= row.used & bit
				row.used |= bit
			}
		}
	}
}

// newTile returns a tile without corners.
func (c *corners) newTile() *tile {
	last := len(c.taken) - 1
	if last < 0 || len(c.taken[last]) == tilesAPiece {
		c.taken, last = append(c.taken, c.piece()), last+1
	}
	c.taken[last] = c.taken[last][:len(c.taken[last])+1]
	return &c.taken[last][len(c.taken[last])-1]
}

// piece returns room for tiles.
func (c *corners) piece() []tile {
	last := len(c.spare) - 1
	if last < 0 {
		return make([]tile, 0, tilesAPiece)
	}
	piece := c.spare[last]
	c.spare = c.spare[:last]
	clear(piece)
	return piece[:0]
}

func (c *corners) at(p Corner) (row *cornerRow, bit uint64) {
	return &c.tiles[p.Row/tileRows*c.pitch+p.Col>>6][p.Row%tileRows], 1 << (p.Col & 63)
}

// drop leaves out a corner of one ring.
func (c *corners) drop(p Corner) {
	row, bit := c.at(p)
	row.used &^= bit
}

// shared reports whether two rings touch at a corner.
func (c *corners) shared(p Corner) bool {
	row, bit := c.at(p)
	return row.shared&bit != 0
}

// anyIn reports whether a triangle, its edge included, holds corners in use
// other than its own three.
func (c *corners) anyIn(own [3]Corner) bool {
	if area2 := twiceArea(own[0], own[1], own[2]); area2 == 1 || area2 == -1 {
		return false // Pick's theorem: it holds no other corner of the raster.
	}
	top, bottom := min(own[0].Row, own[1].Row, own[2].Row), max(own[0].Row, own[1].Row, own[2].Row)
	west, east := min(own[0].Col, own[1].Col, own[2].Col), max(own[0].Col, own[1].Col, own[2].Col)
	first, last := west>>6, east>>6
	for row := top; row <= bottom; row++ {
		tiles := c.tiles[row/tileRows*c.pitch:]
		for i := first; i <= last; i++ {
			used := tiles[i][row%tileRows].used
			if i == first {
				used &= ^uint64(0) << (west & 63)
			}
			if i == last {
				used &= ^uint64(0) >> (63 - east&63)
			}
			for ; used != 0; used &= used - 1 {
				p := Corner{i<<6 + int32(bits.TrailingZeros64(used)), row}
				if p != own[0] && p != own[1] && p != own[2] && within(own, p) {
					return true
				}
			}
		}
	}
	return false
}

// within reports whether a corner lies in a triangle or on its edge.
func within(triangle [3]Corner, p Corner) bool {
	a, b, c := twiceArea(triangle[0], triangle[1], p), twiceArea(triangle[1], triangle[2], p), twiceArea(triangle[2], triangle[0], p)
	return a >= 0 && b >= 0 && c >= 0 || a <= 0 && b <= 0 && c <= 0
}

// twiceArea returns twice the area of a triangle of corners: positive where it
// runs counter-clockwise, seen with north up.
func twiceArea(p, q, s Corner) int64 {
	return int64(s.Col-p.Col)*int64(q.Row-p.Row) - int64(q.Col-p.Col)*int64(s.Row-p.Row)
}
