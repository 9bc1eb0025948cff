package gap

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"slices"
	"sync/atomic"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/raster"
)

// Areas of cells are counted in whole parts of the largest of them, so that
// they sum up to the same in any order: 400 million cells fit in 63 bits.
const partsOfLargest = 1 << 30

// counters count the floors in the gaps of all bands. A cell lies in up to one
// gap of each band, mostly in the same as its neighbours. So floors are counted
// by the gaps that they lie in, and then added up for each gap: however many
// bands there are, each cell is looked at once.
//
// Where there are counts of an earlier look, what has changed is counted: what
// was there is taken away, and what is there is added.
func (s *survey) counters(bands []*band, n int) []counter {
	largestM2 := 0.0
	for _, m2 := range s.rowM2 {
		largestM2 = math.Max(largestM2, m2)
	}
	counters := make([]counter, n)
	for i := range counters {
		c := &counters[i]
		*c = counter{survey: s, partM2: largestM2 / partsOfLargest, shares: map[string]*share{}}
		now := side{times: 1, floors: s.Network.Floors}
		before := side{times: -1}
		for _, b := range bands {
			now.open, now.gapOf = append(now.open, b.open), append(now.gapOf, b.gapOf)
			if s.Earlier != nil {
				before.open, before.gapOf = append(before.open, b.before.open), append(before.gapOf, b.before.gapOf)
			}
		}
		c.sides = []side{now}
		switch {
		case s.Earlier != nil:
			before.floors = s.Network.Earlier.Floors
			c.sides = append(c.sides, before)
		case s.Whole != nil && s.Whole.known:
			c.left = c.shareOf(mostly(bands))
		}
	}
	return counters
}

// gathered returns the shares of all counters as if one had counted.
func gathered(counters []counter) (shares []*share) {
	all := counters[0].shares
	for i := range counters[1:] {
		for key, s := range counters[1+i].shares {
			if at := all[key]; at != nil {
				at.floors.sum(&s.floors, 1)
			} else {
				all[key] = s
			}
		}
	}
	for _, s := range all {
		if s != nil {
			shares = append(shares, s)
		}
	}
	return shares
}

// sumUp gives the gaps of a band the statistics of the floors counted, of which
// total is the sum: those of the gap that most shares lie in are what others leave.
func (b *band) sumUp(number int, shares []*share, total *floors, partM2 float64) {
	b.counted = make([]*counted, len(b.Gaps))
	of := func(gap int32) *floors {
		if b.counted[gap] == nil {
			b.counted[gap] = &counted{}
		}
		return &b.counted[gap].floors
	}
	most := b.ofMost(number, shares)
	if most >= 0 {
		of(most).sum(total, 1)
	}
	for _, share := range shares {
		gap := share.gaps[number]
		if gap == most {
			continue
		}
		if gap >= 0 {
			of(gap).sum(&share.floors, 1)
		}
		if most >= 0 {
			of(most).sum(&share.floors, -1)
		}
	}
	for gap := range b.counted {
		c, earlier := b.counted[gap], b.before.counted(gap)
		switch {
		case c == nil:
			b.counted[gap] = earlier
		case earlier != nil:
			c.floors.sum(&earlier.floors, 1)
			fallthrough
		default:
			c.statistics = c.floors.statistics(partM2)
		}
		b.Gaps[gap].Floor = b.counted[gap].statistics
	}
}

// ofMost returns the gap of a band that more than half of the shares lie in, −1 for
// none.
func (b *band) ofMost(number int, shares []*share) int32 {
	lie := make([]int, len(b.Gaps))
	for _, share := range shares {
		if gap := share.gaps[number]; gap >= 0 {
			lie[gap]++
		}
	}
	for gap, n := range lie {
		if 2*n > len(shares) {
			return int32(gap)
		}
	}
	return -1
}

// counter counts the floors of rows.
type counter struct {
	*survey
	partM2 float64
	shares map[string]*share
	// left is not counted, as it is what is left of the whole; nil for none.
	left *share
	// sides are the look, and an earlier one if there is any.
	sides   []side
	scratch []float32
	// tables are those of shares with many cells.
	tables int
}

