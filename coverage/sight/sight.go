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
	ground *terrain.Grid
	// near holds finer terrain up to nearM from the radar; nil for none.
	near  *terrain.Grid
	nearM float64
}

// NewObserver returns an observer whose grid must hold all the terrain
// between the radar and the places that it will look at: what is beyond is
// taken as sea level.
func NewObserver(site *Site, reach Reach, ground *terrain.Grid) *Observer {
	return &Observer{site: site, reach: reach, ground: ground}
}

// WithNear returns an observer that follows rays over near, a finer grid, up
// to a distance of nearM metres, and over its own from there on.
func (o Observer) WithNear(near *terrain.Grid, nearM float64) *Observer {
	o.near, o.nearM = near, nearM
	return &o
}

// GroundAMSLM returns the ground at a place in metres above mean sea level, 0
// where it is missing.
func (o *Observer) GroundAMSLM(p orb.Point) float64 {
	if z := o.ground.At(p.Lon(), p.Lat()); z == z {
		return z
	}
	return 0
}

// Look returns how the radar sees the air above a place on the grid.
func (o *Observer) Look(at orb.Point) Sight { return o.LookOver(at, o.GroundAMSLM(at)) }

// LookOver is Look for a place whose ground, in metres above mean sea level,
// is known: if it is out of range, the grid need not hold it.
func (o *Observer) LookOver(at orb.Point, groundAMSLM float64) Sight {
	s, followed := o.site.Facing(o.reach, at, groundAMSLM)
	if followed {
		s.Screen(o.Screening(s.AzimuthDeg, s.DistanceM))
	}
	return s
}

// Facing returns how the radar sees the air above a place whose ground is
// groundAMSLM, metres above mean sea level, as if nothing stood between. If followed
// is true, the terrain on the way has a say too: Screen is to be told of it.
func (s *Site) Facing(reach Reach, at orb.Point, groundAMSLM float64) (look Sight, followed bool) {
	g := earth.Inverse(s.Position, at)
	look = Sight{
		Envelope:     s.Envelope(reach, g.DistanceM, g.AzimuthDeg, groundAMSLM),
		ScreeningTan: math.Inf(-1),
		FloorAMSLM:   math.NaN(),
	}
	if !look.InRange || !look.InSector {
		return look, false
	}
	look.FloorAMSLM = look.Floor(look.ScreeningTan)
	return look, reach == Terrain
}

// Screen takes the tangent of the screening angle, and where it is reached.
func (s *Sight) Screen(tan float64, crest Crest) {
	s.Tracked, s.ScreeningTan, s.Crest = true, tan, crest
	s.FloorAMSLM = s.Floor(tan)
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
	line   earth.Line
	e      earth.Effective
	ground *terrain.Grid
	// distanceM, col and row are where the last step ended.
	distanceM, col, row float64

	tan   float64
	crest Crest
}

// over goes on over ground, in steps of stepM, for as long as they end nearer
// than untilM.
func (w *walk) over(ground *terrain.Grid, stepM, untilM float64) {
	startM := w.distanceM
	w.ground = ground
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
	col, row := w.ground.Col(p.Lon()), w.ground.Row(p.Lat())
	stepM := distanceM - w.distanceM
	look := func(share float64) {
		w.look(w.distanceM+stepM*share, w.col+(col-w.col)*share, w.row+(row-w.row)*share)
	}
	parts := Parts(stepM, w.distanceM)
	for i := 1.0; i < parts; i++ {
		look(i / parts)
	}
	for _, share := range [2]float64{Crossing(w.col, col), Crossing(w.row, row)} {
		if share > 0 {
			look(share)
		}
	}
	w.look(distanceM, col, row)
	w.distanceM, w.col, w.row = distanceM, col, row
}

// Parts returns into how many parts a step at a distance is parted. A step turns the
// view by the more the nearer it is: up to 256 steps away none of the parts is longer
// than a 256th of the way, or a 32nd of a step.
func Parts(stepM, distanceM float64) float64 {
	const nearSteps, mostParts = 256, 32
	return math.Min(mostParts, math.Ceil(nearSteps*stepM/distanceM))
}

// Crossing returns how much of the way from a to b, less than one apart, a
// whole number is met; 0 if none is.
func Crossing(a, b float64) float64 {
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
		p := orb.Point{w.ground.Lon(0) + col/w.ground.PerDegLon, w.ground.Lat(0) - row/w.ground.PerDegLat}
		w.tan, w.crest = t, Crest{p, distanceM, z}
	}
}
