package airstrip_test

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/airstrip"
)

// The area of these tests, in whole degrees:
//
//	4 +-------+
//	3 | +---+ |
//	2 | | o | |   +---+
//	1 | +---+ |   |   |
//	0 +-------+   +---+
//	  0 1   3 4   6   8
var ringed = orb.MultiPolygon{
	{
		{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}},
		{{1, 1}, {1, 3}, {3, 3}, {3, 1}, {1, 1}},
	},
	{{{6, 0}, {8, 0}, {8, 2}, {6, 2}, {6, 0}}},
}

func TestInArea(t *testing.T) {
	tests := []struct {
		name string
		at   orb.Point
		want bool
	}{
		{"inside", orb.Point{0.5, 2}, true},
		{"in the hole", orb.Point{2, 2}, false},
		{"level with corners of the hole", orb.Point{3.5, 3}, true},
		{"in line with corners of the hole", orb.Point{3, 3.5}, true},
		{"on the border", orb.Point{0, 2}, true},
		{"on a corner", orb.Point{4, 4}, true},
		{"on the border of the hole", orb.Point{1, 2}, true},
		{"on a corner of the hole", orb.Point{3, 1}, true},
		{"between the parts", orb.Point{5, 1}, false},
		{"in the second part", orb.Point{7, 1}, true},
		{"outside, in line with a side", orb.Point{4, 5}, false},
		{"outside, level with a side", orb.Point{-1, 0}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := must(t, []airstrip.Airstrip{strip("s", tt.at.Lon(), tt.at.Lat())})
			if got := len(x.InArea(ringed, nil)) == 1; got != tt.want {
				t.Errorf("%v in the area: %v, want %v", tt.at, got, tt.want)
			}
		})
	}
}

func TestInAreaListsEachOnceByID(t *testing.T) {
	x := must(t, []airstrip.Airstrip{strip("b", 7, 1), strip("a", 0.5, 2), strip("c", 0.5, 0.5)})
	twice := append(slices.Clone(ringed), ringed[0])
	var got []string
	for _, a := range x.InArea(twice, func(a *airstrip.Airstrip) bool { return a.ID != "c" }) {
		got = append(got, a.ID)
	}
	if want := []string{"a", "b"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestInAreaOfNothing(t *testing.T) {
	x := must(t, []airstrip.Airstrip{strip("a", 0, 0)})
	for name, area := range map[string]orb.MultiPolygon{"nil": nil, "no rings": {{}}, "an empty ring": {{{}}}} {
		if got := x.InArea(area, nil); len(got) != 0 {
			t.Errorf("%s: found %d", name, len(got))
		}
	}
}

// Away from borders, where the two differ on purpose, orb is a second opinion.
func TestInAreaAgreesWithOrb(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		point := rapid.Custom(func(t *rapid.T) orb.Point {
			return orb.Point{degrees(-9, 9).Draw(t, "lon"), degrees(-9, 9).Draw(t, "lat")}
		})
		ring := orb.Ring(rapid.SliceOfN(point, 3, 12).Draw(t, "ring"))
		ring = append(ring, ring[0])
		at := point.Draw(t, "at")
		x, err := airstrip.NewIndex([]airstrip.Airstrip{strip("s", at.Lon(), at.Lat())})
		if err != nil {
			t.Fatal(err)
		}
		got := len(x.InArea(orb.MultiPolygon{{ring}}, nil)) == 1
		if want := planar.RingContains(ring, at); got != want && planar.DistanceFrom(orb.LineString(ring), at) > 1e-9 {
			t.Fatalf("%v in %v: %v, orb says %v", at, ring, got, want)
		}
	})
}
