package planning_test

import (
	"context"
	"fmt"
	"testing"
)

// BenchmarkPlan plans eleven radars for Peru at its airports, and reports how
// far the plans may be from the best.
func BenchmarkPlan(b *testing.B) {
	m := realTerrain(b, compositePath)
	for _, candidates := range []int{50, 150} {
		for _, arcsec := range []float64{60, 15} {
			b.Run(fmt.Sprintf("airports=%d/%gs/count=11", candidates, arcsec), func(b *testing.B) {
				q := peru(b, candidates, 11)
				q.ResolutionArcsec = arcsec
				b.ReportAllocs()
				for b.Loop() {
					p, err := planner(m).Plan(context.Background(), q, nil)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(100*(1-p.ObjectiveKM2/p.UpperBoundKM2), "gap_%")
				}
			})
		}
	}
}
