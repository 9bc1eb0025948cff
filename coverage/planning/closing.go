package planning

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/gap"
)

// closing tells which gaps a radar closes. Elements of demand stand for the cells
// of the gap that they lie in, so areas are as exact as they are dense: gaps that
// hold none are left out.
type closing struct {
	bands []gap.Band
	// partOf is the gap of each element, numbered over all bands, −1 for none;
	// m2 is the area that it stands for.
	partOf []int32
	m2     []float64
	gaps   []ClosedGap
}

// newClosing finds the elements in the gaps of bands, one an altitude of the
// demand. already is how many radars see each element, of which minRadars are
// enough.
func newClosing(d *demand, bands []gap.Band, already []uint8, minRadars int) *closing {
	c := &closing{bands: bands, partOf: make([]int32, len(d.targets)), m2: make([]float64, len(d.targets))}
	for e := range c.partOf {
		c.partOf[e] = -1
	}
	for band := range bands {
		for g := range bands[band].Gaps {
			c.add(d, band, g, func(e int32) bool { return int(already[e]) < minRadars })
		}
	}
	return c
}

// add finds the elements of a gap, and shares its area out among them.
func (c *closing) add(d *demand, band, number int, open func(element int32) bool) {
	g := &c.bands[band].Gaps[number]
	cells := airspace.Rasterise(orb.MultiPolygon{g.Boundary}, d.airspace.Lattice)
	var elements []int32
	sum := 0.0
	for _, run := range cells.Runs {
		for col := run.Col0; col < run.Col1; col++ {
			cell := int(run.Row)*d.airspace.Cols + int(col)
			if e := d.elements[cell*d.altitudes+band]; e >= 0 && open(e) {
				elements = append(elements, e)
				c.m2[e] = d.airspace.cellM2[run.Row]
				sum += c.m2[e]
			}
		}
	}
	for _, e := range elements {
		c.partOf[e] = int32(len(c.gaps))
		c.m2[e] *= g.AreaM2 / sum
	}
	c.gaps = append(c.gaps, ClosedGap{Band: band, Gap: number})
}

// by returns the gaps that a radar closes which brings these elements to enough
// radars: by altitude, most area first.
func (c *closing) by(elements []int32) (closed []ClosedGap) {
	areasM2 := make([]float64, len(c.gaps))
	for _, e := range elements {
		if part := c.partOf[e]; part >= 0 {
			areasM2[part] += c.m2[e]
		}
	}
	for part, m2 := range areasM2 {
		if m2 > 0 {
			g := c.gaps[part]
			g.AreaM2 = min(m2, c.bands[g.Band].Gaps[g.Gap].AreaM2)
			closed = append(closed, g)
		}
	}
	slices.SortStableFunc(closed, func(a, b ClosedGap) int { return cmp.Or(a.Band-b.Band, cmp.Compare(b.AreaM2, a.AreaM2)) })
	return closed
}
