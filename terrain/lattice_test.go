package terrain_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/terrain"
)

// The lattices that the usual elevation models stand on.
var lattices = []struct {
	name string
	all  terrain.Lattice
}{
	{"SRTM 1 arc-second", terrain.Lattice{PerDegLon: 3600, PerDegLat: 3600, Col0: 98 * 3600, Row0: 85 * 3600, Cols: 3601, Rows: 3601}},
	{"SRTM 3 arc-seconds", terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 98 * 1200, Row0: 85 * 1200, Cols: 26401, Rows: 33601}},
	{"15 arc-seconds, posts in pixel centres", terrain.Lattice{PerDegLon: 240, PerDegLat: 240, OffLon: 0.5, OffLat: 0.5, Col0: 22560, Row0: 20400, Cols: 5280, Rows: 6720}},
	{"ETOPO5", terrain.Lattice{PerDegLon: 12, PerDegLat: 12, Col0: 1128, Row0: 1020, Cols: 265, Rows: 337}},
	{"uneven", terrain.Lattice{PerDegLon: 3571.2345, PerDegLat: 3601.7, OffLon: 0.123456, OffLat: 0.9, Col0: 9, Row0: 1, Cols: 1000, Rows: 2000}},
}

func TestPostsAreTheSameInEveryWindow(t *testing.T) {
	const seed = 20261122
	rng := rand.New(rand.NewPCG(seed, 0))
	for _, test := range lattices {
		t.Run(test.name, func(t *testing.T) {
			for range 2000 {
				col, row := rng.IntN(test.all.Cols), rng.IntN(test.all.Rows)
				shiftCol, shiftRow := rng.IntN(9000)-4500, rng.IntN(9000)-4500
				w := test.all.Sub(col-shiftCol, row-shiftRow, 1, 1)
				if w.Lon(shiftCol) != test.all.Lon(col) || w.Lat(shiftRow) != test.all.Lat(row) {
					t.Fatalf("seed %d: post (%d, %d) moves when the window is shifted by (%d, %d)",
						seed, col, row, shiftCol, shiftRow)
				}
			}
		})
	}
}

func TestPostsLieWhereTheirModelsSay(t *testing.T) {
	tests := []struct {
		name     string
		lattice  terrain.Lattice
		col, row int
		lon, lat float64
	}{
		{"north-west corner of N04W082", lattices[1].all, 0, 0, -82, 5},
		{"a third of a degree", lattices[1].all, 400, 400, -82 + 1.0/3, 5 - 1.0/3},
		{"first pixel centre", lattices[2].all, 0, 0, -86 + 1.0/480, 5 - 1.0/480},
		{"south-east post of ETOPO5", lattices[3].all, 264, 336, -64, -23},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lon, lat := test.lattice.Lon(test.col), test.lattice.Lat(test.row)
			// One unit in the last place at 128 to 256 degrees.
			const tolerance = 3e-14
			if math.Abs(lon-test.lon) > tolerance || math.Abs(lat-test.lat) > tolerance {
				t.Errorf("post at %v, %v; want %v, %v", lon, lat, test.lon, test.lat)
			}
		})
	}
}

func TestColAndRowInvertLonAndLat(t *testing.T) {
	for _, test := range lattices {
		t.Run(test.name, func(t *testing.T) {
			l := test.all
			for _, i := range []int{0, 1, 17, l.Rows/2 - 1, l.Cols - 1} {
				// 180° at 3600 posts per degree leave 52 − 20 bits for the fraction.
				const tolerance = 1e-9
				if c := l.Col(l.Lon(i)); math.Abs(c-float64(i)) > tolerance {
					t.Errorf("column %d comes back as %v", i, c)
				}
				if r := l.Row(l.Lat(i)); math.Abs(r-float64(i)) > tolerance {
					t.Errorf("row %d comes back as %v", i, r)
				}
			}
		})
	}
}

func TestCoverEnclosesTheBox(t *testing.T) {
	box := orb.Bound{Min: orb.Point{-71.23, -13.77}, Max: orb.Point{-70.01, -12.5}}
	for _, test := range lattices[:4] {
		for _, margin := range []int{0, 3} {
			w := test.all.Cover(box, margin)
			if !encloses(w, box) {
				t.Errorf("%s: %v does not enclose %v", test.name, w.Bound(), box)
			}
			for _, less := range []terrain.Lattice{
				w.Sub(margin+1, 0, w.Cols, w.Rows), w.Sub(0, margin+1, w.Cols, w.Rows),
				w.Sub(0, 0, w.Cols-margin-1, w.Rows), w.Sub(0, 0, w.Cols, w.Rows-margin-1),
			} {
				if encloses(less, box) {
					t.Errorf("%s: %v, with a post less, encloses the box too", test.name, less.Bound())
				}
			}
		}
	}
}

// encloses asks in posts, where a corner that lies on one is exactly there.
func encloses(l terrain.Lattice, b orb.Bound) bool {
	return l.Col(b.Min.Lon()) >= 0 && l.Col(b.Max.Lon()) <= float64(l.Cols-1) &&
		l.Row(b.Max.Lat()) >= 0 && l.Row(b.Min.Lat()) <= float64(l.Rows-1)
}

func TestIntersect(t *testing.T) {
	all := terrain.Lattice{PerDegLon: 12, PerDegLat: 12, Col0: 100, Row0: 200, Cols: 10, Rows: 20}
	tests := []struct {
		name   string
		window terrain.Lattice
		want   terrain.Lattice
	}{
		{"inside", all.Sub(2, 3, 4, 5), all.Sub(2, 3, 4, 5)},
		{"around", all.Sub(-1, -1, 99, 99), all},
		{"over the north-west corner", all.Sub(-2, -3, 4, 5), all.Sub(0, 0, 2, 2)},
		{"over the south-east corner", all.Sub(8, 15, 9, 9), all.Sub(8, 15, 2, 5)},
		{"beside", all.Sub(10, 0, 5, 20), all.Sub(10, 0, 0, 20)},
		{"far away", all.Sub(-90, 0, 5, 20), all.Sub(0, 0, 0, 20)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := all.Intersect(test.window); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if a, b := all.Intersect(test.window).Posts(), test.window.Intersect(all).Posts(); a != b {
				t.Errorf("%d posts one way, %d the other", a, b)
			}
		})
	}
}

func TestRefineKeepsThePosts(t *testing.T) {
	for _, test := range lattices {
		for _, factor := range []int{1, 2, 3, 5} {
			fine := test.all.Refine(factor)
			for _, i := range []int{0, 1, test.all.Cols - 1} {
				// The offset is multiplied, which may cost the last place.
				const tolerance = 6e-14
				if math.Abs(fine.Lon(i*factor)-test.all.Lon(i)) > tolerance || math.Abs(fine.Lat(i*factor)-test.all.Lat(i)) > tolerance {
					t.Errorf("%s by %d: post %d moves", test.name, factor, i)
				}
			}
			if fine.OffLon < 0 || fine.OffLon >= 1 || fine.OffLat < 0 || fine.OffLat >= 1 {
				t.Errorf("%s by %d: shifted by %v, %v posts, not by a fraction of one", test.name, factor, fine.OffLon, fine.OffLat)
			}
		}
	}
	if empty := lattices[0].all.Sub(0, 0, 0, 0).Refine(3); empty.Posts() != 0 {
		t.Errorf("a lattice without posts becomes one with %d", empty.Posts())
	}
}
