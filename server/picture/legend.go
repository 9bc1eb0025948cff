package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/canopyradar/canopy/server/words"
)

// The layout of a legend in pixels.
const (
	textPx   = 14
	linePx   = 22
	marginPx = 10
	swatchPx = 26
	widthPx  = 236
)

// Legend is what the colours of floors mean.
var Legend = sync.OnceValues(drawLegend)

func drawLegend() (image.Image, error) {
	face, err := letters()
	if err != nil {
		return nil, err
	}
	head := []string{"Lowest altitude that is seen,", "in metres above mean sea level"}
	out := image.NewRGBA(image.Rect(0, 0, widthPx, 2*marginPx+linePx*(len(head)+len(classes)+1)))
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	pen := font.Drawer{Dst: out, Src: image.NewUniform(color.Black), Face: face}
	line := 0
	write := func(x int, text string) {
		pen.Dot = fixed.P(x, marginPx+line*linePx+textPx)
		pen.DrawString(text)
		line++
	}
	for _, text := range head {
		write(marginPx, text)
	}
	from := math.Inf(-1)
	for _, c := range classes {
		top := marginPx + line*linePx
		swatch := image.Rect(marginPx, top, marginPx+swatchPx, top+linePx-4)
		draw.Draw(out, swatch, image.NewUniform(c.colour), image.Point{}, draw.Src)
		write(2*marginPx+swatchPx, span(from, c.upToAMSLM))
		from = c.upToAMSLM
	}
	write(marginPx, "No colour: seen at no altitude")
	return out, nil
}

// span names the heights of a class.
func span(fromM, toM float64) string {
	switch {
	case math.IsInf(fromM, -1):
		return "up to " + words.Metres(toM)
	case math.IsInf(toM, 1):
		return "above " + words.Metres(fromM)
	}
	return words.Grouped(fromM, 0) + " to " + words.Metres(toM)
}

// letters returns the typeface of the other pictures of Canopy.
func letters() (font.Face, error) {
	parsed, err := opentype.Parse(liberationsansregular.TTF)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(parsed, &opentype.FaceOptions{Size: textPx, DPI: 72, Hinting: font.HintingFull})
}
