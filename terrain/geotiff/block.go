package geotiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/image/tiff/lzw"
)

// What one byte can unpack to at most; a block that claims more is damaged. A
// DEFLATE match of 258 bytes takes two bits; an LZW code of 12 bits stands for
// 3839 bytes at most; a ZSTD block of 4 bytes can repeat one byte 128 KiB
// times.
const (
	mostDeflateRatio = 1032
	mostLZWRatio     = 2560
	mostZSTDRatio    = 1 << 15
)

// errMissing marks a block that was never written.
var errMissing = errors.New("block was never written")

// decoder unpacks blocks, one after the other, into the same memory.
type decoder struct {
	*layout
	packed, plain []byte
	inflate       io.ReadCloser
	zstd          *zstd.Decoder
}

// block returns the bytes of block i as little-endian samples without
// predictor, row by row. They are overwritten by the next call. It fails with
// errMissing for a block that was never written.
func (d *decoder) block(i int) ([]byte, error) {
	if d.countsB[i] == 0 {
		return nil, errMissing
	}
	if err := d.load(i); err != nil {
		return nil, err
	}
	if err := d.unpack(d.sizeB(i)); err != nil {
		return nil, err
	}
	if d.order == binary.BigEndian && d.predictor != predictorFloat {
		swap(d.plain, d.sample.sizeB())
	}
	rowB := d.blockCols * d.sample.sizeB()
	for row := d.plain; len(row) > 0; row = row[rowB:] {
		d.unpredict(row[:rowB])
	}
	return d.plain, nil
}

// load reads the packed bytes of block i.
func (d *decoder) load(i int) error {
	offset, n := d.offsets[i], d.countsB[i]
	if offset > d.file.sizeB || n > d.file.sizeB-offset {
		return fmt.Errorf("bytes %d to %d lie outside of the file", offset, offset+n)
	}
	d.packed = resize(d.packed, int(n))
	if k, err := d.r.ReadAt(d.packed, int64(offset)); k < int(n) {
		return err
	}
	return nil
}

// unpack undoes the compression; n is the size in bytes of the result.
func (d *decoder) unpack(n int) error {
	packed, most := bytes.NewReader(d.packed), len(d.packed)
	switch d.compression {
	case compressionLZW:
		most *= mostLZWRatio
	case compressionDeflate, compressionDeflateOld:
		most *= mostDeflateRatio
	case compressionZSTD:
		most *= mostZSTDRatio
	}
	if n > most {
		return fmt.Errorf("%d bytes cannot hold its %d", len(d.packed), n)
	}
	d.plain = resize(d.plain, n)
	switch d.compression {
	case compressionNone:
		copy(d.plain, d.packed)
		return nil
	case compressionLZW:
		r := lzw.NewReader(packed, lzw.MSB, 8)
		defer r.Close()
		return readAll(r, d.plain)
	case compressionZSTD:
		return d.unzstd(n)
	}
	return d.unzip(packed)
}

// unzstd unpacks into d.plain, at least n bytes: the last strip may be stored as
// long as the others.
func (d *decoder) unzstd(n int) (err error) {
	if d.zstd == nil {
		// The decoder runs on the goroutine that asks, and stays within the
		// memory that it is given.
		d.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true))
		if err != nil {
			return err
		}
	}
	room := d.blockCols * d.blockRows * d.sample.sizeB()
	d.plain = resize(d.plain, room)
	plain, err := d.zstd.DecodeAll(d.packed, d.plain[:0:room])
	if err == nil && len(plain) < n {
		return fmt.Errorf("ends after %d of %d bytes", len(plain), n)
	}
	d.plain = d.plain[:n]
	return err
}

// unzip inflates, and reads on to the end of the stream, where its checksum is.
func (d *decoder) unzip(packed io.Reader) (err error) {
	if d.inflate == nil {
		d.inflate, err = zlib.NewReader(packed)
	} else {
		err = d.inflate.(zlib.Resetter).Reset(packed, nil)
	}
	if err != nil {
		return err
	}
	if err := readAll(d.inflate, d.plain); err != nil {
		return err
	}
	// A block may hold more than it needs.
	if _, err := d.inflate.Read(make([]byte, 1)); err != nil && err != io.EOF {
		return err
	}
	return nil
}

func readAll(r io.Reader, into []byte) error {
	n, err := io.ReadFull(r, into)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("ends after %d of %d bytes", n, len(into))
	}
	return err
}

func resize(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// swap turns big-endian words of 2 or 4 bytes into little-endian ones.
func swap(b []byte, wordB int) {
	if wordB == 2 {
		for ; len(b) >= 2; b = b[2:] {
			binary.LittleEndian.PutUint16(b, binary.BigEndian.Uint16(b))
		}
		return
	}
	for ; len(b) >= 4; b = b[4:] {
		binary.LittleEndian.PutUint32(b, binary.BigEndian.Uint32(b))
	}
}

// unpredict undoes the predictor on one row.
func (d *decoder) unpredict(row []byte) {
	switch {
	case d.predictor == predictorHorizontal && d.sample.sizeB() == 4:
		undoHorizontal32(row)
	case d.predictor == predictorHorizontal:
		undoHorizontal16(row)
	case d.predictor == predictorFloat:
		d.packed = resize(d.packed, len(row))
		undoFloat(row, d.packed)
	}
}

func undoHorizontal16(row []byte) {
	var sum uint16
	for ; len(row) >= 2; row = row[2:] {
		sum += binary.LittleEndian.Uint16(row)
		binary.LittleEndian.PutUint16(row, sum)
	}
}

func undoHorizontal32(row []byte) {
	var sum uint32
	for ; len(row) >= 4; row = row[4:] {
		sum += binary.LittleEndian.Uint32(row)
		binary.LittleEndian.PutUint32(row, sum)
	}
}

// undoFloat adds up byte differences, then gathers each sample's bytes from
// the four planes, of which the most significant comes first whatever the
// file's byte order (Adobe Photoshop TIFF Technical Note 3).
func undoFloat(row, planes []byte) {
	var sum byte
	planes = planes[:len(row)]
	for i, b := range row {
		sum += b
		planes[i] = sum
	}
	n := len(row) / 4
	b3, b2, b1, b0 := planes[:n], planes[n:][:n], planes[2*n:][:n], planes[3*n:][:n]
	for i, b := range b3 {
		word := uint32(b)<<24 | uint32(b2[i])<<16 | uint32(b1[i])<<8 | uint32(b0[i])
		binary.LittleEndian.PutUint32(row[i*4:], word)
	}
}

// convert writes the samples at the start of raw as metres, NaN where the file
// has no elevation.
func (l *layout) convert(outM []float32, raw []byte) {
	switch l.sample {
	case sampleInt16:
		for i := range outM {
			outM[i] = float32(int16(binary.LittleEndian.Uint16(raw[i*2:])))
		}
	case sampleUint16:
		for i := range outM {
			outM[i] = float32(binary.LittleEndian.Uint16(raw[i*2:]))
		}
	case sampleInt32:
		for i := range outM {
			outM[i] = float32(int32(binary.LittleEndian.Uint32(raw[i*4:])))
		}
	case sampleFloat32:
		for i := range outM {
			outM[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[i*4:]))
		}
	}
	for i, z := range outM {
		if l.void.holds(z) {
			outM[i] = float32(math.NaN())
		}
	}
}
