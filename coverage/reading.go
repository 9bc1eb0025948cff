package coverage

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
)

// reading is what a radar in service sees of the air above a place: from the
// floor to the ceiling, in metres above mean sea level.
type reading struct {
	site                     int // index in Basis.Sites
	distanceM                float64
	floorAMSLM, ceilingAMSLM float64
}

func (r *reading) holds(heightAMSLM float64) bool {
	return heightAMSLM >= r.floorAMSLM && heightAMSLM <= r.ceilingAMSLM
}

// readingsOf returns those of the radars in service that see any altitude.
func readingsOf(sites []sight.Site, sights []sight.Sight) []reading {
	var all []reading
	for i := range sights {
		if s := &sights[i]; sites[i].InService && s.FloorAMSLM == s.FloorAMSLM {
			all = append(all, reading{i, s.DistanceM, s.FloorAMSLM, s.CeilingAMSLM()})
		}
	}
	return all
}

// span returns the lowest and the highest altitude that enough radars see; NaN
// where there is none.
func span(readings []reading, minRadars int) (floorAMSLM, ceilingAMSLM float64) {
	floorAMSLM, ceilingAMSLM = math.Inf(1), math.Inf(-1)
	enough := func(heightAMSLM float64) bool {
		n := 0
		for i := range readings {
			if readings[i].holds(heightAMSLM) {
				n++
			}
		}
		return n >= minRadars
	}
	for i := range readings {
		if f := readings[i].floorAMSLM; f < floorAMSLM && enough(f) {
			floorAMSLM = f
		}
		if c := readings[i].ceilingAMSLM; c > ceilingAMSLM && enough(c) {
			ceilingAMSLM = c
		}
	}
	if floorAMSLM > ceilingAMSLM {
		return math.NaN(), math.NaN()
	}
	return floorAMSLM, ceilingAMSLM
}

// reader reads a radar's surface between its posts.
type reader struct {
	surfaces.Kept
	site    int // index in Basis.Sites
	ceiling sight.Ceiling
	// colM2 and rowM2 are the squares of the spacing of the posts, in metres,
	// at the radar.
	colM2, rowM2 float64
}

func newReader(k surfaces.Kept, site int) reader {
	c := earth.CurvatureAt(k.Site.Position.Lat())
	rad := math.Pi / 180
	colM := c.PrimeVerticalM * math.Cos(k.Site.Position.Lat()*rad) * rad / k.PerDegLon
	rowM := c.MeridianM * rad / k.PerDegLat
	return reader{Kept: k, site: site, ceiling: k.Site.Ceiling(), colM2: colM * colM, rowM2: rowM * rowM}
}

// spot is a place between four posts, of which (row, col) is the north-west
// one, u east and v south of it in fractions of their spacing.
type spot struct {
	row, col int
	u, v     float64
	// floors are those of the posts, from north to south and from west to
	// east.
	floors [4]floor.AGL
}

// find looks a place up. All floors are Unseen where the surface ends.
func (r *reader) find(p orb.Point) (s spot) {
	col, row := r.Col(p.Lon()), r.Row(p.Lat())
	if !(col >= 0 && row >= 0 && col < float64(r.Cols-1) && row < float64(r.Rows-1)) {
		s.floors = [4]floor.AGL{floor.Unseen, floor.Unseen, floor.Unseen, floor.Unseen}
		return s
	}
	s.row, s.col = int(row), int(col)
	s.u, s.v = col-float64(s.col), row-float64(s.row)
	i := s.row*r.Cols + s.col
	s.floors = [4]floor.AGL{r.Floor[i], r.Floor[i+1], r.Floor[i+r.Cols], r.Floor[i+r.Cols+1]}
	return s
}

// above is a place as a reader asks for it.
type above struct {
	position orb.Point
	// groundAMSLM is the terrain's, postsAMSLM that between the posts of the
	// surface, which differs where those are means; neither is NaN.
	groundAMSLM, postsAMSLM float64
}

// read returns the floor between the posts around a place, and the ceiling; ok
// is false where nothing is seen.
func (r *reader) read(a above, s *spot) (out reading, ok bool) {
	highest := max(s.floors[0], s.floors[1], s.floors[2], s.floors[3])
	if highest == floor.Unseen {
		if min(s.floors[0], s.floors[1], s.floors[2], s.floors[3]) == floor.Unseen {
			return out, false
		}
		out = r.readEdge(a, s)
	} else {
		var sin2 float64
		out.distanceM, sin2 = r.polar(s)
		out.floorAMSLM = a.floorAMSLM(s.between(s.floors[0].M(), s.floors[1].M(), s.floors[2].M(), s.floors[3].M()))
		out.ceilingAMSLM = r.ceiling.AMSLM(out.distanceM, sin2)
	}
	out.site = r.site
	return out, out.floorAMSLM <= out.ceilingAMSLM
}

// readEdge is read where some of the posts see nothing: on the rim of the
// range, of a sector, or of what lies below the ceiling. What the place is
// within is then asked of the place.
func (r *reader) readEdge(a above, s *spot) reading {
	var sum, weight float64
	for i, f := range s.floors {
		if w := s.weight(i); f != floor.Unseen {
			sum += w * f.M()
			weight += w
		}
	}
	way := earth.Inverse(r.Site.Position, a.position)
	e := r.Site.Envelope(r.Reach, way.DistanceM, way.AzimuthDeg, a.groundAMSLM)
	return reading{distanceM: way.DistanceM, floorAMSLM: e.Limit(a.floorAMSLM(sum / weight)), ceilingAMSLM: e.TopAMSLM()}
}

// floorAMSLM returns the height that lies aglM above the ground between posts,
// but no less than the ground. Where the posts see their ground, so does the
// place.
func (a above) floorAMSLM(aglM float64) float64 {
	if aglM == 0 {
		return a.groundAMSLM
	}
	return math.Max(a.groundAMSLM, a.postsAMSLM+aglM)
}

// polar returns the distance of the radar over ground in metres, and the square
// of the sine of the azimuth there. The square of the distance is as good as
// quadratic from post to post, which bilinear interpolation exceeds by a known
// amount. A step east by one radian of longitude takes N·cos φ·sin α farther
// away, where N, φ and the azimuth α are the radar's: Clairaut's relation.
func (r *reader) polar(s *spot) (distanceM, sin2 float64) {
	nw, ne := r.DistanceM(s.row, s.col), r.DistanceM(s.row, s.col+1)
	sw, se := r.DistanceM(s.row+1, s.col), r.DistanceM(s.row+1, s.col+1)
	nw, ne, sw, se = nw*nw, ne*ne, sw*sw, se*se
	square := s.between(nw, ne, sw, se) - r.colM2*s.u*(1-s.u) - r.rowM2*s.v*(1-s.v)
	if square <= 0 {
		return 0, 0
	}
	perCol := (ne-nw)*(1-s.v) + (se-sw)*s.v + r.colM2*(2*s.u-1)
	return math.Sqrt(square), min(perCol*perCol/(4*square*r.colM2), 1)
}

// between interpolates between values at the posts.
func (s *spot) between(nw, ne, sw, se float64) float64 {
	north, south := nw+(ne-nw)*s.u, sw+(se-sw)*s.u
	return north + (south-north)*s.v
}

// weight is that of a post in between.
func (s *spot) weight(post int) float64 {
	u, v := 1-s.u, 1-s.v
	if post%2 == 1 {
		u = s.u
	}
	if post/2 == 1 {
		v = s.v
	}
	return u * v
}
