package terrain

import (
	"context"
	"math"

	"github.com/paulmach/orb"
)

// Elevations returns the elevation in metres above mean sea level at each
// point, bilinear between posts; NaN where the model knows nothing. Points
// that share a square share a look at it.
func Elevations(ctx context.Context, m Model, points []orb.Point) ([]float64, error) {
	type square struct{ lon, lat int }
	squares := map[square][]int{}
	sideDeg := math.Max(1, squarePosts/m.Lattice().PerDegLat)
	for i, p := range points {
		s := square{int(math.Floor(p.Lon() / sideDeg)), int(math.Floor(p.Lat() / sideDeg))}
		squares[s] = append(squares[s], i)
	}
	out := make([]float64, len(points))
	for _, indices := range squares {
		bound := points[indices[0]].Bound()
		for _, i := range indices {
			bound = bound.Extend(points[i])
		}
		v, err := ViewOf(ctx, m, m.Lattice().Cover(bound, 0))
		if err != nil {
			return nil, err
		}
		err = v.Guard(func() error {
			at := v.lookUp(len(indices))
			for _, i := range indices {
				out[i] = at(points[i].Lon(), points[i].Lat())
			}
			return nil
		})
		if closed := v.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// squarePosts is the side of a square, where that is more than a degree. Packed
// terrain comes in tiles of some hundred posts, which smaller squares would have
// unpacked again and again; larger ones are much to unpack for two points.
const squarePosts = 512

// postsPerPoint is how many posts are copied in the time in which a point is
// looked up in a view instead of a grid.
const postsPerPoint = 64

// lookUp returns the elevation at places, of which there are n.
func (v *View) lookUp(n int) func(lonDeg, latDeg float64) float64 {
	if v.Posts() > n*postsPerPoint {
		c := v.Cursor()
		return c.At
	}
	g := &Grid{Lattice: v.Lattice, ElevationM: make([]float32, v.Posts())}
	v.CopyTo(g.ElevationM, g.Lattice)
	return g.At
}
