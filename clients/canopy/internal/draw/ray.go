package draw

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

// Colours that colour-blind eyes tell apart (Okabe and Ito's palette), over
// ground of no strong colour.
var (
	seenColour    = color.NRGBA{R: 0x00, G: 0x7a, B: 0x5a, A: 255}
	unseenColour  = color.NRGBA{R: 0xc4, G: 0x4e, B: 0x00, A: 255}
	floorColour   = color.NRGBA{R: 0x00, G: 0x72, B: 0xb2, A: 255}
	groundColour  = color.NRGBA{R: 0xd9, G: 0xcd, B: 0xb5, A: 255}
	crestColour   = color.NRGBA{R: 0x6b, G: 0x58, B: 0x36, A: 255}
	missingColour = color.NRGBA{R: 0xa8, G: 0xaf, B: 0xb8, A: 255}
)

func verdictColour(seen bool) color.NRGBA {
	if seen {
		return seenColour
	}
	return unseenColour
}

func faint(c color.NRGBA) color.NRGBA {
	c.A = 64
	return c
}

var (
	groundLine = line{colour: crestColour, width: 1}
	floorLine  = line{colour: floorColour, width: 1.1, dashes: []vg.Length{2, 2.5}}
	hatchLine  = line{colour: missingColour, width: 0.7}
	hidden     = []vg.Length{6, 4}
)

// rayDrawing paints the inside of the frame.
type rayDrawing struct {
	pen
	frame
	scene    scene
	response *canopyv1.GetProfileResponse
}

// draw paints everything, the key from keyY downward.
func (d rayDrawing) draw(keyY vg.Length) {
	d.grid(d.pen)
	for _, gap := range d.scene.unknown() {
		d.hatch(vg.Rectangle{Min: vg.Point{X: d.at(gap.low, 0).X, Y: d.Min.Y}, Max: vg.Point{X: d.at(gap.high, 0).X, Y: d.Max.Y}})
	}
	d.ground()
	d.floorOfSight()
	d.zone()
	d.ray()
	d.axes(d.pen, "km from the radar", "metres above mean sea level")
	d.key(keyY)
	d.mast()
	d.labels()
}

func (d rayDrawing) seen() bool { return d.response.GetOutcome().GetSeen() }

// hatch fills a rectangle with slanted lines.
func (p pen) hatch(r vg.Rectangle) {
	height := r.Max.Y - r.Min.Y
	const step = 7
	for x := r.Min.X - height - vg.Length(math.Mod(float64(r.Min.X-height), step)); x < r.Max.X; x += step {
		from, to := max(x, r.Min.X), min(x+height, r.Max.X)
		if from < to {
			p.stroke(hatchLine, vg.Point{X: from, Y: r.Min.Y + from - x}, vg.Point{X: to, Y: r.Min.Y + to - x})
		}
	}
}

// curve returns the points of a run, and height of which sample.
func (d rayDrawing) curve(run [2]int, height func(sample) float64) []vg.Point {
	var points []vg.Point
	for _, s := range d.scene.samples[run[0] : run[1]+1] {
		points = append(points, d.at(s.km, height(s)))
	}
	return points
}

func terrainOf(s sample) float64 { return s.terrainM }
func rayOf(s sample) float64     { return s.rayM }
func floorOf(s sample) float64   { return s.floorM }

// ground is filled down to the frame; a lone sample is a post.
func (d rayDrawing) ground() {
	for _, run := range d.scene.runs(sample.hasTerrain) {
		top := d.curve(run, terrainOf)
		first, last := top[0], top[len(top)-1]
		first.Y, last.Y = d.Min.Y, d.Min.Y
		outline := append([]vg.Point{first}, top...)
		d.fill(groundColour, append(outline, last))
		if run[0] == run[1] {
			top = outline
		}
		d.stroke(groundLine, top...)
	}
}

// floorOfSight is the lowest altitude that the radar sees, as far as it is
// inside the frame.
func (d rayDrawing) floorOfSight() {
	for _, run := range d.scene.runs(sample.hasFloor) {
		curve := d.curve(run, floorOf)
		inside := d.pen
		inside.canvas.Rectangle = d.Rectangle
		for _, part := range inside.canvas.ClipLinesY(curve) {
			d.stroke(floorLine, part...)
		}
	}
}

func (s sample) hasFloor() bool { return !math.IsNaN(s.floorM) }

// zone is the first Fresnel zone.
func (d rayDrawing) zone() {
	var outline []vg.Point
	for _, s := range d.scene.samples {
		outline = append(outline, d.at(s.km, s.rayM+s.fresnelM))
	}
	for _, s := range slices.Backward(d.scene.samples) {
		outline = append(outline, d.at(s.km, s.rayM-s.fresnelM))
	}
	if len(outline) > 0 {
		d.fill(faint(verdictColour(d.seen())), outline)
	}
}

// ray is solid as far as it is above ground, and dashed from there on.
func (d rayDrawing) ray() {
	last, blocked := len(d.scene.samples)-1, d.scene.blockedAt()
	if last < 0 {
		return
	}
	look := line{colour: verdictColour(d.seen()), width: 1.6}
	d.stroke(look, d.curve([2]int{0, min(blocked, last)}, rayOf)...)
	if blocked < last {
		look.dashes = hidden
		d.stroke(look, d.curve([2]int{blocked, last}, rayOf)...)
	}
}

