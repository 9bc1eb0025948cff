package picture

import (
	"image/color"
	"math"
)

// class holds floors up to a height.
type class struct {
	upToAMSLM float64
	colour    color.RGBA
}

// classes go from light for low floors to dark for high ones, in equal steps of
// lightness along a bow in OKLab from yellow over green to blue: their order
// shows to colour-blind eyes and in print as well.
var classes = []class{
	{500, rgb(0xff, 0xf2, 0x60)}, {1000, rgb(0xda, 0xde, 0x6e)}, {1500, rgb(0xb1, 0xca, 0x78)}, {2000, rgb(0x8a, 0xb5, 0x7d)},
	{3000, rgb(0x66, 0x9e, 0x7f)}, {4000, rgb(0x45, 0x87, 0x7f)}, {5000, rgb(0x28, 0x6f, 0x7d)}, {7000, rgb(0x0d, 0x56, 0x79)},
	{10000, rgb(0x00, 0x3b, 0x73)}, {math.Inf(1), rgb(0x03, 0x1c, 0x6c)},
}

func rgb(r, g, b uint8) color.RGBA { return color.RGBA{R: r, G: g, B: b, A: 0xff} }

// colours are those of the classes, after the one of places without a floor.
func colours() color.Palette {
	all := color.Palette{color.RGBA{}}
	for _, c := range classes {
		all = append(all, c.colour)
	}
	return all
}

// classOf returns the index of a floor's colour; 0 for NaN.
func classOf(amslM float64) uint8 {
	for i, c := range classes {
		if amslM <= c.upToAMSLM {
			return uint8(i + 1)
		}
	}
	return 0
}
