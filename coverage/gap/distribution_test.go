package gap

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/floor"
)

type weighed struct {
	metre  int16
	weight int64
}

func TestDistribution(t *testing.T) {
	tests := []struct {
		name   string
		values []weighed
		want   [3]float64
	}{
		{"nothing", nil, [3]float64{math.NaN(), math.NaN(), math.NaN()}},
		{"one value", []weighed{{12, 5}}, [3]float64{12, 12, 12}},
		{"three", []weighed{{1, 1}, {7, 1}, {9, 1}}, [3]float64{1, 7, 9}},
		{"weight decides, not number", []weighed{{1, 1}, {2, 1}, {3, 1}, {50, 9}}, [3]float64{1, 50, 50}},
		{"of two halves the lower", []weighed{{100, 2}, {200, 2}}, [3]float64{100, 100, 200}},
		{"below the sea", []weighed{{-430, 1}, {-3, 1}, {8, 1}}, [3]float64{-430, -3, 8}},
		{"downwards", []weighed{{3000, 1}, {20, 1}, {-100, 1}, {-5000, 1}, {-5001, 1}}, [3]float64{-5001, -100, 3000}},
		{"far apart", []weighed{{math.MinInt16 + 1, 1}, {math.MaxInt16, 1}, {-1, 1}}, [3]float64{math.MinInt16 + 1, -1, math.MaxInt16}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := distributed(tt.values); !same(quantiles(got), tt.want) {
				t.Errorf("lowest, median, highest %v; want %v", quantiles(got), tt.want)
			}
		})
	}
}

func distributed(values []weighed) *distribution {
	var d distribution
	for _, v := range values {
		d.add(v.metre, v.weight)
	}
	return &d
}

func quantiles(d *distribution) [3]float64 {
	lowest, median, highest := d.quantiles()
	return [3]float64{lowest, median, highest}
}

// same takes no number for no number.
func same(a, b [3]float64) bool {
	for i := range a {
		if a[i] != b[i] && (a[i] == a[i] || b[i] == b[i]) {
			return false
		}
	}
	return true
}

// The median is that of a sorted list, however the list is parted.
func TestDistributionAgainstSorting(t *testing.T) {
	values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) weighed {
		return weighed{rapid.Int16Range(-500, 9000).Draw(t, "metre"), rapid.Int64Range(1, 9).Draw(t, "weight")}
	}), 0, 60)
	rapid.Check(t, func(t *rapid.T) {
		a, b := values.Draw(t, "values"), values.Draw(t, "more")
		sum := distributed(a)
		sum.sum(distributed(b), 1)
		if c := values.Draw(t, "as many more and less"); len(c) > 0 {
			sum.sum(distributed(c), 1)
			sum.sum(distributed(c), -1)
		}
		if got, want := quantiles(sum), sorted(slices.Concat(a, b)); !same(got, want) {
			t.Fatalf("lowest, median, highest %v; want %v", got, want)
		}
	})
}

func sorted(values []weighed) [3]float64 {
	nan := math.NaN()
	if len(values) == 0 {
		return [3]float64{nan, nan, nan}
	}
	slices.SortFunc(values, func(a, b weighed) int { return cmp.Compare(a.metre, b.metre) })
	total, sum := int64(0), int64(0)
	for _, v := range values {
		total += v.weight
	}
	out := [3]float64{float64(values[0].metre), nan, float64(values[len(values)-1].metre)}
	for _, v := range values {
		if sum += v.weight; out[1] != out[1] && 2*sum >= total {
			out[1] = float64(v.metre)
		}
	}
	return out
}

// Floors are counted where there are any, and the highest are cut off.
func TestFloorsOfCells(t *testing.T) {
	var f floors
	f.add([]floor.AGL{floor.Unseen, floor.Ground, 3200, 60000},
		[]int16{floor.NoAltitude, -20, 700, floor.NoAltitude}, 3)
	want := FloorStatistics{LowestAMSLM: -20, MedianAMSLM: 700, HighestAMSLM: math.MaxInt16,
		LowestAGLM: 0, MedianAGLM: 100, HighestAGLM: math.MaxInt16, NeverSeenM2: 1.5}
	if got := f.statistics(0.5); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
