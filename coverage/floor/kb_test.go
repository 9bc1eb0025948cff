package floor_test

import (
	"context"
	"testing"
	"os"
	"strconv"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain/open"
	"github.com/canopyradar/canopy/terrain"
)

func BenchmarkAndes(b *testing.B) {
	m, err := open.Path(context.Background(), "../../.cache/andes-1.tif")
	if err != nil { b.Fatal(err) }
	for _, km := range []float64{50, 100, 200, 400} {
		b.Run(strconv.Itoa(int(km)), func(b *testing.B) {
			g, _ := m.Read(context.Background(), m.Lattice().Sub(4800,4800,10,10))
			_ = g
			all, _ := terrain.ViewOf(context.Background(), m, m.Lattice())
			z := make([]float32, 1)
			all.CopyTo(z, m.Lattice().Sub(4800,4800,1,1))
			grid := &terrain.Grid{Lattice: m.Lattice().Sub(int(m.Lattice().Col(-69)), int(m.Lattice().Row(-13)), 2,2), ElevationM: make([]float32,4)}
			all.CopyTo(grid.ElevationM, grid.Lattice)
			site := peerSite(grid, km*1000)
			w := 1
			if os.Getenv("W") != "" { w = 2 }
			window, _ := floor.Window(site, m.Lattice())
			v, err := terrain.ViewOf(context.Background(), m, window)
			if err != nil { b.Fatal(err) }
			defer v.Close()
			posts := 0
			for b.Loop() {
				s, err := floor.Compute(context.Background(), site, sight.Terrain, floor.Land{Ground: v}, w)
				if err != nil { b.Fatal(err) }
				posts = s.PostsInRange
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*posts), "ns/post")
		})
	}
}
