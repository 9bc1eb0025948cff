package draw

import (
	"fmt"
	"image/color"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

var (
	white    = color.NRGBA{R: 255, G: 255, B: 255, A: 255}
	black    = color.NRGBA{R: 0x1f, G: 0x23, B: 0x28, A: 255}
	grey     = color.NRGBA{R: 0x59, G: 0x63, B: 0x6e, A: 255}
	paleGrey = color.NRGBA{R: 0xe4, G: 0xe7, B: 0xeb, A: 255}
)

// ink is how text looks.
type ink struct {
	size   vg.Length
	bold   bool
	colour color.Color
}

var regularFace = sync.OnceValue(func() *opentype.Font { return parsed(liberationsansregular.TTF) })

var boldFace = sync.OnceValue(func() *opentype.Font { return parsed(liberationsansbold.TTF) })

// parsed reads a font that is part of the program, so that an error is one of
// the program.
func parsed(ttf []byte) *opentype.Font {
	face, err := opentype.Parse(ttf)
	if err != nil {
		panic(fmt.Sprintf("built-in font: %v", err))
	}
	return face
}

func (i ink) face() font.Face {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: i.size}
	if i.bold {
		f.Weight = xfont.WeightBold
		return font.Face{Font: f, Face: boldFace()}
	}
	return font.Face{Font: f, Face: regularFace()}
}

func (i ink) width(text string) vg.Length {
	face := i.face()
	return face.Width(clean(text))
}

// leading is the distance between base lines.
func (i ink) leading() vg.Length { return i.size * 1.35 }

// fold breaks text between words. A longer word stands on a line of its own.
func (i ink) fold(text string, width vg.Length) []string {
	var lines []string
	row := ""
	for word := range strings.FieldsSeq(text) {
		longer := strings.TrimPrefix(row+" "+word, " ")
		if row != "" && i.width(longer) > width {
			lines = append(lines, row)
			longer = word
		}
		row = longer
	}
	if row != "" {
		lines = append(lines, row)
	}
	return lines
}

// clean takes out what XML does not allow and fonts do not draw.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || r >= 0xfffe && r <= 0xffff {
			return ' '
		}
		return r
	}, text)
}
