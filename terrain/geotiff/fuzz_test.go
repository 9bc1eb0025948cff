package geotiff_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

// FuzzParse opens files of any content and reads their corners. Whatever they
// hold, the answer is a grid of plausible elevations or a FormatError.
func FuzzParse(f *testing.F) {
	fixtures, _ := filepath.Glob("testdata/*.tif")
	for _, path := range fixtures {
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(content))
	}
	variants(func(_ string, im image) {
		im.cols, im.rows = 9, 7
		f.Add(im.encode())
	})
	f.Fuzz(func(t *testing.T, content string) {
		m, err := geotiff.Parse("fuzz.tif", content)
		if err != nil {
			requireFormatError(t, err)
			return
		}
		l := m.Lattice()
		cols, rows := min(l.Cols, 40), min(l.Rows, 40)
		for _, w := range []terrain.Lattice{
			l.Sub(-1, -1, cols+2, rows+2), l.Sub(l.Cols-cols, l.Rows-rows, cols, rows),
		} {
			g, err := m.Read(t.Context(), w)
			if err != nil {
				requireFormatError(t, err)
				continue
			}
			for _, z := range g.ElevationM {
				if math.Abs(float64(z)) >= 32768 {
					t.Fatalf("an elevation of %v m", z)
				}
			}
		}
	})
}

func requireFormatError(t *testing.T, err error) {
	var format *terrain.FormatError
	if !errors.As(err, &format) || format.Path != "fuzz.tif" {
		t.Fatalf("%v (%T) is not a FormatError for fuzz.tif", err, err)
	}
}
