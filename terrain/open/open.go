// Package open finds out what elevation model a path leads to.
package open

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/mosaic"
	"github.com/canopyradar/canopy/terrain/store"
)

// accepted says what a path may lead to.
const accepted = "give a file in EPSG:4326, a directory of such files, or a terrain store: GeoTIFF, SRTM tiles (S13W070.hgt, .hgt.gz, .hgt.zip), " +
	"DTED (.dt0, .dt1, .dt2) and Esri ASCII grids (.asc) are read"

// Path returns the elevation model at path: a terrain store, a file, or all
// the files in a directory and below it as one model. Formats are told by
// content, and by name where that has no mark. Files of a directory that cannot
// be used are named in the model's notes. Small voids are filled.
//
// It fails with a *terrain.FormatError for a file that cannot be read, for a
// directory without one that can, for files whose posts are not spaced alike,
// and with ctx.Err() when ctx is done.
func Path(ctx context.Context, path string) (terrain.Model, error) {
	if store.IsStore(path) {
		s, err := store.Open(path)
		if err != nil {
			return nil, err
		}
		return s, ctx.Err()
	}
	m, err := unimported(ctx, path)
	if err != nil {
		return nil, err
	}
	return terrain.FillVoids(m), nil
}

// unimported opens what is not a store, with all of its voids.
func unimported(ctx context.Context, path string) (terrain.Model, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return directory(ctx, path)
	}
	files, err := list(ctx, path)
	if err != nil {
		return nil, err
	}
	f := openFile(ctx, files[0])
	return f.model, f.err
}

func directory(ctx context.Context, dir string) (terrain.Model, error) {
	parts, skipped, err := Files(ctx, dir)
	if err != nil {
		return nil, err
	}
	m, err := mosaic.New(fmt.Sprintf("%d terrain files in %s", len(parts), filepath.Clean(dir)), parts)
	if err != nil {
		var format *terrain.FormatError
		if errors.As(err, &format) {
			format.Path = dir
		}
		return nil, err
	}
	remarks := notes(dir, skipped)
	if len(remarks) == 0 {
		return m, nil
	}
	for i, remark := range remarks {
		remarks[i] = dir + ": " + remark
	}
	return &noted{m, remarks}, nil
}

// noted is a model with further notes.
type noted struct {
	terrain.Model
	notes []string
}

func (m *noted) Info() terrain.Info {
	info := m.Model.Info()
	info.Notes = append(slices.Clip(info.Notes), m.notes...)
	return info
}

func (m *noted) View(ctx context.Context, l terrain.Lattice) (*terrain.View, error) {
	return terrain.ViewOf(ctx, m.Model, l)
}
