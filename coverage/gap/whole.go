package gap

import "encoding/binary"

// Whole is how the floors over all cells of an airspace are distributed. Where
// it is known, the cells that most gaps have in common need not be counted: they
// are what the others leave of the whole. It is of one network, whatever the
// altitudes, and does not change once it is known.
type Whole struct {
	floors floors
	known  bool
}

// SizeB is how many bytes it takes at the most.
func (w *Whole) SizeB() int64 {
	return 2 * 8 << 16
}

// mostly returns the key of cells that are probably many: those in the largest
// gap of each band, or in none where gaps are less.
func mostly(bands []*band) (key []byte) {
	for _, b := range bands {
		at, areaM2 := int32(-1), b.AirspaceM2-b.UncoveredM2
		for i := range b.Gaps {
			if b.Gaps[i].AreaM2 > areaM2 {
				at, areaM2 = int32(i), b.Gaps[i].AreaM2
			}
		}
		key = binary.LittleEndian.AppendUint32(key, uint32(at))
	}
	return key
}

// total returns the sum of shares, and fills in what was left out while counting, nil
// for nothing.
func (s *survey) total(shares []*share, left *share) *floors {
	sum := &floors{}
	for _, share := range shares {
		sum.sum(&share.floors, 1)
	}
	if left == nil {
		return sum
	}
	left.floors.sum(&s.Whole.floors, 1)
	left.floors.sum(sum, -1)
	return &s.Whole.floors
}

// fill makes a new whole what was counted, or by what it differs from an earlier
// one.
func (w *Whole) fill(counted *floors, earlier *Counts) {
	if w == nil || w.known {
		return
	}
	w.floors.sum(counted, 1)
	if w.known = true; earlier != nil {
		w.floors.sum(&earlier.whole.floors, 1)
	}
}
