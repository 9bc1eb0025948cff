package gap

import (
	"context"
	"encoding/binary"
	"math"
	"sync"
	"sync/atomic"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// FloorStatistics sums up the network's floor over the cells of a gap, in
// metres, to the metre; medians are by area. NaN where no cell has a floor.
type FloorStatistics struct {
	LowestAMSLM, MedianAMSLM, HighestAMSLM float64
	LowestAGLM, MedianAGLM, HighestAGLM    float64
	// NeverSeenM2 is the area seen at no altitude.
	NeverSeenM2 float64
}

// Areas of cells are counted in whole parts of the largest of them, so that
// they sum up to the same in any order: 400 million cells fit in 63 bits.
const partsOfLargest = 1 << 30

// counters count the floors in the gaps of all bands. A cell lies in up to one
// gap of each band, mostly in the same as its neighbours. So floors are counted
// by the gaps that they lie in, and then added up for each gap: however many
// bands there are, each cell is looked at once.
func (s *survey) counters(bands []*band, n int) []counter {
	largestM2 := 0.0
	for _, m2 := range s.rowM2 {
		largestM2 = math.Max(largestM2, m2)
	}
	counters := make([]counter, n)
	for i := range counters {
		c := &counters[i]
		*c = counter{survey: s, bands: bands, partM2: largestM2 / partsOfLargest, shares: map[string]*share{}}
		if s.Whole != nil && s.Whole.known {
			c.left = c.shareOf(mostly(bands))
		}
	}
	return counters
}

// sumUp gives the gaps of band b the statistics of the floors counted.
func sumUp(b int, gaps []Gap, counters []counter) {
	floors := make([]floors, len(gaps))
	for i := range counters {
		for _, share := range counters[i].shares {
			if gap := share.gaps[b]; gap >= 0 {
				floors[gap].sum(&share.floors, 1)
			}
		}
	}
	for gap := range floors {
		gaps[gap].Floor = floors[gap].statistics(counters[0].partM2)
	}
}

// counter counts the floors of rows.
type counter struct {
	*survey
	bands  []*band
	partM2 float64
	shares map[string]*share
	// left is not counted, as it is what is left of the whole; nil for none.
	left *share

	key []byte
	// rest are the runs of each band from where the row is looked at on, and
	// gaps their gaps.
	rest [][]raster.Run
	gaps [][]int32
	// amsl are the floors of a run in metres above mean sea level, known up to a
	// column.
	amsl    []int16
	known   int32
	scratch []float32
}

// share is the floors of cells that lie in the same gaps.
type share struct {
	// gaps are those of each band, −1 for none.
	gaps   []int32
	floors floors
}

// rowsPerTask are counted by one counter: enough for most gaps to be counted by
// few of them, few enough to keep all busy to the end.
const rowsPerTask = 64

// rows counts some rows after the others of those that no other has taken.
func (c *counter) rows(ctx context.Context, next *atomic.Int64) error {
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
	if len(inside) == 0 {
		return
	}
	c.rest, c.gaps = c.rest[:0], c.gaps[:0]
	for _, b := range c.bands {
		runs, i := b.open.Row(r)
		c.rest, c.gaps = append(c.rest, runs), append(c.gaps, b.gapOf[i:])
	}
	parts := int64(math.Round(c.rowM2[r] / c.partM2))
	for i, run := range inside {
		above := c.Network.Floors(first + i)
		c.known = run.Col0
		for col := run.Col0; col < run.Col1; {
			share, end := c.shareAt(col, run.Col1)
			if share != nil && share != c.left {
				from, to := col-run.Col0, end-run.Col0
				c.heights(run, col, end, above)
				share.floors.add(above[from:to], c.amsl[from:to], parts)
			}
			col = end
		}
	}
}

// cellsAtOnce are turned into metres together, if there are as many: to do so
// one by one takes longer.
const cellsAtOnce = 1024

// heights turns the floors of columns from ≤ c < to of a run into metres, and of
// some more.
func (c *counter) heights(run raster.Run, from, to int32, above []floor.AGL) {
	if to <= c.known {
		return
	}
	if c.scratch == nil {
		c.amsl, c.scratch = make([]int16, c.lattice.Cols), make([]float32, c.lattice.Cols)
	}
	from = max(from, c.known)
	c.known = max(to, min(from+cellsAtOnce, run.Col1))
	row := c.lattice.Sub(int(from), int(run.Row), int(c.known-from), 1)
	from, to = from-run.Col0, c.known-run.Col0
	floor.AltitudesOver(c.amsl[from:to], above[from:to], c.Network.Ground, row, c.scratch)
}

// shareAt returns the share that a cell belongs to, and the column where that
// changes, before limit. It is nil where a cell lies in no gap, which is of
// interest for the whole alone.
func (c *counter) shareAt(col, limit int32) (at *share, end int32) {
	end = limit
	c.key = c.key[:0]
	some := false
	for b := range c.rest {
		for len(c.rest[b]) > 0 && c.rest[b][0].Col1 <= col {
			c.rest[b], c.gaps[b] = c.rest[b][1:], c.gaps[b][1:]
		}
		gap := int32(-1)
		switch {
		case len(c.rest[b]) == 0:
		case c.rest[b][0].Col0 <= col:
			gap, end = c.gaps[b][0], min(end, c.rest[b][0].Col1)
		default:
			end = min(end, c.rest[b][0].Col0)
		}
		some = some || gap >= 0
		c.key = binary.LittleEndian.AppendUint32(c.key, uint32(gap))
	}
	if !some && c.Whole == nil {
		return nil, end
	}
	return c.shareOf(c.key), end
}

func (c *counter) shareOf(key []byte) *share {
	at := c.shares[string(key)]
	if at == nil {
		at = &share{}
		for rest := key; len(rest) > 0; rest = rest[4:] {
			at.gaps = append(at.gaps, int32(binary.LittleEndian.Uint32(rest)))
		}
		c.shares[string(key)] = at
	}
	return at
}

// floors counts floors by metre, weighed by area. Those of more than
// math.MaxInt16 metres count as of that.
type floors struct {
	amsl, agl distribution
	neverSeen int64
}

// metresAGL are all floors above ground in metres: altitudes over the sea.
var metresAGL = sync.OnceValue(func() *[floor.Unseen]int16 {
	var metres [floor.Unseen]int16
	var floors [floor.Unseen]floor.AGL
	for i := range floors {
		floors[i] = floor.AGL(i)
	}
	row := terrain.Lattice{PerDegLon: 1, PerDegLat: 1, Cols: len(floors), Rows: 1}
	floor.AltitudesOver(metres[:], floors[:], terrain.NewView(row, []terrain.Panel{{Lattice: row}}), row, make([]float32, len(floors)))
	for i := range metres {
		metres[i] = atMost(metres[i])
	}
	return &metres
})

// add counts the floors of cells of equal area.
func (f *floors) add(above []floor.AGL, amsl []int16, parts int64) {
	amsl, agl := amsl[:len(above)], metresAGL()
	for i, a := range above {
		if a == floor.Unseen {
			f.neverSeen += parts
			continue
		}
		f.amsl.add(atMost(amsl[i]), parts)
		f.agl.add(agl[a], parts)
	}
}

// atMost takes what is too high for an altitude as the highest there is.
func atMost(altitude int16) int16 {
	if altitude == floor.NoAltitude {
		return math.MaxInt16
	}
	return altitude
}

// sum adds g as many times.
func (f *floors) sum(g *floors, times int64) {
	f.agl.sum(&g.agl, times)
	f.amsl.sum(&g.amsl, times)
	f.neverSeen += times * g.neverSeen
}

func (f *floors) statistics(partM2 float64) (s FloorStatistics) {
	s.LowestAMSLM, s.MedianAMSLM, s.HighestAMSLM = f.amsl.quantiles()
	s.LowestAGLM, s.MedianAGLM, s.HighestAGLM = f.agl.quantiles()
	s.NeverSeenM2 = float64(f.neverSeen) * partM2
	return s
}

// distribution is a histogram of heights by metre, in pages, as heights lie close
// together but for a few. The zero value is empty.
type distribution [1 << (16 - pageBits)]*page

const pageBits = 8

// page holds the weights of neighbouring metres.
type page [1 << pageBits]int64

// place returns the page of a metre and its place there, lower ones first.
func place(metre int16) (number, at int) {
	n := int(metre) - math.MinInt16
	return n >> pageBits, n & (1<<pageBits - 1)
}

func (d *distribution) add(metre int16, weight int64) {
	number, at := place(metre)
	p := d[number]
	if p == nil {
		p = new(page)
		d[number] = p
	}
	p[at] += weight
}

// sum adds e as many times.
func (d *distribution) sum(e *distribution, times int64) {
	for number, p := range e {
		if p == nil {
			continue
		}
		if d[number] == nil {
			d[number] = new(page)
		}
		q := d[number]
		for at := range p {
			q[at] += times * p[at]
		}
	}
}

// weights yields those above 0, the lowest metre first.
func (d *distribution) weights(yield func(metre int, weight int64) bool) {
	for number, p := range d {
		if p == nil {
			continue
		}
		for at, weight := range p {
			if weight > 0 && !yield(number<<pageBits+at+math.MinInt16, weight) {
				return
			}
		}
	}
}

// quantiles returns the lowest height, the one that half of the weight lies at
// or below, and the highest, in metres; NaN where there is none.
func (d *distribution) quantiles() (lowest, median, highest float64) {
	total, sum := int64(0), int64(0)
	for _, w := range d.weights {
		total += w
	}
	lowest, median, highest = math.NaN(), math.NaN(), math.NaN()
	for metre, w := range d.weights {
		if highest = float64(metre); sum == 0 {
			lowest = highest
		}
		if sum < (total+1)/2 && sum+w >= (total+1)/2 {
			median = highest
		}
		sum += w
	}
	return lowest, median, highest
}
