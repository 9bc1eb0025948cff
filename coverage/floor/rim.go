package floor

import (
	"iter"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
)

// rim says which posts are in range.
type rim struct {
	// rows and columns hold, for each row the columns in range, and for each
	// column the rows.
	rows, columns []span
}

// span is what lies from the first to before the last.
type span struct{ from, to int }

func (s span) cut(t span) span { return span{max(s.from, t.from), min(s.to, t.to)} }

// rimRows is how many rows a cubic of a rim spans.
const rimRows = 32

func newRim(f *frame, rangeM float64) *rim {
	c := newCircle(&f.north.axes, rangeM)
	rows := make([]span, f.north.count)
	first, last := int(math.Ceil(f.row-c.up[0])), int(math.Floor(f.row-c.up[len(c.up)-1]))
	for from := first; from <= last; from += rimRows {
		to := min(from+rimRows-1, last)
		middle, half := float64(from+to)/2, math.Max(float64(to-from)/2, 1)
		var values coefficients
		for i, tau := range fitNodes {
			values[i] = c.halfWidth2(f.row - middle - half*tau)
		}
		cubic := through(values)
		for r := from; r <= to; r++ {
			halfWidth := math.Sqrt(math.Max(0, at(&cubic, (float64(r)-middle)/half)))
			rows[r] = span{int(math.Ceil(f.col - halfWidth)), int(math.Floor(f.col+halfWidth)) + 1}
		}
	}
	return &rim{rows: rows, columns: columnsOf(rows, int(math.Round(f.col)), f.east.count)}
}

// circle is where the range ends, in posts from the radar. It is the same on
// both sides of the radar's meridian, and the square of its half width is
// nearly of second degree in the posts up, all the way: a polynomial through
// the ends of some geodesics, in Newton's form.
type circle struct{ up, coeffs [stepNodes]float64 }

func newCircle(a *axes, rangeM float64) *circle {
	c := &circle{}
	for k := range c.up {
		end, _ := earth.Direct(orb.Point{0, a.latDeg}, 180*float64(k)/(stepNodes-1), rangeM)
		up, right := a.posts(end)
		c.up[k], c.coeffs[k] = up, right*right
	}
	for j := 1; j < stepNodes; j++ {
		for k := stepNodes - 1; k >= j; k-- {
			c.coeffs[k] = (c.coeffs[k] - c.coeffs[k-1]) / (c.up[k] - c.up[k-j])
		}
	}
	return c
}

func (c *circle) halfWidth2(up float64) float64 {
	sum := c.coeffs[stepNodes-1]
	for k := stepNodes - 2; k >= 0; k-- {
		sum = sum*(up-c.up[k]) + c.coeffs[k]
	}
	return sum
}

// columnsOf turns the spans of rows, which grow and then shrink around a middle
// column, into those of so many columns.
func columnsOf(rows []span, middle, count int) []span {
	columns := make([]span, count)
	reach := span{middle, middle}
	for r, s := range rows {
		for c := range reach.grow(s) {
			columns[c].from = r
		}
	}
	reach = span{middle, middle}
	for r, s := range slices.Backward(rows) {
		for c := range reach.grow(s) {
			columns[c].to = r + 1
		}
	}
	return columns
}

// grow makes s reach as far as t, if that is not empty, and yields what comes
// in.
func (s *span) grow(t span) iter.Seq[int] {
	return func(yield func(int) bool) {
		if t.from >= t.to {
			return
		}
		for s.from > t.from && yield(s.from-1) {
			s.from--
		}
		for s.to < t.to && yield(s.to) {
			s.to++
		}
	}
}
