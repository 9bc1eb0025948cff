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
// shows the one in which its middle lies, as overviews do: a mean would show a
// floor that is nowhere.
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
			drawRow(out, r, g.RowM(middle(r, rows, l.Rows)-top))
		}
	}
	return out, nil
}

// part returns the first of n posts that belongs to pixel i of pixels.
func part(i, pixels, n int) int { return i * n / pixels }

// middle returns the one of n posts in which the middle of pixel i lies.
func middle(i, pixels, n int) int { return (2*i + 1) * n / (2 * pixels) }

// drawRow draws row r of pixels from a row of posts.
func drawRow(out *image.Paletted, r int, floorsAMSLM []float32) {
	cols := out.Rect.Dx()
	for c := range cols {
		out.Pix[r*out.Stride+c] = classOf(float64(floorsAMSLM[middle(c, cols, len(floorsAMSLM))]))
	}
}
