// Package floor computes floor surfaces: above every post in range of one
// radar, the lowest altitude that it sees.
//
// The surface is made by a sweep. In each of the four quadrants around the
// radar all rays advance together, one row (or column) of posts a step, with
// at least as many rays as the rim has posts, so that none is missed. A ray keeps
// the largest elevation angle of the terrain so far; a post takes the value
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
	"slices"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

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
	// Floor is above the ground at the posts, row by row. With reach Disc it is
	// Ground wherever something is seen.
	Floor []AGL
	// PostsInRange counts the posts in range over ground.
	PostsInRange int
	// Missing tells of those of them whose terrain is missing.
	Missing Missing

	// altitudes says that Floor holds the bits of altitudes.
	altitudes bool

	frame *frame
	rim   *rim
	// wantedRows and wantedCols are what rays are followed through.
	wantedRows, wantedCols span
}

// Missing tells where terrain is missing.
type Missing struct {
	Posts int
	// AreaM2 is the area of their cells on the ellipsoid, in m².
	AreaM2 float64
	// Bound is the box around them, in degrees; of meaning where there are
	// any.
	Bound orb.Bound
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
	b := site.Bound()
	w := l.Cover(b, 2)
	box := w.Bound()
	if b.Max.Lon()-b.Min.Lon() > 180 || box.Min.Lon() < -180 || box.Max.Lon() > 180 ||
		box.Min.Lat() < -85 || box.Max.Lat() > 85 {
		return w, &PositionError{RadarID: site.ID}
	}
	return w, nil
}

// Version names what computes surfaces. It changes whenever their floors may by
// more than the last digit, in which processors of several kinds differ.
const Version = "4"

// Restore returns a surface that Compute made, from what was kept of it. floors
// are those above the posts of l, its Window.
func Restore(site *sight.Site, reach sight.Reach, l terrain.Lattice, floors []AGL, postsInRange int, missing Missing) *Surface { //nolint:revive // all of them are the surface
	f := newFrame(site.Position, l)
	return &Surface{
		Site: site, Reach: reach, Lattice: l, Floor: floors, PostsInRange: postsInRange, Missing: missing,
		frame: f, rim: newRim(f, site.RangeM),
	}
}

// Compute returns the surface of a radar over land, whose views must hold the
// posts of Window. Missing posts of the ground are counted. It stops with
// ctx.Err() soon after ctx is done, and fails with a *terrain.FormatError where
// a file behind a view cannot be read any more.
func Compute(ctx context.Context, site *sight.Site, reach sight.Reach, l Land, workers int) (*Surface, error) {
	return new(Room).Compute(ctx, site, reach, l, workers)
}

// Room is memory in which one surface after the other is computed. The zero
// value is ready for use, by one goroutine at a time.
type Room struct {
	floors  []AGL
	benches []*bench
}

// Compute is the function of that name, but its surface is of meaning until the
// next one only.
func (m *Room) Compute(ctx context.Context, site *sight.Site, reach sight.Reach, l Land, workers int) (*Surface, error) {
	s := &Surface{Site: site, Reach: reach}
	if err := m.compute(ctx, s, l, workers); err != nil {
		return nil, err
	}
	return s, nil
}

// compute fills the surface of a site.
func (m *Room) compute(ctx context.Context, s *Surface, l Land, workers int) (err error) {
	if s.Lattice, err = Window(s.Site, l.Ground.Lattice); err != nil {
		return err
	}
	s.frame = newFrame(s.Site.Position, s.Lattice)
	if !(s.frame.offM(s.Site.RangeM) <= frameToleranceM) {
		return &PositionError{RadarID: s.Site.ID}
	}
	s.rim = newRim(s.frame, s.Site.RangeM)
	s.want(l.Within)
	s.Floor = m.room(s.Posts(), span{s.wantedRows.from * s.Cols, s.wantedRows.to * s.Cols})
	if err := s.begin(ctx, l.Ground, workers); err != nil {
		return err
	}
	switch s.Reach {
	case sight.Disc:
		s.disc()
	case sight.Horizon:
		err = s.horizon(ctx, l.Ground, workers)
	default:
		err = s.sweep(ctx, l.ready(s), m.workers(workers))
	}
	if err == nil {
		err = s.blind(ctx, l.Ground, workers)
	}
	if err == nil {
		err = s.beside(ctx, workers)
	}
	return err
}

// room returns room for floors, of no meaning, of which some are wanted.
func (m *Room) room(posts int, wanted span) []AGL {
	if cap(m.floors) < posts {
		m.floors = make([]AGL, posts)
		populate(m.floors[wanted.from:wanted.to])
	}
	return m.floors[:posts]
}

// want finds out how far rays are to be followed: around the radar, and to the
// edges of a box. A ray bends by d²·tan φ/2R, in metres north or south; one that
// has left the box by that does not return.
func (s *Surface) want(box terrain.Lattice) {
	s.wantedRows, s.wantedCols = span{0, s.Rows}, span{0, s.Cols}
	if box.Posts() == 0 {
		return
	}
	const marginPosts = 3
	rangeDeg := s.Site.RangeM / earth.CurvatureAt(0).MeridianM * 180 / math.Pi
	bendDeg := rangeDeg * rangeDeg * math.Pi / 360 * math.Tan((math.Abs(s.Site.Position.Lat())+rangeDeg)*math.Pi/180)
	margin := marginPosts + int(bendDeg*s.PerDegLat)
	part := func(at float64, from, count int) span {
		return span{min(from, int(at)) - margin, max(from+count, int(at)) + margin}
	}
	s.wantedRows = part(s.frame.row, box.Row0-s.Row0, box.Rows).cut(s.wantedRows)
	s.wantedCols = part(s.frame.col, box.Col0-s.Col0, box.Cols).cut(s.wantedCols)
}

