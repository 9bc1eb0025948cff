package ray

import (
	"math"

	"github.com/canopyradar/canopy/coverage/sight"
)

// step is one of a walk, so short that it is straight on the grid. Shares are of the
// way from its start to its end.
type step struct {
	from, to            place
	lengthM, cols, rows float64
	// hidden bounds what is hidden along the step.
	hidden line
}

func (s *step) at(share float64) place {
	return place{s.from.distanceM + s.lengthM*share, s.from.col + s.cols*share, s.from.row + s.rows*share}
}

// take takes a step. It looks at the terrain where sight does: where the step crosses
// a row or a column of posts, where it ends, and where parts of it end.
func (w *walk) take(from, to place) {
	s := step{from: from, to: to, lengthM: to.distanceM - from.distanceM, cols: to.col - from.col, rows: to.row - from.row}
	s.hidden = w.hiddenBelow(from.distanceM, to.distanceM)
	w.look(to, s.hidden.atM(1))
	first, second := sight.Crossing(from.col, to.col), sight.Crossing(from.row, to.row)
	for _, share := range [2]float64{first, second} {
		if share > 0 {
			w.look(s.at(share), s.hidden.atM(share))
		}
	}
	if parts := sight.Parts(s.lengthM, from.distanceM); parts > 1 {
		s.hidden = w.hiddenBelow(from.distanceM, to.distanceM)
		first, second = min(first, second), max(first, second)
		w.lookBetween(&s, parts, 0, first)
		w.lookBetween(&s, parts, first, second)
		w.lookBetween(&s, parts, second, 1)
	}
}

// look looks at the terrain at a place. Below hiddenM it is not higher in view than what
// was seen.
func (w *walk) look(at place, hiddenM float64) {
	z := w.elevationM(at.col, at.row)
	if z != z {
		z = 0
	}
	if !(z < hiddenM) {
		w.see(at, z, &w.ground.lattice)
	}
}

// lookBetween looks where those of so many parts of a step end that do so between two
// shares, between which no row or column of posts is crossed. Bilinear terrain is a
// parabola there: if that is hidden so are they.
func (w *walk) lookBetween(s *step, parts, from, to float64) {
	const hair = 1e-9
	first, last := math.Max(1, math.Ceil(from*parts-hair)), math.Min(parts-1, math.Floor(to*parts+hair))
	if first > last || w.parabola(s, (from+to)/2).isBelow(s.hidden, first/parts, last/parts) {
		return
	}
	for i := first; i <= last; i++ {
		w.look(s.at(i/parts), s.hidden.atM(i/parts))
	}
}

// parabola is a height by share: constant + linear·share + square·share².
type parabola struct{ constant, linear, square float64 }

// parabola returns the terrain of a step in the cell where a share of it ends; NaN where
// it is missing.
func (w *walk) parabola(s *step, share float64) parabola {
	middle := s.at(share)
	if z := w.elevationM(middle.col, middle.row); z != z {
		return parabola{constant: z}
	}
	c := &w.cell
	u, v := s.from.col-c.west, s.from.row-c.north
	east, south, twist := c.ne-c.nw, c.sw-c.nw, c.nw-c.ne-c.sw+c.se
	return parabola{
		c.nw + east*u + south*v + twist*u*v,
		(east+twist*v)*s.cols + (south+twist*u)*s.rows,
		twist * s.cols * s.rows,
	}
}

// isBelow reports whether it is below a line from one share to another.
func (p parabola) isBelow(l line, from, to float64) bool {
	p.constant -= l.constant
	p.linear -= l.linear
	if !(p.at(from) < 0 && p.at(to) < 0) {
		return false
	}
	top := -p.linear / (2 * p.square)
	return p.square >= 0 || top <= from || top >= to || p.at(top) < 0
}

func (p parabola) at(share float64) float64 { return p.constant + share*(p.linear+share*p.square) }
