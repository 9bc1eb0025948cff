package outline_test

import (
	"fmt"
	"testing"

	"github.com/canopyradar/canopy/coverage/raster/outline"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
)

func BenchmarkTrace4000x4000(b *testing.B) {
	all := components(rastertest.Ragged(4000, 4000, 1))
	b.ReportAllocs()
	for b.Loop() {
		for i := range all {
			outline.Trace(&all[i])
		}
	}
}

func BenchmarkSimplify4000x4000(b *testing.B) {
	m := rastertest.Ragged(4000, 4000, 1)
	traced := traceAll(m)
	for _, toleranceM := range []float64{250, 500, 1000, 5000} {
		b.Run(fmt.Sprintf("tolerance=%vm", toleranceM), func(b *testing.B) {
			b.ReportAllocs()
			var simplified []outline.Outline
			for b.Loop() {
				simplified, _ = outline.Simplify(b.Context(), traced, m.Lattice, toleranceM)
			}
			b.ReportMetric(float64(countCorners(traced)), "corners-in")
			b.ReportMetric(float64(countCorners(simplified)), "corners-out")
		})
	}
}

func countCorners(outlines []outline.Outline) int {
	n := 0
	for _, o := range outlines {
		for _, ring := range o {
			n += len(ring)
		}
	}
	return n
}
