package outline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/raster/outline"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
)

func components(m *raster.Mask) []raster.Component {
	all, _ := raster.Components(m.Runs)
	return all
}

func traceAll(m *raster.Mask) []outline.Outline {
	var traced []outline.Outline
	for _, c := range components(m) {
		traced = append(traced, outline.Trace(&c))
	}
	return traced
}

// text writes rings as "col,row …", each from its least corner, in braces for
// each outline.
func text(outlines []outline.Outline) string {
	var lines []string
	for _, o := range outlines {
		for i, ring := range o {
			kind := "outer"
			if i > 0 {
				kind = "hole"
			}
			lines = append(lines, kind+" "+strings.Join(ringText(ring), " "))
		}
	}
	return strings.Join(lines, "\n")
}

func ringText(ring outline.Ring) []string {
	least := 0
	for i, c := range ring {
		if first := ring[least]; c.Row < first.Row || c.Row == first.Row && c.Col < first.Col {
			least = i
		}
	}
	var corners []string
	for _, c := range slices.Concat(ring[least:], ring[:least]) {
		corners = append(corners, fmt.Sprintf("%d,%d", c.Col, c.Row))
	}
	return corners
}

func TestTrace(t *testing.T) {
	tests := []struct{ name, drawing, want string }{
		{"no cell", `...`, ""},
		{"a cell", `
			...
			.#.
			...`,
			"outer 1,1 1,2 2,2 2,1"},
		{"all cells, to the raster's edge", `
			##
			##`,
			"outer 0,0 0,2 2,2 2,0"},
		{"straight sides have no corners between", `
			#..
			###`,
			"outer 0,0 0,2 3,2 3,1 1,1 1,0"},
		{"a hole", `
			###
			#.#
			###`,
			"outer 0,0 0,3 3,3 3,0\n" +
				"hole 1,1 2,1 2,2 1,2"},
		{"two components that touch at a corner", `
			#.
			.#`,
			"outer 0,0 0,1 1,1 1,0\n" +
				"outer 1,1 1,2 2,2 2,1"},
		{"the same, the other way", `
			.#
			#.`,
			"outer 1,0 1,1 2,1 2,0\n" +
				"outer 0,1 0,2 1,2 1,1"},
		{"a loop that closes at a corner makes a hole there", `
			###
			#.#
			##.`,
			"outer 0,0 0,3 2,3 2,2 3,2 3,0\n" +
				"hole 1,1 2,1 2,2 1,2"},
		{"the same, the other way", `
			###
			#.#
			.##`,
			"outer 0,0 0,2 1,2 1,3 3,3 3,0\n" +
				"hole 1,1 2,1 2,2 1,2"},
		{"holes that touch at a corner stay two", `
			####
			#.##
			##.#
			####`,
			"outer 0,0 0,4 4,4 4,0\n" +
				"hole 1,1 2,1 2,2 1,2\n" +
				"hole 2,2 3,2 3,3 2,3"},
		{"an island in a hole, with a lake", `
			#######
			#.....#
			#.###.#
			#.#.#.#
			#.###.#
			#.....#
			#######`,
			"outer 0,0 0,7 7,7 7,0\n" +
				"hole 1,1 6,1 6,6 1,6\n" +
				"outer 2,2 2,5 5,5 5,2\n" +
				"hole 3,3 4,3 4,4 3,4"},
		{"an island that touches its hole's corners", `
			#####
			#...#
			#.#.#
			##.##
			#####`,
			"outer 0,0 0,5 5,5 5,0\n" +
				"hole 1,1 4,1 4,3 3,3 3,4 2,4 2,3 1,3\n" +
				"outer 2,2 2,3 3,3 3,2"},
		{"a spiral", `
			#####
			....#
			###.#
			#...#
			#####`,
			"outer 0,0 0,1 4,1 4,4 1,4 1,3 3,3 3,2 0,2 0,5 5,5 5,0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := text(traceAll(rastertest.Draw(test.drawing))); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// drawMask draws a mask of chance cells, thin to dense, in patches or not.
func drawMask(t *rapid.T) *raster.Mask {
	seed := rapid.Uint64().Draw(t, "seed")
	cols, rows := rapid.IntRange(1, 70).Draw(t, "cols"), rapid.IntRange(1, 40).Draw(t, "rows")
	if rapid.Bool().Draw(t, "ragged") {
		return rastertest.Ragged(cols, rows, seed)
	}
	return rastertest.Noise(cols, rows, rapid.Float64Range(0, 1).Draw(t, "density"), seed)
}

// largeMasks are masks beyond what chance draws: rapid prefers small ones.
func largeMasks() map[string]*raster.Mask {
	masks := map[string]*raster.Mask{"ragged": rastertest.Ragged(180, 120, 5)}
	for _, density := range []float64{0.1, 0.4, 0.59, 0.7, 0.95} {
		masks[fmt.Sprintf("noise %v", density)] = rastertest.Noise(70, 60, density, 7)
	}
	return masks
}

func TestTraceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkTrace(t, drawMask(t)) })
}

func TestTraceLargeMasks(t *testing.T) {
	for name, m := range largeMasks() {
		t.Run(name, func(t *testing.T) { checkTrace(t, m) })
	}
}

// checkTrace checks that each outline encloses the cells of its component, as
// many as they are, wound right and valid.
func checkTrace(t rapid.TB, m *raster.Mask) {
	for _, c := range components(m) {
		traced := outline.Trace(&c)
		area2 := int64(0)
		for i, ring := range traced {
			if counterClockwise := ring.TwiceArea() > 0; counterClockwise != (i == 0) {
				t.Fatalf("ring %d is wound the wrong way", i)
			}
			area2 += ring.TwiceArea()
		}
		if area2 != 2*int64(c.Cells) {
			t.Fatalf("outline encloses %d half cells, component has %d cells", area2, c.Cells)
		}
		if err := valid(traced.Polygon(m.Lattice)); err != nil {
			t.Fatal(err)
		}
	}
}

func polygonGeom(polygon orb.Polygon) geom.Polygon {
	var rings []geom.LineString
	for _, ring := range polygon {
		var flat []float64
		for _, p := range ring {
			flat = append(flat, p[0], p[1])
		}
		rings = append(rings, geom.NewLineString(geom.NewSequence(flat, geom.DimXY)))
	}
	return geom.NewPolygon(rings)
}

func valid(polygon orb.Polygon) error { return polygonGeom(polygon).Validate() }

func validTogether(polygons []orb.Polygon) error {
	var all []geom.Polygon
	for _, p := range polygons {
		all = append(all, polygonGeom(p))
	}
	return geom.NewMultiPolygon(all).Validate()
}
