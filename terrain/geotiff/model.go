// Package geotiff reads elevation models from GeoTIFF files, and writes grids
// to them.
//
// It reads classic TIFF and BigTIFF of either byte order, in strips or tiles,
// with one band of Int16, UInt16, Int32 or Float32, stored plain, by LZW, by
// DEFLATE or by ZSTD, with any of the predictors of these; north-up and in
// EPSG:4326.
// Everything else is refused with the command that converts it.
//
// Missing are posts that equal GDAL_NODATA, NaN, heights of 32768 m and more,
// positive or negative, −9999 where no GDAL_NODATA is given, and blocks that
// the file leaves out.
//
// Formats: Adobe TIFF 6.0; OGC 19-008r4, GeoTIFF 1.1; the GDAL tags 42112 and
// 42113.
package geotiff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// Open returns the elevation model in the file at path. It reads the file
// once, to identify it by its content, and keeps none of it, or a mapping for
// the first large view. It fails with a
// *terrain.FormatError for a file that it cannot read, and with ctx.Err() when
// ctx is done.
func Open(ctx context.Context, path string) (terrain.Model, error) {
	file, err := source.Stat(path)
	if err != nil {
		return nil, err
	}
	open := func() (handle, error) { return file.Open() }
	m, err := newModel(path, file.SizeB, open)
	if err != nil {
		return nil, err
	}
	sum, err := m.sum(ctx, file)
	if err != nil {
		return nil, err
	}
	m.info.Identity = fmt.Sprintf("geotiff:%x", sum)
	m.info.Name = "GeoTIFF " + filepath.Base(path)
	return m, nil
}

// Parse returns the elevation model in content, a whole GeoTIFF file, which
// must not change afterwards. It fails as Open does; name stands for the path.
func Parse(name string, content string) (terrain.Model, error) {
	m, err := of(name, inMemory{content}, int64(len(content)))
	if err != nil {
		return nil, err
	}
	m.info.Identity = fmt.Sprintf("geotiff:%x", source.SumOf(content))
	return m, nil
}

// Of returns the elevation model in file, a whole GeoTIFF file of sizeB bytes, which
// must not be written to, nor closed before the last look at the model. It fails as
// Open does. name stands for the path, and is to be unique to the content: it is the
// identity as well.
func Of(name string, file io.ReaderAt, sizeB int64) (terrain.Model, error) {
	m, err := of(name, file, sizeB)
	if err != nil {
		return nil, err
	}
	m.info.Identity = name
	return m, nil
}

func of(name string, file io.ReaderAt, sizeB int64) (*model, error) {
	m, err := newModel(name, sizeB, func() (handle, error) { return lent{file}, nil })
	if err != nil {
		return nil, err
	}
	m.info.Name = name
	return m, nil
}

// lent is a handle that is another's to close.
type lent struct{ io.ReaderAt }

func (lent) Close() error { return nil }

// handle is an open file.
type handle interface {
	io.ReaderAt
	io.Closer
}

// inMemory is a file's content.
type inMemory struct{ content string }

func (m inMemory) ReadAt(p []byte, offset int64) (int, error) {
	n := copy(p, m.content[min(offset, int64(len(m.content))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// model is a GeoTIFF file, of which only the description is in memory.
type model struct {
	path    string
	open    func() (handle, error)
	layout  *layout
	lattice terrain.Lattice
	info    terrain.Info
	// whole is a window in which a look at all posts found none missing: all of
	// the model if those of its file did.
	whole atomic.Pointer[terrain.Lattice]
	// spare is what a look at all of the file leaves, if there was one.
	spare *source.Spare
}

func newModel(path string, sizeB int64, open func() (handle, error)) (*model, error) {
	file, err := open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	m := &model{path: path, open: open}
	if err := m.describe(file, sizeB); err != nil {
		return nil, source.At(path, err)
	}
	return m, nil
}

func (m *model) describe(r io.ReaderAt, sizeB int64) error {
	frame, first, err := openFile(r, sizeB)
	if err != nil {
		return err
	}
	d, err := frame.directory(first)
	if err != nil {
		return err
	}
	if m.layout, err = newLayout(d); err != nil {
		return err
	}
	if m.lattice, err = readLattice(d, m.layout.cols, m.layout.rows); err != nil {
		return err
	}
	m.info.SpacingArcsec = 3600 / m.lattice.PerDegLat
	if err := checkMetadata(d); err != nil {
		return err
	}
	return checkMasks(d)
}

// checkMasks refuses files with a second image that says which posts of the
// first are missing.
func checkMasks(d *directory) error {
	const most, mask = 64, 4
	for range most {
		if d.next == 0 {
			return nil
		}
		next, err := d.directory(d.next)
		if err != nil {
			return err
		}
		if kind, err := next.uint(tagSubfileType, 0); err != nil || kind&mask != 0 {
			return unsupported("convert it with: gdalwarp -dstnodata -32768 in.tif out.tif",
				"missing posts are marked in a mask, which is not read")
		}
		d = next
	}
	return damaged("it has more than %d directories", most)
}

func (m *model) Info() terrain.Info       { return m.info }
func (m *model) Lattice() terrain.Lattice { return m.lattice }

// Read decodes the blocks that the window touches, as many at a time as there
// are processors. At most that many are in memory.
func (m *model) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	return source.Window(ctx, m.lattice, l, func(g *terrain.Grid, part terrain.Lattice) error {
		file, err := m.open()
		if err != nil {
			return err
		}
		defer file.Close()
		stored := *m.layout
		stored.r = file
		return m.readBlocks(ctx, g, &stored, part)
	})
}

func (m *model) readBlocks(ctx context.Context, g *terrain.Grid, stored *layout, part terrain.Lattice) error {
	col0, row0 := part.Col0-m.lattice.Col0, part.Row0-m.lattice.Row0
	idle := sync.Pool{New: func() any { return &decoder{layout: stored} }}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for down := row0 / stored.blockRows; down*stored.blockRows < row0+part.Rows; down++ {
		for across := col0 / stored.blockCols; across*stored.blockCols < col0+part.Cols; across++ {
			group.Go(func() error {
				if err := ctx.Err(); err != nil {
					return err
				}
				d := idle.Get().(*decoder)
				defer idle.Put(d)
				return m.readBlock(g, d, across, down)
			})
		}
	}
	return group.Wait()
}

// readBlock copies one block's posts to where the grid has them.
func (m *model) readBlock(g *terrain.Grid, d *decoder, across, down int) error {
	i := down*d.across + across
	raw, err := d.block(i)
	if errors.Is(err, errMissing) {
		return nil
	}
	if err != nil {
		return &terrain.FormatError{Path: m.path, Remedy: source.Again, Err: err,
			Reason: fmt.Sprintf("damaged: block %d (column %d, row %d of blocks)", i, across, down)}
	}
	block := m.lattice.Sub(across*d.blockCols, down*d.blockRows, d.blockCols, d.rowsOf(i))
	part := g.Intersect(block).Intersect(m.lattice)
	for r := range part.Rows {
		from := (part.Row0+r-block.Row0)*d.blockCols + part.Col0 - block.Col0
		at := part.Col0 - g.Col0
		d.convert(g.RowM(part.Row0 + r - g.Row0)[at:at+part.Cols], raw[from*d.sample.sizeB():])
	}
	return nil
}