// workers returns what so many workers work on, at least one.
func (m *Room) workers(n int) []*bench {
	for len(m.benches) < max(n, 1) {
		m.benches = append(m.benches, newBench(kernels[0]))
	}
	return m.benches[:max(n, 1)]
}

// begin counts the posts in range, and those of them that are missing. The
// others are unseen.
func (s *Surface) begin(ctx context.Context, ground *terrain.View, workers int) error {
	const band = 64
	if isWhole(ground, s.Lattice) {
		ground = &terrain.View{}
	}
	missing := make([]Missing, (s.Rows+band-1)/band)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(workers, 1))
	for i := range missing {
		rows := span{i * band, min((i+1)*band, s.Rows)}
		for r := rows.from; r < rows.to; r++ {
			first, last := s.Span(r)
			s.PostsInRange += last - first
		}
		group.Go(func() error {
			return ground.Guard(func() error { return s.beginRows(ctx, ground, rows, &missing[i]) })
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i := range missing {
		s.Missing.join(&missing[i])
	}
	return nil
}

// beginRows does so for some rows. A ground of no posts has none missing.
func (s *Surface) beginRows(ctx context.Context, ground *terrain.View, rows span, missing *Missing) error {
	row := &terrain.Grid{Lattice: s.Sub(0, rows.from, s.Cols, 1)}
	if ground.Posts() > 0 {
		row.ElevationM = make([]float32, s.Cols)
	}
	for r := rows.from; r < rows.to && ctx.Err() == nil; r++ {
		first, last := s.Span(r)
		if r >= s.wantedRows.from && r < s.wantedRows.to {
			floors := s.Floor[r*s.Cols:][:s.Cols]
			s.unsee(floors[:first])
			s.unsee(floors[last:])
		}
		if ground.Posts() > 0 {
			row.Row0 = s.Row0 + r
			ground.CopyTo(row.ElevationM, row.Lattice)
			missing.AddRow(row, 0, first, last)
		}
	}
	return ctx.Err()
}

// blanks are copied, which is quicker than to fill one by one.
var blanks = map[AGL][]AGL{
	Unseen:     slices.Repeat([]AGL{Unseen}, 1024),
	noAltitude: slices.Repeat([]AGL{noAltitude}, 1024),
}

func (s *Surface) unsee(floors []AGL) {
	for blank := blanks[s.none()]; len(floors) > 0; {
		floors = floors[copy(floors, blank):]
	}
}

// isWhole reports whether surely no post of a window is missing.
func isWhole(view *terrain.View, window terrain.Lattice) bool {
	posts := 0
	for i := range view.Panels {
		p := &view.Panels[i]
		both := p.Intersect(window).Posts()
		if p.HasVoid && both > 0 {
			return false
		}
		posts += both
	}
	return posts == window.Posts()
}

func (s *Surface) latAt(row float64) float64 { return 90 - (float64(s.Row0)+row+s.OffLat)/s.PerDegLat }

func (s *Surface) lonAt(col float64) float64 { return (float64(s.Col0)+col+s.OffLon)/s.PerDegLon - 180 }

// AddRow adds the missing ones among columns [first, last) of row r of g.
func (m *Missing) AddRow(g *terrain.Grid, r, first, last int) {
	row := g.RowM(r)
	for c := first; c < last; c++ {
		if row[c] == row[c] {
			continue
		}
		from := c
		for c+1 < last && row[c+1] != row[c+1] {
			c++
		}
		half := 0.5 / g.PerDegLat
		m.join(&Missing{
			Posts:  c + 1 - from,
			AreaM2: float64(c+1-from) * earth.CellAreaM2(g.Lat(r)-half, g.Lat(r)+half, 1/g.PerDegLon),
			Bound:  orb.Bound{Min: orb.Point{g.Lon(from), g.Lat(r)}, Max: orb.Point{g.Lon(c), g.Lat(r)}},
		})
	}
}

// join adds others.
func (m *Missing) join(others *Missing) {
	switch {
	case others.Posts == 0:
	case m.Posts == 0:
		*m = *others
	default:
		m.Posts += others.Posts
		m.AreaM2 += others.AreaM2
		m.Bound = m.Bound.Union(others.Bound)
	}
}

// Span returns the columns [first, last) of row r that lie in range over
// ground; empty where none do.
func (s *Surface) Span(r int) (first, last int) { return s.rim.rows[r].from, s.rim.rows[r].to }

// Polar returns the distance over ground in metres and the azimuth in degrees
// of a post of the window, as the surface takes them: within a centimetre of
// the geodesic at 400 km.
func (s *Surface) Polar(row, col int) (distanceM, azimuthDeg float64) {
	return s.frame.polar(row, col)
}

// DistanceM is Polar without the azimuth.
func (s *Surface) DistanceM(row, col int) float64 {
	distanceM, _ := s.frame.towards(row, col)
	return distanceM
}
