package outline_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/raster/outline"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
	"github.com/canopyradar/canopy/terrain"
)

// The posts of rastertest.Lattice are about 460 m apart.
func TestSimplify(t *testing.T) {
	tests := []struct {
		name, drawing string
		toleranceM    float64
		want          string
	}{
		{"nothing", `..`, 500, ""},
		{"a cell stays a square", `#`, 5000, "outer 0,0 0,1 1,1 1,0"},
		{"a strip stays a strip", `######`, 5000, "outer 0,0 0,1 6,1 6,0"},
		{"stairs become a slope", `
			#.......
			##......
			###.....
			####....
			#####...
			######..
			#######.
			########`,
			500,
			"outer 0,0 0,8 8,8 4,3"},
		{"without tolerance, stairs stay", `
			#..
			##.
			###`,
			0,
			"outer 0,0 0,3 3,3 3,2 2,2 2,1 1,1 1,0"},
		{"a bay deeper than the tolerance stays", `
			##########
			#####.####
			#####.####
			##########`,
			400,
			"outer 0,0 0,4 10,4 10,0\n" +
				"hole 5,1 6,1 6,3 5,3"},
		{"corners that rings share stay", `
			##########
			#####.####
			####.#####
			#####.####
			##########`,
			5000,
			"outer 0,0 0,5 10,5 10,0\n" +
				"hole 5,1 6,1 6,2 5,2\n" +
				"hole 4,2 5,2 5,3 4,3\n" +
				"hole 5,3 6,3 6,4 5,4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := rastertest.Draw(test.drawing)
			got := text(simplify(traceAll(m), m.Lattice, test.toleranceM))
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestSimplifyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMask(t)
		checkSimplify(t, m, rapid.SampledFrom([]float64{0, 300, 500, 1000, 3000, 30000}).Draw(t, "tolerance, m"))
	})
}

func TestSimplifyLargeMasks(t *testing.T) {
	for name, m := range largeMasks() {
		for _, toleranceM := range []float64{0, 500, 1000, 10000} {
			t.Run(fmt.Sprintf("%s, %v m", name, toleranceM), func(t *testing.T) {
				checkSimplify(t, m, toleranceM)
			})
		}
	}
}

func checkSimplify(t rapid.TB, m *raster.Mask, toleranceM float64) {
	traced, before := traceAll(m), traceAll(m)
	simplified := simplify(traced, m.Lattice, toleranceM)
	if !reflect.DeepEqual(traced, before) {
		t.Fatal("Simplify changed what it was given")
	}
	if again := simplify(traced, m.Lattice, toleranceM); !reflect.DeepEqual(simplified, again) {
		t.Fatal("Simplify gives two answers")
	}
	var polygons []orb.Polygon
	for i := range traced {
		checkOutline(t, m.Lattice, traced[i], simplified[i], toleranceM)
		polygons = append(polygons, simplified[i].Polygon(m.Lattice))
	}
	if err := validTogether(polygons); err != nil {
		t.Fatal(err)
	}
}

// checkOutline checks what Simplify promises of each ring on its own.
func checkOutline(t rapid.TB, l terrain.Lattice, traced, simplified outline.Outline, toleranceM float64) {
	if len(traced) != len(simplified) {
		t.Fatalf("%d rings have become %d", len(traced), len(simplified))
	}
	for i, ring := range simplified {
		was, is := float64(traced[i].TwiceArea()), float64(ring.TwiceArea())
		if is/was < 0.9 || is/was > 1.1 {
			t.Fatalf("ring of %v half cells has become one of %v", was, is)
		}
		for _, c := range traced[i] {
			// 1 % for distances in a plane, 2 cm for rounded coordinates.
			if d := displacementM(l, c, ring); d > 1.01*toleranceM+0.02 {
				t.Fatalf("corner %v lies %.1f m off, tolerance %.1f m", c, d, toleranceM)
			}
		}
	}
}

// displacementM returns the distance of a corner from the edge of a ring that
// is nearest to it in the plane of cells.
func displacementM(l terrain.Lattice, c outline.Corner, ring outline.Ring) float64 {
	var from, to outline.Corner
	least := math.Inf(1)
	for i, b := range ring {
		a := ring[(i+len(ring)-1)%len(ring)]
		if d := planar.DistanceFromSegment(point(a), point(b), point(c)); d < least {
			from, to, least = a, b, d
		}
	}
	return edgeDistanceM(degrees(l, c), degrees(l, from), degrees(l, to))
}

func point(c outline.Corner) orb.Point { return orb.Point{float64(c.Col), float64(c.Row)} }

func degrees(l terrain.Lattice, c outline.Corner) orb.Point {
	return raster.CornerPoint(l, int(c.Col), int(c.Row))
}

// edgeDistanceM searches for the place on an edge nearest to p: the distance
// falls and then rises along it.
func edgeDistanceM(p, a, b orb.Point) float64 {
	along := func(s float64) float64 {
		return earth.DistanceM(p, orb.Point{a[0] + s*(b[0]-a[0]), a[1] + s*(b[1]-a[1])})
	}
	low, high := 0.0, 1.0
	for high-low > 1e-4 {
		third := (high - low) / 3
		if along(low+third) < along(high-third) {
			high -= third
		} else {
			low += third
		}
	}
	return min(along(0), along((low+high)/2), along(1))
}

func simplify(outlines []outline.Outline, l terrain.Lattice, toleranceM float64) []outline.Outline {
	simplified, err := outline.Simplify(context.Background(), outlines, l, toleranceM)
	if err != nil {
		panic(err)
	}
	return simplified
}

func TestSimplifyStops(t *testing.T) {
	m := rastertest.Ragged(200, 200, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := outline.Simplify(ctx, traceAll(m), m.Lattice, 1000); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want %v", err, context.Canceled)
	}
}
