package planning

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/terrain"
)

// A summit is the highest post within summitM metres, and higher than some of
// them. It is looked for on blocks of posts of up to summitArcsec, by the highest
// post of each: on finer terrain there is more to look at, and nothing more to
// find. Where posts lie far apart, their neighbours are compared in any case.
const (
	summitM      = 3000
	summitArcsec = 15
)

// tilePosts is the side of the squares in which terrain is looked at.
const tilePosts = 512

// summits looks for summits near airstrips.
type summits struct {
	*finding
	access *airstrip.Index
	// blocks holds the highest post of each block, of factor posts in both
	// directions.
	blocks terrain.Model
	factor int
	found  []summit
}

// summit is a block that holds one.
type summit struct {
	// col and row are counted from −180 and 90.
	col, row int
	at       orb.Point
	heightM  float32
}

func (f *finding) takeHighPoints(ctx context.Context) error {
	s, err := newSummits(f)
	if err != nil {
		return err
	}
	tiles := s.tiles()
	for i, tile := range tiles {
		coverage.ProgressOf(ctx)(float64(i)/float64(len(tiles)), "high points")
		if err := s.find(ctx, tile); err != nil {
			return err
		}
	}
	slices.SortFunc(s.found, func(a, b summit) int {
		return cmp.Or(cmp.Compare(b.heightM, a.heightM), cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col))
	})
	before := len(f.Found)
	if err := s.take(ctx); err != nil {
		return err
	}
	if len(s.found) > 0 && len(f.Found) == before && !f.more {
		f.warn("candidates.thinned", "all %d high points within %.4g km of an airstrip stand nearer than %.4g km to a candidate, and none is taken: take a smaller distance between candidates, or leave airstrips out",
			len(s.found), f.NearAccessM/1e3, f.ThinM/1e3)
	}
	return nil
}

func newSummits(f *finding) (*summits, error) {
	var strips []airstrip.Airstrip
	for _, a := range f.Airstrips {
		strips = append(strips, *a)
	}
	access, err := airstrip.NewIndex(strips)
	own := 3600 / f.terrain.Lattice().PerDegLat
	factor := max(1, int(math.Floor(summitArcsec/own+1e-6)))
	return &summits{finding: f, access: access, factor: factor, blocks: terrain.Coarsen(f.terrain, factor, terrain.Maximum)}, err
}

// tiles returns the windows that hold all that is near an airstrip and in the box
// of the area.
func (s *summits) tiles() []terrain.Lattice {
	type square struct{ row, col int }
	all := s.blocks.Lattice()
	squares := map[square]bool{}
	for _, a := range s.Airstrips {
		box, within := boxOf(a.Position, s.NearAccessM), s.Within.Bound()
		if !box.Intersects(within) {
			continue
		}
		box.Min = orb.Point{max(box.Min.Lon(), within.Min.Lon()), max(box.Min.Lat(), within.Min.Lat())}
		box.Max = orb.Point{min(box.Max.Lon(), within.Max.Lon()), min(box.Max.Lat(), within.Max.Lat())}
		part := all.Cover(box, 0).Intersect(all)
		for row := part.Row0 / tilePosts; row*tilePosts < part.Row0+part.Rows; row++ {
			for col := part.Col0 / tilePosts; col*tilePosts < part.Col0+part.Cols; col++ {
				squares[square{row, col}] = true
			}
		}
	}
	var tiles []terrain.Lattice
	for q := range squares {
		tile := all
		tile.Col0, tile.Row0, tile.Cols, tile.Rows = q.col*tilePosts, q.row*tilePosts, tilePosts, tilePosts
		tiles = append(tiles, tile.Intersect(all))
	}
	slices.SortFunc(tiles, func(a, b terrain.Lattice) int {
		return cmp.Or(cmp.Compare(a.Row0, b.Row0), cmp.Compare(a.Col0, b.Col0))
	})
	return tiles
}

// find finds the summits of a tile that lie in the area and near an airstrip.
func (s *summits) find(ctx context.Context, tile terrain.Lattice) error {
	inside := airspace.Rasterise(s.Within, tile)
	if len(inside.Runs) == 0 {
		return nil
	}
	around := neighbours(tile)
	margin := 0
	for _, n := range around {
		margin = max(margin, n.rows, n.cols)
	}
	g, err := s.blocks.Read(ctx, tile.Sub(-margin, -margin, tile.Cols+2*margin, tile.Rows+2*margin))
	if err != nil {
		return err
	}
	for _, run := range inside.Runs {
		for c := run.Col0; c < run.Col1; c++ {
			col, row := int(c), int(run.Row)
			if !isSummit(g, col+margin, row+margin, around) {
				continue
			}
			at := orb.Point{tile.Lon(col), tile.Lat(row)}
			if near := s.access.Nearest(at, 1, nil); near[0].DistanceM <= s.NearAccessM {
				s.found = append(s.found, summit{tile.Col0 + col, tile.Row0 + row, at, g.RowM(row + margin)[col+margin]})
			}
		}
	}
	return nil
}

