package draw

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// label says what is at a place of the picture.
type label struct {
	at    vg.Point
	lines []string
	ink   ink
	// box is where the label is put.
	box vg.Rectangle
}

const labelPadding vg.Length = 3

func (l label) size() vg.Point {
	var widest vg.Length
	for _, text := range l.lines {
		widest = max(widest, l.ink.width(text))
	}
	return vg.Point{X: widest + 2*labelPadding, Y: vg.Length(len(l.lines))*l.ink.leading() + labelPadding}
}

// labelSteps are how far a label may stand from its place, to each side.
var labelSteps = []vg.Length{0, 8, 16, 30, 50, 75, 110, 150}

// put places labels one after the other, inside a frame, clear of each other,
// and clear of obstacles as far as that goes.
func put(labels []label, within vg.Rectangle, obstacles []vg.Point) {
	for i := range labels {
		least := math.Inf(1)
		for _, box := range labels[i].boxes() {
			if cost := labels[i].cost(box, within, labels[:i], obstacles); cost < least {
				least, labels[i].box = cost, box
			}
		}
	}
}

// boxes are where a label may stand: above before below, right before left.
func (l label) boxes() []vg.Rectangle {
	var boxes []vg.Rectangle
	for _, up := range labelSteps[1:] {
		for _, across := range labelSteps {
			for _, toward := range []vg.Point{{X: across, Y: up}, {X: -across, Y: up}, {X: across, Y: -up}, {X: -across, Y: -up}} {
				boxes = append(boxes, l.boxAt(toward))
			}
		}
	}
	return boxes
}

// boxAt begins at an offset from the place, and extends away from it.
func (l label) boxAt(offset vg.Point) vg.Rectangle {
	size, corner := l.size(), l.at.Add(offset)
	if offset.X < 0 {
		corner.X -= size.X
	} else if offset.X == 0 {
		corner.X -= size.X / 2
	}
	if offset.Y < 0 {
		corner.Y -= size.Y
	}
	return vg.Rectangle{Min: corner, Max: corner.Add(size)}
}

// nearest is the point of a box that is nearest to the place.
func (l label) nearest(box vg.Rectangle) vg.Point {
	return vg.Point{X: clamp(l.at.X, box.Min.X, box.Max.X), Y: clamp(l.at.Y, box.Min.Y, box.Max.Y)}
}

// What is worse than a long way to the place.
const (
	costOutside  = 100000
	costOverlap  = 10000
	costCrossed  = 60
	costObstacle = 12
)

func (l label) cost(box, within vg.Rectangle, others []label, obstacles []vg.Point) float64 {
	away := l.nearest(box).Sub(l.at)
	cost := math.Hypot(float64(away.X), float64(away.Y))
	if box.Min.X < within.Min.X || box.Max.X > within.Max.X || box.Min.Y < within.Min.Y || box.Max.Y > within.Max.Y {
		cost += costOutside
	}
	for _, other := range others {
		if overlap(box, other.box) || contains(box, other.at) {
			cost += costOverlap
		}
		for _, at := range dense([]vg.Point{l.at, l.nearest(box)}) {
			if contains(other.box, at) {
				cost += costCrossed
			}
		}
	}
	for _, at := range obstacles {
		if contains(box, at) {
			cost += costObstacle
		}
	}
	return cost
}

func overlap(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}

func contains(r vg.Rectangle, p vg.Point) bool {
	return p.X >= r.Min.X && p.X <= r.Max.X && p.Y >= r.Min.Y && p.Y <= r.Max.Y
}

// labelGround lets what is below a label shine through a little.
var labelGround = color.NRGBA{R: 255, G: 255, B: 255, A: 215}

func (l label) leader(p pen) {
	p.stroke(line{colour: l.ink.colour, width: 0.6}, l.at, l.nearest(l.box))
}

func (l label) draw(p pen) {
	p.fill(labelGround, corners(l.box))
	for i, text := range l.lines {
		y := l.box.Max.Y - vg.Length(i+1)*l.ink.leading() + labelPadding/2
		p.text(l.ink, vg.Point{X: l.box.Min.X + labelPadding, Y: y}, text)
	}
}

func clamp(v, low, high vg.Length) vg.Length { return max(low, min(v, high)) }
