package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
)

// overviewsArcsec are the spacings of overviews. A store keeps those that a
// whole number of its posts makes up, and whose squares hold whole blocks.
var overviewsArcsec = []int{3, 15, 30, 60}

func overviewFactors(l terrain.Lattice) []int {
	var factors []int
	for _, arcsec := range overviewsArcsec {
		f := int(l.PerDegLat) * arcsec / 3600
		if f > 1 && f*3600 == int(l.PerDegLat)*arcsec && int(l.PerDegLon)%f == 0 && int(l.PerDegLat)%f == 0 {
			factors = append(factors, f)
		}
	}
	return factors
}

// setLevels enters the levels of a new store.
func (m *Manifest) setLevels() {
	if len(m.Levels) > 0 {
		return
	}
	l := m.Lattice.Posts()
	m.Levels = []Level{{Name: levelName(l, 1, ""), Factor: 1, EdgeDeg: edgeDeg(l)}}
	for _, f := range overviewFactors(l) {
		for _, a := range []terrain.Aggregate{terrain.Mean, terrain.Maximum} {
			m.Levels = append(m.Levels, Level{
				Name: levelName(l, f, a.String()), Factor: f, Aggregate: a.String(), EdgeDeg: edgeDeg(l.Coarsen(f)),
			})
		}
	}
}

// planBase returns the tiles of the base that are not yet as the job wants
// them.
func (im *importer) planBase() []task {
	base := im.manifest.base()
	wanted := map[Square]*Tile{}
	for _, s := range im.job.Sources {
		l, id := s.Lattice(), s.Info().Identity
		if im.job.Bathymetry {
			id += atSeaLevel
		}
		for _, sq := range squares(l, base.EdgeDeg) {
			box := l.Intersect(sq.owned(l, base.EdgeDeg))
			if t := wanted[sq]; t != nil {
				t.Box = boxOf(union(t.on(l), box))
				t.From = append(t.From, id)
			} else {
				wanted[sq] = &Tile{Square: sq, Box: boxOf(box), From: []string{id}}
			}
		}
	}
	var tasks []task
	for _, t := range wanted {
		slices.Sort(t.From)
		t.From = slices.Compact(t.From)
		var old *Tile
		if found := base.find(t.Square); found != nil && im.isThere(0, found) {
			copied := *found
			old = &copied
		}
		if old != nil && len(old.From) >= len(t.From) && slices.Equal(old.From[:len(t.From)], t.From) {
			im.kept++
			continue
		}
		tasks = append(tasks, task{level: 0, want: t.over(old), read: im.readSources(old)})
	}
	sortTasks(tasks)
	return tasks
}

// atSeaLevel marks sources whose depths were taken away.
const atSeaLevel = "+bathymetry"

func sortTasks(tasks []task) {
	slices.SortFunc(tasks, func(a, b task) int { return a.want.Square.compare(b.want.Square) })
}

// over adds what an older tile of the same square brings in: its box and
// where it came from.
func (t *Tile) over(old *Tile) Tile {
	if old == nil {
		return *t
	}
	sum := *t
	sum.Box = boxOf(union(t.on(terrain.Lattice{}), old.on(terrain.Lattice{})))
	for _, id := range old.From {
		if !slices.Contains(sum.From, id) {
			sum.From = append(sum.From, id)
		}
	}
	return sum
}

// union returns the smallest window that holds both.
func union(a, b terrain.Lattice) terrain.Lattice {
	col1, row1 := max(a.Col0+a.Cols, b.Col0+b.Cols), max(a.Row0+a.Rows, b.Row0+b.Rows)
	a.Col0, a.Row0 = min(a.Col0, b.Col0), min(a.Row0, b.Row0)
	a.Cols, a.Rows = col1-a.Col0, row1-a.Row0
	return a
}

