package gap

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/floor"
)

type weighed struct{ heightM, weight float64 }

func TestDistribution(t *testing.T) {
	tests := []struct {
		name                    string
		values                  []weighed
		lowest, median, highest float64
	}{
		{"nothing", nil, math.NaN(), math.NaN(), math.NaN()},
		{"one value, which the median does not round", []weighed{{12.3, 5}}, 12.3, 12.3, 12.3},
		{"median to the metre", []weighed{{1.2, 1}, {7.4, 1}, {9.9, 1}}, 1.2, 7, 9.9},
		{"weight decides, not number", []weighed{{1, 1}, {2, 1}, {3, 1}, {50, 9}}, 1, 50, 50},
		{"of two halves the lower", []weighed{{100, 2}, {200, 2}}, 100, 100, 200},
		{"below the sea", []weighed{{-430.4, 1}, {-3, 1}, {8, 1}}, -430.4, -3, 8},
		{"downwards", []weighed{{3000, 1}, {20, 1}, {-100, 1}, {-5000, 1}, {-5001, 1}}, -5001, -100, 3000},
		{"far apart", []weighed{{0, 1}, {900e3, 1}, {450e3, 1}}, 0, 450e3, 900e3},
		{"within half a metre", []weighed{{10.4, 1}, {10.45, 1}}, 10.4, 10.4, 10.45},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d distribution
			for _, v := range tt.values {
				d.add(v.heightM, v.weight)
			}
			got := []float64{d.lowest(), d.median(), d.highest()}
			for i, want := range []float64{tt.lowest, tt.median, tt.highest} {
				if got[i] != want && !(math.IsNaN(got[i]) && math.IsNaN(want)) {
					t.Errorf("lowest, median, highest %v; want %v, %v, %v", got, tt.lowest, tt.median, tt.highest)
					break
				}
			}
		})
	}
}

// The median is that of a sorted list, to the metre: rounding keeps the order,
// so the median of what is rounded is what is rounded of the median.
func TestMedianAgainstSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) weighed {
			// Whole weights sum up without rounding.
			return weighed{rapid.Float64Range(-500, 9000).Draw(t, "height_m"), float64(rapid.IntRange(1, 9).Draw(t, "weight"))}
		}), 1, 60).Draw(t, "values")
		var d distribution
		for _, v := range values {
			d.add(v.heightM, v.weight)
		}
		want := min(max(math.Round(sortedMedian(values)), d.lowest()), d.highest())
		if got := d.median(); got != want {
			t.Fatalf("median %v, want %v", got, want)
		}
	})
}

// sortedMedian is the height that half of the weight lies at or below.
func sortedMedian(values []weighed) float64 {
	sorted := slices.SortedFunc(slices.Values(values), func(a, b weighed) int { return cmp.Compare(a.heightM, b.heightM) })
	total, sum := 0.0, 0.0
	for _, v := range sorted {
		total += v.weight
	}
	for _, v := range sorted {
		if sum += v.weight; sum >= total/2 {
			return v.heightM
		}
	}
	return math.NaN()
}

func TestFloorsOfCellsNeverSeen(t *testing.T) {
	of := floor.AGLOf // exact for squares
	tests := []struct {
		name                  string
		floors                []floor.AGL
		wantNever, wantMedian float64
	}{
		{"none has a floor", []floor.AGL{floor.Unseen, floor.Unseen}, 2, math.NaN()},
		{"one of three has none", []floor.AGL{of(289), floor.Unseen, of(400)}, 1, 289},
		{"all have one", []floor.AGL{of(196), of(289), of(400)}, 0, 289},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var f floors
			for _, a := range tt.floors {
				f.add(a, 500, 1)
			}
			s := f.statistics()
			if s.NeverSeenM2 != tt.wantNever || s.MedianAGLM != tt.wantMedian && !math.IsNaN(tt.wantMedian) {
				t.Errorf("%+v, want %v never seen and a median of %v", s, tt.wantNever, tt.wantMedian)
			}
			if agl := s.MedianAMSLM - 500; s.MedianAGLM != agl && !math.IsNaN(agl) {
				t.Errorf("median %v m AGL over ground of 500 m, %v m AMSL", s.MedianAGLM, s.MedianAMSLM)
			}
		})
	}
}
