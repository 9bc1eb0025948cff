package geotiff

// Limits that a file must keep to, so that one which lies about its size costs
// no more than an error.
const (
	mostCols   = 1 << 22
	mostBlockB = 256 << 20
)

// The compression schemes that are read, numbered as in tag 259.
const (
	compressionNone       = 1
	compressionLZW        = 5
	compressionDeflate    = 8
	compressionDeflateOld = 32946
	compressionZSTD       = 50000 // GDAL's and libtiff's; not of Adobe's list
)

// The predictors of tag 317.
const (
	predictorNone       = 1
	predictorHorizontal = 2
	predictorFloat      = 3
)

// sample is the type of one elevation.
type sample int

const (
	sampleInt16 sample = iota
	sampleUint16
	sampleInt32
	sampleFloat32
)

// sizeB returns the bytes that one elevation takes.
func (s sample) sizeB() int {
	if s == sampleInt16 || s == sampleUint16 {
		return 2
	}
	return 4
}

// layout says how the elevations are stored.
type layout struct {
	file
	cols, rows int
	// blockCols and blockRows are the size of a strip or a tile; across is
	// the number of blocks side by side.
	blockCols, blockRows, across int
	tiled                        bool
	// offsets and countsB locate each block; a count of 0 marks one that was
	// never written.
	offsets, countsB       []uint64
	sample                 sample
	compression, predictor uint64
	void                   void
}

// newLayout reads how the directory's image is stored.
func newLayout(d *directory) (*layout, error) {
	l := &layout{file: d.file}
	for _, step := range []func(*directory) error{
		l.readSize, l.readSample, l.readPacking, l.readBlockSize, l.readBlocks, l.cutStrip,
	} {
		if err := step(d); err != nil {
			return nil, err
		}
	}
	var err error
	l.void, err = newVoid(d)
	return l, err
}

func (l *layout) readSize(d *directory) error {
	cols, err := d.uint(tagWidth, 0)
	if err != nil {
		return err
	}
	rows, err := d.uint(tagHeight, 0)
	if err != nil {
		return err
	}
	if cols < 1 || rows < 1 || cols > mostCols || rows > mostCols {
		return unsupported("", "%d × %d posts; 1 to %d in each direction can be read", cols, rows, mostCols)
	}
	l.cols, l.rows = int(cols), int(rows)
	return nil
}

func (l *layout) readSample(d *directory) error {
	var bands, bits, format uint64
	for _, field := range []struct {
		tag  uint16
		into *uint64
	}{{tagSamplesPerPixel, &bands}, {tagBitsPerSample, &bits}, {tagSampleFormat, &format}} {
		v, err := d.uint(field.tag, 1)
		if err != nil {
			return err
		}
		*field.into = v
	}
	if bands != 1 {
		return unsupported(remedyFloat, "%d bands; an elevation model has one", bands)
	}
	const unsigned, signed, float = 1, 2, 3
	switch {
	case format == signed && bits == 16:
		l.sample = sampleInt16
	case format == unsigned && bits == 16:
		l.sample = sampleUint16
	case format == signed && bits == 32:
		l.sample = sampleInt32
	case format == float && bits == 32:
		l.sample = sampleFloat32
	default:
		return unsupported(remedyFloat, "%d-bit samples of format %d; Int16, UInt16, Int32 and Float32 can be read", bits, format)
	}
	return nil
}

func (l *layout) readPacking(d *directory) (err error) {
	if l.compression, err = d.uint(tagCompression, compressionNone); err != nil {
		return err
	}
	switch l.compression {
	case compressionNone, compressionLZW, compressionDeflate, compressionDeflateOld, compressionZSTD:
	default:
		return unsupported(remedyRepack, "compression %d; none, LZW, DEFLATE and ZSTD can be read", l.compression)
	}
	if fill, err := d.uint(tagFillOrder, 1); err != nil || fill != 1 {
		return unsupported(remedyRepack, "bits are stored in reverse (FillOrder %d)", fill)
	}
	if l.compression == compressionNone {
		l.predictor = predictorNone
		return nil
	}
	if l.predictor, err = d.uint(tagPredictor, predictorNone); err != nil {
		return err
	}
	known := l.predictor == predictorNone || l.predictor == predictorHorizontal ||
		l.predictor == predictorFloat && l.sample == sampleFloat32
	if !known {
		return unsupported(remedyRepack, "predictor %d cannot be read for this type of sample", l.predictor)
	}
	return nil
}