func (l Level) find(s Square) *Tile {
	i, found := slices.BinarySearchFunc(l.Tiles, s, func(t Tile, s Square) int { return t.Square.compare(s) })
	if !found {
		return nil
	}
	return &l.Tiles[i]
}

// isThere reports whether a tile's file is as the manifest says. After an
// import that did not end, which may have been by the fall of the machine, only
// the checksum can tell.
func (im *importer) isThere(level int, t *Tile) bool {
	if t.SizeB == 0 {
		return true
	}
	path := tilePath(im.dir, im.manifest.Levels[level].Name, t.Square)
	info, err := os.Stat(path)
	if err != nil || info.Size() != t.SizeB {
		return false
	}
	return !im.checking || verifyFile(context.Background(), path, t.SHA256) == nil
}

// readSources returns what reads a tile of the base: the sources, and where
// they know nothing, the older tile.
func (im *importer) readSources(old *Tile) func(context.Context, Tile) (*terrain.Grid, error) {
	p := newPosts(im.dir, im.manifest, im.manifest.base())
	return func(ctx context.Context, t Tile) (*terrain.Grid, error) {
		g, err := im.sources.Read(ctx, t.on(im.manifest.Lattice.Posts()))
		if err != nil {
			return nil, err
		}
		if im.job.Bathymetry {
			for i, z := range g.ElevationM {
				g.ElevationM[i] = max(z, 0)
			}
		}
		if old == nil || old.SizeB == 0 {
			return g, nil
		}
		return g, complete(g, p, old)
	}
}

// complete gives g the elevations of an older tile where it has none.
func complete(g *terrain.Grid, p *posts, old *Tile) error {
	before := terrain.NewGrid(old.on(g.Lattice))
	if err := p.copyTile(before, old, before.Lattice); err != nil {
		return err
	}
	for r := range before.Rows {
		into := cut(g, before.Lattice, r)
		for c, z := range before.RowM(r) {
			if into[c] != into[c] {
				into[c] = z
			}
		}
	}
	return nil
}

// span enters what follows from the tiles of the base and from the sea.
func (m *Manifest) span() {
	all := m.Lattice.Posts()
	all.Cols, all.Rows = 0, 0
	grow := func(l terrain.Lattice) {
		if all.Posts() == 0 {
			all = l
		} else {
			all = union(all, l)
		}
	}
	m.LowestM, m.HighestM = 0, 0
	known := false
	for _, t := range m.base().Tiles {
		grow(t.on(all))
		switch {
		case t.SizeB == 0:
		case !known:
			m.LowestM, m.HighestM, known = t.LowestM, t.HighestM, true
		default:
			m.LowestM, m.HighestM = min(m.LowestM, t.LowestM), max(m.HighestM, t.HighestM)
		}
	}
	for _, s := range m.Sea {
		grow(s.closed(all, 1))
	}
	m.Lattice.Box = boxOf(all)
	b := all.Bound()
	m.Extent = Extent{West: b.Min.Lon(), South: b.Min.Lat(), East: b.Max.Lon(), North: b.Max.Lat()}
}

// around hashes the tiles of the base, and the sea, that the posts of l and the
// filling of their voids depend on.
func (m *Manifest) around(l terrain.Lattice) string {
	const margin = terrain.SmallVoidPosts + 1
	h, base := sha256.New(), m.base()
	l = l.Sub(-margin, -margin, l.Cols+2*margin, l.Rows+2*margin)
	for _, s := range squares(l, base.EdgeDeg) {
		if t := base.find(s); t != nil {
			fmt.Fprintln(h, t.Square, t.Box, t.SHA256)
		}
	}
	for _, s := range m.Sea {
		if s.closed(l, 1).Intersect(l).Posts() > 0 {
			fmt.Fprintln(h, "sea", s)
		}
	}
	return fmt.Sprintf("base:%x", h.Sum(nil)[:16])
}

