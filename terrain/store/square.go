package store

import (
	"fmt"
	"strings"

	"github.com/canopyradar/canopy/terrain"
)

// Square is a square of whole degrees, by its south-west corner.
type Square struct{ LonDeg, LatDeg int }

// String returns the corner as SRTM names tiles: S13W070.
func (s Square) String() string {
	ns, ew := 'N', 'E'
	if s.LatDeg < 0 {
		ns = 'S'
	}
	if s.LonDeg < 0 {
		ew = 'W'
	}
	return fmt.Sprintf("%c%02d%c%03d", ns, max(s.LatDeg, -s.LatDeg), ew, max(s.LonDeg, -s.LonDeg))
}

// MarshalText returns String.
func (s Square) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what String returns, and fails for all else.
func (s *Square) UnmarshalText(text []byte) error {
	var ns, ew byte
	var lat, lon int
	if _, err := fmt.Sscanf(string(text), "%c%02d%c%03d", &ns, &lat, &ew, &lon); err == nil {
		read := Square{LonDeg: signed(lon, ew == 'W'), LatDeg: signed(lat, ns == 'S')}
		if read.String() == string(text) {
			*s = read
			return nil
		}
	}
	return fmt.Errorf("%q is not the south-west corner of a square, such as S13W070", text)
}

func signed(n int, negative bool) int {
	if negative {
		return -n
	}
	return n
}

// closed returns the posts of the square of edgeDeg degrees, those on all of
// its edges included.
func (s Square) closed(l terrain.Lattice, edgeDeg int) terrain.Lattice {
	all := s.owned(l, edgeDeg)
	if l.OffLon == 0 {
		all.Cols++
	}
	if l.OffLat == 0 {
		all.Rows++
	}
	return all
}

// owned returns the posts that belong to the square of edgeDeg degrees: those
// on its western and northern edges do. l, of which only the spacing matters,
// must have a whole number of posts per degree, or per edge.
func (s Square) owned(l terrain.Lattice, edgeDeg int) terrain.Lattice {
	cols, rows := edgePosts(l, edgeDeg)
	l.Cols, l.Rows = cols, rows
	l.Col0 = (s.LonDeg + 180) / edgeDeg * cols
	l.Row0 = (90 - s.LatDeg - edgeDeg) / edgeDeg * rows
	return l
}

func edgePosts(l terrain.Lattice, edgeDeg int) (cols, rows int) {
	return int(l.PerDegLon * float64(edgeDeg)), int(l.PerDegLat * float64(edgeDeg))
}

// squares returns the squares of edgeDeg degrees that own posts of l, row by
// row from the north-west.
func squares(l terrain.Lattice, edgeDeg int) []Square {
	if l.Posts() == 0 {
		return nil
	}
	cols, rows := edgePosts(l, edgeDeg)
	var found []Square
	for j := floorDiv(l.Row0, rows); j*rows < l.Row0+l.Rows; j++ {
		for i := floorDiv(l.Col0, cols); i*cols < l.Col0+l.Cols; i++ {
			found = append(found, Square{LonDeg: i*edgeDeg - 180, LatDeg: 90 - (j+1)*edgeDeg})
		}
	}
	return found
}

// compare orders squares as squares returns them.
func (s Square) compare(t Square) int {
	if s.LatDeg != t.LatDeg {
		return t.LatDeg - s.LatDeg
	}
	return s.LonDeg - t.LonDeg
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// edges are the tile sizes, in degrees, that divide both 180 and 360.
var edges = []int{1, 2, 5, 10, 20, 30, 60, 90}

// edgeDeg returns the size of the tiles of a level: the smallest on which a
// tile has a thousand posts a side, so that files are neither many nor large.
func edgeDeg(l terrain.Lattice) int {
	const fewest = 1000
	for _, e := range edges {
		if l.PerDegLat*float64(e) >= fewest {
			return e
		}
	}
	return edges[len(edges)-1]
}

// levelName says a level's spacing in arc-seconds, and for overviews what they
// keep of a block: "3s", "15s-mean", "15s-max".
func levelName(spacing terrain.Lattice, factor int, aggregate string) string {
	name := fmt.Sprintf("%.6gs", 3600*float64(factor)/spacing.PerDegLat)
	if factor == 1 {
		return name
	}
	return name + "-" + strings.TrimSuffix(aggregate, "imum")
}
