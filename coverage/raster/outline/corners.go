package outline

import (
	"math/bits"

	"github.com/canopyradar/canopy/terrain"
)

// corners says which corners of a raster rings use, and which of them two rings
// share: a bit of each in every word, row by row.
type corners struct {
	pitch int32 // words a row
	words []cornerWord
}

type cornerWord struct{ used, shared uint64 }

func newCorners(l terrain.Lattice) *corners {
	pitch := l.Cols/64 + 1
	return &corners{pitch: int32(pitch), words: make([]cornerWord, pitch*(l.Rows+1))}
}

// use makes the corners of outlines those in use.
func (c *corners) use(outlines []Outline) {
	clear(c.words)
	for _, o := range outlines {
		for _, r := range o {
			for _, p := range r {
				w, bit := c.at(p)
				w.shared |= w.used & bit
				w.used |= bit
			}
		}
	}
}

func (c *corners) at(p Corner) (w *cornerWord, bit uint64) {
	return &c.words[p.Row*c.pitch+p.Col>>6], 1 << (p.Col & 63)
}

// drop leaves out a corner of one ring.
func (c *corners) drop(p Corner) {
	w, bit := c.at(p)
	w.used &^= bit
}

// shared reports whether two rings touch at a corner.
func (c *corners) shared(p Corner) bool {
	w, bit := c.at(p)
	return w.shared&bit != 0
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
		for word := first; word <= last; word++ {
			used := c.words[row*c.pitch+word].used
			if word == first {
				used &= ^uint64(0) << (west & 63)
			}
			if word == last {
				used &= ^uint64(0) >> (63 - east&63)
			}
			for ; used != 0; used &= used - 1 {
				p := Corner{word<<6 + int32(bits.TrailingZeros64(used)), row}
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