func (l *layout) readBlockSize(d *directory) error {
	_, l.tiled = d.entries[tagTileWidth]
	cols, rows := uint64(l.cols), uint64(l.rows)
	var err error
	if l.tiled {
		if cols, err = d.uint(tagTileWidth, 0); err != nil {
			return err
		}
		rows, err = d.uint(tagTileHeight, 0)
	} else if rows, err = d.uint(tagRowsPerStrip, rows); err == nil {
		rows = min(rows, uint64(l.rows))
	}
	if err != nil {
		return err
	}
	if cols < 1 || rows < 1 || cols > mostCols || rows > mostCols {
		return damaged("blocks of %d × %d posts", cols, rows)
	}
	l.blockCols, l.blockRows = int(cols), int(rows)
	l.across = (l.cols + l.blockCols - 1) / l.blockCols
	sizeB := cols * rows * uint64(l.sample.sizeB())
	if sizeB > mostBlockB && !l.canBeCut() {
		return unsupported(remedyRepack, "blocks of %d × %d posts take %d MiB; %d MiB can be read",
			cols, rows, sizeB>>20, mostBlockB>>20)
	}
	return nil
}

func (l *layout) readBlocks(d *directory) (err error) {
	tagOffsets, tagCounts := uint16(tagStripOffsets), uint16(tagStripByteCounts)
	if l.tiled {
		tagOffsets, tagCounts = tagTileOffsets, tagTileByteCounts
	}
	if l.offsets, err = d.uints(tagOffsets); err != nil {
		return err
	}
	if l.countsB, err = d.uints(tagCounts); err != nil {
		return err
	}
	down := (l.rows + l.blockRows - 1) / l.blockRows
	if n := l.across * down; len(l.offsets) != n || len(l.countsB) != n {
		return damaged("%d blocks make up the image, but %d offsets and %d sizes are given",
			n, len(l.offsets), len(l.countsB))
	}
	return nil
}

// canBeCut reports whether the rows lie one after the other in the file.
func (l *layout) canBeCut() bool {
	return l.compression == compressionNone && !l.tiled && l.blockRows == l.rows
}

// cutStrip takes a single strip for several, so that a small window costs
// little. A strip that is not whole stays as it is, for the reader to find.
func (l *layout) cutStrip(*directory) error {
	const pleasantB = 1 << 18
	rowB := uint64(l.cols * l.sample.sizeB())
	rows := int(max(1, pleasantB/rowB))
	wholeB := uint64(l.rows) * rowB
	if !l.canBeCut() || l.countsB[0] < wholeB || wholeB > l.file.sizeB || l.offsets[0] > l.file.sizeB-wholeB {
		return nil
	}
	first := l.offsets[0]
	l.offsets, l.countsB = nil, nil
	for row := 0; row < l.rows; row += rows {
		l.offsets = append(l.offsets, first+uint64(row)*rowB)
		l.countsB = append(l.countsB, uint64(min(rows, l.rows-row))*rowB)
	}
	l.blockRows = rows
	return nil
}

// rowsOf returns the number of rows that block i stores: the last strip may be
// shorter, tiles are always whole.
func (l *layout) rowsOf(i int) int {
	if l.tiled {
		return l.blockRows
	}
	return min(l.blockRows, l.rows-i*l.blockRows)
}

// sizeB returns the size of block i in bytes before compression.
func (l *layout) sizeB(i int) int {
	return l.blockCols * l.rowsOf(i) * l.sample.sizeB()
}

// void tells elevations that stand for an unknown post.
type void struct {
	// markM is what the file declares, or undeclaredM; possibly NaN.
	markM float32
}

// absurdM is a height in metres that no place on earth, or above or below it,
// can have in an elevation model: the usual stand-ins for "unknown" (−32768,
// 65535, ±3.4e38, infinity) all reach it.
const absurdM = 32768

// undeclaredM is the other usual stand-in, which counts as one only in a file
// that declares none.
const undeclaredM = -9999

// holds reports whether zM is no elevation.
func (v void) holds(zM float32) bool {
	return !(zM > -absurdM && zM < absurdM) || zM == v.markM
}
