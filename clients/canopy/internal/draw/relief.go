package draw

import (
	"image"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot/vg/vgimg"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// ReliefPNG writes an elevation model as a shaded relief in colours of height,
// one pixel a cell, with a key below. Sea is blue-grey, and what is missing is
// hatched.
func ReliefPNG(w io.Writer, r *canopyv1.GetElevationGridResponse) error {
	relief := newRelief(r)
	canvas := vgimg.NewWith(vgimg.UseWH(relief.size()), vgimg.UseDPI(reliefDPI))
	relief.paintKey(newPen(canvas))
	relief.paint(canvas.Image())
	_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(w)
	return err
}

// ReliefSize returns columns and rows of a grid over a box, at most side each,
// whose cells are as wide as they are high in the middle of the box.
func ReliefSize(box *canopyv1.BoundingBox, side int) (columns, rows int) {
	width := widthDeg(box) * math.Cos(middleLat(box))
	height := box.GetNorthDeg() - box.GetSouthDeg()
	scale := float64(side) / math.Max(width, height)
	if !finite(scale) {
		return 1, 1
	}
	return max(1, int(math.Round(width*scale))), max(1, int(math.Round(height*scale)))
}

// widthDeg also holds for a box across the antimeridian.
func widthDeg(box *canopyv1.BoundingBox) float64 {
	width := box.GetEastDeg() - box.GetWestDeg()
	if width < 0 {
		width += 360
	}
	return width
}

// middleLat is in radians.
func middleLat(box *canopyv1.BoundingBox) float64 {
	return (box.GetSouthDeg() + box.GetNorthDeg()) / 2 * math.Pi / 180
}

// relief is a grid of heights with what its colours depend on.
type relief struct {
	response      *canopyv1.GetElevationGridResponse
	columns, rows int
	// land is from the lowest to the highest of the land; {0, 1} without any.
	land span
	// cellM is the width of a cell, and heightM its height.
	cellM, heightM float64
	// exaggeration makes the mean slope of the land steepShade.
	exaggeration float64
}

const metresPerDegree = 111320

func newRelief(r *canopyv1.GetElevationGridResponse) relief {
	out := relief{response: r, columns: int(r.GetColumns()), rows: int(r.GetRows())}
	out.cellM = widthDeg(r.GetBoundingBox()) / float64(out.columns) * metresPerDegree * math.Cos(middleLat(r.GetBoundingBox()))
	out.heightM = (r.GetBoundingBox().GetNorthDeg() - r.GetBoundingBox().GetSouthDeg()) / float64(out.rows) * metresPerDegree
	out.land = out.landSpan()
	out.exaggeration = out.fitExaggeration()
	return out
}

func (r relief) at(column, row int) float64 {
	i := row*r.columns + column
	if i >= len(r.response.GetElevationsAmslM()) {
		return math.NaN()
	}
	return float64(r.response.GetElevationsAmslM()[i])
}

func (r relief) landSpan() span {
	land := span{math.Inf(1), math.Inf(-1)}
	for _, v := range r.response.GetElevationsAmslM() {
		if v > 0 && finite(float64(v)) {
			land.include(float64(v))
		}
	}
	if land.length() > 0 {
		return land
	}
	return span{0, 1}
}

// steepShade is the mean slope at which a shade says most; mostExaggeration
// leaves flat land flat.
const (
	steepShade       = 0.35
	mostExaggeration = 40
)

func (r relief) fitExaggeration() float64 {
	var sum float64
	var n int
	for row := range r.rows {
		for column := range r.columns {
			if east, north := r.slope(column, row); r.at(column, row) > 0 {
				sum, n = sum+math.Hypot(east, north), n+1
			}
		}
	}
	return math.Max(1, math.Min(mostExaggeration, steepShade*float64(n)/sum))
}

// slope is the rise to the east and to the north, taken across the neighbours;
// one that is missing counts as level.
func (r relief) slope(column, row int) (east, north float64) {
	here := r.at(column, row)
	level := func(column, row int) float64 {
		if column < 0 || row < 0 || column >= r.columns || row >= r.rows || !finite(r.at(column, row)) {
			return here
		}
		return r.at(column, row)
	}
	east = (level(column+1, row) - level(column-1, row)) / (2 * r.cellM)
	north = (level(column, row-1) - level(column, row+1)) / (2 * r.heightM)
	return east, north
}

// seaColour is for heights of 0 and below, whether there is water or not.
var (
	seaColour   = color.NRGBA{R: 0xa9, G: 0xbc, B: 0xcc, A: 255}
	voidColour  = color.NRGBA{R: 0xff, G: 0xf3, B: 0xe0, A: 255}
	voidStripes = color.NRGBA{R: 0xd5, G: 0x5e, B: 0x00, A: 255}
)

// tints are the colours of land, the lowest first.
var tints = []color.NRGBA{
	{R: 0x6f, G: 0x9e, B: 0x72, A: 255}, {R: 0xa8, G: 0xbf, B: 0x82, A: 255}, {R: 0xe3, G: 0xd7, B: 0xa0, A: 255},
	{R: 0xc4, G: 0x9a, B: 0x6c, A: 255}, {R: 0x9c, G: 0x73, B: 0x5c, A: 255}, {R: 0xf4, G: 0xf1, B: 0xee, A: 255},
}

// tint is the colour of a share of the way up, 0 to 1.
func tint(share float64) color.NRGBA {
	position := share * float64(len(tints)-1)
	i := max(0, min(int(position), len(tints)-2))
	mix := func(a, b uint8) uint8 {
		return uint8(math.Round(float64(a) + (float64(b)-float64(a))*(position-float64(i))))
	}
	low, high := tints[i], tints[i+1]
	return color.NRGBA{R: mix(low.R, high.R), G: mix(low.G, high.G), B: mix(low.B, high.B), A: 255}
}

func (r relief) colour(column, row int) color.NRGBA {
	switch height := r.at(column, row); {
	case !finite(height):
		return voidAt(column, row)
	case height <= 0:
		return seaColour
	default:
		return shaded(tint((height-r.land.low)/r.land.length()), r.light(column, row))
	}
}

// voidAt is a hatch.
func voidAt(x, y int) color.NRGBA {
	if (x+y)%8 < 2 {
		return voidStripes
	}
	return voidColour
}

// light falls from the north-west, 45° high; level ground gets 1.
func (r relief) light(column, row int) float64 {
	east, north := r.slope(column, row)
	east, north = east*r.exaggeration, north*r.exaggeration
	// The normal of the ground is (−east, −north, 1), the light comes from
	// (−1, 1, √2) / 2.
	return math.Max(0, (east-north+math.Sqrt2)/math.Sqrt(1+east*east+north*north)/math.Sqrt2)
}

// shaded keeps half of the colour where no light falls.
func shaded(c color.NRGBA, light float64) color.NRGBA {
	by := 0.5 + 0.5*math.Min(light, 1.3)
	scale := func(v uint8) uint8 { return uint8(math.Min(255, float64(v)*by)) }
	return color.NRGBA{R: scale(c.R), G: scale(c.G), B: scale(c.B), A: 255}
}

// paint sets the pixels of the map, which begins at the upper left.
func (r relief) paint(on settable) {
	for row := range r.rows {
		for column := range r.columns {
			on.Set(column, row, r.colour(column, row))
		}
	}
}

// settable is an image.
type settable interface {
	image.Image
	Set(x, y int, c color.Color)
}
