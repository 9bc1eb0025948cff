package floor

import (
	"testing"

	"github.com/paulmach/orb"
)

// TestRimColumns: the rows of a column that are in range are those in whose
// columns it is.
func TestRimColumns(t *testing.T) {
	for _, at := range []orb.Point{{-70, -12}, {-70.0011, 0}, {25.123, 63.3}} {
		for _, rangeM := range []float64{1, 100, 600, 5e3, 100e3} {
			w, err := Window(siteAt(at, rangeM), arcsec30)
			if err != nil {
				t.Fatal(err)
			}
			rim := newRim(newFrame(at, w), rangeM)
			for r, columns := range rim.rows {
				for c, rows := range rim.columns {
					if byRow, byColumn := c >= columns.from && c < columns.to, r >= rows.from && r < rows.to; byRow != byColumn {
						t.Fatalf("%v m around %v, row %d, column %d: in range by row %v, by column %v", rangeM, at, r, c, byRow, byColumn)
					}
				}
			}
		}
	}
}
