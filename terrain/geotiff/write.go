package geotiff

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/canopyradar/canopy/terrain"
)

// NoDataM is the value that Write gives to posts without one, and declares as
// GDAL_NODATA, in files that are not plain.
const NoDataM = -9999

// Options says what a written file tells about its values, and how it stores
// them. All may be empty.
type Options struct {
	// Description names the band: "coverage floor".
	Description string
	// Unit is the unit of the values, with their datum: "metres AMSL".
	Unit string
	// Metadata are further facts about the file, by name.
	Metadata map[string]string
	// Plain asks for a file to be read fast rather than small: the values
	// stand row by row without a gap, uncompressed, begin at a multiple of 64
	// bytes and end with the file. Those of Write are in one strip, with NaN
	// for missing posts.
	Plain bool
	// Compression packs the values of a file that is not plain.
	Compression Compression
}

// Write writes g to w as a GeoTIFF file: one band of Float32, in EPSG:4326,
// with the posts in the pixel centres, as a Cloud Optimized GeoTIFF: in packed
// tiles with the floating-point predictor, and with overviews. NaN and infinities
// become NoDataM. The same grid and options give
// the same bytes. A file beyond 4 GiB is a BigTIFF. It may call w from several
// goroutines, one after the other.
//
// It fails for a grid without posts, and when w does.
func Write(w io.Writer, g *terrain.Grid, o Options) error {
	if err := checkSize(g.Lattice); err != nil {
		return err
	}
	if o.Plain {
		return writePlain(w, g, o)
	}
	rows := func(r int, dst []float32) error {
		storeRow(dst, g.RowM(r), NoDataM)
		return nil
	}
	t := tiler[float32]{g.Lattice, rows, predictFloat}
	images, err := t.pack(context.Background(), o.Compression)
	if err != nil {
		return err
	}
	s := storage{sample: sampleFloat32, noData: fmt.Sprint(NoDataM)}
	tiles := s.tiles(images, o.Compression, predictorFloat)
	head, err := s.head(g.Lattice, o)
	if err != nil {
		return err
	}
	_, err = writeParts(w, append([][]byte{head}, tiles...))
	return err
}

func checkSize(l terrain.Lattice) error {
	if l.Posts() <= 0 {
		return fmt.Errorf("a grid of %d × %d posts cannot be written as GeoTIFF", l.Cols, l.Rows)
	}
	return nil
}

