// Package store keeps an elevation model the way it is read fastest: as plain
// GeoTIFF tiles of 32-bit metres, which are mapped into memory, and copied or
// looked at in place, with coarser versions of it beside them.
//
//	DIR/manifest.json       what there is, where it came from, checksums
//	DIR/3s/S13W070.tif      the posts as the sources have them
//	DIR/15s-mean/S15W070.tif, DIR/15s-max/…, DIR/30s-mean/…   overviews
//
// A tile has the posts of one square of whole degrees, which its name gives by
// the south-west corner. Squares are counted from −180 and 90, and a post that
// lies on the line between two belongs to the eastern and to the southern one.
// Tiles of sources that share the posts of their edges, as SRTM tiles do, so
// leave slivers in the next squares; no post is lost, and none is kept twice.
// A tile ends where the sources do. Squares without a known post have no file.
//
// Missing posts are NaN in the files. Small voids are filled by
// terrain.FillVoids when they are read, not when they are imported: a void on
// the edge of a tile may close when the next tile comes, and the files remain
// what the sources said. Degrees that are known as sea read as 0 m, without
// files.
//
// Overviews are what terrain.Coarsen makes of the model as it is read, small
// voids filled, to the last bit.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/canopyradar/canopy/terrain"
)

// Store is an elevation model in a directory. It is a terrain.Overviewed and a
// terrain.Viewer, as its overviews are, and safe for concurrent use.
type Store struct {
	*posts
	dir      string
	opened   os.FileInfo // the manifest's file
	manifest Manifest
	info     terrain.Info
	filled   terrain.Model
	coarser  []*posts
}

// IsStore reports whether dir has a store's manifest, complete or not.
func IsStore(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, manifestName))
	return err == nil && info.Mode().IsRegular()
}

// Open opens the store in dir. It reads the manifest, and no tile. It fails
// with a *terrain.FormatError when there is none, when it is damaged or of a
// later version, and when the last import did not come to its end.
func Open(dir string) (*Store, error) {
	manifest, opened, err := load(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &terrain.FormatError{Path: dir, Reason: "no terrain store here (there is no " + manifestName + ")",
			Remedy: "make one with: canopy terrain import SOURCES --into " + dir}
	case err != nil:
		return nil, err
	case !manifest.Complete:
		return nil, &terrain.FormatError{Path: dir, Reason: "the terrain store is incomplete: an import goes on or was broken off",
			Remedy: "run the import again, which goes on where it stopped"}
	}
	s := newStore(dir, manifest)
	s.opened = opened
	return s, nil
}

// newStore returns the store that the manifest describes.
func newStore(dir string, m Manifest) *Store {
	s := &Store{dir: dir, manifest: m, posts: newPosts(dir, m, m.base())}
	s.info = m.info(dir)
	s.filled = terrain.FillVoids(raw{s})
	for _, level := range m.Levels[1:] {
		s.coarser = append(s.coarser, newPosts(dir, m, level))
	}
	return s
}

// Info describes the store. The identity stands on the checksums of the tiles,
// as the manifest has them.
func (s *Store) Info() terrain.Info { return s.info }

// Manifest returns what the store is made of. It must not be changed.
func (s *Store) Manifest() Manifest { return s.manifest }

// Lattice returns the smallest lattice that holds all tiles and all sea.
func (s *Store) Lattice() terrain.Lattice { return s.lattice }

// Read returns the posts of l, with small voids filled. Tiles are mapped into
// memory one after the other by each processor, so that beyond the window only
// those in flight are resident. Besides the errors of terrain.Model, it fails
// with a *terrain.FormatError when an import has changed the store since it
// was opened.
func (s *Store) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	if s.whole(l) {
		return raw{s}.Read(ctx, l)
	}
	return s.filled.Read(ctx, l)
}

// Overview returns a coarser version that is kept.
func (s *Store) Overview(factor int, a terrain.Aggregate) (terrain.Model, bool) {
	i := slices.IndexFunc(s.coarser, func(p *posts) bool {
		return p.level.Factor == factor && p.level.Aggregate == a.String()
	})
	if i < 0 {
		return nil, false
	}
	return overview{s, s.coarser[i], terrain.CoarsenedInfo(s.info, factor, a)}, true
}

