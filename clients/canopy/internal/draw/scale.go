package draw

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// span is a range of values of an axis.
type span struct{ low, high float64 }

func (s span) length() float64 { return s.high - s.low }

func (s *span) include(v float64) { s.low, s.high = math.Min(s.low, v), math.Max(s.high, v) }

// ticks are round values in a span, about as many as wanted.
func (s span) ticks(about int) []float64 {
	step := roundStep(s.length() / float64(about))
	var all []float64
	for n := math.Ceil(s.low/step - 1e-9); n*step <= s.high+step*1e-9; n++ {
		all = append(all, n*step)
	}
	return all
}

// roundStep is the next of 1, 2 and 5 times a power of ten.
func roundStep(least float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, factor := range []float64{1, 2, 5} {
		if factor*power >= least*(1-1e-9) {
			return factor * power
		}
	}
	return 10 * power
}

// tickText writes a value with at most six decimals, and commas between
// thousands.
func tickText(v float64) string {
	const decimals = 1e6
	// Adding 0 makes 0 of −0.
	text := strconv.FormatFloat(math.Round(v*decimals)/decimals+0, 'f', -1, 64)
	whole, fraction, found := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		whole += "." + fraction
	}
	return whole
}

// frame is a rectangle of the picture in which values are drawn.
type frame struct {
	vg.Rectangle
	x, y span
}

func (f frame) at(x, y float64) vg.Point {
	return vg.Point{
		X: f.Min.X + vg.Length((x-f.x.low)/f.x.length())*(f.Max.X-f.Min.X),
		Y: f.Min.Y + vg.Length((y-f.y.low)/f.y.length())*(f.Max.Y-f.Min.Y),
	}
}

var (
	tickInk  = ink{size: 10, colour: grey}
	axisInk  = ink{size: 10.5, colour: black}
	gridLine = line{colour: paleGrey, width: 0.6}
	edgeLine = line{colour: grey, width: 0.8}
)

const ticksAcross, ticksUp = 9, 9

// yTickWidth is what the labels of the vertical axis need.
func (f frame) yTickWidth() vg.Length {
	var widest vg.Length
	for _, v := range f.y.ticks(ticksUp) {
		widest = max(widest, tickInk.width(tickText(v)))
	}
	return widest
}

func (f frame) grid(p pen) {
	for _, v := range f.x.ticks(ticksAcross) {
		x := f.at(v, 0).X
		p.stroke(gridLine, vg.Point{X: x, Y: f.Min.Y}, vg.Point{X: x, Y: f.Max.Y})
	}
	for _, v := range f.y.ticks(ticksUp) {
		y := f.at(0, v).Y
		p.stroke(gridLine, vg.Point{X: f.Min.X, Y: y}, vg.Point{X: f.Max.X, Y: y})
	}
}

// axes draws the edge, the ticks and what the axes are.
func (f frame) axes(p pen, across, up string) {
	p.stroke(edgeLine, append(corners(f.Rectangle), f.Min)...)
	for _, v := range f.x.ticks(ticksAcross) {
		text := tickText(v)
		p.text(tickInk, vg.Point{X: f.at(v, 0).X - tickInk.width(text)/2, Y: f.Min.Y - 14}, text)
	}
	for _, v := range f.y.ticks(ticksUp) {
		text := tickText(v)
		p.text(tickInk, vg.Point{X: f.Min.X - 6 - tickInk.width(text), Y: f.at(0, v).Y - tickInk.size/3}, text)
	}
	centre := vg.Point{X: (f.Min.X + f.Max.X) / 2, Y: (f.Min.Y + f.Max.Y) / 2}
	p.text(axisInk, vg.Point{X: centre.X - axisInk.width(across)/2, Y: f.Min.Y - 30}, across)
	p.upward(axisInk, vg.Point{X: f.Min.X - f.yTickWidth() - 14, Y: centre.Y - axisInk.width(up)/2}, up)
}
