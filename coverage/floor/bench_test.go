package floor_test

import (
	"context"
	"math"
	"runtime"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// hills returns rolling ground around a site, and the site on it.
func hills(perDeg, rangeM float64) (*sight.Site, *terrain.Grid) {
	at := orb.Point{-69.2282, -12.6131}
	site := sight.NewSite(radar.Radar{ID: "bench", Position: at, MastM: 15, InService: true, Limits: radar.Limits{
		RangeM: rangeM, MaxElevationDeg: 20, HeightLimitAMSLM: 30480}}, 1000, earth.StandardK)
	w, err := floor.Window(&site, terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg})
	if err != nil {
		panic(err)
	}
	g := terrain.NewGrid(w)
	for r := range g.Rows {
		row := g.RowM(r)
		for c := range row {
			row[c] = float32(1000 + 400*math.Sin(float64(c)/17)*math.Cos(float64(r)/23) + 30*math.Sin(float64(3*c+7*r)))
		}
	}
	return &site, g
}

func BenchmarkCompute(b *testing.B) {
	for _, bb := range []struct {
		name           string
		perDeg, rangeM float64
		reach          sight.Reach
	}{
		{"terrain/30s/400km", 120, 400e3, sight.Terrain},
		{"terrain/15s/400km", 240, 400e3, sight.Terrain},
		{"terrain/3s/100km", 1200, 100e3, sight.Terrain},
		{"horizon/30s/400km", 120, 400e3, sight.Horizon},
		{"disc/30s/400km", 120, 400e3, sight.Disc},
	} {
		b.Run(bb.name, func(b *testing.B) {
			site, ground := hills(bb.perDeg, bb.rangeM)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := floor.Compute(context.Background(), site, bb.reach, floor.Land{Ground: ground.View()}, runtime.GOMAXPROCS(0)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*ground.Posts()), "ns/post")
		})
	}
}

// BenchmarkSector is what a sector and a smallest range add.
func BenchmarkSector(b *testing.B) {
	site, ground := hills(120, 400e3)
	site.Sector, site.MinRangeM = &radar.Sector{FromDeg: 300, ToDeg: 60}, 5e3
	b.ReportAllocs()
	for b.Loop() {
		if _, err := floor.Compute(context.Background(), site, sight.Terrain, floor.Land{Ground: ground.View()}, runtime.GOMAXPROCS(0)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOracle is the naive twin of BenchmarkCompute: one ray a post.
func BenchmarkOracle(b *testing.B) {
	site, ground := hills(240, 400e3)
	o := sight.NewObserver(site, sight.Terrain, ground)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i = (i + 7919) % ground.Posts()
		o.Look(orb.Point{ground.Lon(i % ground.Cols), ground.Lat(i / ground.Cols)})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/post")
}
