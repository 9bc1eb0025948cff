package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
)

// Profile draws terrain and ray between a radar and a point, and says whether
// the radar sees it. The drawing is left out where plot is false.
func (p *Page) Profile(r *canopyv1.GetProfileResponse, plot bool) {
	p.outcome(r.GetOutcome(), words.NewReasons([]*canopyv1.ResolvedRadar{r.GetRadar()}))
	p.paragraph("clearance ", clearanceText(r.GetClearance()))
	if crest := BlockingCrest(r); crest != nil {
		p.paragraph("crest     ", CrestText(crest)+" at "+words.Place(crest.GetPosition()))
	}
	if f := r.GetFrequencyMhz(); f > 0 {
		p.line("frequency " + megahertz(f))
	}
	if plot && len(r.GetSamples()) > 1 {
		p.blank()
		p.plot(r.GetSamples())
	}
	p.warnings(r.GetWarnings())
	p.basis(r.GetProvenance())
}

// BlockingCrest returns the terrain that hides the point; nil where none does.
func BlockingCrest(r *canopyv1.GetProfileResponse) *canopyv1.Crest {
	for _, s := range r.GetOutcome().GetSights() {
		if s.GetCrest() != nil {
			return s.GetCrest()
		}
	}
	return nil
}

// CrestText says how high a crest is, and how far away.
func CrestText(c *canopyv1.Crest) string {
	return words.Metres(c.GetElevationAmslM()) + " AMSL, " + Away(c.GetDistanceKm())
}

// Away says how far something is from the radar, in metres if that is near.
func Away(km float64) string {
	distance := words.Kilometres(km)
	if km < 1 {
		distance = words.Metres(1000 * km)
	}
	return distance + " from the radar"
}

// freeFresnelRadii is the clearance from which diffraction hardly weakens a
// signal (ITU-R P.526).
const freeFresnelRadii = 0.6

func clearanceText(c *canopyv1.Clearance) string {
	if c == nil {
		return "unknown: no terrain is known below the ray"
	}
	verdict := "free"
	switch {
	case c.GetClearanceM() < 0:
		verdict = "blocked"
	case c.GetFresnelRadii() < freeFresnelRadii:
		verdict = "less than the 0.6 radii from which the ray is free"
	}
	return fmt.Sprintf("%s at the least, %s at %s: %s", ClearanceText(c), Away(c.GetDistanceKm()), words.Place(c.GetPosition()), verdict)
}

// ClearanceText says how far a ray is from the terrain, negative below ground.
// Radii are left out at the ends of the ray, where the Fresnel zone has none.
func ClearanceText(c *canopyv1.Clearance) string {
	text := words.Metres(c.GetClearanceM())
	if radii := c.GetFresnelRadii(); !math.IsInf(radii, 0) && !math.IsNaN(radii) {
		text += " = " + words.Grouped(radii, 1) + " Fresnel radii"
	}
	return text
}

// ProfileBasis says what a ray stands on.
func ProfileBasis(r *canopyv1.GetProfileResponse) string {
	parts := []string{
		terrainText(r.GetProvenance().GetTerrain()), "k " + strconv.FormatFloat(r.GetRadar().GetEffectiveEarthK(), 'f', 3, 64),
		"reach " + reachWord(r.GetProvenance().GetReach()),
	}
	if f := r.GetFrequencyMhz(); f > 0 {
		parts = append(parts, "Fresnel zone at "+megahertz(f))
	}
	return strings.Join(parts, "; ")
}

func megahertz(v float64) string { return words.Grouped(v, 0) + " MHz" }

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
			label = words.Metres(c.heightM(row))
		}
		p.line(strings.TrimRight(fmt.Sprintf("%*s %s", plotMargin-1, label, string(cells)), " "))
	}
	end := words.Kilometres(samples[len(samples)-1].GetDistanceKm())
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
