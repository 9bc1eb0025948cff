package picture_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/server/picture"
	"github.com/canopyradar/canopy/terrain"
)

// steps is a model of 6 × 4 posts 1° apart, whose columns are 0, 400, 900, …
// 3400 m high, except for its western half in the first row, which is missing.
type steps struct{}

func (steps) Info() terrain.Info { return terrain.Info{Name: "steps"} }

func (steps) Lattice() terrain.Lattice {
	return terrain.Lattice{PerDegLon: 1, PerDegLat: 1, Col0: 100, Row0: 100, Cols: 6, Rows: 4}
}

func (steps) Read(_ context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	g := terrain.NewGrid(l)
	for r := range l.Rows {
		for c := range l.Cols {
			g.ElevationM[r*l.Cols+c] = []float32{0, 400, 900, 1400, 1900, 3400}[c]
			if l.Row0+r == 100 && c < 3 {
				g.ElevationM[r*l.Cols+c] = float32(math.NaN())
			}
		}
	}
	return g, nil
}

func TestBoxReachesHalfAStepBeyondThePosts(t *testing.T) {
	want := orb.Bound{Min: orb.Point{-80.5, -13.5}, Max: orb.Point{-74.5, -9.5}}
	if got := picture.Box(steps{}.Lattice()); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func draw(t *testing.T, width int) *image.Paletted {
	t.Helper()
	drawn, err := picture.Floor(t.Context(), steps{}, width)
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

func TestFloor(t *testing.T) {
	tests := []struct {
		name  string
		width int
		want  [][]uint8
	}{
		{"a pixel a post", 6, [][]uint8{{0, 0, 0, 3, 4, 6}, {1, 1, 2, 3, 4, 6}, {1, 1, 2, 3, 4, 6}, {1, 1, 2, 3, 4, 6}}},
		{"no more pixels than posts", 100, [][]uint8{{0, 0, 0, 3, 4, 6}, {1, 1, 2, 3, 4, 6}, {1, 1, 2, 3, 4, 6}, {1, 1, 2, 3, 4, 6}}},
		{"one of four", 3, [][]uint8{{1, 3, 6}, {1, 3, 6}}},
		{"one", 1, [][]uint8{{3}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			drawn := draw(t, tt.width)
			if drawn.Rect.Dx() != len(tt.want[0]) || drawn.Rect.Dy() != len(tt.want) {
				t.Fatalf("%v, want %d × %d", drawn.Rect, len(tt.want[0]), len(tt.want))
			}
			for r, row := range tt.want {
				if got := drawn.Pix[r*drawn.Stride:][:len(row)]; !bytes.Equal(got, row) {
					t.Errorf("row %d is %v, want %v", r, got, row)
				}
			}
		})
	}
	if _, _, _, alpha := draw(t, 6).At(0, 0).RGBA(); alpha != 0 {
		t.Errorf("a place without a floor has alpha %d", alpha)
	}
}

// Colours grow darker in steps that can be told apart, to eyes without red and
// green cones as well.
func TestColoursKeepTheirOrder(t *testing.T) {
	palette := draw(t, 6).Palette[1:]
	for name, see := range map[string]func(color.Color) color.Color{
		"all eyes": func(c color.Color) color.Color { return c }, "without red cones": protanope, "without green cones": deuteranope,
	} {
		for i := 1; i < len(palette); i++ {
			step := lightness(see(palette[i-1])) - lightness(see(palette[i]))
			if step < 4 {
				t.Errorf("%s: colour %d is %.1f darker than the one before, want 4 at least", name, i, step)
			}
		}
	}
}

// lightness is L* of CIE 1976, 0 to 100.
func lightness(c color.Color) float64 {
	r, g, b := linear(c)
	y := 0.2126*r + 0.7152*g + 0.0722*b
	if y <= 216.0/24389 {
		return y * 24389 / 27
	}
	return 116*math.Cbrt(y) - 16
}

func linear(c color.Color) (r, g, b float64) {
	of := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	r16, g16, b16, _ := c.RGBA()
	return of(r16), of(g16), of(b16)
}

// protanope and deuteranope see as Viénot, Brettel and Mollon (1999) have it.
func protanope(c color.Color) color.Color {
	r, g, b := linear(c)
	return mixed(0.11238*r+0.88762*g, 0.11238*r+0.88762*g, 0.00401*r-0.00401*g+b)
}

func deuteranope(c color.Color) color.Color {
	r, g, b := linear(c)
	return mixed(0.29275*r+0.70725*g, 0.29275*r+0.70725*g, -0.02234*r+0.02234*g+b)
}

func mixed(r, g, b float64) color.Color {
	of := func(x float64) uint16 {
		x = min(max(x, 0), 1)
		if x <= 0.0031308 {
			return uint16(x * 12.92 * 0xffff)
		}
		return uint16((1.055*math.Pow(x, 1/2.4) - 0.055) * 0xffff)
	}
	return color.RGBA64{R: of(r), G: of(g), B: of(b), A: 0xffff}
}

func TestPNGSaysWhatItIs(t *testing.T) {
	content, err := picture.PNG(draw(t, 6), picture.Text{Keyword: "Title", Text: "Höhe 2′"}, picture.Text{Keyword: "Source", Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := png.Decode(bytes.NewReader(content))
	if err != nil || again.Bounds() != image.Rect(0, 0, 6, 4) {
		t.Fatalf("%v, %v", again, err)
	}
	texts := map[string]string{}
	for rest := content[8:]; len(rest) > 0; {
		length := int(binary.BigEndian.Uint32(rest))
		chunk := rest[4 : 8+length]
		if sum := binary.BigEndian.Uint32(rest[8+length:]); sum != crc32.ChecksumIEEE(chunk) {
			t.Errorf("the checksum of %s is wrong", chunk[:4])
		}
		if keyword, text, found := bytes.Cut(chunk[4:], []byte{0, 0, 0, 0, 0}); string(chunk[:4]) == "iTXt" && found {
			texts[string(keyword)] = string(text)
		}
		rest = rest[12+length:]
	}
	if len(texts) != 2 || texts["Title"] != "Höhe 2′" || texts["Source"] != "x" {
		t.Errorf("texts %v", texts)
	}
}

func TestLegendShowsEveryColour(t *testing.T) {
	legend, err := picture.Legend()
	if err != nil {
		t.Fatal(err)
	}
	shown := map[color.Color]bool{}
	for y := range legend.Bounds().Dy() {
		for x := range legend.Bounds().Dx() {
			shown[color.RGBAModel.Convert(legend.At(x, y))] = true
		}
	}
	for i, c := range draw(t, 6).Palette[1:] {
		if !shown[c] {
			t.Errorf("colour %d is not shown", i)
		}
	}
}
