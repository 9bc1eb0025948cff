package terrain_test

import (
	"context"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/terrain"
)

func TestSample(t *testing.T) {
	// A ramp: every post is as high as its column.
	l := terrain.Lattice{PerDegLon: 10, PerDegLat: 10, Col0: 1100, Row0: 1000, Cols: 41, Rows: 31}
	g := terrain.NewGrid(l)
	for r := range g.Rows {
		for c := range g.RowM(r) {
			g.RowM(r)[c] = float32(c)
		}
	}
	west, north := l.Lon(0), l.Lat(0)
	box := func(left, bottom, right, top float64) orb.Bound {
		return orb.Bound{Min: orb.Point{west + left, north - bottom}, Max: orb.Point{west + right, north - top}}
	}
	tests := []struct {
		name       string
		box        orb.Bound
		cols, rows int
		want       []float32
	}{
		{"finer than the posts", box(1, 1.1, 1.1, 1), 2, 1, []float32{10.25, 10.75}},
		{"as fine", box(1, 1.2, 1.2, 1), 2, 2, []float32{10.5, 11.5, 10.5, 11.5}},
		// Means of 5 × 5 posts; a ramp keeps its height between them.
		{"coarser", box(0.25, 2, 2.25, 1), 4, 1, []float32{5, 10, 15, 20}},
		{"beyond the rim", box(3.9, 1.1, 4.1, 1), 2, 1, []float32{39.5, nan}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := terrain.Sample(context.Background(), inMemory{g}, tt.box, tt.cols, tt.rows)
			if err != nil || len(got) != len(tt.want) {
				t.Fatalf("%v, %v", got, err)
			}
			for i, z := range got {
				if d := z - tt.want[i]; !(d < 0.001 && d > -0.001) && !(z != z && tt.want[i] != tt.want[i]) {
					t.Errorf("cell %d: %v, want %v", i, z, tt.want[i])
				}
			}
		})
	}
}