// raw is the store with all of its voids.
type raw struct{ *Store }

func (r raw) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	return r.read(ctx, r.posts, l)
}

type overview struct {
	store *Store
	posts *posts
	info  terrain.Info
}

func (o overview) Info() terrain.Info       { return o.info }
func (o overview) Lattice() terrain.Lattice { return o.posts.lattice }

func (o overview) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	return o.store.read(ctx, o.posts, l)
}

// read reads posts of the store as it was when it was opened: an import that
// begins meanwhile is noticed at the end.
func (s *Store) read(ctx context.Context, p *posts, l terrain.Lattice) (*terrain.Grid, error) {
	g, err := p.read(ctx, l)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if changed := s.changed(); changed != nil {
		return nil, changed
	}
	return g, err
}

func (s *Store) changed() error {
	if s.opened == nil {
		return nil
	}
	now, err := os.Stat(filepath.Join(s.dir, manifestName))
	if err == nil && os.SameFile(now, s.opened) && now.Size() == s.opened.Size() && now.ModTime().Equal(s.opened.ModTime()) {
		return nil
	}
	return &terrain.FormatError{Path: s.dir, Reason: "the terrain store changed after it was opened",
		Remedy: "open it again", Err: plain(err)}
}

// plain drops the paths from err, which FormatError gives already.
func plain(err error) error {
	var pathErr *fs.PathError
	var linkErr *os.LinkError
	switch {
	case errors.As(err, &pathErr):
		return pathErr.Err
	case errors.As(err, &linkErr):
		return linkErr.Err
	}
	return err
}

// info sums up what the manifest says.
func (m Manifest) info(dir string) terrain.Info {
	contents := &terrain.Contents{Sources: make([]terrain.Source, len(m.Sources))}
	for i, s := range m.Sources {
		contents.Sources[i] = terrain.Source{Name: s.Name, Identity: s.Identity, Source: s.Source, Licence: s.Licence}
	}
	for i, level := range m.Levels {
		if i > 0 && !slices.Contains(contents.OverviewFactors, level.Factor) {
			contents.OverviewFactors = append(contents.OverviewFactors, level.Factor)
		}
		for _, t := range level.Tiles {
			contents.SizeB += t.SizeB
		}
	}
	voids := m.Voids
	contents.PostsMissing, contents.PostsFilled, contents.PostsSea = voids.PostsMissing, voids.PostsFilled, voids.PostsSea
	return terrain.Info{
		Name: "store " + filepath.Base(filepath.Clean(dir)), Identity: m.identity(),
		Source:        joined(m.Sources, func(s Source) string { return s.Source }),
		Licence:       joined(m.Sources, func(s Source) string { return s.Licence }),
		SpacingArcsec: m.SpacingArcsec, Demonstration: m.Demonstration,
		Notes: m.notes(), Contents: contents,
	}
}

// joined lists what the sources say, each thing once.
func joined(sources []Source, say func(Source) string) string {
	var said []string
	for _, s := range sources {
		if word := say(s); word != "" && !slices.Contains(said, word) {
			said = append(said, word)
		}
	}
	return strings.Join(said, "; ")
}

// deepestLandM is below all land, the shore of the Dead Sea included: what
// lies deeper is sea floor.
const deepestLandM = -500

func (m Manifest) notes() []string {
	var notes []string
	if m.Voids.PostsFilled > 0 {
		notes = append(notes, fmt.Sprintf("%s of terrain, with %s, interpolated from the rim",
			count(m.Voids.Small, "small void"), count(m.Voids.PostsFilled, "post")))
	}
	if m.LowestM < deepestLandM {
		notes = append(notes, fmt.Sprintf("holds sea depths, down to %.0f m: import the sources again with --bathymetry to have the sea at 0 m",
			m.LowestM))
	}
	return notes
}

func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
