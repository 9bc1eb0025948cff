// Package hgt reads SRTM elevation tiles: files such as S13W070.hgt, each of
// one degree by one, named after its south-west corner, with big-endian 16-bit
// metres row by row from the north-west. A tile may be packed, as
// S13W070.hgt.gz or S13W070.hgt.zip.
//
// Posts lie on the edges of a tile, and neighbours share them.
//
// Format: NASA LP DAAC, SRTM User Guide, section 2.
package hgt

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"path/filepath"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// OpenTile returns the tile at path as a model. A packed tile is unpacked when
// it is read, and damage within it found only then.
//
// It fails with a *terrain.FormatError when the name does not give the tile's
// place, when its size is wrong, and when an archive holds anything but one
// tile; and with ctx.Err() when ctx is done: it reads the file once, to
// identify it by its content.
func OpenTile(ctx context.Context, path string) (terrain.Model, error) {
	t, err := newTile(path)
	if err != nil {
		return nil, err
	}
	sum, err := t.Sum(ctx, nil)
	if err != nil {
		return nil, err
	}
	identity := sha256.Sum256(fmt.Appendf(nil, "%d %d %x\n", t.latDeg, t.lonDeg, sum))
	return &model{tile: t, info: terrain.Info{
		Name:          "SRTM tile " + filepath.Base(path),
		Identity:      fmt.Sprintf("hgt:%x", identity),
		SpacingArcsec: 3600 / float64(t.perDeg),
	}}, nil
}

type model struct {
	tile *tile
	info terrain.Info
}

func (m *model) Info() terrain.Info       { return m.info }
func (m *model) Lattice() terrain.Lattice { return m.tile.lattice() }

func (m *model) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	return source.Window(ctx, m.Lattice(), l, func(g *terrain.Grid, part terrain.Lattice) error {
		if m.tile.packing == packedNot {
			return m.tile.With(func(r io.ReaderAt) error { return m.tile.fill(ctx, r, g, part) })
		}
		content, err := m.tile.unpacked()
		if err != nil {
			return err
		}
		return m.tile.fill(ctx, bytes.NewReader(content), g, part)
	})
}

// unpacked returns the content of a packed tile.
func (t *tile) unpacked() ([]byte, error) {
	t.unpacking.Lock()
	defer t.unpacking.Unlock()
	if content := recent.get(t); content != nil {
		return content, nil
	}
	var content []byte
	err := t.With(func(r io.ReaderAt) (err error) {
		content, err = t.packing.unpack(r, t.SizeB, sizeB(t.perDeg))
		return err
	})
	if err != nil {
		return nil, err
	}
	recent.put(t, content)
	return content, nil
}

// fill copies the posts of part, which both g and the tile hold, to g.
func (t *tile) fill(ctx context.Context, content io.ReaderAt, g *terrain.Grid, part terrain.Lattice) error {
	const bandRows = 128
	return source.Bands(ctx, part.Rows, bandRows, func(ctx context.Context, first, count int) error {
		return t.fillBand(ctx, content, g, part.Sub(0, first, part.Cols, count))
	})
}

func (t *tile) fillBand(ctx context.Context, content io.ReaderAt, g *terrain.Grid, band terrain.Lattice) error {
	from := t.lattice()
	raw := make([]byte, band.Cols*2)
	for r := range band.Rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		row, col := band.Row0+r-from.Row0, band.Col0-from.Col0
		if _, err := content.ReadAt(raw, int64(row*from.Cols+col)*2); err != nil {
			return &terrain.FormatError{Path: t.Path, Reason: "cannot be read", Err: err}
		}
		at := band.Col0 - g.Col0
		decode(g.RowM(band.Row0 + r - g.Row0)[at:at+band.Cols], raw)
	}
	return nil
}

// decode writes big-endian metres to outM.
func decode(outM []float32, raw []byte) {
	for i := range outM {
		outM[i] = metres(int16(binary.BigEndian.Uint16(raw[i*2:])))
	}
}

func metres(z int16) float32 {
	if z == void {
		return float32(math.NaN())
	}
	return float32(z)
}
