package airspace

import (
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
	rows := newRows(area, l)
	runs := make([]raster.Run, 0, len(rows.cols)/2)
	for row := range l.Rows {
		cols := rows.crossings(row)
		slices.Sort(cols)
		for i := 0; i+1 < len(cols); i += 2 {
			run := raster.Run{Row: int32(row), Col0: cols[i], Col1: cols[i+1]}
			last := len(runs) - 1
			switch {
			case run.Len() == 0:
			case last >= 0 && runs[last].Row == run.Row && runs[last].Col1 == run.Col0:
				runs[last].Col1 = run.Col1
			default:
				runs = append(runs, run)
			}
		}
	}
	return raster.NewMask(l, runs)
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

// rows holds where the edges of an area pass each row: between the posts
// col−1 and col. Each row has an even number of them, since rings are closed.
type rows struct {
	cols []int32
	// end[r] is where the crossings of row r end in cols.
	end []int
}

// newRows counts the crossings of each row, and then puts them there.
func newRows(area orb.MultiPolygon, l terrain.Lattice) *rows {
	f := &rows{end: make([]int, l.Rows+1)}
	for a, b := range edges(area) {
		for row := range crossed(a, b, l) {
			f.end[row+1]++
		}
	}
	for row := range l.Rows {
		f.end[row+1] += f.end[row]
	}
	f.cols = make([]int32, f.end[l.Rows])
	for a, b := range edges(area) {
		for row := range crossed(a, b, l) {
			f.cols[f.end[row]] = int32(firstCol(l, crossingLonDeg(a, b, l.Lat(row))))
			f.end[row]++
		}
	}
	return f
}

// crossings are those of a row, in no order.
func (f *rows) crossings(row int) []int32 {
	if row == 0 {
		return f.cols[:f.end[0]]
	}
	return f.cols[f.end[row-1]:f.end[row]]
}

// crossed yields the rows that an edge passes.
func crossed(a, b orb.Point, l terrain.Lattice) iter.Seq[int] {
	return func(yield func(int) bool) {
		first, last := nearRow(l, max(a.Lat(), b.Lat())), nearRow(l, min(a.Lat(), b.Lat()))
		for row := max(first-1, 0); row <= min(last+1, l.Rows-1); row++ {
			if crosses(a, b, l.Lat(row)) && !yield(row) {
				return
			}
		}
	}
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
