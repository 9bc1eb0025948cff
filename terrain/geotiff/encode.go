package geotiff

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// writer builds a little-endian TIFF directory.
type writer struct {
	// big makes it one of BigTIFF, for files beyond 4 GiB.
	big     bool
	entries []writtenEntry
	// countsB are the sizes of the image's blocks.
	countsB []uint64
}

type writtenEntry struct {
	tag, kind uint16
	count     int
	raw       []byte
}

func (w *writer) add(tag, kind uint16, values any) {
	raw, _ := binary.Append(nil, binary.LittleEndian, values)
	w.entries = append(w.entries, writtenEntry{tag, kind, len(raw) / int(sizeOfType(kind)), raw})
}

func (w *writer) shorts(tag uint16, v ...uint16)   { w.add(tag, typeShort, v) }
func (w *writer) longs(tag uint16, v ...uint32)    { w.add(tag, typeLong, v) }
func (w *writer) doubles(tag uint16, v ...float64) { w.add(tag, typeDouble, v) }
func (w *writer) ascii(tag uint16, v string)       { w.add(tag, typeASCII, append([]byte(v), 0)) }

// places adds a tag with places in the file, or lengths of its parts.
func (w *writer) places(tag uint16, v []uint64) {
	if w.big {
		w.add(tag, typeLong8, v)
		return
	}
	w.longs(tag, narrow(v)...)
}

func narrow(v []uint64) []uint32 {
	out := make([]uint32, len(v))
	for i, n := range v {
		out[i] = uint32(n)
	}
	return out
}

// blocks adds the tags with the places of the blocks, yet to be filled in, and
// their sizes.
func (w *writer) blocks(tagOffsets, tagCounts uint16, countsB []uint64) {
	w.countsB = countsB
	w.places(tagOffsets, make([]uint64, len(countsB)))
	w.places(tagCounts, countsB)
}

// preface is what a file consists of besides directories and blocks.
type preface struct {
	big bool
	// ghost stands behind the header, where only those look who know of it.
	ghost string
	// The first block begins at a multiple of alignB, which is even.
	alignB uint64
	// marginB is the number of bytes before and behind each block.
	marginB uint64
}

// head returns all that comes before the blocks: the header, and the
// directories, each with the values of its tags behind it. It fills in where
// the blocks are: those of the last directory come first. It reports false
// where that exceeds what the offsets can hold.
func (p *preface) head(directories []*writer) ([]byte, bool) {
	out := p.header()
	at := uint64(len(out))
	for _, d := range directories {
		at += d.lengthB()
	}
	first := (at + p.alignB - 1) / p.alignB * p.alignB
	end := first
	for _, d := range slices.Backward(directories) {
		end = d.placeBlocks(end, p.marginB)
	}
	for i, d := range directories {
		out = d.appendTo(out, i == len(directories)-1)
	}
	return append(out, make([]byte, first-uint64(len(out)))...), p.big || end <= math.MaxUint32
}

// header returns what stands before the first directory, which begins at an
// even offset.
func (p *preface) header() []byte {
	if !p.big {
		first := even(8 + len(p.ghost))
		out := binary.LittleEndian.AppendUint32([]byte{'I', 'I', 42, 0}, uint32(first))
		return append(append(out, p.ghost...), 0)[:first]
	}
	first := even(16 + len(p.ghost))
	out := binary.LittleEndian.AppendUint64([]byte{'I', 'I', 43, 0, 8, 0, 0, 0}, uint64(first))
	return append(append(out, p.ghost...), 0)[:first]
}

func even(n int) int { return (n + 1) &^ 1 }

// sizesB returns the bytes that the count of entries takes, an entry, and a
// number in it.
func (w *writer) sizesB() (countB, entryB, wordB int) {
	if w.big {
		return 8, 20, 8
	}
	return 2, 12, 4
}

// lengthB returns the bytes that the directory takes with its values.
func (w *writer) lengthB() uint64 {
	countB, entryB, wordB := w.sizesB()
	sum := countB + len(w.entries)*entryB + wordB
	for _, e := range w.entries {
		if len(e.raw) > wordB {
			sum += even(len(e.raw))
		}
	}
	return uint64(sum)
}

// appendTo appends the directory and the values that its entries have no room
// for. Another one follows at once unless it is the last.
func (w *writer) appendTo(out []byte, last bool) []byte {
	slices.SortFunc(w.entries, func(a, b writtenEntry) int { return cmp.Compare(a.tag, b.tag) })
	countB, entryB, wordB := w.sizesB()
	place := len(out) + countB + len(w.entries)*entryB + wordB
	following := uint64(len(out)) + w.lengthB()
	var values []byte
	out = w.number(out, uint64(len(w.entries)), countB)
	for _, e := range w.entries {
		out = binary.LittleEndian.AppendUint16(out, e.tag)
		out = binary.LittleEndian.AppendUint16(out, e.kind)
		out = w.number(out, uint64(e.count), wordB)
		if len(e.raw) <= wordB {
			out = append(out, append(slices.Clip(e.raw), make([]byte, wordB)...)[:wordB]...)
			continue
		}
		out = w.number(out, uint64(place+len(values)), wordB)
		values = append(values, e.raw...)
		values = append(values, make([]byte, even(len(values))-len(values))...)
	}
	if last {
		following = 0
	}
	return append(w.number(out, following, wordB), values...)
}

// number appends an integer of 2, 4 or 8 bytes.
func (w *writer) number(out []byte, v uint64, sizeB int) []byte {
	switch sizeB {
	case 2:
		return binary.LittleEndian.AppendUint16(out, uint16(v))
	case 4:
		return binary.LittleEndian.AppendUint32(out, uint32(v))
	}
	return binary.LittleEndian.AppendUint64(out, v)
}

// placeBlocks writes the offset of each block into its tag, and returns where
// the margin of the last one ends.
func (w *writer) placeBlocks(first, marginB uint64) (end uint64) {
	_, _, wordB := w.sizesB()
	i := slices.IndexFunc(w.entries, func(e writtenEntry) bool {
		return e.tag == tagTileOffsets || e.tag == tagStripOffsets
	})
	raw := w.entries[i].raw[:0]
	for _, n := range w.countsB {
		raw = w.number(raw, first+marginB, wordB)
		first += n + 2*marginB
	}
	return first
}
