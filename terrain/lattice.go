package terrain

import (
	"math"

	"github.com/paulmach/orb"
)

// Lattice is a north-up rectangle of posts, regular in longitude and latitude.
//
// Column 0 is the westernmost, row 0 the northernmost. Posts are anchored to
// the whole earth, not to a file: the same post has the same coordinates, to
// the last bit, in every window and in every tile that holds it. That is why
// the spacing is kept as posts per degree (an integer for the usual models)
// and not as degrees per post.
//
// A Lattice never crosses the antimeridian.
type Lattice struct {
	// PerDegLon and PerDegLat are posts per degree: 1200 for 3 arc-seconds.
	PerDegLon, PerDegLat float64
	// OffLon and OffLat shift all posts east and south of the meridian −180
	// and the parallel 90, in fractions of a post: 0 for models whose posts
	// lie on whole degrees, 0.5 for those that place them in pixel centres.
	OffLon, OffLat float64
	// Col0 and Row0 number the north-west post from −180 and from 90.
	Col0, Row0 int
	// Cols and Rows count the posts.
	Cols, Rows int
}

// Lon returns the longitude, in degrees, of column c. c may lie outside of
// the lattice.
func (l Lattice) Lon(c int) float64 {
	return -180 + (float64(l.Col0+c)+l.OffLon)/l.PerDegLon
}

// Lat returns the latitude, in degrees, of row r. r may lie outside of the
// lattice.
func (l Lattice) Lat(r int) float64 {
	return 90 - (float64(l.Row0+r)+l.OffLat)/l.PerDegLat
}

// Col returns the fractional column of a longitude in degrees.
func (l Lattice) Col(lonDeg float64) float64 {
	return (lonDeg+180)*l.PerDegLon - l.OffLon - float64(l.Col0)
}

// Row returns the fractional row of a latitude in degrees.
func (l Lattice) Row(latDeg float64) float64 {
	return (90-latDeg)*l.PerDegLat - l.OffLat - float64(l.Row0)
}

// Sub returns the lattice of cols × rows posts whose north-west post is this
// lattice's (col, row). It may reach outside of this lattice.
func (l Lattice) Sub(col, row, cols, rows int) Lattice {
	l.Col0 += col
	l.Row0 += row
	l.Cols, l.Rows = cols, rows
	return l
}

// Cover returns the smallest sub-lattice whose posts enclose b, with margin
// more posts on every side. It may reach outside of this lattice.
func (l Lattice) Cover(b orb.Bound, margin int) Lattice {
	c0 := int(math.Floor(l.Col(b.Min.Lon()))) - margin
	c1 := int(math.Ceil(l.Col(b.Max.Lon()))) + margin
	r0 := int(math.Floor(l.Row(b.Max.Lat()))) - margin
	r1 := int(math.Ceil(l.Row(b.Min.Lat()))) + margin
	return l.Sub(c0, r0, c1-c0+1, r1-r0+1)
}

// Bound returns the box, in degrees, that the posts span.
func (l Lattice) Bound() orb.Bound {
	return orb.Bound{
		Min: orb.Point{l.Lon(0), l.Lat(l.Rows - 1)},
		Max: orb.Point{l.Lon(l.Cols - 1), l.Lat(0)},
	}
}

// Posts returns the number of posts.
func (l Lattice) Posts() int { return l.Cols * l.Rows }

// SameSpacing reports whether both lattices number the same posts of the
// earth, so that they differ only in the window.
func (l Lattice) SameSpacing(m Lattice) bool {
	return l.PerDegLon == m.PerDegLon && l.PerDegLat == m.PerDegLat &&
		l.OffLon == m.OffLon && l.OffLat == m.OffLat
}

// Intersect returns the posts that both windows hold; it has no columns or no
// rows when there are none. Both must have the same spacing.
func (l Lattice) Intersect(m Lattice) Lattice {
	c0, r0 := max(l.Col0, m.Col0), max(l.Row0, m.Row0)
	c1 := min(l.Col0+l.Cols, m.Col0+m.Cols)
	r1 := min(l.Row0+l.Rows, m.Row0+m.Rows)
	l.Col0, l.Row0 = c0, r0
	l.Cols, l.Rows = max(0, c1-c0), max(0, r1-r0)
	return l
}

// Refine returns the lattice with factor times as many posts per degree, that
// spans the same box: every post of l is a post of it. factor is at least 1.
// A lattice without posts stays without.
func (l Lattice) Refine(factor int) Lattice {
	f := float64(factor)
	lonShift, offLon := math.Modf(l.OffLon * f)
	latShift, offLat := math.Modf(l.OffLat * f)
	return Lattice{
		PerDegLon: l.PerDegLon * f, PerDegLat: l.PerDegLat * f,
		OffLon: offLon, OffLat: offLat,
		Col0: l.Col0*factor + int(lonShift), Row0: l.Row0*factor + int(latShift),
		Cols: max(0, (l.Cols-1)*factor+1), Rows: max(0, (l.Rows-1)*factor+1),
	}
}
