// Package sight follows single rays: one radar looking at one place.
//
// It is the slow, obvious program of the house. It walks the geodesic from
// the radar to the place in steps of at most half a post spacing, and to every
// row and column of posts that it crosses, where bilinear terrain has its
// edges. It keeps the largest elevation angle on the way, and turns it into a
// floor. The fast sweep of package floor is judged by its agreement with it.
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
}

// NewObserver returns an observer whose grid must hold all the terrain
// between the radar and the places that it will look at: what is beyond is
// taken as sea level.
func NewObserver(site *Site, reach Reach, ground *terrain.Grid) *Observer {
	return &Observer{site: site, reach: reach, ground: ground}
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
	w := walk{o: o, line: earth.NewLine(o.site.Position, azimuthDeg), e: o.site.Effective(azimuthDeg), tan: math.Inf(-1)}
	w.col, w.row = o.ground.Col(o.site.Position.Lon()), o.ground.Row(o.site.Position.Lat())
	step := o.StepM()
	for i := 1; float64(i)*step < distanceM; i++ {
		w.stepTo(float64(i) * step)
	}
	return w.tan, w.crest
}

// walk follows a ray, and keeps the largest elevation angle of the terrain.
type walk struct {
	o    *Observer
	line earth.Line
	e    earth.Effective
	// distanceM, col and row are where the last step ended.
	distanceM, col, row float64

	tan   float64
	crest Crest
}

// stepTo looks at the terrain where the step ends, and where it crosses a row
// or a column of posts: there bilinear terrain has its edges.
func (w *walk) stepTo(distanceM float64) {
	p := w.line.At(distanceM)
	col, row := w.o.ground.Col(p.Lon()), w.o.ground.Row(p.Lat())
	for _, share := range [2]float64{crossing(w.col, col), crossing(w.row, row)} {
		if share > 0 && w.distanceM > 0 {
			w.look(w.distanceM+(distanceM-w.distanceM)*share, w.col+(col-w.col)*share, w.row+(row-w.row)*share)
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
	z := w.o.ground.AtPost(col, row)
	if z != z {
		z = 0
	}
	if t := w.e.TanElevation(distanceM, z); t > w.tan {
		p := orb.Point{w.o.ground.Lon(0) + col/w.o.ground.PerDegLon, w.o.ground.Lat(0) - row/w.o.ground.PerDegLat}
		w.tan, w.crest = t, Crest{p, distanceM, z}
	}
}

// StepM returns the longest step along a ray: half the spacing of the posts at
// the radar, in metres, along the axis on which they lie closer.
func (o *Observer) StepM() float64 {
	rad := math.Pi / 180
	c := o.site.curvature
	northM := c.MeridianM * rad / o.ground.PerDegLat
	eastM := c.PrimeVerticalM * math.Cos(o.site.Position.Lat()*rad) * rad / o.ground.PerDegLon
	return math.Min(northM, eastM) / 2
}
