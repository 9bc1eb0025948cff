// Package floor computes floor surfaces: above every post in range of one
// radar, the lowest altitude that it sees.
//
// The surface is made by a sweep. In each of the four quadrants around the
// radar all rays advance together, one row (or column) of posts a step, with
// as many rays as the rim has posts, so that none is missed. A ray keeps the
// largest elevation angle of the terrain so far; a post takes the value
// between the two rays that pass it. Rays are geodesics: see frame.
//
// The surface depends on the radar and the terrain in its range, and on
// nothing else: not on how much more terrain is at hand, nor on the number of
// workers, to the last bit.
package floor

import (
	"context"
	"fmt"
	"math"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Surface is a radar's floor above the posts in its range.
type Surface struct {
	Site  *sight.Site
	Reach sight.Reach
	// Lattice is the box around the range.
	terrain.Lattice
	// FloorAMSLM holds metres above mean sea level, row by row; NaN where no
	// altitude is seen, −Inf in range with reach Disc.
	FloorAMSLM []float32
	// PostsInRange counts the posts in range over ground, PostsMissing those
	// of them whose terrain is missing.
	PostsInRange, PostsMissing int

	frame *frame
	// highestTan is that of the highest beam, but of no more than 89 degrees;
	// smallestRadiusM is that of the effective earth along the meridian,
	// where it curves most.
	highestTan, smallestRadiusM float64
}

// PositionError is returned for a radar whose range reaches over the
// antimeridian, where lattices end, or so near a pole that meridians run
// together too fast for a frame.
type PositionError struct{ RadarID string }

func (e *PositionError) Error() string {
	return fmt.Sprintf("the range of radar %s reaches over the antimeridian or too near a pole, which is not supported: shorten the range or move the radar", e.RadarID)
}

// Window returns the posts of l's spacing that a radar's surface covers: the
// box around its range, and a margin.
func Window(site *sight.Site, l terrain.Lattice) (terrain.Lattice, error) {
	b := earth.BoundAround(site.Position, site.RangeM)
	w := l.Cover(b, 2)
	box := w.Bound()
	if b.Max.Lon()-b.Min.Lon() > 180 || box.Min.Lon() < -180 || box.Max.Lon() > 180 ||
		box.Min.Lat() < -85 || box.Max.Lat() > 85 {
		return w, &PositionError{RadarID: site.ID}
	}
	return w, nil
}

// Compute returns the surface of a radar over ground, which must hold the
// posts of Window. Missing posts are taken as sea level and counted. It stops
// with ctx.Err() soon after ctx is done.
func Compute(ctx context.Context, site *sight.Site, reach sight.Reach, ground *terrain.Grid, workers int) (*Surface, error) {
	window, err := Window(site, ground.Lattice)
	if err != nil {
		return nil, err
	}
	s := &Surface{
		Site: site, Reach: reach, Lattice: window,
		FloorAMSLM: make([]float32, window.Posts()),
		frame:      newFrame(site.Position, window),
		highestTan: math.Tan(math.Min(site.MaxElevationDeg, 89) * math.Pi / 180),

		smallestRadiusM: site.Effective(0).RadiusM,
	}
	if !(s.frame.offM(site.RangeM) <= frameToleranceM) {
		return nil, &PositionError{RadarID: site.ID}
	}
	nan := float32(math.NaN())
	for i := range s.FloorAMSLM {
		s.FloorAMSLM[i] = nan
	}
	land, err := s.cut(ctx, ground)
	if err != nil {
		return nil, err
	}
	if reach == sight.Terrain {
		err = s.sweep(ctx, land, workers)
	} else {
		err = s.unscreened(ctx, land, workers)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// cut copies the window out of ground, counts the posts in range, and takes
// missing ones as sea level.
func (s *Surface) cut(ctx context.Context, ground *terrain.Grid) (*terrain.Grid, error) {
	land := &terrain.Grid{Lattice: s.Lattice, ElevationM: make([]float32, s.Posts())}
	dr, dc := s.Row0-ground.Row0, s.Col0-ground.Col0
	for r := range s.Rows {
		if r%stepsPerCheck == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		row := land.RowM(r)
		copy(row, ground.RowM(r + dr)[dc:dc+s.Cols])
		s.mend(r, row)
	}
	return land, nil
}

func (s *Surface) mend(r int, row []float32) {
	first, last := s.Span(r)
	s.PostsInRange += last - first
	for c, z := range row {
		if z == z {
			continue
		}
		row[c] = 0
		if c >= first && c < last {
			s.PostsMissing++
		}
	}
}

// Span returns the columns [first, last) of row r that lie in range over
// ground; empty where none do.
func (s *Surface) Span(r int) (first, last int) {
	middle := min(max(int(math.Round(s.frame.col)), 0), s.Cols-1)
	if s.frame.distance(r, middle) > s.Site.RangeM {
		return middle, middle
	}
	first = s.edge(r, middle, -1)
	last = s.edge(r, middle, s.Cols)
	return first + 1, last
}

// edge returns the column nearest to middle, towards limit, that is out of
// range, by bisection.
func (s *Surface) edge(r, middle, limit int) int {
	in, out := middle, limit
	for in-out > 1 || out-in > 1 {
		c := (in + out) / 2
		if s.frame.distance(r, c) <= s.Site.RangeM {
			in = c
		} else {
			out = c
		}
	}
	return out
}

// Polar returns the distance over ground in metres and the azimuth in degrees
// of a post of the window, as the surface takes them: within a centimetre of
// the geodesic at 400 km.
func (s *Surface) Polar(row, col int) (distanceM, azimuthDeg float64) {
	return s.frame.polar(row, col)
}

// DistanceM is Polar without the azimuth.
func (s *Surface) DistanceM(row, col int) float64 { return s.frame.distance(row, col) }
