package notation_test

import (
	"fmt"
	"testing"

	"github.com/canopyradar/canopy/server/notation"
	"github.com/canopyradar/canopy/server/quantity"
)

// What is read is written down in one line, or else what is said against it.
func TestSitingWords(t *testing.T) {
	weights := func(text string) (any, error) {
		all, err := notation.AltitudeWeights(text)
		var said []string
		for _, w := range all {
			said = append(said, fmt.Sprint(quantity.FormatAltitude(w.GetAltitude()), " ", w.GetWeight()))
		}
		return said, err
	}
	counts := func(text string) (any, error) { return notation.CountWeights(text) }
	named := func(text string) (any, error) { return notation.NamedValue(text, "vraem=5") }
	area := func(text string) (any, error) {
		e, err := notation.AreaAt(text)
		if e.Weight != nil {
			return fmt.Sprint(e.Area, " ", quantity.FormatAltitude(e.Altitude), " ", *e.Weight), err
		}
		return fmt.Sprint(e.Area, " ", quantity.FormatAltitude(e.Altitude)), err
	}
	height := func(text string) (any, error) { return notation.HeightAGLM("height", text) }
	yesNo := func(text string) (any, error) { return notation.YesNo(text) }
	tests := []struct {
		name, text string
		read       func(string) (any, error)
		want       string
	}{
		{"weighted altitudes", "300m-agl=2,FL100", weights, "[300m-agl 2 FL100 0]"},
		{"a weight in words", "300m-agl=two", weights, `"300m-agl=two": weight "two" is not a number: write a weight such as 2 after the =`},
		{"an altitude without unit", "300=2", weights, `altitude "300" has no unit: write 300m-agl, 300m-amsl or FL010`},
		{"double coverage", "1, 0.5", counts, "[1 0.5]"},
		{"a count in words", "1,half", counts, `"1,half": weight "half" is not a number: write 1,0.5, where a second radar is worth half of the first`},
		{"a named value", "vraem=5", named, "{vraem 5}"},
		{"a file with an =", "a=b.geojson=5", named, "{a=b.geojson 5}"},
		{"a name alone", "vraem", named, `"vraem" is not NAME=VALUE: write vraem=5`},
		{"a name without its value", "vraem=", named, `"vraem=" is not NAME=VALUE: write vraem=5`},
		{"an area", "vraem@150m-agl=2", area, "vraem 150m-agl 2"},
		{"an area without weight", "vraem@FL100", area, "vraem FL100"},
		{"an area without altitude", "vraem=2", area, `"vraem=2" is not AREA@ALTITUDE: write vraem@150m-agl, or vraem@150m-agl=2 with a weight`},
		{"an area at two altitudes", "vraem@150m-agl,FL100", area, `"vraem@150m-agl,FL100" has several altitudes: give the area once for each`},
		{"a height", "300m-agl", height, "300"},
		{"a height without reference", "1000ft", height, "304.8"},
		{"a height above the sea", "300m-amsl", height, `height "300m-amsl" is not above ground: write 300m-agl`},
		{"a bare height", "300", height, `height "300" has no unit: write 300m, 300km, 300ft or 300nmi`},
		{"yes", "Yes", yesNo, "true"},
		{"nothing", "", yesNo, "false"},
		{"perhaps", "perhaps", yesNo, `"perhaps" is neither true nor false`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := tt.read(tt.text)
			got := fmt.Sprint(v)
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
