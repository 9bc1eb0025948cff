// Package esriascii reads elevation models from Esri ASCII grids: a header of
// names and numbers (ncols, nrows, xllcorner or xllcenter, yllcorner or
// yllcenter, cellsize or dx and dy, NODATA_value), and then elevations in
// metres, row by row from the north-west. Posts lie in the middle of the cells.
//
// Where lines break has no meaning. Missing are posts that equal NODATA_value,
// which is −9999 where it is not given, and heights of 32768 m and more,
// positive or negative. A .prj file beside the grid must say that it is in
// longitude and latitude of WGS-84.
//
// Format: Esri, ArcGIS documentation, "Esri ASCII raster format".
package esriascii

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// noteUnprojected is the same for all files, so that many of them say it once.
const noteUnprojected = "an Esri ASCII grid without a .prj file is taken for longitude and latitude in WGS-84"

// Open returns the elevation model in the file at path. It reads the file
// twice, to find its rows and to identify it by its content, and keeps only
// where the rows begin.
//
// It fails with a *terrain.FormatError for a file that it cannot read, and with
// ctx.Err() when ctx is done. A file without a .prj beside it gets a note.
func Open(ctx context.Context, path string) (terrain.Model, error) {
	file, err := source.Stat(path)
	if err != nil {
		return nil, err
	}
	m := &model{file: file}
	err = file.With(func(r io.ReaderAt) (err error) {
		m.text, err = parse(ctx, r, file.SizeB)
		return err
	})
	if err != nil {
		return nil, err
	}
	prj, err := projection(path)
	if err != nil {
		return nil, err
	}
	if prj == "" {
		m.info.Notes = []string{noteUnprojected}
	} else if err := checkProjection(prj); err != nil {
		return nil, source.At(path, err)
	}
	sum, err := file.Sum(ctx, nil)
	if err != nil {
		return nil, err
	}
	m.info.Name = "Esri ASCII grid " + filepath.Base(path)
	m.info.Identity = fmt.Sprintf("esriascii:%x", sum)
	m.info.SpacingArcsec = 3600 / m.text.lattice.PerDegLat
	return m, nil
}

// text says what the text of a file means.
type text struct {
	lattice terrain.Lattice
	voidM   float32
	// starts are the offsets of the rows in bytes, and the end of the last.
	starts []int64
}

// parse reads a file of sizeB bytes once.
func parse(ctx context.Context, r io.ReaderAt, sizeB int64) (text, error) {
	head := make([]byte, min(headB, sizeB))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return text{}, &terrain.FormatError{Reason: "cannot be read", Err: err}
	}
	h, err := readHeader(head)
	if err != nil {
		return text{}, err
	}
	t := text{voidM: h.voidM()}
	if t.lattice, err = h.lattice(); err != nil {
		return text{}, err
	}
	t.starts, err = index(ctx, r, sizeB, h)
	return t, err
}

type model struct {
	file source.File
	text text
	info terrain.Info
}

func (m *model) Info() terrain.Info       { return m.info }
func (m *model) Lattice() terrain.Lattice { return m.text.lattice }

func (m *model) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	return source.Window(ctx, m.text.lattice, l, func(g *terrain.Grid, part terrain.Lattice) error {
		return m.file.With(func(r io.ReaderAt) error { return m.text.fill(ctx, r, g, part) })
	})
}

// fill copies the posts of part, which both g and the text hold, to g.
func (t text) fill(ctx context.Context, r io.ReaderAt, g *terrain.Grid, part terrain.Lattice) error {
	const bandRows = 32
	return source.Bands(ctx, part.Rows, bandRows, func(_ context.Context, first, count int) error {
		return t.fillBand(r, g, part.Sub(0, first, part.Cols, count))
	})
}

func (t text) fillBand(r io.ReaderAt, g *terrain.Grid, band terrain.Lattice) error {
	var raw []byte
	for i := range band.Rows {
		row := band.Row0 + i - t.lattice.Row0
		start, end := t.starts[row], t.starts[row+1]
		if n := int(end - start); cap(raw) < n {
			raw = make([]byte, n)
		} else {
			raw = raw[:n]
		}
		if n, err := r.ReadAt(raw, start); n < len(raw) {
			return &terrain.FormatError{Reason: "cannot be read", Err: err}
		}
		at := band.Col0 - g.Col0
		outM := g.RowM(band.Row0 + i - g.Row0)[at : at+band.Cols]
		if err := parseRow(outM, raw, row, band.Col0-t.lattice.Col0); err != nil {
			return err
		}
		t.clear(outM)
	}
	return nil
}

// absurdM is a height in metres that no place on earth, or above or below it,
// can have in an elevation model.
const absurdM = 32768

// clear puts NaN where outM has no elevation.
func (t text) clear(outM []float32) {
	for i, z := range outM {
		if !(z > -absurdM && z < absurdM) || z == t.voidM {
			outM[i] = float32(math.NaN())
		}
	}
}
