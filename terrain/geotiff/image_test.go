package geotiff_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// image describes a GeoTIFF file for encode to make: plainly, with none of the
// code under test.
type image struct {
	order      binary.AppendByteOrder
	big        bool
	kind       string // "Int16", "UInt16", "Int32" or "Float32"
	cols, rows int
	// A tile's size; with tileCols 0, tileRows is that of a strip.
	tileCols, tileRows     int
	compression, predictor uint16
	valuesM                []float64
	// gapB bytes are left before each block.
	gapB int
	// tags are added, and replace those that encode sets; nil removes one.
	tags map[uint16]any
}

// A field of each type, as it is to be stored.
type (
	shorts  []uint16
	longs   []uint32
	longs8  []uint64
	doubles []float64
	ascii   string
)

// wgs84 places an image's north-west corner at 70° W, 12° S, with 240 posts
// per degree.
func wgs84(rasterType uint16) map[uint16]any {
	return map[uint16]any{
		33550: doubles{1.0 / 240, 1.0 / 240, 0},
		33922: doubles{0, 0, 0, -70, -12, 0},
		34735: shorts{1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, rasterType, 2048, 0, 1, 4326},
	}
}

// ramp returns an image with elevations that differ from post to post.
func ramp(cols, rows int) image {
	im := image{
		order: binary.LittleEndian, kind: "Int16", cols: cols, rows: rows, tileRows: 5,
		compression: 1, predictor: 1, tags: wgs84(1),
	}
	for i := range cols * rows {
		im.valuesM = append(im.valuesM, float64(i*37%4900))
	}
	return im
}

// with returns the image with one more tag.
func (im image) with(tag uint16, value any) image {
	im.tags = maps.Clone(im.tags)
	im.tags[tag] = value
	return im
}

// encode returns the file: the header, the blocks, the values of the tags, and
// the directory.
func (im image) encode() string {
	out := im.header(0)
	var offsets, counts longs
	for _, block := range im.blocks() {
		out = append(out, make([]byte, im.gapB)...)
		offsets = append(offsets, uint32(len(out)))
		counts = append(counts, uint32(len(block)))
		out = append(out, block...)
	}
	bits, format := uint16(16), map[string]uint16{"UInt16": 1, "Int16": 2, "Int32": 2, "Float32": 3}[im.kind]
	if strings.HasSuffix(im.kind, "32") {
		bits = 32
	}
	tags := map[uint16]any{
		256: longs{uint32(im.cols)}, 257: longs{uint32(im.rows)}, 258: shorts{bits}, 259: shorts{im.compression},
		262: shorts{1}, 277: shorts{1}, 284: shorts{1}, 317: shorts{im.predictor}, 339: shorts{format},
	}
	if im.tileCols > 0 {
		tags[322], tags[323] = shorts{uint16(im.tileCols)}, shorts{uint16(im.tileRows)}
		tags[324], tags[325] = offsets, counts
	} else {
		tags[278], tags[273], tags[279] = longs{uint32(im.tileRows)}, offsets, counts
	}
	for tag, value := range im.tags {
		tags[tag] = value
		if value == nil {
			delete(tags, tag)
		}
	}
	return im.appendDirectory(out, tags)
}

func (im image) header(directory int) []byte {
	head := []byte("II")
	if im.order == binary.AppendByteOrder(binary.BigEndian) {
		head = []byte("MM")
	}
	if im.big {
		head = im.order.AppendUint16(head, 43)
		head = im.order.AppendUint16(head, 8)
		head = im.order.AppendUint16(head, 0)
		return im.order.AppendUint64(head, uint64(directory))
	}
	return im.order.AppendUint32(im.order.AppendUint16(head, 42), uint32(directory))
}

// word appends an offset or a count.
func (im image) word(b []byte, v int) []byte {
	if im.big {
		return im.order.AppendUint64(b, uint64(v))
	}
	return im.order.AppendUint32(b, uint32(v))
}

