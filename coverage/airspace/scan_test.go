package airspace_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
	"github.com/canopyradar/canopy/terrain"
)

// degreePosts is a lattice of posts on whole degrees: post (c, r) has
// longitude c and latitude 8−r.
func degreePosts(cols, rows int) terrain.Lattice {
	return terrain.Lattice{PerDegLon: 1, PerDegLat: 1, Col0: 180, Row0: 82, Cols: cols, Rows: rows}
}

// Drawings show posts at longitudes 0 to 8 and latitudes 8 to 0.
func TestRasterise(t *testing.T) {
	tests := []struct{ name, area, want string }{
		{"south and west sides belong to the area", "POLYGON((2 2,6 2,6 6,2 6,2 2))", `
			.........
			.........
			.........
			..####...
			..####...
			..####...
			..####...
			.........
			.........`},
		{"the border of a hole is the area's at its north and east", "POLYGON((0 0,8 0,8 8,0 8,0 0),(2 2,6 2,6 6,2 6,2 2))", `
			.........
			########.
			########.
			##....##.
			##....##.
			##....##.
			##....##.
			########.
			########.`},
		{"between posts", "POLYGON((1.5 1.5,6.5 1.5,6.5 2.5,1.5 2.5,1.5 1.5))", `
			.........
			.........
			.........
			.........
			.........
			.........
			..#####..
			.........
			.........`},
		{"a corner on a post, and a slanted side through posts", "POLYGON((0 0,8 4,0 8,0 0))", `
			.........
			##.......
			####.....
			######...
			########.
			######...
			####.....
			##.......
			.........`},
		{"beyond the lattice on all sides", "POLYGON((-9 -9,20 -9,20 20,-9 20,-9 -9))", `
			#########
			#########
			#########
			#########
			#########
			#########
			#########
			#########
			#########`},
		{"two polygons", "MULTIPOLYGON(((0 0,2 0,2 2,0 2,0 0)),((5 5,9 5,9 9,5 9,5 5)))", `
			.....####
			.....####
			.....####
			.....####
			.........
			.........
			.........
			##.......
			##.......`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := rastertest.Picture(airspace.Rasterise(parse(t, test.area), degreePosts(9, 9)))
			if want := rastertest.Picture(rastertest.Draw(test.want)); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// contained is Rasterise, the slow and obvious way.
func contained(area orb.MultiPolygon, l terrain.Lattice) *raster.Mask {
	return rastertest.Mask(l, func(col, row int) bool {
		return airspace.Contains(area, orb.Point{l.Lon(col), l.Lat(row)})
	})
}

// drawPoint draws a point near the lattice, half of them on a post's line.
func drawPoint(l terrain.Lattice) *rapid.Generator[orb.Point] {
	return rapid.Custom(func(t *rapid.T) orb.Point {
		p := orb.Point{l.Lon(rapid.IntRange(-3, l.Cols+3).Draw(t, "col")), l.Lat(rapid.IntRange(-3, l.Rows+3).Draw(t, "row"))}
		if rapid.Bool().Draw(t, "off the post") {
			p[0] += rapid.Float64Range(-1, 1).Draw(t, "east")
			p[1] += rapid.Float64Range(-1, 1).Draw(t, "north")
		}
		return p
	})
}

func TestRasteriseIsContains(t *testing.T) {
	lattices := []terrain.Lattice{degreePosts(12, 10), rastertest.Lattice(12, 10), {
		PerDegLon: 0.7, PerDegLat: 1.3, OffLon: 0.1, OffLat: 0.3, Col0: 61, Row0: 83, Cols: 12, Rows: 10}}
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(lattices).Draw(t, "lattice")
		ring := orb.Ring(rapid.SliceOfN(drawPoint(l), 3, 8).Draw(t, "ring"))
		area := orb.MultiPolygon{{append(ring, ring[0])}}
		if got, want := rastertest.Picture(airspace.Rasterise(area, l)), rastertest.Picture(contained(area, l)); got != want {
			t.Fatalf("got\n%swant\n%s", got, want)
		}
	})
}

// Two areas on either side of a crooked line, drawn in opposite directions,
// share out all posts between them.
func TestNeighboursShareOutPosts(t *testing.T) {
	l := degreePosts(14, 12)
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SliceOfN(drawPoint(l), 1, 9).Draw(t, "border")
		southWest, northWest := orb.Point{-20, -20}, orb.Point{-20, 30}
		southEast, northEast := orb.Point{40, -20}, orb.Point{40, 30}
		border := slices.Concat(orb.Ring{{5, -20}}, line, orb.Ring{{6, 30}})
		west := slices.Concat(border, orb.Ring{northWest, southWest, border[0]})
		slices.Reverse(border)
		east := slices.Concat(border, orb.Ring{southEast, northEast, border[0]})
		for row := range l.Rows {
			for col := range l.Cols {
				p := orb.Point{l.Lon(col), l.Lat(row)}
				inWest := airspace.Contains(orb.MultiPolygon{{west}}, p)
				if inEast := airspace.Contains(orb.MultiPolygon{{east}}, p); inWest == inEast {
					t.Fatalf("%v: in the west %v, in the east %v", p, inWest, inEast)
				}
			}
		}
	})
}

