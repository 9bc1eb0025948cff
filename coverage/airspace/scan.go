package airspace

import (
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// Contains reports whether p lies inside of a valid area.
//
// Of the border, its south and west sides belong to the area and its north
// and east sides do not, so that of two areas with a common border exactly
// one holds each point of it.
func Contains(area orb.MultiPolygon, p orb.Point) bool {
	inside := false
	for a, b := range edges(area) {
		if crosses(a, b, p.Lat()) && crossingLonDeg(a, b, p.Lat()) > p.Lon() {
			inside = !inside
		}
	}
	return inside
}

// Rasterise returns the cells of l whose post lies inside of a valid area, to
// the post the same as Contains. It takes time in proportion to the edges and
// the rows that each of them crosses.
func Rasterise(area orb.MultiPolygon, l terrain.Lattice) *raster.Mask {
	m := raster.NewMask(l)
	for run := range runs(area, l) {
		m.AddRun(run)
	}
	return m
}

// MaxLabels is how many areas RasteriseLabels can tell apart.
const MaxLabels = math.MaxUint8

// RasteriseLabels returns, for each cell of l, row by row from the north-west,
// i+1 where the post lies inside of areas[i], and 0 where it lies in none.
// Where areas overlap, the first counts. It returns an error for more than
// MaxLabels areas.
func RasteriseLabels(areas []orb.MultiPolygon, l terrain.Lattice) ([]uint8, error) {
	if len(areas) > MaxLabels {
		return nil, fmt.Errorf("%d areas are too many to label at once: give at most %d", len(areas), MaxLabels)
	}
	labels := make([]uint8, l.Posts())
	for i, area := range slices.Backward(areas) {
		for run := range runs(area, l) {
			row := labels[int(run.Row)*l.Cols:]
			for col := run.Col0; col < run.Col1; col++ {
				row[col] = uint8(i + 1)
			}
		}
	}
	return labels, nil
}

// edges yields the edges of all rings.
func edges(area orb.MultiPolygon) iter.Seq2[orb.Point, orb.Point] {
	return func(yield func(a, b orb.Point) bool) {
		for _, polygon := range area {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					if !yield(ring[i-1], ring[i]) {
						return
					}
				}
			}
		}
	}
}

// crosses reports whether an edge passes a parallel. Its southern end belongs
// to it and its northern does not, so that a line passes once at each vertex.
func crosses(a, b orb.Point, latDeg float64) bool {
	return (a.Lat() <= latDeg) != (b.Lat() <= latDeg)
}

// crossingLonDeg returns the longitude at which an edge passes a parallel: to
// the last bit the same for both directions of the edge.
func crossingLonDeg(a, b orb.Point, latDeg float64) float64 {
	if a.Lat() > b.Lat() {
		a, b = b, a
	}
	return a.Lon() + (b.Lon()-a.Lon())*((latDeg-a.Lat())/(b.Lat()-a.Lat()))
}

// runs yields the cells of l whose post lies inside of area, row by row from
// the north, west to east.
func runs(area orb.MultiPolygon, l terrain.Lattice) iter.Seq[raster.Run] {
	return func(yield func(raster.Run) bool) {
		found := crossings(area, l)
		slices.SortFunc(found, crossing.compare)
		for ; len(found) >= 2; found = found[2:] {
			run := raster.Run{Row: found[0].row, Col0: found[0].col, Col1: found[1].col}
			if run.Len() > 0 && !yield(run) {
				return
			}
		}
	}
}

// crossing is where an edge passes a row: between the posts col−1 and col.
// Each row has an even number of them, since rings are closed.
type crossing struct {
	row, col int32
}

func (c crossing) compare(d crossing) int {
	if c.row != d.row {
		return int(c.row) - int(d.row)
	}
	return int(c.col) - int(d.col)
}

func crossings(area orb.MultiPolygon, l terrain.Lattice) []crossing {
	var found []crossing
	for a, b := range edges(area) {
		first, last := nearRow(l, max(a.Lat(), b.Lat())), nearRow(l, min(a.Lat(), b.Lat()))
		for row := max(first-1, 0); row <= min(last+1, l.Rows-1); row++ {
			if latDeg := l.Lat(row); crosses(a, b, latDeg) {
				col := firstCol(l, crossingLonDeg(a, b, latDeg))
				found = append(found, crossing{row: int32(row), col: int32(col)})
			}
		}
	}
	return found
}

func nearRow(l terrain.Lattice, latDeg float64) int {
	return int(math.Round(l.Row(latDeg)))
}

// firstCol returns the first column of the lattice that is not west of a
// longitude, or the number of columns. The quotient that it starts from may
// be off by the rounding of one post.
func firstCol(l terrain.Lattice, lonDeg float64) int {
	col := max(0, min(l.Cols, int(math.Ceil(l.Col(lonDeg)))))
	for col > 0 && l.Lon(col-1) >= lonDeg {
		col--
	}
	for col < l.Cols && l.Lon(col) < lonDeg {
		col++
	}
	return col
}