func (im image) appendDirectory(out []byte, tags map[uint16]any) string {
	inline := 4
	directory := im.order.AppendUint16(nil, uint16(len(tags)))
	if im.big {
		inline = 8
		directory = im.order.AppendUint64(nil, uint64(len(tags)))
	}
	for _, tag := range slices.Sorted(maps.Keys(tags)) {
		kind, count, raw := im.field(tags[tag])
		directory = im.order.AppendUint16(directory, tag)
		directory = im.order.AppendUint16(directory, kind)
		directory = im.word(directory, count)
		if len(raw) > inline {
			directory = im.word(directory, len(out))
			out = append(out, raw...)
			continue
		}
		directory = append(directory, append(raw, make([]byte, inline)...)[:inline]...)
	}
	at := len(out)
	out = append(append(out, directory...), make([]byte, inline)...)
	copy(out, im.header(at))
	return string(out)
}

func (im image) field(value any) (kind uint16, count int, raw []byte) {
	switch v := value.(type) {
	case shorts:
		for _, x := range v {
			raw = im.order.AppendUint16(raw, x)
		}
		return 3, len(v), raw
	case longs:
		for _, x := range v {
			raw = im.order.AppendUint32(raw, x)
		}
		return 4, len(v), raw
	case longs8:
		for _, x := range v {
			raw = im.order.AppendUint64(raw, x)
		}
		return 16, len(v), raw
	case doubles:
		for _, x := range v {
			raw = im.order.AppendUint64(raw, math.Float64bits(x))
		}
		return 12, len(v), raw
	}
	return 2, len(value.(ascii)) + 1, append([]byte(value.(ascii)), 0)
}

// blocks returns the packed strips or tiles.
func (im image) blocks() (all [][]byte) {
	cols := im.cols
	if im.tileCols > 0 {
		cols = im.tileCols
	}
	for row := 0; row < im.rows; row += im.tileRows {
		for col := 0; col < im.cols; col += cols {
			rows := im.tileRows
			if im.tileCols == 0 {
				rows = min(rows, im.rows-row)
			}
			var raw []byte
			for r := range rows {
				raw = append(raw, im.row(col, row+r, cols)...)
			}
			all = append(all, im.pack(raw))
		}
	}
	return all
}

// row returns the samples of one row of a block, after the predictor.
func (im image) row(col, row, cols int) (raw []byte) {
	words, wide := make([]uint32, cols), strings.HasSuffix(im.kind, "32")
	for c := range words {
		if col+c < im.cols && row < im.rows {
			words[c] = im.bits(im.valuesM[row*im.cols+col+c])
		}
	}
	if im.predictor == 3 {
		return floatPredicted(words)
	}
	for c := range words {
		w := words[c]
		if im.predictor == 2 && c > 0 {
			w -= words[c-1]
		}
		if wide {
			raw = im.order.AppendUint32(raw, w)
		} else {
			raw = im.order.AppendUint16(raw, uint16(w))
		}
	}
	return raw
}

func (im image) bits(valueM float64) uint32 {
	if im.kind == "Float32" {
		return math.Float32bits(float32(valueM))
	}
	return uint32(int32(valueM))
}

func floatPredicted(words []uint32) (raw []byte) {
	for shift := 24; shift >= 0; shift -= 8 {
		for _, w := range words {
			raw = append(raw, byte(w>>shift))
		}
	}
	for i := len(raw) - 1; i > 0; i-- {
		raw[i] -= raw[i-1]
	}
	return raw
}

func (im image) pack(raw []byte) []byte {
	switch im.compression {
	case 5:
		return lzw(raw)
	case 8, 32946:
		var out bytes.Buffer
		w := zlib.NewWriter(&out)
		w.Write(raw)
		w.Close()
		return out.Bytes()
	case 50000:
		w, _ := zstd.NewWriter(nil)
		return w.EncodeAll(raw, nil)
	}
	return raw
}

// lzw packs without saving anything: every byte as a code of its own, and the
// table cleared before codes would need more than nine bits.
func lzw(raw []byte) (out []byte) {
	const clearTable, end, most, width = 256, 257, 200, 9
	var pending, have uint32
	put := func(code uint32) {
		pending, have = pending<<width|code, have+width
		for ; have >= 8; have -= 8 {
			out = append(out, byte(pending>>(have-8)))
		}
	}
	for i, b := range raw {
		if i%most == 0 {
			put(clearTable)
		}
		put(uint32(b))
	}
	put(end)
	return append(out, byte(pending<<(8-have)))
}
