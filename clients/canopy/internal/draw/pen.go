// Package draw makes pictures of answers: the ray of a profile, and the relief
// of an elevation model.
//
// A picture is laid out first, which tells its size, and then painted with a
// pen on an SVG or on pixels. The same answer makes the same bytes.
package draw

import (
	"bytes"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// pictureDPI makes pixels of points, of which there are 72 to the inch.
const pictureDPI = 144

// picture is laid out and can be painted. Lengths are points, the origin is at
// the lower left.
type picture interface {
	size() (width, height vg.Length)
	paint(pen)
}

func writeSVG(w io.Writer, p picture) error {
	canvas := vgsvg.NewWith(vgsvg.UseWH(p.size()))
	p.paint(newPen(canvas))
	var text bytes.Buffer
	if _, err := canvas.WriteTo(&text); err != nil {
		return err
	}
	_, err := w.Write(withFallbacks(text.Bytes()))
	return err
}

// withFallbacks names fonts of the same widths for machines that lack the one
// that texts were measured in.
func withFallbacks(svg []byte) []byte {
	return bytes.ReplaceAll(svg, []byte("font-family:Liberation Sans;"), []byte("font-family:Liberation Sans,Arimo,Arial,Helvetica,sans-serif;"))
}

func writePNG(w io.Writer, p picture) error {
	canvas := vgimg.NewWith(vgimg.UseWH(p.size()), vgimg.UseDPI(pictureDPI))
	p.paint(newPen(canvas))
	_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(w)
	return err
}

// pen draws on a canvas.
type pen struct{ canvas vgdraw.Canvas }

func newPen(c vg.CanvasSizer) pen {
	p := pen{canvas: vgdraw.New(c)}
	p.fill(white, corners(p.canvas.Rectangle))
	return p
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}

func (p pen) fill(c color.Color, outline []vg.Point) { p.canvas.FillPolygon(c, outline) }

// line is how a stroke looks. No dashes make a solid one.
type line struct {
	colour color.Color
	width  vg.Length
	dashes []vg.Length
}

func (p pen) stroke(l line, points ...vg.Point) {
	p.canvas.StrokeLines(vgdraw.LineStyle{Color: l.colour, Width: l.width, Dashes: l.dashes}, points)
}

func (p pen) dot(c color.Color, at vg.Point, radius vg.Length) {
	var path vg.Path
	path.Move(at.Add(vg.Point{X: radius}))
	path.Arc(at, radius, 0, 2*math.Pi)
	path.Close()
	p.canvas.SetColor(c)
	p.canvas.Fill(path)
}

// text writes a line that begins at a place on the base line.
func (p pen) text(i ink, at vg.Point, text string) {
	p.canvas.SetColor(i.colour)
	p.canvas.FillString(i.face(), at, clean(text))
}

// lines writes lines of text from a base line downward, and returns the next.
func (p pen) lines(i ink, at vg.Point, lines []string) vg.Length {
	for _, text := range lines {
		p.text(i, at, text)
		at.Y -= i.leading()
	}
	return at.Y
}

// upward is text from bottom to top.
func (p pen) upward(i ink, at vg.Point, text string) {
	p.canvas.Push()
	p.canvas.Rotate(math.Pi / 2)
	p.text(i, vg.Point{X: at.Y, Y: -at.X}, text)
	p.canvas.Pop()
}
