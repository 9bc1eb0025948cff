package geotiff

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
)

// NoDataM is the value that Write gives to posts without one, and declares as
// GDAL_NODATA, in files that are not plain.
const NoDataM = -9999

// writtenTile is the width and height of the tiles that Write makes.
const writtenTile = 256

// Options says what a written file tells about its values. All may be empty.
type Options struct {
	// Description names the band: "coverage floor".
	Description string
	// Unit is the unit of the values, with their datum: "metres AMSL".
	Unit string
	// Metadata are further facts about the file, by name.
	Metadata map[string]string
	// Plain asks for a file to be read fast rather than small: the values
	// stand row by row in one uncompressed strip, which begins at a multiple
	// of 64 bytes and is the end of the file. Missing posts are NaN.
	Plain bool
}

// Write writes g to w as a GeoTIFF file: one band of Float32, in EPSG:4326,
// with the posts in the pixel centres, in tiles packed by DEFLATE with the
// floating-point predictor. NaN and infinities become NoDataM. The same grid
// and options give the same bytes.
//
// It fails for a grid without posts, for one that exceeds the 4 GiB of classic
// TIFF, and when w does.
func Write(w io.Writer, g *terrain.Grid, o Options) error {
	if g.Posts() <= 0 {
		return fmt.Errorf("a grid of %d × %d posts cannot be written as GeoTIFF", g.Cols, g.Rows)
	}
	if o.Plain {
		return writePlain(w, g, o)
	}
	tiles, err := packTiles(g)
	if err != nil {
		return err
	}
	counts := make([]uint32, len(tiles))
	for i, t := range tiles {
		counts[i] = uint32(len(t))
	}
	head, err := writeHead(g.Lattice, o, counts)
	if err != nil {
		return err
	}
	for _, part := range append([][]byte{head}, tiles...) {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

func packTiles(g *terrain.Grid) ([][]byte, error) {
	across, down := tileCounts(g.Lattice)
	tiles := make([][]byte, across*down)
	idle := sync.Pool{New: func() any { return zlib.NewWriter(nil) }}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range tiles {
		group.Go(func() (err error) {
			z := idle.Get().(*zlib.Writer)
			defer idle.Put(z)
			tiles[i], err = packTile(z, g, i%across*writtenTile, i/across*writtenTile)
			return err
		})
	}
	return tiles, group.Wait()
}

func tileCounts(l terrain.Lattice) (across, down int) {
	return (l.Cols + writtenTile - 1) / writtenTile, (l.Rows + writtenTile - 1) / writtenTile
}

// packTile packs, by way of z, the tile whose north-west post is (col, row).
// Beyond the grid it repeats the last column and row, which packs best.
func packTile(z *zlib.Writer, g *terrain.Grid, col, row int) ([]byte, error) {
	var out bytes.Buffer
	z.Reset(&out)
	values, planes := make([]float32, writtenTile), make([]byte, writtenTile*4)
	for r := range writtenTile {
		from := g.RowM(min(row+r, g.Rows-1))
		for c := range values {
			values[c] = storable(from[min(col+c, g.Cols-1)])
		}
		predictFloat(planes, values)
		if _, err := z.Write(planes); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

func storable(v float32) float32 {
	if v-v != 0 {
		return NoDataM
	}
	return v
}

// predictFloat is the inverse of undoFloat.
func predictFloat(planes []byte, values []float32) {
	n := len(values)
	for i, v := range values {
		word := math.Float32bits(v)
		planes[i], planes[n+i] = byte(word>>24), byte(word>>16)
		planes[2*n+i], planes[3*n+i] = byte(word>>8), byte(word)
	}
	for i := len(planes) - 1; i > 0; i-- {
		planes[i] -= planes[i-1]
	}
}

// writePlain writes the file that Options.Plain asks for.
func writePlain(w io.Writer, g *terrain.Grid, o Options) error {
	const mostB = math.MaxUint32
	if int64(g.Posts())*4 > mostB {
		return fmt.Errorf("%d × %d posts exceed the 4 GiB that a classic TIFF file can hold; write a smaller window", g.Cols, g.Rows)
	}
	head, err := writeHead(g.Lattice, o, []uint32{uint32(g.Posts() * 4)})
	if err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	const bufferPosts = 1 << 18
	buffer := make([]byte, 4*min(g.Posts(), bufferPosts))
	for part := range slices.Chunk(g.ElevationM, bufferPosts) {
		for i, v := range part {
			if v-v != 0 {
				v = float32(math.NaN())
			}
			binary.LittleEndian.PutUint32(buffer[i*4:], math.Float32bits(v))
		}
		if _, err := w.Write(buffer[:4*len(part)]); err != nil {
			return err
		}
	}
	return nil
}

// writeHead returns all that comes before the blocks: the header, the
// directory, and the values of its tags.
func writeHead(l terrain.Lattice, o Options, countsB []uint32) ([]byte, error) {
	meta, err := o.xml()
	if err != nil {
		return nil, err
	}
	d := &writer{}
	d.longs(tagWidth, uint32(l.Cols))
	d.longs(tagHeight, uint32(l.Rows))
	d.shorts(tagBitsPerSample, 32)
	d.blocks(l, o.Plain, countsB)
	d.shorts(tagSampleFormat, 3)
	d.doubles(tagPixelScale, 1/l.PerDegLon, 1/l.PerDegLat, 0)
	d.doubles(tagTiepoint, 0, 0, 0, l.Lon(0)-0.5/l.PerDegLon, l.Lat(0)+0.5/l.PerDegLat, 0)
	d.shorts(tagGeoKeys, 1, 1, 0, 4,
		keyModelType, 0, 1, modelGeographic,
		keyRasterType, 0, 1, rasterArea,
		keyGeographic, 0, 1, crsWGS84,
		keyAngularUnit, 0, 1, unitDegree)
	if meta != "" {
		d.ascii(tagGDALMetadata, meta)
	}
	if o.Plain {
		d.ascii(tagGDALNoData, "nan")
		return d.finish(countsB, plainAlignB)
	}
	d.ascii(tagGDALNoData, fmt.Sprint(NoDataM))
	return d.finish(countsB, 2)
}

// plainAlignB is a cache line: what begins at a multiple of it can be mapped
// and read as numbers of any size.
const plainAlignB = 64

// blocks adds the tags that say how the posts are stored, with room for the
// offsets.
func (w *writer) blocks(l terrain.Lattice, plain bool, countsB []uint32) {
	offsets := make([]uint32, len(countsB))
	if plain {
		w.shorts(tagCompression, compressionNone)
		w.shorts(tagPhotometric, 1)
		w.longs(tagStripOffsets, offsets...)
		w.shorts(tagSamplesPerPixel, 1)
		w.longs(tagRowsPerStrip, uint32(l.Rows))
		w.longs(tagStripByteCounts, countsB...)
		w.shorts(tagPlanarConfig, 1)
		return
	}
	w.shorts(tagCompression, compressionDeflate)
	w.shorts(tagPhotometric, 1)
	w.shorts(tagSamplesPerPixel, 1)
	w.shorts(tagPlanarConfig, 1)
	w.shorts(tagPredictor, predictorFloat)
	w.shorts(tagTileWidth, writtenTile)
	w.shorts(tagTileHeight, writtenTile)
	w.longs(tagTileOffsets, offsets...)
	w.longs(tagTileByteCounts, countsB...)
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
