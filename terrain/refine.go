package terrain

import (
	"context"
	"fmt"
	"slices"
)

// Refine returns m with factor times as many posts in both directions,
// bilinear between those of m: the same surface, sampled more finely. It adds
// no detail. A post is missing where a post of m that weighs in is.
//
// With a factor of 1 or less it is m itself.
func Refine(m Model, factor int) Model {
	if factor <= 1 {
		return m
	}
	return &refined{source: m, factor: factor}
}

type refined struct {
	source Model
	factor int
}

// Info describes the source: its spacing stays, as that is what the answer
// stands on; its identity gains the factor.
func (m *refined) Info() Info {
	info := m.source.Info()
	info.Identity = fmt.Sprintf("%s*%d", info.Identity, m.factor)
	info.Notes = append(slices.Clip(info.Notes),
		fmt.Sprintf("terrain interpolated to posts %d times denser, which adds no detail", m.factor))
	return info
}

func (m *refined) Lattice() Lattice { return m.source.Lattice().Refine(m.factor) }

func (m *refined) Read(ctx context.Context, l Lattice) (*Grid, error) {
	fine := m.Lattice()
	g, err := NewWindow(fine, l)
	if err != nil || g.Posts() == 0 {
		return g, err
	}
	cols := newSpan(l.Col0-fine.Col0, l.Cols, m.factor)
	rows := newSpan(l.Row0-fine.Row0, l.Rows, m.factor)
	coarse, err := m.source.Read(ctx, m.source.Lattice().Sub(cols.coarse0, rows.coarse0, cols.coarse, rows.coarse))
	if err != nil {
		return nil, err
	}
	return g, resample(ctx, g, coarse, cols, rows)
}

// span is a run of fine posts in one direction and the coarse posts around it.
type span struct {
	factor int
	// phase is the number of fine posts from the first coarse post to the
	// first fine one: 0 to factor−1.
	phase int
	// coarse0 and coarse are the first coarse post and their count.
	coarse0, coarse int
}

func newSpan(fine0, n, factor int) span {
	first := floorDiv(fine0, factor)
	last := -floorDiv(-(fine0 + n - 1), factor)
	return span{factor: factor, phase: fine0 - first*factor, coarse0: first, coarse: last - first + 1}
}

// at returns the coarse post before fine post i, and how far i lies beyond it
// in fractions of a coarse post.
func (s span) at(i int) (int, float64) {
	k := s.phase + i
	return k / s.factor, float64(k%s.factor) / float64(s.factor)
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// resample fills fine with the elevations that AtPost of coarse gives, to the
// last bit, but works out the weights along a row only once per coarse row.
func resample(ctx context.Context, fine, coarse *Grid, cols, rows span) error {
	north, south := make([]float64, fine.Cols), make([]float64, fine.Cols)
	have := -1
	for r := range fine.Rows {
		at, v := rows.at(r)
		if at != have {
			if err := ctx.Err(); err != nil {
				return err
			}
			stretch(north, coarse, at, cols)
			if at+1 < coarse.Rows {
				stretch(south, coarse, at+1, cols)
			}
			have = at
		}
		blend(fine.RowM(r), north, south, v)
	}
	return nil
}

func stretch(out []float64, coarse *Grid, row int, cols span) {
	for c := range out {
		at, u := cols.at(c)
		out[c] = weigh(coarse.ElevationM, row*coarse.Cols+at, u)
	}
}

func blend(out []float32, north, south []float64, v float64) {
	if v == 0 {
		for i, z := range north {
			out[i] = float32(z)
		}
		return
	}
	for i, z := range north {
		out[i] = float32(z + (south[i]-z)*v)
	}
}