func writeParts(w io.Writer, parts [][]byte) (written int64, err error) {
	for _, part := range parts {
		n, err := w.Write(part)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// writePlain writes the file that Options.Plain asks for.
func writePlain(w io.Writer, g *terrain.Grid, o Options) error {
	s := storage{sample: sampleFloat32, noData: "nan"}
	s.strips(g.Lattice, g.Rows)
	head, err := s.head(g.Lattice, o)
	if err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err = writeRows(w, g.Lattice, func(r int, dst []float32) error {
		storeRow(dst, g.RowM(r), float32(math.NaN()))
		return nil
	})
	return err
}

// storeRow copies a row with noData for NaN and infinities.
func storeRow(dst, row []float32, noData float32) {
	for i, v := range row {
		if v-v != 0 {
			v = noData
		}
		dst[i] = v
	}
}

// storage says how the values of a written file are stored.
type storage struct {
	sample                 sample
	compression, predictor uint16
	// stripRows is the number of rows of a strip; 0 for tiles.
	stripRows int
	// noData is the text of GDAL_NODATA.
	noData string
	// images are the raster and its overviews, largest first.
	images []storedImage
}

// storedImage is one image of a file.
type storedImage struct {
	cols, rows int
	// countsB are the sizes of the blocks.
	countsB []uint64
}

// strips lays out rows, uncompressed, in strips of at most so many.
func (s *storage) strips(l terrain.Lattice, rows int) {
	s.compression, s.stripRows = compressionNone, rows
	whole := storedImage{cols: l.Cols, rows: l.Rows}
	for first := 0; first < l.Rows; first += rows {
		posts := min(rows, l.Rows-first) * l.Cols
		whole.countsB = append(whole.countsB, uint64(posts)*uint64(s.sample.sizeB()))
	}
	s.images = []storedImage{whole}
}

// tiles lays out packed images, largest first, and returns their tiles as they
// follow each other in the file.
func (s *storage) tiles(images []*packed, c Compression, predictor uint16) (tiles [][]byte) {
	s.compression, s.predictor = c.tag(), predictor
	for _, p := range images {
		image := storedImage{cols: p.cols, rows: p.rows}
		for _, t := range p.tiles {
			image.countsB = append(image.countsB, uint64(len(t)-2*marginB))
		}
		s.images = append(s.images, image)
	}
	for _, p := range slices.Backward(images) {
		tiles = append(tiles, p.tiles...)
	}
	return tiles
}

// plainAlignB is a cache line: what begins at a multiple of it can be mapped
// and read as numbers of any size.
const plainAlignB = 64

// head returns all that comes before the blocks. It is a classic TIFF's where
// that can hold the file.
func (s *storage) head(l terrain.Lattice, o Options) ([]byte, error) {
	meta, err := o.xml()
	if err != nil {
		return nil, err
	}
	head, fits := s.headOf(l, meta, false)
	if !fits {
		head, _ = s.headOf(l, meta, true)
	}
	return head, nil
}

func (s *storage) headOf(l terrain.Lattice, meta string, big bool) ([]byte, bool) {
	p := preface{big: big, alignB: plainAlignB}
	if s.compression != compressionNone {
		p = preface{big: big, ghost: ghost(), alignB: 2, marginB: marginB}
	}
	directories := make([]*writer, len(s.images))
	for i, image := range s.images {
		directories[i] = &writer{big: big}
		s.describe(directories[i], image)
	}
	place(directories[0], l)
	if meta != "" {
		directories[0].ascii(tagGDALMetadata, meta)
	}
	for _, overview := range directories[1:] {
		const reduced = 1
		overview.longs(tagSubfileType, reduced)
	}
	return p.head(directories)
}

// describe adds the tags that say how an image is stored.
func (s *storage) describe(d *writer, image storedImage) {
	const signed, float = 2, 3
	d.longs(tagWidth, uint32(image.cols))
	d.longs(tagHeight, uint32(image.rows))
	d.shorts(tagBitsPerSample, uint16(8*s.sample.sizeB()))
	d.shorts(tagPhotometric, 1)
	d.shorts(tagSamplesPerPixel, 1)
	d.shorts(tagPlanarConfig, 1)
	s.blocks(d, image)
	if s.sample == sampleFloat32 {
		d.shorts(tagSampleFormat, float)
	} else {
		d.shorts(tagSampleFormat, signed)
	}
	d.ascii(tagGDALNoData, s.noData)
}

// place adds the tags that say where on earth the posts lie. Overviews have
// none: they lie where the raster does.
func place(d *writer, l terrain.Lattice) {
	d.doubles(tagPixelScale, 1/l.PerDegLon, 1/l.PerDegLat, 0)
	d.doubles(tagTiepoint, 0, 0, 0, l.Lon(0)-0.5/l.PerDegLon, l.Lat(0)+0.5/l.PerDegLat, 0)
	d.shorts(tagGeoKeys, 1, 1, 0, 4,
		keyModelType, 0, 1, modelGeographic,
		keyRasterType, 0, 1, rasterArea,
		keyGeographic, 0, 1, crsWGS84,
		keyAngularUnit, 0, 1, unitDegree)
}

func (s *storage) blocks(d *writer, image storedImage) {
	d.shorts(tagCompression, s.compression)
	if s.stripRows > 0 {
		d.longs(tagRowsPerStrip, uint32(s.stripRows))
		d.blocks(tagStripOffsets, tagStripByteCounts, image.countsB)
		return
	}
	d.shorts(tagPredictor, s.predictor)
	d.shorts(tagTileWidth, writtenTile)
	d.shorts(tagTileHeight, writtenTile)
	d.blocks(tagTileOffsets, tagTileByteCounts, image.countsB)
}

// escape does what encoding/xml then does once more: GDAL escapes the values of
// GDAL_METADATA twice, and so expects it.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// xml returns the content of GDAL_METADATA, empty when there is nothing to say.
func (o Options) xml() (string, error) {
	var m metadata
	for _, name := range slices.Sorted(maps.Keys(o.Metadata)) {
		m.Items = append(m.Items, metadataItem{Name: name, Value: escape.Replace(o.Metadata[name])})
	}
	if o.Description != "" {
		m.Items = append(m.Items, metadataItem{Name: "DESCRIPTION", Sample: "0", Role: "description", Value: escape.Replace(o.Description)})
	}
	if o.Unit != "" {
		m.Items = append(m.Items, metadataItem{Name: "UNITTYPE", Sample: "0", Role: "unittype", Value: escape.Replace(o.Unit)})
	}
	if len(m.Items) == 0 {
		return "", nil
	}
	b, err := xml.MarshalIndent(m, "", "  ")
	return string(b) + "\n", err
}
