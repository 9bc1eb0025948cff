package gap

import (
	"context"
	"math"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/raster"
)

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
	altitude    altitude.Altitude
	uncoveredM2 float64
	open        *raster.Mask
	gapOf       []int32
	gaps        []*counted
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

// compare has bands know what was counted before: of other radars at the same
// altitudes, or of the same radars at others.
func (s *survey) compare(ctx context.Context, bands []*band, workers int) error {
	earlier := make([]*countedBand, len(bands))
	if s.Network.Earlier == nil || s.Earlier != nil && s.Whole != nil && s.Earlier.whole == nil {
		s.Earlier = nil
	}
	if s.Earlier == nil {
		earlier = s.Whole.near(bands)
	} else {
		for i := range earlier {
			earlier[i] = &s.Earlier.bands[i]
		}
	}
	s.compared = earlier != nil
	return each(ctx, workers, len(earlier), func(_ context.Context, i int) error {
		bands[i].since(earlier[i])
		return nil
	})
}

// near returns, for each band, the one counted whose cells differ least from its
// own; nil where it probably takes less to count what others leave of the whole.
// The lower the altitude, the more cells are uncovered, so that areas tell.
func (w *Whole) near(bands []*band) []*countedBand {
	if w == nil || !w.known {
		return nil
	}
	found := make([]*countedBand, len(bands))
	differM2, othersM2 := 0.0, 0.0
	for i, b := range bands {
		least := math.Inf(1)
		for k := range w.counts.bands {
			c := &w.counts.bands[k]
			if by := math.Abs(c.uncoveredM2 - b.UncoveredM2); by < least && c.altitude.Reference == b.Altitude.Reference {
				found[i], least = c, by
			}
		}
		_, largestM2 := b.largest()
		differM2, othersM2 = differM2+least, max(othersM2, b.AirspaceM2-largestM2)
	}
	// Cells may be taken out of one gap and put into another.
	if 2*differM2 > othersM2 {
		return nil
	}
	return found
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
