package airstrip_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airstrip"
)

// 209 is the built-in list; 100 000 is more than the world has.
var benchSizes = []int{209, 100_000}

// scatter spreads airstrips over a box around Peru.
func scatter(n int) []airstrip.Airstrip {
	random := rand.New(rand.NewPCG(1, 2))
	list := make([]airstrip.Airstrip, n)
	for i := range list {
		list[i] = strip(fmt.Sprint(i), -82+14*random.Float64(), -19+19*random.Float64())
	}
	return list
}

var pichari = orb.Point{-73.829, -12.519}

func BenchmarkNearest10(b *testing.B) {
	for _, n := range benchSizes {
		list := scatter(n)
		x := must(b, list)
		b.Run(fmt.Sprintf("index/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Nearest(pichari, 10, nil)
			}
		})
		b.Run(fmt.Sprintf("scan/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = scan(list, pichari)[:10]
			}
		})
	}
}

func BenchmarkNewIndex(b *testing.B) {
	for _, n := range benchSizes {
		list := scatter(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				must(b, list)
			}
		})
	}
}
