package report

import (
	"fmt"
	"math"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Profile draws terrain and ray between a radar and a point, and says whether
// the radar sees it. The drawing is left out where plot is false.
func (p *Page) Profile(r *canopyv1.GetProfileResponse, plot bool) {
	p.outcome(r.GetOutcome(), NewReasons([]*canopyv1.ResolvedRadar{r.GetRadar()}))
	if clearance, at := tightest(r.GetSamples()); at != nil {
		p.paragraph("          ", clearanceText(clearance)+", "+kilometres(at.GetDistanceKm())+" from the radar")
	}
	if plot && len(r.GetSamples()) > 1 {
		p.blank()
		p.plot(r.GetSamples())
	}
	p.warnings(r.GetWarnings())
	p.basis(r.GetProvenance())
}

func clearanceText(clearanceM float64) string {
	if clearanceM < 0 {
		return "the ray runs up to " + metres(-clearanceM) + " below ground"
	}
	return "the ray clears the terrain by " + metres(clearanceM) + " at the least"
}

// tightest returns the smallest clearance strictly between the ends, negative
// below ground, and nil where no terrain is known.
func tightest(samples []*canopyv1.ProfileSample) (clearanceM float64, at *canopyv1.ProfileSample) {
	clearanceM = math.Inf(1)
	for i := 1; i < len(samples)-1; i++ {
		s := samples[i]
		if s.TerrainAmslM == nil {
			continue
		}
		if c := s.GetRayAmslM() - s.GetTerrainAmslM(); c < clearanceM {
			clearanceM, at = c, s
		}
	}
	return clearanceM, at
}

const (
	plotRows   = 14
	plotMargin = 9
)

// plot draws the terrain as blocks and the ray as dots, the radar on the left.
func (p *Page) plot(samples []*canopyv1.ProfileSample) {
	c := newCanvas(samples, max(20, min(p.Width-plotMargin-1, 100)))
	for i, s := range samples {
		c.terrain(i, s)
	}
	for i, s := range samples {
		c.ray(i, s)
	}
	for row, cells := range c.cells {
		label := ""
		if row == 0 || row == plotRows-1 || row == plotRows/2 {
			label = metres(c.heightM(row))
		}
		p.line(strings.TrimRight(fmt.Sprintf("%*s %s", plotMargin-1, label, string(cells)), " "))
	}
	end := kilometres(samples[len(samples)-1].GetDistanceKm())
	p.line(fmt.Sprintf("%*s %-*s%s", plotMargin-1, "", c.columns-len(end), "0 km", end))
}

// canvas is a grid of characters, the highest row first.
type canvas struct {
	columns     int
	samples     int
	lowM, highM float64
	cells       [][]rune
}

func newCanvas(samples []*canopyv1.ProfileSample, columns int) *canvas {
	c := &canvas{columns: columns, samples: len(samples), lowM: math.Inf(1), highM: math.Inf(-1)}
	for _, s := range samples {
		c.span(s.GetRayAmslM())
		if s.TerrainAmslM != nil {
			c.span(s.GetTerrainAmslM())
		}
	}
	if c.highM == c.lowM {
		c.highM++
	}
	for range plotRows {
		c.cells = append(c.cells, []rune(strings.Repeat(" ", columns)))
	}
	return c
}

func (c *canvas) span(heightM float64) {
	c.lowM, c.highM = math.Min(c.lowM, heightM), math.Max(c.highM, heightM)
}

func (c *canvas) row(heightM float64) int {
	return int(math.Round((c.highM - heightM) / (c.highM - c.lowM) * (plotRows - 1)))
}

func (c *canvas) heightM(row int) float64 {
	return c.highM - (c.highM-c.lowM)*float64(row)/(plotRows-1)
}

// spread calls draw for the columns that sample i stands for.
func (c *canvas) spread(i int, draw func(column int)) {
	first, next := i*c.columns/c.samples, (i+1)*c.columns/c.samples
	for column := first; column < max(next, first+1) && column < c.columns; column++ {
		draw(column)
	}
}

func (c *canvas) terrain(i int, s *canopyv1.ProfileSample) {
	if s.TerrainAmslM == nil {
		return
	}
	c.spread(i, func(column int) {
		for row := c.row(s.GetTerrainAmslM()); row < plotRows; row++ {
			c.cells[row][column] = '█'
		}
	})
}

// ray marks where the ray runs below ground.
func (c *canvas) ray(i int, s *canopyv1.ProfileSample) {
	mark := '·'
	if s.TerrainAmslM != nil && s.GetRayAmslM() < s.GetTerrainAmslM() {
		mark = '░'
	}
	c.spread(i, func(column int) { c.cells[c.row(s.GetRayAmslM())][column] = mark })
}
