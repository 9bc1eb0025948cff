package airstrip_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/earth"
)

func ids(hits []airstrip.Hit) []string {
	var s []string
	for _, h := range hits {
		s = append(s, h.Airstrip.ID)
	}
	return s
}

func TestNearest(t *testing.T) {
	x := must(t, []airstrip.Airstrip{
		strip("dateline-east", 179.9, 0),
		strip("dateline-west", -179.9, 0),
		strip("far-north", 170, 89.9),
		strip("twin-2", -74, -12),
		strip("twin-1", -74, -12),
		strip("beyond", -73, -12),
	})
	notTwin := func(a *airstrip.Airstrip) bool { return a.ID != "twin-1" && a.ID != "twin-2" }
	tests := []struct {
		name string
		from orb.Point
		n    int
		keep func(*airstrip.Airstrip) bool
		want []string
	}{
		{"across the antimeridian", orb.Point{179.99, 0}, 2, nil, []string{"dateline-east", "dateline-west"}},
		{"across the pole", orb.Point{-10, 89.9}, 1, nil, []string{"far-north"}},
		{"ties by id", orb.Point{-74.1, -12}, 3, nil, []string{"twin-1", "twin-2", "beyond"}},
		{"a tie cut by n", orb.Point{-74.1, -12}, 1, nil, []string{"twin-1"}},
		{"filtered", orb.Point{-74.1, -12}, 1, notTwin, []string{"beyond"}},
		{"none wanted", orb.Point{-74, -12}, 0, nil, nil},
		{"fewer than none wanted", orb.Point{-74, -12}, -1, nil, nil},
		{"from nowhere", orb.Point{math.NaN(), -12}, 1, nil, nil},
		{"from beyond the pole", orb.Point{-74, 91}, 1, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ids(x.Nearest(tt.from, tt.n, tt.keep)); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	if got := x.Nearest(orb.Point{}, 100, nil); len(got) != x.Len() {
		t.Errorf("asked for more than there are, got %d of %d", len(got), x.Len())
	}
}

func TestWithin(t *testing.T) {
	x := must(t, []airstrip.Airstrip{
		strip("here", -74, -12), strip("near", -74.1, -12), strip("far", -75, -12),
	})
	from := orb.Point{-74, -12}
	nearM := earth.DistanceM(from, orb.Point{-74.1, -12})
	tests := []struct {
		name    string
		radiusM float64
		want    []string
	}{
		{"the radius itself counts", nearM, []string{"here", "near"}},
		{"just short of it", math.Nextafter(nearM, 0), []string{"here"}},
		{"no radius", 0, []string{"here"}},
		{"everything", math.Inf(1), []string{"here", "near", "far"}},
		{"negative", -1, nil},
		{"not a number", math.NaN(), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ids(x.Within(from, tt.radiusM, nil)); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// degrees draws an angle between lo and hi in steps of a nanodegree, a tenth of
// a millimetre.
func degrees(lo, hi float64) *rapid.Generator[float64] {
	return rapid.Map(rapid.Int64Range(int64(lo*1e9), int64(hi*1e9)), func(n int64) float64 {
		return float64(n) / 1e9
	})
}

// places draws points that gather where longitude and latitude misbehave.
func places() *rapid.Generator[orb.Point] {
	lon := rapid.OneOf(
		degrees(-180, 180),
		degrees(179.5, 180),
		degrees(-180, -179.5),
		degrees(-75, -74),
		rapid.SampledFrom([]float64{-180, -90, 0, 90, 180}),
	)
	lat := rapid.OneOf(
		degrees(-90, 90),
		degrees(89.5, 90),
		degrees(-90, -89.5),
		degrees(-13, -12),
		rapid.SampledFrom([]float64{-90, 0, 90}),
	)
	return rapid.Custom(func(t *rapid.T) orb.Point {
		return orb.Point{lon.Draw(t, "lon"), lat.Draw(t, "lat")}
	})
}

// scan is the search without an index.
func scan(list []airstrip.Airstrip, from orb.Point) []airstrip.Hit {
	hits := make([]airstrip.Hit, len(list))
	for i := range list {
		hits[i] = airstrip.Hit{Airstrip: &list[i], DistanceM: earth.DistanceM(from, list[i].Position)}
	}
	slices.SortFunc(hits, func(a, b airstrip.Hit) int {
		return cmp.Or(cmp.Compare(a.DistanceM, b.DistanceM), cmp.Compare(a.Airstrip.ID, b.Airstrip.ID))
	})
	return hits
}

func TestSearchesAgreeWithAScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.SliceOfN(places(), 1, 300).Draw(t, "points")
		list := make([]airstrip.Airstrip, len(points))
		for i, p := range points {
			list[i] = strip(fmt.Sprintf("%03d", i), p.Lon(), p.Lat())
		}
		x, err := airstrip.NewIndex(list)
		if err != nil {
			t.Fatal(err)
		}
		from := places().Draw(t, "from")
		want := scan(list, from)

		n := rapid.IntRange(1, len(list)).Draw(t, "n")
		if got := x.Nearest(from, n, nil); !slices.Equal(ids(got), ids(want[:n])) {
			t.Fatalf("nearest %d to %v: got %v, want %v", n, from, ids(got), ids(want[:n]))
		}
		radiusM := want[n-1].DistanceM
		inside := slices.DeleteFunc(want, func(h airstrip.Hit) bool { return h.DistanceM > radiusM })
		if got := x.Within(from, radiusM, nil); !slices.Equal(ids(got), ids(inside)) {
			t.Fatalf("within %v m of %v: got %v, want %v", radiusM, from, ids(got), ids(inside))
		}
	})
}
