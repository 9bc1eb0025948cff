// Package lookalike makes what a copy of a Copernicus elevation model holds,
// with hills of its own, for tests.
package lookalike

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus"
	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

// Copy returns the files of a copy by their paths, each of which begins with a
// slash: the list, and a tile for each square. The list is as long as the
// public one, but for the squares it has no tiles.
func Copy(t *testing.T, c copernicus.Collection, tiles ...squares.Square) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, s := range tiles {
		name := c.TileName(s)
		files["/"+name+"/"+name+".tif"] = Tile(t, c, s)
	}
	files["/tileList.txt"] = []byte(List(c, tiles...) + FarOff(c))
	return files
}

// List returns a list of tiles.
func List(c copernicus.Collection, tiles ...squares.Square) string {
	var list strings.Builder
	for _, s := range tiles {
		list.WriteString(c.TileName(s) + "\r\n")
	}
	return list.String()
}

// FarOff returns a list of tiles near both poles, which no store can have. They
// make any list as long as a full one.
func FarOff(c copernicus.Collection) string {
	var far []squares.Square
	for lat := 60; lat < 85; lat++ {
		for lon := -180; lon < 180; lon++ {
			far = append(far, squares.Square{LonDeg: lon, LatDeg: lat}, squares.Square{LonDeg: lon, LatDeg: -lat})
		}
	}
	return List(c, far...)
}

// Tile returns a GeoTIFF of a square's hills.
func Tile(t *testing.T, c copernicus.Collection, s squares.Square) []byte {
	t.Helper()
	g := Hills(c, s)
	var b bytes.Buffer
	if err := geotiff.Write(&b, g, geotiff.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Hills returns the elevations that a square's tile has: waves of some
// kilometres, rough at the posts.
func Hills(c copernicus.Collection, s squares.Square) *terrain.Grid {
	per := float64(c.PerDeg)
	g := terrain.NewGrid(terrain.Lattice{
		PerDegLon: per, PerDegLat: per, Col0: (s.LonDeg + 180) * c.PerDeg, Row0: (89 - s.LatDeg) * c.PerDeg,
		Cols: c.PerDeg, Rows: c.PerDeg,
	})
	waves := make([]float64, g.Cols)
	for col := range waves {
		waves[col] = 800 * math.Sin(40*g.Lon(col))
	}
	for row := range g.Rows {
		swell := math.Cos(35 * g.Lat(row))
		for col, z := range waves {
			rough := float64((col*7919+row*104729)%64) / 16
			g.RowM(row)[col] = float32(1500 + z*swell + rough)
		}
	}
	return g
}