// mast stands on the ground; of one that is too low to be drawn, the symbol
// remains.
func (d rayDrawing) mast() {
	if len(d.scene.samples) == 0 {
		return
	}
	top := d.at(0, d.scene.samples[0].rayM)
	foot := min(d.at(0, d.response.GetRadar().GetGroundAmslM()).Y, top.Y-11)
	look := line{colour: black, width: 1.3}
	d.stroke(look, vg.Point{X: top.X - 4, Y: foot}, top, vg.Point{X: top.X + 4, Y: foot})
	d.dot(black, top, 2.6)
	end := d.scene.last()
	d.dot(white, d.at(end.km, end.rayM), 5.2)
	d.dot(verdictColour(d.seen()), d.at(end.km, end.rayM), 4)
}

var labelInk = ink{size: 10, colour: black}

// labels names the crest, the least clearance and the ends.
func (d rayDrawing) labels() {
	if len(d.scene.samples) == 0 {
		return
	}
	labels := append(d.tightest(), d.ends()...)
	put(labels, d.Rectangle, d.obstacles())
	for _, l := range labels {
		l.leader(d.pen)
	}
	for _, l := range labels {
		l.draw(d.pen)
	}
}

func (d rayDrawing) ends() []label {
	first, last, radar := d.scene.samples[0], d.scene.last(), d.response.GetRadar()
	return []label{
		{at: d.at(last.km, last.rayM), ink: labelInk, lines: altitudeLines(d.response.GetOutcome())},
		{at: d.at(first.km, first.rayM), ink: labelInk, lines: []string{
			radar.GetName(), fmt.Sprintf("antenna %s m AMSL, mast %s m", tickText(math.Round(radar.GetAntennaAmslM())), tickText(radar.GetMastM())),
		}},
	}
}

// altitudeLines are the altitude as it was asked for, and above sea level.
func altitudeLines(o *canopyv1.PointOutcome) []string {
	lines := []string{tickText(math.Round(o.GetAltitudeAmslM())) + " m AMSL"}
	if _, same := o.GetPoint().GetAltitude().GetLevel().(*canopyv1.Altitude_AmslM); !same {
		lines = append([]string{quantity.DescribeAltitude(o.GetPoint().GetAltitude())}, lines...)
	}
	return lines
}

// near is how far apart two things may be, of the length of the ray, to share
// a label.
const near = 0.01

// tightest marks the crest that blocks and the place of the least clearance.
func (d rayDrawing) tightest() []label {
	var labels []label
	crest, clearance := report.BlockingCrest(d.response), d.response.GetClearance()
	if crest != nil {
		at := d.at(crest.GetDistanceKm(), crest.GetElevationAmslM())
		d.fill(crestColour, []vg.Point{at, {X: at.X - 4, Y: at.Y + 8}, {X: at.X + 4, Y: at.Y + 8}})
		crestInk := labelInk
		crestInk.colour = crestColour
		labels = append(labels, label{at: at, ink: crestInk, lines: []string{"blocking crest", report.CrestText(crest)}})
	}
	if clearance == nil || !finite(clearance.GetClearanceM()) {
		return labels
	}
	text := "least clearance " + report.ClearanceText(clearance)
	if crest != nil && math.Abs(crest.GetDistanceKm()-clearance.GetDistanceKm()) <= near*d.x.length() {
		labels[0].lines = append(labels[0].lines, text)
		return labels
	}
	return append(labels, d.clearance(clearance, text))
}

// clearance draws the distance between the terrain and the ray.
func (d rayDrawing) clearance(c *canopyv1.Clearance, text string) label {
	rayM := d.scene.rayAt(c.GetDistanceKm())
	top, foot := d.at(c.GetDistanceKm(), rayM), d.at(c.GetDistanceKm(), rayM-c.GetClearanceM())
	look := line{colour: black, width: 1}
	d.stroke(look, top, foot)
	for _, end := range []vg.Point{top, foot} {
		d.stroke(look, vg.Point{X: end.X - 3, Y: end.Y}, vg.Point{X: end.X + 3, Y: end.Y})
	}
	middle := vg.Point{X: top.X, Y: (top.Y + foot.Y) / 2}
	return label{at: middle, ink: labelInk, lines: []string{text, report.Away(c.GetDistanceKm())}}
}

// obstacles are points along the lines, close to each other.
func (d rayDrawing) obstacles() []vg.Point {
	whole := [2]int{0, len(d.scene.samples) - 1}
	points := dense(d.curve(whole, rayOf))
	for _, run := range d.scene.runs(sample.hasTerrain) {
		points = append(points, dense(d.curve(run, terrainOf))...)
	}
	for _, run := range d.scene.runs(sample.hasFloor) {
		points = append(points, dense(d.curve(run, floorOf))...)
	}
	return points
}

// dense puts points at most 3 points of a picture apart.
func dense(curve []vg.Point) []vg.Point {
	points := curve[:1:1]
	for i := 1; i < len(curve); i++ {
		step := curve[i].Sub(curve[i-1])
		parts := math.Ceil(math.Hypot(float64(step.X), float64(step.Y)) / 3)
		for n := 1.0; n <= parts; n++ {
			points = append(points, curve[i-1].Add(step.Scale(vg.Length(n/parts))))
		}
	}
	return points
}
