package terrain

import (
	"context"
	"math"

	"github.com/paulmach/orb"
)

// Elevations returns the elevation in metres above mean sea level at each
// point, bilinear between posts; NaN where the model knows nothing. Points
// that share a square degree share a read.
func Elevations(ctx context.Context, m Model, points []orb.Point) ([]float64, error) {
	type degree struct{ lon, lat int }
	squares := map[degree][]int{}
	for i, p := range points {
		d := degree{int(math.Floor(p.Lon())), int(math.Floor(p.Lat()))}
		squares[d] = append(squares[d], i)
	}
	out := make([]float64, len(points))
	for _, indices := range squares {
		bound := points[indices[0]].Bound()
		for _, i := range indices {
			bound = bound.Extend(points[i])
		}
		g, err := m.Read(ctx, m.Lattice().Cover(bound, 0))
		if err != nil {
			return nil, err
		}
		for _, i := range indices {
			out[i] = g.At(points[i].Lon(), points[i].Lat())
		}
	}
	return out, nil
}
