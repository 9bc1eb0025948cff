// Package sight follows single rays: one radar looking at one place.
//
// It is the slow, obvious program of the house. It walks the geodesic from
// the radar to the place in steps of at most half a post spacing, much shorter
// ones near by, and to every row and column of posts that it crosses, where
// bilinear terrain has its edges. It keeps the largest elevation angle on the
// way, and turns it into a floor. The fast sweep of package floor is judged by
// its agreement with it.
package sight

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/terrain"
)

// Crest is the terrain that limits the view along a ray.
type Crest struct {
	Position  orb.Point
	DistanceM float64
	// ElevationAMSLM is its height in metres above mean sea level.
	ElevationAMSLM float64
}

// Sight is how one radar looks at one place.
type Sight struct {
	Envelope
	// Tracked says that the terrain on the way was followed: the reach asks
	// for it, and the place is in range and sector.
	Tracked bool
	// ScreeningTan is the tangent of the screening angle, and Crest where on
	// the way it is reached; of meaning if Tracked. ScreeningTan is −Inf where
	// nothing stands between.
	ScreeningTan float64
	Crest        Crest
	// FloorAMSLM is the lowest altitude seen, in metres above mean sea level:
	// NaN where there is none, −Inf with reach Disc.
	FloorAMSLM float64
}

// CeilingAMSLM returns the highest altitude seen, in metres above mean sea
// level: NaN where there is none, +Inf with reach Disc.
func (s *Sight) CeilingAMSLM() float64 {
	if s.FloorAMSLM != s.FloorAMSLM {
		return math.NaN()
	}
	return s.TopAMSLM()
}

// Observer is a radar that looks at places over terrain. It is safe for
// concurrent use.
type Observer struct {
	site  *Site
	reach Reach
	// ground holds terrain; missing posts are taken as sea level.
	ground *terrain.View
	// near holds finer terrain up to nearM from the radar; nil for none.
	near  *terrain.View
	nearM float64
}

// NewObserver returns an observer whose grid must hold all the terrain
// between the radar and the places that it will look at: what is beyond is
// taken as sea level.
func NewObserver(site *Site, reach Reach, ground *terrain.Grid) *Observer {
	return NewObserverOver(site, reach, ground.View())
}

// NewObserverOver is NewObserver for a view, which is to stay open. Where that is of
// files the observer is to look within its Guard.
func NewObserverOver(site *Site, reach Reach, ground *terrain.View) *Observer {
	return &Observer{site: site, reach: reach, ground: ground}
}

// WithNear returns an observer that follows rays over near, a finer grid, up
// to a distance of nearM metres, and over its own from there on.
func (o Observer) WithNear(near *terrain.Grid, nearM float64) *Observer {
	o.near, o.nearM = near.View(), nearM
	return &o
}

// GroundAMSLM returns the ground at a place in metres above mean sea level, 0
// where it is missing.
func (o *Observer) GroundAMSLM(p orb.Point) float64 {
	ground := o.ground.Cursor()
	if z := ground.At(p.Lon(), p.Lat()); z == z {
		return z
	}
	return 0
}

// Look returns how the radar sees the air above a place on the grid.
func (o *Observer) Look(at orb.Point) Sight { return o.LookOver(at, o.GroundAMSLM(at)) }

// LookOver is Look for a place whose ground, in metres above mean sea level,
// is known: if it is out of range, the grid need not hold it.
func (o *Observer) LookOver(at orb.Point, groundAMSLM float64) Sight {
	g := earth.Inverse(o.site.Position, at)
	s := Sight{
		Envelope:     o.site.Envelope(o.reach, g.DistanceM, g.AzimuthDeg, groundAMSLM),
		ScreeningTan: math.Inf(-1),
		FloorAMSLM:   math.NaN(),
	}
	if !s.InRange || !s.InSector {
		return s
	}
	if o.reach == Terrain {
		s.Tracked = true
		s.ScreeningTan, s.Crest = o.Screening(g.AzimuthDeg, g.DistanceM)
	}
	s.FloorAMSLM = s.Floor(s.ScreeningTan)
	return s
}

// Screening returns the tangent of the largest elevation angle of the terrain
// strictly between the radar and the place at an azimuth and a distance over
// ground, and where it is reached. Without terrain between, the tangent is
// −Inf.
func (o *Observer) Screening(azimuthDeg, distanceM float64) (tan float64, crest Crest) {
	w := walk{line: earth.NewLine(o.site.Position, azimuthDeg), e: o.site.Effective(azimuthDeg), tan: math.Inf(-1)}
	if o.near != nil {
		w.over(o.near, o.site.StepM(o.near.Lattice), math.Min(distanceM, o.nearM))
	}
	w.over(o.ground, o.site.StepM(o.ground.Lattice), distanceM)
	return w.tan, w.crest
}

// walk follows a ray, and keeps the largest elevation angle of the terrain.
type walk struct {
	line    earth.Line
	e       earth.Effective
	lattice terrain.Lattice
	ground  terrain.Cursor
	// distanceM, col and row are where the last step ended.
	distanceM, col, row float64

	tan   float64
	crest Crest
}

// A step turns the view by the more the nearer it is: up to 256 steps away it
// is parted, so that none of the parts is longer than a 256th of the way, or a
// 32nd of a step.
const (
	nearSteps   = 256
	partsOfStep = 32
)

// over goes on over ground, in steps of stepM, for as long as they end nearer
// than untilM.
func (w *walk) over(ground *terrain.View, stepM, untilM float64) {
	startM := w.distanceM
	w.lattice, w.ground = ground.Lattice, ground.Cursor()
	p := w.line.At(startM)
	w.col, w.row = ground.Col(p.Lon()), ground.Row(p.Lat())
	for i := 1; startM+float64(i)*stepM < untilM; i++ {
		w.stepTo(startM + float64(i)*stepM)
	}
}

// stepTo looks at the terrain where the step ends, where its parts do, and where
// it crosses a row or a column of posts: there bilinear terrain has its edges.
// A step is so short that it is straight on the grid.
func (w *walk) stepTo(distanceM float64) {
	p := w.line.At(distanceM)
	col, row := w.lattice.Col(p.Lon()), w.lattice.Row(p.Lat())
	stepM := distanceM - w.distanceM
	look := func(share float64) {
		w.look(w.distanceM+stepM*share, w.col+(col-w.col)*share, w.row+(row-w.row)*share)
	}
	parts := math.Min(partsOfStep, math.Ceil(nearSteps*stepM/w.distanceM))
	for i := 1.0; i < parts; i++ {
		look(i / parts)
	}
	for _, share := range [2]float64{crossing(w.col, col), crossing(w.row, row)} {
		if share > 0 {
			look(share)
		}
	}
	w.look(distanceM, col, row)
	w.distanceM, w.col, w.row = distanceM, col, row
}

// crossing returns how much of the way from a to b, less than one apart, a
// whole number is met; 0 if none is.
func crossing(a, b float64) float64 {
	line := math.Floor(math.Max(a, b))
	if line <= math.Min(a, b) {
		return 0
	}
	return (line - a) / (b - a)
}

func (w *walk) look(distanceM, col, row float64) {
	z := w.ground.AtPost(col, row)
	if z != z {
		z = 0
	}
	if t := w.e.TanElevation(distanceM, z); t > w.tan {
		p := orb.Point{w.lattice.Lon(0) + col/w.lattice.PerDegLon, w.lattice.Lat(0) - row/w.lattice.PerDegLat}
		w.tan, w.crest = t, Crest{p, distanceM, z}
	}
}
