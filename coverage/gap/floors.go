package gap

import (
	"context"
	"encoding/binary"
	"math"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/raster"
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

// addFloors adds the statistics of the floors to the gaps of all bands. A cell
// lies in up to one gap of each band, mostly in the same as its neighbours. So
// floors are counted by the gaps that they lie in, and then added up for each
// gap: however many bands there are, each cell is looked at once.
func (s *survey) addFloors(ctx context.Context, bands []*band, workers int) error {
	largestM2 := 0.0
	for _, m2 := range s.rowM2 {
		largestM2 = math.Max(largestM2, m2)
	}
	counts := make([]counter, max(workers, 1))
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for i := range counts {
		counts[i] = counter{survey: s, bands: bands, partM2: largestM2 / partsOfLargest, shares: map[string]*share{}, metres: metres()}
		group.Go(func() error {
			return s.Network.Ground.Guard(func() error {
				for r := int(next.Add(1)) - 1; r < s.lattice.Rows; r = int(next.Add(1)) - 1 {
					if ctx.Err() != nil {
						return ctx.Err()
					}
					counts[i].row(r)
				}
				return nil
			})
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for b := range bands {
		floors := make([]floors, len(bands[b].Gaps))
		for i := range counts {
			for _, share := range counts[i].shares {
				if gap := share.gaps[b]; gap >= 0 {
					floors[gap].sum(&share.floors)
				}
			}
		}
		for gap := range floors {
			bands[b].Gaps[gap].Floor = floors[gap].statistics(counts[0].partM2)
		}
	}
	return nil
}

// counter counts the floors of rows.
type counter struct {
	*survey
	bands  []*band
	partM2 float64
	shares map[string]*share
	metres *[math.MaxUint16 + 1]float32

	key []byte
	// rest are the runs of each band from where the row is looked at on, and
	// gaps their gaps.
	rest   [][]raster.Run
	gaps   [][]int32
	ground []float32
}

// share is the floors of cells that lie in the same gaps.
type share struct {
	// gaps are those of each band, −1 for none.
	gaps   []int32
	floors floors
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
	west := inside[0].Col0
	c.readGround(r, inside)
	parts := int64(math.Round(c.rowM2[r] / c.partM2))
	for i, run := range inside {
		above := c.Network.Floors(first + i)
		for col := run.Col0; col < run.Col1; {
			share, end := c.shareAt(col, run.Col1)
			if share != nil {
				share.floors.add(above[col-run.Col0:end-run.Col0], c.ground[col-west:end-west], c.metres, parts)
			}
			col = end
		}
	}
}

// readGround reads the ground of a row from the first of its cells on.
func (c *counter) readGround(r int, inside []raster.Run) {
	west, east := int(inside[0].Col0), int(inside[len(inside)-1].Col1)
	if c.ground == nil {
		c.ground = make([]float32, c.lattice.Cols)
	}
	c.Network.Ground.CopyTo(c.ground[:east-west], c.lattice.Sub(west, r, east-west, 1))
}

// shareAt returns the share that a cell belongs to, nil where it lies in no
// gap, and the column where that changes, before limit.
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
	if !some {
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

// metres returns the height of each floor, which takes a division.
var metres = sync.OnceValue(func() *[math.MaxUint16 + 1]float32 {
	var m [math.MaxUint16 + 1]float32
	for a := range m {
		m[a] = float32(floor.AGL(a).M())
	}
	return &m
})

// floors counts floors by metre, weighed by area.
type floors struct {
	amsl, agl distribution
	neverSeen int64
}

// add counts the floors of cells of equal area over their ground.
func (f *floors) add(above []floor.AGL, ground []float32, metres *[math.MaxUint16 + 1]float32, parts int64) {
	ground = ground[:len(above)]
	for i, a := range above {
		if a == floor.Unseen {
			f.neverSeen += parts
			continue
		}
		z, agl := ground[i], metres[a]
		if z != z {
			z = 0
		}
		f.agl.add(round(agl), parts)
		f.amsl.add(round(z+agl), parts)
	}
}

// deepestM is below all that is rounded here.
const deepestM = 1 << 15

func round(heightM float32) int { return int(int32(heightM+(deepestM+0.5))) - deepestM }

func (f *floors) sum(g *floors) {
	f.agl.sum(&g.agl)
	f.amsl.sum(&g.amsl)
	f.neverSeen += g.neverSeen
}

func (f *floors) statistics(partM2 float64) (s FloorStatistics) {
	s.LowestAMSLM, s.MedianAMSLM, s.HighestAMSLM = f.amsl.quantiles()
	s.LowestAGLM, s.MedianAGLM, s.HighestAGLM = f.agl.quantiles()
	s.NeverSeenM2 = float64(f.neverSeen) * partM2
	return s
}

// distribution is a histogram of heights by metre. The zero value is empty.
type distribution struct {
	weights []int64 // by metre above base
	base    int
}

func (d *distribution) add(metre int, weight int64) {
	if uint(metre-d.base) >= uint(len(d.weights)) {
		d.reach(metre)
	}
	d.weights[metre-d.base] += weight
}

// reach makes room for a metre, generously.
func (d *distribution) reach(metre int) {
	switch {
	case d.weights == nil:
		d.base = metre
		d.weights = make([]int64, 1, 64)
	case metre < d.base:
		room := max(d.base-metre, len(d.weights))
		d.weights = append(make([]int64, room, room+len(d.weights)), d.weights...)
		d.base -= room
	case metre >= d.base+len(d.weights):
		d.weights = append(d.weights, make([]int64, metre-d.base-len(d.weights)+1)...)
	}
}

func (d *distribution) sum(e *distribution) {
	if len(e.weights) == 0 {
		return
	}
	for _, end := range [...]int{e.base, e.base + len(e.weights) - 1} {
		if end < d.base || end >= d.base+len(d.weights) {
			d.reach(end)
		}
	}
	for i, w := range e.weights {
		d.weights[e.base+i-d.base] += w
	}
}

// quantiles returns the lowest height, the one that half of the weight lies at
// or below, and the highest, in metres; NaN where there is none.
func (d *distribution) quantiles() (lowest, median, highest float64) {
	total := int64(0)
	for _, w := range d.weights {
		total += w
	}
	lowest, median, highest = math.NaN(), math.NaN(), math.NaN()
	sum := int64(0)
	for i, w := range d.weights {
		if w == 0 {
			continue
		}
		height := float64(d.base + i)
		if sum == 0 {
			lowest = height
		}
		if sum < (total+1)/2 && sum+w >= (total+1)/2 {
			median = height
		}
		sum += w
		highest = height
	}
	return lowest, median, highest
}