type feature struct {
	Geometry struct {
		Type        string
		Coordinates json.RawMessage
	}
}

// shared reads the areas of a GeoJSON file from the test data outside of the
// repository, where there is some.
func shared(t testing.TB, path string) []orb.MultiPolygon {
	data, err := os.ReadFile("../../../shared/data/boundary/" + path)
	if err != nil {
		t.Skip("no test data: ", err)
	}
	var file struct {
		feature
		Features []feature
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Features) == 0 {
		return []orb.MultiPolygon{file.area(t)}
	}
	var areas []orb.MultiPolygon
	for _, f := range file.Features {
		areas = append(areas, f.area(t))
	}
	return areas
}

func (f feature) area(t testing.TB) orb.MultiPolygon {
	area := make(orb.MultiPolygon, 1)
	var into any = &area
	if f.Geometry.Type == "Polygon" {
		into = &area[0]
	}
	if err := json.Unmarshal(f.Geometry.Coordinates, into); err != nil {
		t.Fatal(err)
	}
	return area
}

func TestPeru(t *testing.T) {
	peru := shared(t, "peru_world-atlas_10m.geojson")
	if len(peru) != 1 {
		t.Fatalf("%d areas, want 1", len(peru))
	}
	if err := airspace.Validate(peru[0]); err != nil {
		t.Fatal(err)
	}
	l := terrain.Lattice{PerDegLon: 6, PerDegLat: 6, Col0: 97 * 6, Row0: 89 * 6, Cols: 16 * 6, Rows: 21 * 6}
	got := airspace.Rasterise(peru[0], l)
	if want := contained(peru[0], l); rastertest.Picture(got) != rastertest.Picture(want) {
		t.Error("Rasterise and Contains differ")
	}
	if got.Count() < 3500 || got.Count() > 4100 {
		t.Errorf("%d cells of 10 minutes, want about 3800", got.Count())
	}
}

// Departments of Peru as its statistics office draws them: their common
// borders differ by what was simplified away, so nearly all posts of the
// country lie in one and nearly none in two.
func TestDepartments(t *testing.T) {
	departments := shared(t, "peru_departamentos_INEI_juaneladio.geojson")
	l := terrain.Lattice{PerDegLon: 12, PerDegLat: 12, Col0: 97 * 12, Row0: 89 * 12, Cols: 16 * 12, Rows: 21 * 12}
	in, twice := map[[2]int]bool{}, 0
	for _, department := range departments {
		m := airspace.Rasterise(department, l)
		for i := range m.Posts() {
			if at := [2]int{i % m.Cols, i / m.Cols}; m.Has(at[0], at[1]) {
				if in[at] {
					twice++
				}
				in[at] = true
			}
		}
	}
	if len(in) < 15000 || len(in) > 15600 || twice > 50 {
		t.Errorf("%d cells of 5 minutes lie in departments, %d in two", len(in), twice)
	}
}

func BenchmarkRasterise(b *testing.B) {
	area := orb.MultiPolygon{{star(rand.New(rand.NewPCG(1, 2)), 10000, orb.Point{-74.8, -8.2}, 0.1, 0.15)}}
	b.Run("100x100", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			airspace.Rasterise(area, rastertest.Lattice(100, 100))
		}
	})
	b.Run("100x100/naive", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			contained(area, rastertest.Lattice(100, 100))
		}
	})
	b.Run("4000x4000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			airspace.Rasterise(area, rastertest.Lattice(4000, 4000))
		}
	})
}
