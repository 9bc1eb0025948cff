package siting_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/canopyradar/canopy/coverage/siting"
	"github.com/canopyradar/canopy/coverage/siting/sitingtest"
)

// BenchmarkSolve reports the gap that is reached, beside the time and the memory.
func BenchmarkSolve(b *testing.B) {
	for _, c := range []struct {
		sites, places, count int
		radius               float64
	}{
		{150, 100_000, 11, 0.14},
		{1000, 400_000, 11, 0.14},
	} {
		p := sitingtest.Plane(rand.New(rand.NewPCG(1, 9)), c.sites, c.places, c.radius, 0)
		p.MaxCount = c.count
		for _, gap := range []float64{0.05, 0.02} {
			b.Run(fmt.Sprintf("%dsites-%dplaces-%dcount-gap%v", c.sites, c.places, c.count, gap), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					plan := siting.Solve(b.Context(), p, siting.Options{Workers: 2, Gap: gap})
					b.ReportMetric(100*(1-plan.Objective/plan.UpperBound), "gap%")
				}
			})
		}
	}
}

// BenchmarkCurve is that of a plan of eleven sites.
func BenchmarkCurve(b *testing.B) {
	p := sitingtest.Plane(rand.New(rand.NewPCG(1, 9)), 150, 100_000, 0.14, 0)
	p.MaxCount = 11
	o := siting.Options{Workers: 2, Gap: 0.05}
	plan := siting.Solve(b.Context(), p, o)
	b.Run("150sites-100000places-11count", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if points := siting.Curve(b.Context(), p, o, plan); len(points) != 12 {
				b.Fatalf("%d points", len(points))
			}
		}
	})
}
