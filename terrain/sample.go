package terrain

import (
	"context"
	"math"

	"github.com/paulmach/orb"
)

// Sample divides a box, in degrees, into cols × rows cells and returns the
// elevation in the middle of each in metres above mean sea level, row by row
// from the north-west; NaN where the model knows nothing. Where cells are
// larger than the spacing of posts it looks at their means, so that nothing
// between is passed over.
func Sample(ctx context.Context, m Model, b orb.Bound, cols, rows int) ([]float32, error) {
	width, height := (b.Right()-b.Left())/float64(cols), (b.Top()-b.Bottom())/float64(rows)
	m = Coarsen(m, keptFactor(m, math.Min(width*m.Lattice().PerDegLon, height*m.Lattice().PerDegLat)), Mean)
	out := make([]float32, 0, cols*rows)
	for r := range rows {
		lat := b.Top() - (float64(r)+0.5)*height
		g, err := m.Read(ctx, m.Lattice().Cover(orb.Bound{Min: orb.Point{b.Left(), lat}, Max: orb.Point{b.Right(), lat}}, 0))
		if err != nil {
			return nil, err
		}
		for c := range cols {
			out = append(out, float32(g.At(b.Left()+(float64(c)+0.5)*width, lat)))
		}
	}
	return out, nil
}

// keptFactor returns the largest factor up to most that can be had for little:
// one that the model keeps, or else most itself.
func keptFactor(m Model, most float64) int {
	factor := int(most)
	if contents := m.Info().Contents; contents != nil && len(contents.OverviewFactors) > 0 {
		factor = 1
		for _, f := range contents.OverviewFactors {
			if float64(f) <= most {
				factor = max(factor, f)
			}
		}
	}
	return factor
}