// side is one look at the row in hand.
type side struct {
	// times is how many times its floors are counted.
	times int64
	// floors returns those of a run.
	floors func(run int) []floor.AGL
	// open are the open cells of each band, and gapOf the gaps of their runs.
	open  []*raster.Mask
	gapOf [][]int32

	// rest are the runs of each band from where the row is looked at on, and
	// gaps their gaps, of which key tells where it is looked at.
	rest [][]raster.Run
	gaps [][]int32
	key  []byte
	// above are the floors of a run, and amsl those in metres above mean sea
	// level, known up to a column.
	above []floor.AGL
	amsl  []int16
	known int32
}

// share is the floors of cells that lie in the same gaps.
type share struct {
	// gaps are those of each band, −1 for none.
	gaps   []int32
	floors floors
	// table counts from where cells are many on; nil before, and once it is
	// in floors.
	table *table
	cells int
}

// Shares of more than cellsPaged cells get a table, as long as a counter has
// fewer than maxTables.
const (
	cellsPaged = 1 << 16
	maxTables  = 4
)

// add counts the floors of cells of equal area.
func (c *counter) add(s *share, above []floor.AGL, amsl []int16, parts int64) {
	s.cells += len(above)
	if s.table == nil && s.cells > cellsPaged && c.tables < maxTables {
		s.table = new(table)
		c.tables++
	}
	if s.table != nil {
		s.table.add(above, amsl, parts)
	} else {
		s.floors.add(above, amsl, parts)
	}
}

// settle has all that was counted in floors.
func (c *counter) settle() {
	for _, s := range c.shares {
		if s != nil && s.table != nil {
			s.table.into(&s.floors)
			s.table = nil
		}
	}
}

// rowsPerTask are counted by one counter: enough for most gaps to be counted by
// few of them, few enough to keep all busy to the end.
const rowsPerTask = 64

// rows counts some rows after the others of those that no other has taken.
func (c *counter) rows(ctx context.Context, next *atomic.Int64) error {
	defer c.settle()
	return c.Network.Ground.Guard(func() error {
		for to := int(next.Add(rowsPerTask)); to < c.lattice.Rows+rowsPerTask; to = int(next.Add(rowsPerTask)) {
			for r := to - rowsPerTask; r < min(to, c.lattice.Rows); r++ {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				c.row(r)
			}
		}
		return nil
	})
}

func (c *counter) row(r int) {
	inside, first := c.Network.Inside.Row(r)
	for i := range c.sides {
		c.sides[i].enterRow(r)
	}
	from, to := c.changed(r)
	parts := int64(math.Round(c.rowM2[r] / c.partM2))
	for i, run := range inside {
		for k := range c.sides {
			s := &c.sides[k]
			s.above, s.known = s.floors(first+i), run.Col0
		}
		last := min(run.Col1, to)
		for col := max(run.Col0, from); col < last; {
			end := last
			for k := range c.sides {
				end = c.sides[k].keyAt(col, end)
			}
			c.stretch(run, raster.Run{Row: run.Row, Col0: col, Col1: end}, parts)
			col = end
		}
	}
}

// changed returns the columns of a row in which floors or gaps may be others than
// those of the earlier look, all where there was none.
func (c *counter) changed(r int) (from, to int32) {
	if c.Earlier == nil {
		return 0, int32(c.lattice.Cols)
	}
	columns := c.Network.Earlier.Changed[r]
	now, before := &c.sides[0], &c.sides[1]
	for b := range now.rest {
		columns = columns.Join(difference(now.rest[b], before.rest[b], now.gaps[b], before.gaps[b]))
	}
	return columns.From, columns.To
}

// difference returns columns that hold all in which two lists of runs of a row, of
// some gaps, are not the same.
func difference(a, b []raster.Run, gapsOfA, gapsOfB []int32) (c network.Columns) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] && gapsOfA[0] == gapsOfB[0] {
		a, b, gapsOfA, gapsOfB = a[1:], b[1:], gapsOfA[1:], gapsOfB[1:]
	}
	for i, j := len(a)-1, len(b)-1; i >= 0 && j >= 0 && a[i] == b[j] && gapsOfA[i] == gapsOfB[j]; i, j = i-1, j-1 {
		a, b = a[:i], b[:j]
	}
	for _, rest := range [...][]raster.Run{a, b} {
		if len(rest) > 0 {
			c = c.Join(network.Columns{From: rest[0].Col0, To: rest[len(rest)-1].Col1})
		}
	}
	return c
}

