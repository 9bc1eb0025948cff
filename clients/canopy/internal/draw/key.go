package draw

import (
	"gonum.org/v1/plot/vg"
)

// entry is one thing of a key: how it looks, and what it is.
type entry struct {
	text string
	draw func(pen, vg.Rectangle)
}

var keyInk = ink{size: 10, colour: grey}

// key explains the lines, from the left edge of the frame to the right.
func (d rayDrawing) key(y vg.Length) {
	colour := verdictColour(d.seen())
	entries := []entry{
		{"terrain", func(p pen, r vg.Rectangle) { p.fill(groundColour, corners(r)); p.stroke(groundLine, r.Max, leftOf(r)) }},
		{"ray", func(p pen, r vg.Rectangle) { p.across(line{colour: colour, width: 1.6}, r) }},
		{"first Fresnel zone", func(p pen, r vg.Rectangle) { p.fill(faint(colour), corners(r)) }},
	}
	if d.scene.blockedAt() < len(d.scene.samples) {
		entries = append(entries, entry{"ray behind terrain", func(p pen, r vg.Rectangle) {
			p.across(line{colour: colour, width: 1.6, dashes: hidden}, r)
		}})
	}
	if len(d.scene.runs(sample.hasFloor)) > 0 {
		entries = append(entries, entry{"lowest altitude seen", func(p pen, r vg.Rectangle) { p.across(floorLine, r) }})
	}
	if len(d.scene.unknown()) > 0 {
		entries = append(entries, entry{"terrain missing", func(p pen, r vg.Rectangle) { p.hatch(r) }})
	}
	d.pen.entries(vg.Point{X: d.Min.X, Y: y}, entries)
}

func leftOf(r vg.Rectangle) vg.Point { return vg.Point{X: r.Min.X, Y: r.Max.Y} }

func (p pen) across(l line, r vg.Rectangle) {
	y := (r.Min.Y + r.Max.Y) / 2
	p.stroke(l, vg.Point{X: r.Min.X, Y: y}, vg.Point{X: r.Max.X, Y: y})
}

func (p pen) entries(at vg.Point, entries []entry) {
	const width, height, gap = 22, 9, 18
	for _, e := range entries {
		e.draw(p, vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - 1}, Max: vg.Point{X: at.X + width, Y: at.Y + height - 1}})
		p.text(keyInk, vg.Point{X: at.X + width + 5, Y: at.Y}, e.text)
		at.X += width + 5 + keyInk.width(e.text) + gap
	}
}
