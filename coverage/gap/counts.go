package gap

import "github.com/canopyradar/canopy/coverage/raster"

// Counts are the floors that Find has counted: where another look differs by
// little, so do they. They do not change.
type Counts struct {
	bands []countedBand
	// whole is that of all cells, nil if it was not counted.
	whole *Whole
}

// SizeB is how many bytes they take, but for the whole.
func (c *Counts) SizeB() (sum int64) {
	for i := range c.bands {
		b := &c.bands[i]
		sum += b.open.SizeB() + 4*int64(len(b.gapOf))
		for _, gap := range b.gaps {
			sum += gap.floors.sizeB()
		}
	}
	return sum
}

type countedBand struct {
	open  *raster.Mask
	gapOf []int32
	gaps  []*counted
}

// counted is the floors of a gap.
type counted struct {
	floors     floors
	statistics FloorStatistics
}

// before is an earlier look at a band, as the gaps found now know it.
type before struct {
	*countedBand
	// gapOf are the gaps found now which those of the runs have become, −1 for
	// none; was[i] is what gap i was before.
	gapOf, was []int32
}

// counted returns the floors of what a gap was before; nil for nothing.
func (b *before) counted(gap int) *counted {
	if b.countedBand == nil || b.was[gap] < 0 {
		return nil
	}
	return b.gaps[b.was[gap]]
}

// since takes each gap to be what the first of its cells that were in one were
// in. Others would do, but leave more to count.
func (b *band) since(earlier *countedBand) {
	became, was := none(len(earlier.gaps)), none(len(b.Gaps))
	b.before = before{earlier, make([]int32, len(earlier.gapOf)), was}
	raster.Meet(earlier.open.Runs, b.open.Runs, func(i, j int, _ raster.Run) {
		from, to := earlier.gapOf[i], b.gapOf[j]
		if from >= 0 && to >= 0 && became[from] < 0 && was[to] < 0 {
			became[from], was[to] = to, from
		}
	})
	for i, gap := range earlier.gapOf {
		b.before.gapOf[i] = -1
		if gap >= 0 {
			b.before.gapOf[i] = became[gap]
		}
	}
}

func none(n int) []int32 {
	all := make([]int32, n)
	for i := range all {
		all[i] = -1
	}
	return all
}
