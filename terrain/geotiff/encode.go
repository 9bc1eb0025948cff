package geotiff

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// writer builds a little-endian classic TIFF directory. Tags must come in
// ascending order.
type writer struct {
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

// finish lays out the directory and its values, and fills in the offsets of
// the blocks, which follow at once and have the given sizes. The first of them
// begins at a multiple of alignB, which is even.
func (w *writer) finish(countsB []uint32, alignB uint64) ([]byte, error) {
	const headB, entryB, linkB = 8, 12, 4
	next := uint64(headB + 2 + len(w.entries)*entryB + linkB)
	places := make([]uint64, len(w.entries))
	for i, e := range w.entries {
		if len(e.raw) > 4 {
			places[i] = next
			next += uint64(len(e.raw)+1) &^ 1
		}
	}
	next = (next + alignB - 1) / alignB * alignB
	if err := w.placeBlocks(next, countsB); err != nil {
		return nil, err
	}
	out := []byte{'I', 'I', 42, 0, headB, 0, 0, 0}
	out = binary.LittleEndian.AppendUint16(out, uint16(len(w.entries)))
	for i, e := range w.entries {
		out = binary.LittleEndian.AppendUint16(out, e.tag)
		out = binary.LittleEndian.AppendUint16(out, e.kind)
		out = binary.LittleEndian.AppendUint32(out, uint32(e.count))
		if places[i] > 0 {
			out = binary.LittleEndian.AppendUint32(out, uint32(places[i]))
		} else {
			out = append(out, append(e.raw, 0, 0, 0, 0)[:4]...)
		}
	}
	out = append(out, 0, 0, 0, 0)
	for i, e := range w.entries {
		if places[i] > 0 {
			out = append(out, make([]byte, places[i]-uint64(len(out)))...)
			out = append(out, e.raw...)
		}
	}
	return append(out, make([]byte, next-uint64(len(out)))...), nil
}

// placeBlocks writes the offset of each block into its tag.
func (w *writer) placeBlocks(first uint64, countsB []uint32) error {
	i := slices.IndexFunc(w.entries, func(e writtenEntry) bool {
		return e.tag == tagTileOffsets || e.tag == tagStripOffsets
	})
	for t, n := range countsB {
		if first+uint64(n) > math.MaxUint32 {
			return fmt.Errorf("the posts exceed the 4 GiB that a classic TIFF file can hold; write a smaller window")
		}
		binary.LittleEndian.PutUint32(w.entries[i].raw[t*4:], uint32(first))
		first += uint64(n)
	}
	return nil
}
