// Package picture draws coverage floors for maps: an image that lies on
// longitudes and latitudes as its posts do, and a legend.
//
// Floors fall into fixed classes, so that pictures of different networks can be
// compared. Where nothing is seen, a picture is transparent.
package picture

import (
	"context"
	"image"
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/terrain"
)

// DefaultWidth and MaxWidth are the columns of a picture that are taken where
// none are asked for, and at most.
const (
	DefaultWidth = 1024
	MaxWidth     = 2048
)

// Box returns the box in degrees that the pixels of posts fill. A post is the
// middle of its pixel, so that the box reaches half a step beyond the outermost
// posts.
func Box(l terrain.Lattice) orb.Bound {
	posts := l.Bound()
	lon, lat := 0.5/l.PerDegLon, 0.5/l.PerDegLat
	return orb.Bound{
		Min: orb.Point{posts.Left() - lon, posts.Bottom() - lat},
		Max: orb.Point{posts.Right() + lon, posts.Top() + lat},
	}
}

// bandPosts bounds the posts that are in memory at a time, where rows of pixels
// are not larger than that.
const bandPosts = 1 << 23

// Floor draws a floor in metres above mean sea level in at most width columns,
// and no more than it has. The picture fills Box. A pixel over several posts
// shows the mean of those that have a floor, if half of them do.
func Floor(ctx context.Context, m terrain.Model, width int) (*image.Paletted, error) {
	l := m.Lattice()
	cols := min(width, l.Cols)
	rows := max(1, int(math.Round(float64(l.Rows)*float64(cols)/float64(l.Cols))))
	out := image.NewPaletted(image.Rect(0, 0, cols, rows), colours())
	band := max(1, bandPosts*rows/(l.Cols*l.Rows))
	for first := 0; first < rows; first += band {
		last := min(rows, first+band)
		top, bottom := part(first, rows, l.Rows), part(last, rows, l.Rows)
		g, err := m.Read(ctx, l.Sub(0, top, l.Cols, bottom-top))
		if err != nil {
			return nil, err
		}
		for r := first; r < last; r++ {
			drawRow(out, r, g, part(r, rows, l.Rows)-top, part(r+1, rows, l.Rows)-top)
		}
	}
	return out, nil
}

// part returns the first of n posts that belongs to pixel i of pixels.
func part(i, pixels, n int) int { return i * n / pixels }

// drawRow draws row r of pixels from the rows of posts from top up to bottom.
func drawRow(out *image.Paletted, r int, g *terrain.Grid, top, bottom int) {
	cols := out.Rect.Dx()
	for c := range cols {
		out.Pix[r*out.Stride+c] = classOf(meanM(g, image.Rect(part(c, cols, g.Cols), top, part(c+1, cols, g.Cols), bottom)))
	}
}

// meanM returns NaN where most posts have no floor.
func meanM(g *terrain.Grid, posts image.Rectangle) float64 {
	sum, known := 0.0, 0
	for r := posts.Min.Y; r < posts.Max.Y; r++ {
		for _, z := range g.RowM(r)[posts.Min.X:posts.Max.X] {
			if z == z {
				sum += float64(z)
				known++
			}
		}
	}
	if 2*known < posts.Dx()*posts.Dy() {
		return math.NaN()
	}
	return sum / float64(known)
}
