package geotiff

import (
	"encoding/binary"
	"io"
	"math"
	"strings"
)

// file is a TIFF file's frame: byte order, and the sizes that differ between
// classic TIFF and BigTIFF.
type file struct {
	r     io.ReaderAt
	sizeB uint64
	order binary.ByteOrder
	big   bool
}

// directory is an image file directory: what each tag says, and where.
type directory struct {
	file
	entries map[uint16]entry
	// next is the offset of the following directory, 0 for none.
	next uint64
}

// entry locates the values of one tag.
type entry struct {
	kind  uint16
	count uint64
	// field holds the values themselves where they fit, else their offset.
	field []byte
}

// openFile reads the header and returns the frame and the first directory's
// offset.
func openFile(r io.ReaderAt, sizeB int64) (file, uint64, error) {
	f := file{r: r, sizeB: uint64(max(0, sizeB))}
	head, err := f.bytes(0, 8)
	if err != nil {
		return f, 0, notTIFF()
	}
	switch string(head[:2]) {
	case "II":
		f.order = binary.LittleEndian
	case "MM":
		f.order = binary.BigEndian
	default:
		return f, 0, notTIFF()
	}
	switch f.order.Uint16(head[2:]) {
	case 42:
		return f, uint64(f.order.Uint32(head[4:])), nil
	case 43:
		f.big = true
		head, err = f.bytes(8, 8)
		if err != nil {
			return f, 0, damaged("the header is cut short")
		}
		return f, f.order.Uint64(head), nil
	}
	return f, 0, notTIFF()
}

// bytes returns n bytes from offset on. Nothing is allocated for ranges that
// the file does not hold.
func (f file) bytes(offset, n uint64) ([]byte, error) {
	if offset > f.sizeB || n > f.sizeB-offset {
		return nil, io.ErrUnexpectedEOF
	}
	b := make([]byte, n)
	_, err := f.r.ReadAt(b, int64(offset))
	if err == io.EOF {
		err = nil
	}
	return b, err
}

// directory reads the directory at offset.
func (f file) directory(offset uint64) (*directory, error) {
	countB, entryB, linkB := uint64(2), uint64(12), uint64(4)
	if f.big {
		countB, entryB, linkB = 8, 20, 8
	}
	head, err := f.bytes(offset, countB)
	if err != nil {
		return nil, damaged("the directory at byte %d lies outside of the file", offset)
	}
	n := f.word(head)
	const most = math.MaxUint16
	if n > most {
		return nil, damaged("the directory at byte %d claims %d tags", offset, n)
	}
	raw, err := f.bytes(offset+countB, n*entryB+linkB)
	if err != nil {
		return nil, damaged("the directory at byte %d is cut short", offset)
	}
	d := &directory{file: f, entries: make(map[uint16]entry, n), next: f.word(raw[n*entryB:])}
	for ; n > 0; n-- {
		d.entries[f.order.Uint16(raw)] = entry{
			kind: f.order.Uint16(raw[2:]), count: f.word(raw[4 : 4+linkB]), field: raw[4+linkB : entryB],
		}
		raw = raw[entryB:]
	}
	return d, nil
}

// word reads an unsigned integer as wide as b.
func (f file) word(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(f.order.Uint16(b))
	case 4:
		return uint64(f.order.Uint32(b))
	}
	return f.order.Uint64(b)
}

// values returns the bytes of a tag's values and the size of one, or nothing
// when the tag is absent.
func (d *directory) values(tag uint16) (raw []byte, each uint64, err error) {
	e, ok := d.entries[tag]
	if !ok {
		return nil, 1, nil
	}
	each = sizeOfType(e.kind)
	if each == 0 {
		return nil, 1, damaged("%s has field type %d", nameOfTag(tag), e.kind)
	}
	if e.count > d.sizeB/each {
		return nil, 1, damaged("%s claims %d values, more than the file can hold", nameOfTag(tag), e.count)
	}
	if n := e.count * each; n <= uint64(len(e.field)) {
		return e.field[:n], each, nil
	}
	raw, err = d.bytes(d.word(e.field), e.count*each)
	if err != nil {
		return nil, 1, damaged("%s lies outside of the file", nameOfTag(tag))
	}
	return raw, each, nil
}

// uints returns the values of an integer tag, none when it is absent.
func (d *directory) uints(tag uint16) ([]uint64, error) {
	raw, each, err := d.values(tag)
	if err != nil || len(raw) == 0 {
		return nil, err
	}
	if d.entries[tag].kind == typeDouble {
		return nil, damaged("%s is not an integer", nameOfTag(tag))
	}
	out := make([]uint64, uint64(len(raw))/each)
	for i := range out {
		out[i] = d.word(raw[uint64(i)*each:][:each])
	}
	return out, nil
}

// uint returns the first value of an integer tag, or otherwise.
func (d *directory) uint(tag uint16, otherwise uint64) (uint64, error) {
	all, err := d.uints(tag)
	if err != nil || len(all) == 0 {
		return otherwise, err
	}
	return all[0], nil
}

// doubles returns the values of a floating-point tag, none when it is absent.
func (d *directory) doubles(tag uint16) ([]float64, error) {
	raw, _, err := d.values(tag)
	if err != nil || len(raw) == 0 {
		return nil, err
	}
	if d.entries[tag].kind != typeDouble {
		return nil, damaged("%s is not in double precision", nameOfTag(tag))
	}
	out := make([]float64, len(raw)/8)
	for i := range out {
		out[i] = math.Float64frombits(d.order.Uint64(raw[i*8:]))
	}
	return out, nil
}

// text returns the value of a text tag, empty when it is absent.
func (d *directory) text(tag uint16) (string, error) {
	raw, _, err := d.values(tag)
	return strings.TrimRight(string(raw), "\x00 "), err
}
