package gap

import "encoding/binary"

// Whole is how the floors over all cells of an airspace are distributed. Where
// it is known, the cells that most gaps have in common need not be counted: they
// are what the others leave of the whole. Nor need those that lie in the same
// gaps as at an altitude at which they were counted. It is of one network,
// whatever the altitudes, and does not change once it is known.
type Whole struct {
	floors floors
	known  bool
	// counts are those of the look that has told the whole.
	counts *Counts
	// rowM2 is the area of a cell of each row.
	rowM2 []float64
}

// SizeB is how many bytes it takes at the most.
func (w *Whole) SizeB() int64 {
	sum := int64(2*8<<16) + 8*int64(len(w.rowM2))
	if w.counts != nil {
		sum += w.counts.SizeB()
	}
	return sum
}

// mostly returns the key of cells that are probably many: those in the largest
// gap of each band, or in none where gaps are less.
func mostly(bands []*band) (key []byte) {
	for _, b := range bands {
		gap, _ := b.largest()
		key = binary.LittleEndian.AppendUint32(key, uint32(gap))
	}
	return key
}

// largest returns the largest gap of a band, −1 for no gap where gaps are less.
func (b *band) largest() (gap int32, areaM2 float64) {
	gap, areaM2 = -1, b.AirspaceM2-b.UncoveredM2
	for i := range b.Gaps {
		if b.Gaps[i].AreaM2 > areaM2 {
			gap, areaM2 = int32(i), b.Gaps[i].AreaM2
		}
	}
	return gap, areaM2
}

// fillWhole makes a new whole what was counted, or by what it differs from an
// earlier one.
func (s *survey) fillWhole(counters []counter) {
	w := s.Whole
	if w == nil || w.known {
		return
	}
	w.floors, w.known, w.counts, w.rowM2 = sumOf(counters), true, s.Counts, s.rowM2
	if s.Earlier != nil {
		w.floors.sum(&s.Earlier.whole.floors, 1)
	}
}

// sumOf returns the floors of all cells that were counted.
func sumOf(counters []counter) (counted floors) {
	for i := range counters {
		for _, share := range counters[i].shares {
			if share != nil {
				counted.sum(&share.floors, 1)
			}
		}
	}
	return counted
}

// leave fills in what was left out while counting.
func (w *Whole) leave(counters []counter) {
	counted := sumOf(counters)
	left := &counters[0].left.floors
	left.sum(&w.floors, 1)
	left.sum(&counted, -1)
}
