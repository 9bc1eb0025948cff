// Package dted reads Digital Terrain Elevation Data of level 0, 1 or 2: files
// such as s13.dt1, each of one degree by one, with posts 30, 3 or 1 arc-seconds
// apart, and further apart in longitude beyond 50° of latitude. Posts lie on
// the edges, and neighbours share them.
//
// Format: MIL-PRF-89020B. Elevations are metres above mean sea level, 16 bits
// with a sign and a magnitude, column by column from the west, each from the
// south; −32767 marks an unknown post.
package dted

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"path/filepath"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// Open returns the elevation model in the file at path. It reads the file
// once, to identify it by its content, and keeps none of it; damage to the
// elevations is found when they are read, by their checksums.
//
// It fails with a *terrain.FormatError for a file that it cannot read, and with
// ctx.Err() when ctx is done.
func Open(ctx context.Context, path string) (terrain.Model, error) {
	file, err := source.Stat(path)
	if err != nil {
		return nil, err
	}
	m := &model{file: file}
	err = file.With(func(r io.ReaderAt) (err error) {
		m.cell, err = parse(r, file.SizeB)
		return err
	})
	if err != nil {
		return nil, err
	}
	sum, err := file.Sum(ctx, nil)
	if err != nil {
		return nil, err
	}
	m.info = terrain.Info{
		Name:          "DTED " + filepath.Base(path),
		Identity:      fmt.Sprintf("dted:%x", sum),
		SpacingArcsec: 3600 / m.cell.lattice.PerDegLat,
	}
	// EGM96, and EGM08 after it, stand in for mean sea level.
	if d := m.cell.verticalDatum; d != "MSL" && d != "E96" && d != "E08" {
		m.info.Notes = []string{fmt.Sprintf("DTED heights above the vertical datum %q are taken for heights above mean sea level", d)}
	}
	return m, nil
}

type model struct {
	file source.File
	cell cell
	info terrain.Info
}

func (m *model) Info() terrain.Info       { return m.info }
func (m *model) Lattice() terrain.Lattice { return m.cell.lattice }

func (m *model) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	return source.Window(ctx, m.cell.lattice, l, func(g *terrain.Grid, part terrain.Lattice) error {
		return m.file.With(func(r io.ReaderAt) error { return m.cell.fill(ctx, r, g, part) })
	})
}

// fill copies the posts of part, which both g and the cell hold, to g.
func (c cell) fill(ctx context.Context, r io.ReaderAt, g *terrain.Grid, part terrain.Lattice) error {
	const bandCols = 64
	return source.Bands(ctx, part.Cols, bandCols, func(_ context.Context, first, count int) error {
		return c.fillBand(r, g, part.Sub(first, 0, count, part.Rows))
	})
}

// fillBand reads whole records, as their checksums ask for, and turns columns
// from the south into rows from the north.
func (c cell) fillBand(r io.ReaderAt, g *terrain.Grid, band terrain.Lattice) error {
	first, recordB := band.Col0-c.lattice.Col0, c.recordB()
	raw := make([]byte, band.Cols*recordB)
	if n, err := r.ReadAt(raw, c.dataAt+int64(first)*int64(recordB)); n < len(raw) {
		return &terrain.FormatError{Reason: "cannot be read", Err: err}
	}
	for i := range band.Cols {
		if err := check(raw[i*recordB:][:recordB], first+i); err != nil {
			return err
		}
	}
	for row := range band.Rows {
		fromSouth := c.lattice.Row0 + c.lattice.Rows - 1 - (band.Row0 + row)
		at := prefixB + 2*fromSouth
		outM := g.RowM(band.Row0 + row - g.Row0)[band.Col0-g.Col0:]
		for i := range band.Cols {
			outM[i] = metres(binary.BigEndian.Uint16(raw[i*recordB+at:]))
		}
	}
	return nil
}

// check looks at a record's sentinel and at its checksum, the sum of all bytes
// before it.
func check(record []byte, column int) error {
	if record[0] != sentinel {
		return source.Damaged("column %d does not begin with its mark", column)
	}
	body, want := record[:len(record)-checksumB], binary.BigEndian.Uint32(record[len(record)-checksumB:])
	var sum uint32
	for _, b := range body {
		sum += uint32(b)
	}
	if sum != want {
		return source.Damaged("column %d has the checksum %d, its bytes add up to %d", column, want, sum)
	}
	return nil
}

// metres reads a sign and a magnitude. Some producers write two's complement
// instead, which gives magnitudes that no place has.
func metres(word uint16) float32 {
	const void, sign, mostM = 0xffff, 0x8000, 16000
	magnitude := word &^ sign
	switch {
	case word == void:
		return float32(math.NaN())
	case word&sign == 0:
		return float32(magnitude)
	case magnitude > mostM:
		return float32(int16(word))
	}
	return -float32(magnitude)
}
