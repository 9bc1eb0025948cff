package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

func svgOf(t *testing.T, r *canopyv1.GetProfileResponse) string {
	t.Helper()
	var out bytes.Buffer
	if err := ProfileSVG(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// texts are those of an SVG that is well formed.
func texts(t *testing.T, svg string) []string {
	t.Helper()
	var all []string
	inText := false
	for decoder := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "text"
		case xml.CharData:
			if inText {
				all = append(all, string(token))
			}
		case xml.EndElement:
			inText = false
		}
	}
}

func TestProfileSays(t *testing.T) {
	tests := []struct {
		scenery string
		want    []string
		not     []string
	}{
		{"amazon-5km", []string{
			"Puerto Maldonado → -13.5, -72 at 1200 m AMSL: seen", "seen by puerto-maldonado, 5.0 km away", "antenna 215 m AMSL, mast 15 m",
			"km from the radar", "metres above mean sea level", "first Fresnel zone", "DEMONSTRATION TERRAIN of 5 arc-minutes: do not plan on it.",
		}, []string{"ray behind terrain", "terrain missing", "blocking crest"}},
		{"andes-hidden", []string{"ray behind terrain", "blocking crest", "3,048 m AMSL", "lowest altitude seen"}, []string{"terrain missing"}},
		{"andes-seen", []string{"terrain missing"}, nil},
		{"all-missing", []string{"terrain missing"}, []string{"lowest altitude seen"}},
	}
	for _, tt := range tests {
		t.Run(tt.scenery, func(t *testing.T) {
			said := "\n" + strings.Join(texts(t, svgOf(t, sceneries[tt.scenery].response())), "\n") + "\n"
			for _, text := range tt.want {
				if !strings.Contains(said, "\n"+text+"\n") {
					t.Errorf("%q is not in%s", text, said)
				}
			}
			for _, text := range tt.not {
				if strings.Contains(said, text) {
					t.Errorf("%q is there", text)
				}
			}
		})
	}
}

func TestProfileDrawsTheZone(t *testing.T) {
	svg := svgOf(t, sceneries["andes-seen"].response())
	if n := strings.Count(svg, ";fill-opacity:0.25098"); n != 2 {
		t.Errorf("%d translucent bands: want one in the frame and one in the key", n)
	}
}

// Whatever the answer, there is a picture, and always the same one.
func TestProfileOfEverySort(t *testing.T) {
	for name, s := range sceneries {
		t.Run(name, func(t *testing.T) {
			svg := svgOf(t, s.response())
			texts(t, svg)
			if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
				t.Error("a place that is no number")
			}
			if svg != svgOf(t, s.response()) {
				t.Error("two pictures of one answer differ")
			}
		})
	}
}

func TestProfileWithWhatIsNoNumber(t *testing.T) {
	r := sceneries["andes-hidden"].response()
	r.Samples[3].RayAmslM = math.NaN()
	r.Samples[4].TerrainAmslM = proto.Float64(math.NaN())
	r.Samples[5].FloorAmslM = proto.Float64(math.Inf(1))
	r.Samples[6].FresnelRadiusM = math.Inf(1)
	r.Clearance.ClearanceM = math.NaN()
	if svg := svgOf(t, r); strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Error("a place that is no number")
	}
}

func TestNamesCannotBreakThePicture(t *testing.T) {
	r := sceneries["amazon-5km"].response()
	r.Radar.Name = "A<b>&\"\x00\x1b\uffff" + strings.Repeat("long name ", 40)
	if said := strings.Join(texts(t, svgOf(t, r)), "\n"); !strings.Contains(said, `A<b>&"`) {
		t.Errorf("got %s", said)
	}
}

func TestProfilePNG(t *testing.T) {
	draw := func() []byte {
		var out bytes.Buffer
		if err := ProfilePNG(&out, sceneries["andes-hidden"].response()); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	first := draw()
	if !bytes.Equal(first, draw()) {
		t.Error("two pictures of one answer differ")
	}
	picture, err := png.Decode(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if width := picture.Bounds().Dx(); width != 1800 {
		t.Errorf("%d pixels wide", width)
	}
	for name, want := range map[string]image.Point{"ground": {1000, 900}, "sky": {700, 200}} {
		r, g, b, _ := picture.At(want.X, want.Y).RGBA()
		isGround := r>>8 == 0xd9 && g>>8 == 0xcd && b>>8 == 0xb5
		if isGround != (name == "ground") {
			t.Errorf("%s is %x %x %x", name, r>>8, g>>8, b>>8)
		}
	}
}

func TestLabelsKeepClear(t *testing.T) {
	for name, s := range sceneries {
		p := newProfilePicture(s.response())
		d := rayDrawing{scene: p.scene, response: p.response, frame: p.frame()}
		if len(p.scene.samples) == 0 {
			continue
		}
		labels := append(d.ends(), label{at: d.at(0, d.y.low), lines: []string{"least clearance"}, ink: labelInk})
		put(labels, d.Rectangle, d.obstacles())
		for i, a := range labels {
			if !contains(d.Rectangle, a.box.Min) || !contains(d.Rectangle, a.box.Max) {
				t.Errorf("%s: %q is outside", name, a.lines)
			}
			for _, b := range labels[:i] {
				if overlap(a.box, b.box) {
					t.Errorf("%s: %q lies over %q", name, a.lines, b.lines)
				}
			}
		}
	}
}

func TestTicks(t *testing.T) {
	tests := []struct {
		name  string
		span  span
		about int
		want  string
	}{
		{"kilometres", span{0, 316.2}, 9, "0 50 100 150 200 250 300"},
		{"a short way", span{0, 1}, 5, "0 0.2 0.4 0.6 0.8 1"},
		{"below zero", span{-130, 120}, 5, "-100 -50 0 50 100"},
		{"thousands", span{0, 12345}, 3, "0 5,000 10,000"},
		{"far below zero", span{-2500, 0}, 2, "-2,000 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var all []string
			for _, v := range tt.span.ticks(tt.about) {
				all = append(all, tickText(v))
			}
			if got := strings.Join(all, " "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
