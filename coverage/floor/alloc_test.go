package floor

import (
	"context"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// TestAllocations: a sweep allocates for itself, its quadrants and its fans, but
// for no row, block or post: not over one panel, nor over many, of which blocks
// lie in several.
func TestAllocations(t *testing.T) {
	const perDeg, panelPosts = 240, 100
	for _, tt := range []struct {
		name   string
		panels int
	}{{"one panel", 1 << 20}, {"many panels", panelPosts}} {
		t.Run(tt.name, func(t *testing.T) {
			allocations := func(rangeM float64) (n float64, s *Surface) {
				site := siteAt(orb.Point{-70.001, -12}, rangeM)
				window, err := Window(site, terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg})
				if err != nil {
					t.Fatal(err)
				}
				land := Land{Ground: tiled(window, tt.panels)}
				n = testing.AllocsPerRun(2, func() {
					if s, err = Compute(context.Background(), site, sight.Terrain, land, 1); err != nil {
						t.Fatal(err)
					}
				})
				return n, s
			}
			few, small := allocations(30e3)
			many, large := allocations(240e3)
			t.Logf("%.0f for %d rows, %.0f for %d", few, small.Rows, many, large.Rows)
			// There are as many fans; slices that grow do so once or twice more.
			if most := few + 200; many > most {
				t.Errorf("%.0f allocations for %d rows, and %.0f for %d: want at most %.0f", few, small.Rows, many, large.Rows, most)
			}
		})
	}
}

// tiled returns a view of the sea, in panels of so many posts to a side.
func tiled(l terrain.Lattice, posts int) *terrain.View {
	v := terrain.NewView(l, nil)
	for row := 0; row < l.Rows; row += posts {
		for col := 0; col < l.Cols; col += posts {
			p := l.Sub(col, row, min(posts, l.Cols-col), min(posts, l.Rows-row))
			v.Panels = append(v.Panels, terrain.Panel{Lattice: p, Stride: p.Cols, Int16: make([]int16, p.Posts())})
		}
	}
	return v
}
