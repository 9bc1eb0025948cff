package esriascii

import (
	"bytes"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
)

// FuzzParse reads files of any content, and their corners. Whatever they hold,
// the answer is a grid of plausible elevations or a FormatError.
func FuzzParse(f *testing.F) {
	const head = "ncols 3\nnrows 2\nxllcorner -70\nyllcorner -13\ncellsize 0.25\n"
	f.Add([]byte(head + "1 2 3\n4 5 6\n"))
	f.Add([]byte(head + "NODATA_value -1\n1.5 -2e3 nan\n4\n5\n-1"))
	f.Add([]byte(strings.ReplaceAll(head, "ll", "LL") + "1 2 3 4 5 6 7"))
	f.Add([]byte("nrows 1 ncols 1 xllcenter 0 yllcenter 0 dx 1 dy 1 1,5"))
	f.Fuzz(func(t *testing.T, content []byte) {
		r := bytes.NewReader(content)
		var format *terrain.FormatError
		parsed, err := parse(t.Context(), r, int64(len(content)))
		if err != nil {
			if !errors.As(err, &format) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%v is not a FormatError of one line", err)
			}
			return
		}
		l := parsed.lattice
		cols, rows := min(l.Cols, 40), min(l.Rows, 40)
		for _, w := range []terrain.Lattice{l.Sub(0, 0, cols, rows), l.Sub(l.Cols-cols, l.Rows-rows, cols, rows)} {
			g := terrain.NewGrid(w)
			if err := parsed.fill(t.Context(), r, g, w); err != nil {
				if !errors.As(err, &format) {
					t.Fatalf("%v is not a FormatError", err)
				}
				continue
			}
			for _, z := range g.ElevationM {
				if math.Abs(float64(z)) >= absurdM {
					t.Fatalf("an elevation of %v m", z)
				}
			}
		}
	})
}

// FuzzNumber holds numbers to those of the standard library, to the last bit.
func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "-0", "8848.86", ".5", "4.", "123456789012345", "1234567890.12345", "1e3", "-", ".", "", "nan"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, b := range []byte(text) {
			if classes[b] != digit {
				return
			}
		}
		want, err := strconv.ParseFloat(text, 64)
		if errors.Is(err, strconv.ErrRange) {
			return
		}
		got, gotErr := number([]byte(text))
		if (err == nil) != (gotErr == nil) || err == nil && math.Float32bits(got) != math.Float32bits(float32(want)) {
			t.Fatalf("%q is %v, %v; want %v, %v", text, got, gotErr, float32(want), err)
		}
	})
}

func TestProjectionsAreTold(t *testing.T) {
	for text, want := range map[string]bool{
		`GEOGCS["x",DATUM["WGS_1984",`: true, `GEOGCS["x",DATUM["D_WGS_1984",`: true, `GEOGCS["x",DATUM["D_WGS_1972",`: false,
		`GEOGCS["WGS_1984",DATUM["other",`: false, "Datum WGS84": true, "Datum WGS72": false, "": false,
	} {
		if got := isWGS84(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