// countVoids counts the voids of the tiles that changed, or whose neighbours
// did.
func (im *importer) countVoids(ctx context.Context) error {
	m := &im.manifest
	before := im.soFar()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(im.job.Jobs)
	for i := range m.base().Tiles {
		t := &m.Levels[0].Tiles[i]
		box := t.on(m.Lattice.Posts())
		if t.Missing == 0 {
			continue
		}
		if around := before.manifest.around(box); t.Around != around {
			group.Go(func() error {
				voids, err := countVoids(ctx, raw{before}, box, t.Missing)
				if err == nil {
					t.Voids, t.Around = voids, around
				}
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	m.sumVoids()
	return nil
}

// soFar returns the base as a store, which stays as it is while the manifest
// changes.
func (im *importer) soFar() *Store {
	m := im.manifest
	m.Levels = []Level{m.base()}
	m.Levels[0].Tiles = slices.Clone(m.Levels[0].Tiles)
	return newStore(im.dir, m)
}

func countVoids(ctx context.Context, m terrain.Model, box terrain.Lattice, missing int64) (Voids, error) {
	n, err := terrain.CountVoids(ctx, m, box)
	return Voids{
		Small: n.Small, PostsFilled: n.PostsFilled, PostsMissing: n.PostsMissing,
		PostsSea: missing - n.PostsFilled - n.PostsMissing,
	}, err
}

// sumVoids adds up what was counted for each tile, and the sea without tiles.
func (m *Manifest) sumVoids() {
	m.Voids = Voids{}
	for _, t := range m.base().Tiles {
		m.Voids.Small += t.Voids.Small
		m.Voids.PostsFilled += t.Voids.PostsFilled
		m.Voids.PostsMissing += t.Voids.PostsMissing
		m.Voids.PostsSea += t.Voids.PostsSea
	}
	l, edge := m.Lattice.Posts(), m.base().EdgeDeg
	for _, s := range m.Sea {
		sea := s.owned(l, 1)
		m.Voids.PostsSea += int64(sea.Posts())
		if t := m.base().find(squares(sea, edge)[0]); t != nil {
			m.Voids.PostsSea -= int64(sea.Intersect(t.on(l)).Posts())
		}
	}
}

// planOverviews returns the tiles of overviews that do not follow from the
// base as it is.
func (im *importer) planOverviews() []task {
	m := &im.manifest
	base := im.soFar()
	var tasks []task
	for i, level := range m.Levels[1:] {
		coarse := terrain.Coarsen(base, level.Factor, aggregate(level.Aggregate))
		for _, t := range overviewTiles(m, level) {
			if old := level.find(t.Square); old != nil && slices.Equal(old.From, t.From) && im.isThere(i+1, old) {
				im.kept++
				continue
			}
			tasks = append(tasks, task{level: i + 1, want: t, read: func(ctx context.Context, t Tile) (*terrain.Grid, error) {
				return coarse.Read(ctx, t.on(coarse.Lattice()))
			}})
		}
	}
	return tasks
}

func aggregate(name string) terrain.Aggregate {
	if name == terrain.Maximum.String() {
		return terrain.Maximum
	}
	return terrain.Mean
}

// overviewTiles returns the tiles of a level that hold the tiles of the base.
func overviewTiles(m *Manifest, level Level) []Tile {
	fine := m.Lattice.Posts()
	boxes := map[Square]terrain.Lattice{}
	for _, t := range m.base().Tiles {
		for _, s := range squares(t.on(fine), level.EdgeDeg) {
			box := s.owned(fine, level.EdgeDeg).Intersect(t.on(fine))
			if other, ok := boxes[s]; ok {
				box = union(other, box)
			}
			boxes[s] = box
		}
	}
	var tiles []Tile
	for s, box := range boxes {
		tiles = append(tiles, Tile{Square: s, Box: boxOf(box.Coarsen(level.Factor)), From: []string{m.around(box)}})
	}
	slices.SortFunc(tiles, func(a, b Tile) int { return a.Square.compare(b.Square) })
	return tiles
}
