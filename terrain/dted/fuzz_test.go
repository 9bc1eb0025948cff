package dted

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
)

// FuzzParse reads files of any content, and their corners. Whatever they hold,
// the answer is a grid of plausible elevations or a FormatError.
func FuzzParse(f *testing.F) {
	head := fmt.Sprintf("UHL10700000W0130000S30003000NA  U  %-12s00020003%-25s", "", "")
	dsi := []byte("DSI" + strings.Repeat(" ", dsiB-3))
	copy(dsi[141:], "MSLWGS84")
	whole := []byte(head + string(dsi) + "ACC" + strings.Repeat(" ", accB-3))
	for range 2 {
		whole = append(whole, 0xaa, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0, 0xb0)
	}
	f.Add(whole)
	f.Add(append([]byte(fmt.Sprintf("%-80s", "VOL1")), whole...))
	f.Add(whole[:len(whole)-3])
	f.Fuzz(func(t *testing.T, content []byte) {
		r := bytes.NewReader(content)
		var format *terrain.FormatError
		c, err := parse(r, int64(len(content)))
		if err != nil {
			if !errors.As(err, &format) {
				t.Fatalf("%v is not a FormatError", err)
			}
			return
		}
		l := c.lattice
		cols, rows := min(l.Cols, 40), min(l.Rows, 40)
		for _, w := range []terrain.Lattice{l.Sub(0, 0, cols, rows), l.Sub(l.Cols-cols, l.Rows-rows, cols, rows)} {
			g := terrain.NewGrid(w)
			if err := c.fill(context.Background(), r, g, w); err != nil && !errors.As(err, &format) {
				t.Fatalf("%v is not a FormatError", err)
			}
			for _, z := range g.ElevationM {
				if z < -16000 || z > 32767 {
					t.Fatalf("an elevation of %v m", z)
				}
			}
		}
	})
}