// neighbour is where a post lies that a summit is compared with.
type neighbour struct{ rows, cols int }

// neighbours are all within summitM, nearest first, and the next ones at least.
func neighbours(l terrain.Lattice) (all []neighbour) {
	middle := l.Lat(l.Rows / 2)
	curvature := earth.CurvatureAt(middle)
	rad := math.Pi / 180
	rowM := curvature.MeridianM * rad / l.PerDegLat
	colM := curvature.PrimeVerticalM * math.Cos(middle*rad) * rad / l.PerDegLon
	away := func(n neighbour) float64 { return math.Hypot(float64(n.rows)*rowM, float64(n.cols)*colM) }
	high, wide := max(1, int(summitM/rowM)), max(1, int(summitM/colM))
	for rows := -high; rows <= high; rows++ {
		for cols := -wide; cols <= wide; cols++ {
			n := neighbour{rows, cols}
			next := rows*rows <= 1 && cols*cols <= 1
			if n != (neighbour{}) && (next || away(n) <= summitM) {
				all = append(all, n)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b neighbour) int { return cmp.Compare(away(a), away(b)) })
	return all
}

// isSummit reports whether a post is higher than some of its neighbours, no lower
// than any, and the first of those that are as high. What is missing is neither.
func isSummit(g *terrain.Grid, col, row int, around []neighbour) bool {
	z := g.RowM(row)[col]
	if z != z {
		return false
	}
	higher := false
	for _, n := range around {
		other := g.RowM(row + n.rows)[col+n.cols]
		before := n.rows < 0 || n.rows == 0 && n.cols < 0
		if other > z || other == z && before {
			return false
		}
		higher = higher || other < z
	}
	return higher
}

// take takes the summits that are far enough from all that is taken.
func (s *summits) take(ctx context.Context) error {
	l := s.blocks.Lattice()
	// The post of a block lies less than this from its middle.
	offM := 0.0
	if s.factor > 1 {
		offM = earth.SemiMajorAxisM * math.Pi / 180 * math.Hypot(0.5/l.PerDegLon, 0.5/l.PerDegLat)
	}
	for _, one := range s.found {
		if !s.taken.free(one.at, s.ThinM-offM) {
			continue
		}
		at, err := s.highest(ctx, one)
		if err != nil {
			return err
		}
		if !airspace.Contains(s.Within, at) || !s.taken.free(at, s.ThinM) {
			continue
		}
		near := s.access.Nearest(at, 1, nil)[0]
		if near.DistanceM > s.NearAccessM {
			continue
		}
		if s.full() {
			return nil
		}
		// The airstrip is the caller's, and not the copy of the index.
		i := slices.IndexFunc(s.Airstrips, func(a *airstrip.Airstrip) bool { return a.ID == near.Airstrip.ID })
		way := earth.Inverse(near.Airstrip.Position, at)
		name := fmt.Sprintf("High point %.0f m, %.0f km %s of %s", one.heightM, near.DistanceM/1e3, pointOf(way.AzimuthDeg), cmp.Or(near.Airstrip.Name, near.Airstrip.ID))
		s.finding.take(Found{Position: at, Name: name, Airstrip: s.Airstrips[i], AwayM: near.DistanceM, GroundAMSLM: float64(one.heightM)})
	}
	return nil
}

// highest returns the highest post of a block, the first of several.
func (s *summits) highest(ctx context.Context, one summit) (orb.Point, error) {
	if s.factor == 1 {
		return one.at, nil
	}
	l := s.terrain.Lattice()
	l.Col0, l.Row0, l.Cols, l.Rows = one.col*s.factor, one.row*s.factor, s.factor, s.factor
	g, err := s.terrain.Read(ctx, l)
	if err != nil {
		return orb.Point{}, err
	}
	at := 0
	for i, z := range g.ElevationM {
		if z > g.ElevationM[at] || g.ElevationM[at] != g.ElevationM[at] {
			at = i
		}
	}
	return orb.Point{l.Lon(at % l.Cols), l.Lat(at / l.Cols)}, nil
}
