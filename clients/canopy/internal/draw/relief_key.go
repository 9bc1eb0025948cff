package draw

import (
	"math"

	"gonum.org/v1/plot/vg"

	"github.com/canopyradar/canopy/clients/canopy/internal/report"
)

// reliefDPI makes a point of every pixel, so that the map is drawn cell by
// cell.
const reliefDPI = 72

const (
	leastKeyWidth vg.Length = 520
	// reliefMargin is around the key.
	reliefMargin vg.Length = 12
	barHeight    vg.Length = 12
	barWidth     vg.Length = 190
)

var (
	nameInk          = ink{size: 14, bold: true, colour: black}
	reliefInk        = ink{size: 11, colour: grey}
	reliefWarningInk = ink{size: 11, bold: true, colour: unseenColour}
)

func (r relief) size() (width, height vg.Length) {
	return max(leastKeyWidth, vg.Length(r.columns)), vg.Length(r.rows) + r.keyHeight()
}

func (r relief) keyHeight() vg.Length {
	return 2*reliefMargin + vg.Length(len(r.name()))*nameInk.leading() + 44 + vg.Length(len(r.warnings()))*reliefWarningInk.leading()
}

func (r relief) textWidth() vg.Length {
	return max(leastKeyWidth, vg.Length(r.columns)) - 2*reliefMargin
}

func (r relief) name() []string {
	return nameInk.fold(report.TerrainName(r.response.GetTerrain()), r.textWidth())
}

func (r relief) warnings() []string {
	var lines []string
	for _, text := range report.WarningTexts(r.response.GetWarnings()) {
		lines = append(lines, reliefWarningInk.fold(text, r.textWidth())...)
	}
	return lines
}

// paintKey writes the name, the colours, the scale and the warnings.
func (r relief) paintKey(p pen) {
	at := vg.Point{X: reliefMargin, Y: r.keyHeight() - reliefMargin - nameInk.size}
	at.Y = p.lines(nameInk, at, r.name()) - 5
	r.paintTints(p, at)
	p.reliefEntry(vg.Point{X: at.X + barWidth + 28, Y: at.Y}, "sea level and below", func(box vg.Rectangle) { p.fill(seaColour, corners(box)) })
	p.reliefEntry(vg.Point{X: at.X + barWidth + 28, Y: at.Y - 18}, "missing", p.void)
	r.paintScale(p, vg.Point{X: at.X + barWidth + 190, Y: at.Y})
	p.lines(reliefWarningInk, vg.Point{X: at.X, Y: at.Y - 38}, r.warnings())
}

// paintTints draws the colours of heights, with the lowest and the highest.
func (r relief) paintTints(p pen, at vg.Point) {
	for x := vg.Length(0); x < barWidth; x++ {
		column := vg.Rectangle{Min: vg.Point{X: at.X + x, Y: at.Y}, Max: vg.Point{X: at.X + x + 1, Y: at.Y + barHeight}}
		p.fill(tint(float64(x/barWidth)), corners(column))
	}
	highest := tickText(math.Round(r.land.high)) + " m"
	p.text(reliefInk, vg.Point{X: at.X, Y: at.Y - 14}, tickText(math.Round(r.land.low))+" m")
	p.text(reliefInk, vg.Point{X: at.X + barWidth - reliefInk.width(highest), Y: at.Y - 14}, highest)
}

func (p pen) reliefEntry(at vg.Point, text string, draw func(vg.Rectangle)) {
	draw(vg.Rectangle{Min: at, Max: at.Add(vg.Point{X: 22, Y: barHeight})})
	p.text(reliefInk, vg.Point{X: at.X + 28, Y: at.Y + 2}, text)
}

// void is a patch of what is missing.
func (p pen) void(box vg.Rectangle) {
	p.fill(voidColour, corners(box))
	for x := box.Min.X; x+barHeight <= box.Max.X; x += 5 {
		p.stroke(line{colour: voidStripes, width: 1.5}, vg.Point{X: x, Y: box.Min.Y}, vg.Point{X: x + barHeight, Y: box.Max.Y})
	}
}

// paintScale draws a bar of a round length, in the middle latitude.
func (r relief) paintScale(p pen, at vg.Point) {
	const longest = 120
	km := roundDown(longest * r.cellM / 1000)
	length := vg.Length(km * 1000 / r.cellM)
	if !finite(float64(length)) {
		return
	}
	look := line{colour: black, width: 1.2}
	p.stroke(look, vg.Point{X: at.X, Y: at.Y + 8}, at, vg.Point{X: at.X + length, Y: at.Y}, vg.Point{X: at.X + length, Y: at.Y + 8})
	p.text(reliefInk, vg.Point{X: at.X, Y: at.Y - 14}, tickText(km)+" km")
}

// roundDown is the last of 1, 2 and 5 times a power of ten.
func roundDown(most float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(most)))
	for _, factor := range []float64{5, 2} {
		if factor*power <= most*(1+1e-9) {
			return factor * power
		}
	}
	return power
}
