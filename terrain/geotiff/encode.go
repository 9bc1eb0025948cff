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

// finish lays out the directory and its values, and fills in the offsets of
// the blocks, which follow at once and have the given sizes. The first of them
// begins at a multiple of alignB, which is even. It reports false where that
// exceeds what the offsets can hold.
func (w *writer) finish(countsB []uint64, alignB uint64) ([]byte, bool) {
	slices.SortFunc(w.entries, func(a, b writtenEntry) int { return cmp.Compare(a.tag, b.tag) })
	// The header of a classic file, the counts of entries and of values, an
	// entry, and a number in it.
	headB, countB, entryB, wordB := uint64(8), uint64(2), uint64(12), uint64(4)
	if w.big {
		headB, countB, entryB, wordB = 16, 8, 20, 8
	}
	next := headB + countB + uint64(len(w.entries))*entryB + wordB
	places := make([]uint64, len(w.entries))
	for i, e := range w.entries {
		if uint64(len(e.raw)) > wordB {
			places[i] = next
			next += uint64(len(e.raw)+1) &^ 1
		}
	}
	first := (next + alignB - 1) / alignB * alignB
	end := w.placeBlocks(first, countsB)
	out := w.header(make([]byte, 0, first))
	for i, e := range w.entries {
		out = binary.LittleEndian.AppendUint16(out, e.tag)
		out = binary.LittleEndian.AppendUint16(out, e.kind)
		out = w.word(out, uint64(e.count))
		if places[i] > 0 {
			out = w.word(out, places[i])
		} else {
			out = append(out, append(e.raw, make([]byte, wordB)...)[:wordB]...)
		}
	}
	out = w.word(out, 0)
	for i, e := range w.entries {
		if places[i] > 0 {
			out = append(out, make([]byte, places[i]-uint64(len(out)))...)
			out = append(out, e.raw...)
		}
	}
	return append(out, make([]byte, first-uint64(len(out)))...), w.big || end <= math.MaxUint32
}

// header appends what stands before the entries.
func (w *writer) header(out []byte) []byte {
	n := uint16(len(w.entries))
	if !w.big {
		out = append(out, 'I', 'I', 42, 0, 8, 0, 0, 0)
		return binary.LittleEndian.AppendUint16(out, n)
	}
	out = append(out, 'I', 'I', 43, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0)
	return binary.LittleEndian.AppendUint64(out, uint64(n))
}

// word appends a number as wide as the directory has them.
func (w *writer) word(out []byte, v uint64) []byte {
	if w.big {
		return binary.LittleEndian.AppendUint64(out, v)
	}
	return binary.LittleEndian.AppendUint32(out, uint32(v))
}

// placeBlocks writes the offset of each block into its tag, and returns where
// the last one ends.
func (w *writer) placeBlocks(first uint64, countsB []uint64) (end uint64) {
	i := slices.IndexFunc(w.entries, func(e writtenEntry) bool {
		return e.tag == tagTileOffsets || e.tag == tagStripOffsets
	})
	raw := w.entries[i].raw[:0]
	for _, n := range countsB {
		raw = w.word(raw, first)
		first += n
	}
	return first
}
