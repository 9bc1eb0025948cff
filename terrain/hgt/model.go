package hgt

import (
	"context"
	"encoding/binary"
	"io"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
)

// model is a set of tiles of one resolution, sorted by corner.
type model struct {
	tiles   []tile
	lattice terrain.Lattice
	info    terrain.Info
}

func (m *model) Info() terrain.Info       { return m.info }
func (m *model) Lattice() terrain.Lattice { return m.lattice }

// Read goes through the tiles one after the other, always in the same order,
// so that a shared post has the same elevation in every window.
func (m *model) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	g, err := terrain.NewWindow(m.lattice, l)
	if err != nil {
		return nil, err
	}
	for _, t := range m.tiles {
		if part := l.Intersect(t.lattice()); part.Posts() > 0 {
			if err := t.fill(ctx, g, part); err != nil {
				return nil, err
			}
		}
	}
	return g, ctx.Err()
}

// fill copies the posts of part, which both g and the tile hold, to where g
// has none yet.
func (t tile) fill(ctx context.Context, g *terrain.Grid, part terrain.Lattice) error {
	file, err := t.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	const bandRows = 128
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for r := 0; r < part.Rows; r += bandRows {
		band := part.Sub(0, r, part.Cols, min(bandRows, part.Rows-r))
		group.Go(func() error { return t.fillBand(ctx, file, g, band) })
	}
	return group.Wait()
}

func (t tile) fillBand(ctx context.Context, file io.ReaderAt, g *terrain.Grid, band terrain.Lattice) error {
	from := t.lattice()
	raw := make([]byte, band.Cols*2)
	for r := range band.Rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		row, col := band.Row0+r-from.Row0, band.Col0-from.Col0
		if _, err := file.ReadAt(raw, int64(row*from.Cols+col)*2); err != nil {
			return &terrain.FormatError{Path: t.Path, Reason: "cannot be read", Err: err}
		}
		at := band.Col0 - g.Col0
		decode(g.RowM(band.Row0 + r - g.Row0)[at:at+band.Cols], raw)
	}
	return nil
}

// decode writes big-endian metres over those of outM that are missing.
func decode(outM []float32, raw []byte) {
	for i, z := range outM {
		if z == z {
			continue
		}
		outM[i] = metres(int16(binary.BigEndian.Uint16(raw[i*2:])))
	}
}

func metres(z int16) float32 {
	if z == void {
		return float32(math.NaN())
	}
	return float32(z)
}
