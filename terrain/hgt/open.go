// Package hgt reads SRTM elevation tiles: files such as S13W070.hgt, each of
// one degree by one, named after its south-west corner, with big-endian 16-bit
// metres row by row from the north-west.
//
// Posts lie on the edges of a tile, and neighbours share them. Where one has a
// void and the other a value, the value is taken; where values differ, that of
// the southern and then of the western tile.
//
// Format: NASA LP DAAC, SRTM User Guide, section 2.
package hgt

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
)

// OpenDir returns the tiles in the directory dir as one model. Degrees without a
// tile are missing. Files that are not tiles are named in the model's notes;
// directories below dir are not looked into.
//
// It fails with a *terrain.FormatError when there is no tile, when a tile's
// size is wrong, when two tiles differ in resolution or cover the same degree,
// and with ctx.Err() when ctx is done: it reads every tile once, to identify
// the model by its content.
func OpenDir(ctx context.Context, dir string) (terrain.Model, error) {
	tiles, others, err := list(dir)
	if err != nil {
		return nil, err
	}
	if len(tiles) == 0 {
		return nil, noTiles(dir, others)
	}
	m, err := newModel(ctx, tiles, fmt.Sprintf("SRTM tiles in %s", filepath.Clean(dir)))
	if err != nil {
		return nil, err
	}
	if len(others) > 0 {
		m.info.Notes = append(m.info.Notes,
			fmt.Sprintf("%s: not used, as not SRTM tiles: %s", dir, abridge(others)))
	}
	return m, nil
}

// OpenTile returns the single tile at path as a model. It fails as OpenDir does.
func OpenTile(ctx context.Context, path string) (terrain.Model, error) {
	t, err := newTile(path)
	if err != nil {
		return nil, err
	}
	return newModel(ctx, []tile{t}, "SRTM tile "+filepath.Base(path))
}

func list(dir string) (tiles []tile, others []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, &terrain.FormatError{Path: dir, Reason: "cannot be listed", Err: err}
	}
	for _, e := range entries {
		if _, ok := parseName(e.Name()); !ok || e.IsDir() {
			others = append(others, e.Name())
			continue
		}
		t, err := newTile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		tiles = append(tiles, t)
	}
	return tiles, others, nil
}

func noTiles(dir string, others []string) error {
	err := &terrain.FormatError{Path: dir, Reason: "no SRTM tiles here (files such as S13W070.hgt)",
		Remedy: "name the directory that holds them, or a GeoTIFF file"}
	if len(others) > 0 {
		err.Reason += ", only " + abridge(others)
	}
	if slices.ContainsFunc(others, func(name string) bool { return strings.HasSuffix(name, ".zip") }) {
		err.Remedy = "unzip the tiles first"
	}
	return err
}

// abridge names a few of many files.
func abridge(names []string) string {
	const few = 3
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}

// newModel puts tiles, at least one, together.
func newModel(ctx context.Context, tiles []tile, name string) (*model, error) {
	slices.SortFunc(tiles, func(a, b tile) int {
		return cmp.Or(cmp.Compare(a.latDeg, b.latDeg), cmp.Compare(a.lonDeg, b.lonDeg))
	})
	if err := agree(tiles); err != nil {
		return nil, err
	}
	identity, err := identify(ctx, tiles)
	if err != nil {
		return nil, err
	}
	perDeg := tiles[0].perDeg
	return &model{tiles: tiles, lattice: span(tiles), info: terrain.Info{
		Name: name, Identity: identity, SpacingArcsec: 3600 / float64(perDeg),
	}}, nil
}

// agree checks that tiles, sorted by corner, can stand side by side.
func agree(tiles []tile) error {
	for i, t := range tiles[1:] {
		before := tiles[i]
		if t.corner == before.corner {
			return &terrain.FormatError{Path: t.Path,
				Reason: "covers the same degree as " + before.Path, Remedy: "keep one of them"}
		}
		if t.perDeg != tiles[0].perDeg {
			return &terrain.FormatError{Path: t.Path,
				Reason: fmt.Sprintf("%d arc-seconds between posts, but %s has %d",
					3600/t.perDeg, tiles[0].Path, 3600/tiles[0].perDeg),
				Remedy: "keep tiles of one resolution in a directory"}
		}
	}
	return nil
}

// span returns the smallest lattice that holds all tiles.
func span(tiles []tile) terrain.Lattice {
	all := tiles[0].lattice()
	col1, row1 := all.Col0+all.Cols, all.Row0+all.Rows
	for _, t := range tiles[1:] {
		l := t.lattice()
		all.Col0, all.Row0 = min(all.Col0, l.Col0), min(all.Row0, l.Row0)
		col1, row1 = max(col1, l.Col0+l.Cols), max(row1, l.Row0+l.Rows)
	}
	all.Cols, all.Rows = col1-all.Col0, row1-all.Row0
	return all
}

// identify hashes where each tile lies and what it holds; not how its file is
// called, nor where it is kept.
func identify(ctx context.Context, tiles []tile) (string, error) {
	sums := make([][sha256.Size]byte, len(tiles))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, t := range tiles {
		group.Go(func() (err error) {
			sums[i], err = t.Sum(ctx)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	h := sha256.New()
	for i, t := range tiles {
		fmt.Fprintf(h, "%d %d %x\n", t.latDeg, t.lonDeg, sums[i])
	}
	return fmt.Sprintf("hgt:%x", h.Sum(nil)), nil
}