// stretch counts cells of a run that lie in the same gaps, and did so before.
func (c *counter) stretch(run, cells raster.Run, parts int64) {
	now := &c.sides[0]
	if len(c.sides) == 1 || !bytes.Equal(now.key, c.sides[1].key) {
		for k := range c.sides {
			c.count(&c.sides[k], run, cells, parts)
		}
		return
	}
	const step = 64
	for col := cells.Col0; col < cells.Col1; col += step {
		some := raster.Run{Row: cells.Row, Col0: col, Col1: min(col+step, cells.Col1)}
		from, to := some.Col0-run.Col0, some.Col1-run.Col0
		if !slices.Equal(now.above[from:to], c.sides[1].above[from:to]) {
			c.count(now, run, some, parts)
			c.count(&c.sides[1], run, some, parts)
		}
	}
}

// count counts cells of a run of one side that lie in the same gaps.
func (c *counter) count(s *side, run, cells raster.Run, parts int64) {
	share := c.shareOf(s.key)
	if share == nil || share == c.left {
		return
	}
	c.heights(s, run, cells)
	from, to := cells.Col0-run.Col0, cells.Col1-run.Col0
	c.add(share, s.above[from:to], s.amsl[from:to], s.times*parts)
}

// cellsAtOnce are turned into metres together, if there are as many: to do so
// one by one takes longer.
const cellsAtOnce = 1024

// heights turns the floors of cells of a run into metres, and of some more.
func (c *counter) heights(s *side, run, cells raster.Run) {
	if cells.Col1 <= s.known {
		return
	}
	if s.amsl == nil {
		s.amsl, c.scratch = make([]int16, c.lattice.Cols), make([]float32, c.lattice.Cols)
	}
	from := max(cells.Col0, s.known)
	s.known = max(cells.Col1, min(from+cellsAtOnce, run.Col1))
	row := c.lattice.Sub(int(from), int(run.Row), int(s.known-from), 1)
	from, to := from-run.Col0, s.known-run.Col0
	floor.AltitudesOver(s.amsl[from:to], s.above[from:to], c.Network.Ground, row, c.scratch)
}

func (s *side) enterRow(r int) {
	s.rest, s.gaps = s.rest[:0], s.gaps[:0]
	for b, open := range s.open {
		runs, i := open.Row(r)
		s.rest, s.gaps = append(s.rest, runs), append(s.gaps, s.gapOf[b][i:i+len(runs)])
	}
}

// keyAt fills in the key of the gaps that a cell lies in, and returns the column
// where they change, before limit.
func (s *side) keyAt(col, limit int32) (end int32) {
	end = limit
	s.key = s.key[:0]
	for b := range s.rest {
		for len(s.rest[b]) > 0 && s.rest[b][0].Col1 <= col {
			s.rest[b], s.gaps[b] = s.rest[b][1:], s.gaps[b][1:]
		}
		gap := int32(-1)
		switch {
		case len(s.rest[b]) == 0:
		case s.rest[b][0].Col0 <= col:
			gap, end = s.gaps[b][0], min(end, s.rest[b][0].Col1)
		default:
			end = min(end, s.rest[b][0].Col0)
		}
		s.key = binary.LittleEndian.AppendUint32(s.key, uint32(gap))
	}
	return end
}

// shareOf returns the share of a key. It is nil for cells in no gap, which are
// of interest for the whole alone.
func (c *counter) shareOf(key []byte) *share {
	at, known := c.shares[string(key)]
	if known {
		return at
	}
	some := c.Whole != nil
	at = &share{}
	for rest := key; len(rest) > 0; rest = rest[4:] {
		gap := int32(binary.LittleEndian.Uint32(rest))
		at.gaps, some = append(at.gaps, gap), some || gap >= 0
	}
	if !some {
		at = nil
	}
	c.shares[string(key)] = at
	return at
}
