package planning

import (
	"math"
	"math/bits"
	"slices"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/raster"
)

// partsOfLargest is how many parts the largest cell has. Areas are counted in
// whole parts, so that they sum up to the same in any order: 2 billion cells fit
// in 63 bits.
const partsOfLargest = 1 << 32

// ground is what all tallies of an airspace share.
type ground struct {
	*coverage.Covered
	// rowM2 is the area of a cell of each row, and rowParts the same in parts.
	rowM2    []float64
	rowParts []int64
	partM2   float64
	// minRadars must see a cell for it to be covered, and availabilities are the
	// shares of time that radars work.
	minRadars      int
	availabilities []float64
	// rows are by band. A row is written by one tally alone.
	rows [][]rowTally
}

// rowTally counts the cells of a row, and sums up with which probability each of
// them is covered.
type rowTally struct {
	inside, underground, covered int32
	expected                     float64
}

func newGround(c *coverage.Covered, q *CriticalityQuery) *ground {
	g := &ground{Covered: c, rowM2: gap.CellAreasM2(c.Inside.Lattice), minRadars: q.MinRadars, availabilities: q.Availabilities}
	g.partM2 = slices.Max(g.rowM2) / partsOfLargest
	for _, m2 := range g.rowM2 {
		g.rowParts = append(g.rowParts, int64(math.Round(m2/g.partM2)))
	}
	for range q.Altitudes {
		g.rows = append(g.rows, make([]rowTally, c.Inside.Rows))
	}
	return g
}

// tally sums up what one worker is told.
type tally struct {
	*ground
	bands []bandTally
	// pieces are those of the cells in hand.
	pieces []piece
	// zones are where the cells in row and col lie in each zone.
	zones    []uint64
	row, col int
}

// bandTally is areas at one altitude, in parts.
type bandTally struct {
	// byCount is by how many radars see it.
	byCount []int64
	// lost is by radar, zonesLost by zone and radar.
	lost      []int64
	zonesLost [][]int64
	// both[i*radars+j] is what is lost with radars i < j but with neither alone.
	both []int64
}

func (g *ground) newTally() *tally {
	radars := len(g.availabilities)
	t := &tally{ground: g, bands: make([]bandTally, len(g.rows)), zones: make([]uint64, len(g.Departments)), row: -1}
	for b := range t.bands {
		t.bands[b] = bandTally{byCount: make([]int64, radars+1), lost: make([]int64, radars), both: make([]int64, radars*radars)}
		for range g.Departments {
			t.bands[b].zonesLost = append(t.bands[b].zonesLost, make([]int64, radars))
		}
	}
	return t
}

// piece is cells that the same radars see.
type piece struct {
	cells uint64
	// seenBy counts the radars; radars holds the first of them, one more than must
	// see a cell: with more than that, no two radars matter.
	seenBy int
	radars []int
	// fewer[k] is the probability that k of them work, for all k that are not
	// enough.
	fewer []float64
}

// add adds a radar that works for a share of the time.
func (p *piece) add(radar int, availability float64) {
	p.seenBy++
	if len(p.radars) <= len(p.fewer) {
		p.radars = append(p.radars, radar)
	}
	for k := len(p.fewer) - 1; k > 0; k-- {
		p.fewer[k] = p.fewer[k]*(1-availability) + p.fewer[k-1]*availability
	}
	p.fewer[0] *= 1 - availability
}

// expected is the probability that enough of the radars work.
func (p *piece) expected() float64 {
	if p.seenBy < len(p.fewer) {
		return 0
	}
	sum := 0.0
	for _, f := range p.fewer {
		sum += f
	}
	return 1 - sum
}

// more returns room for a piece beyond the last.
func (t *tally) more() *piece {
	n := len(t.pieces)
	if n < cap(t.pieces) {
		t.pieces = t.pieces[:n+1]
	} else {
		t.pieces = append(t.pieces, piece{})
	}
	p := &t.pieces[n]
	if p.fewer == nil {
		p.fewer, p.radars = make([]float64, t.minRadars), make([]int, 0, t.minRadars+1)
	}
	return p
}

// part parts cells by who sees them.
func (t *tally) part(c *network.Cells) {
	t.pieces = t.pieces[:0]
	whole := t.more()
	whole.cells, whole.seenBy, whole.radars = c.All&^c.Underground, 0, whole.radars[:0]
	clear(whole.fewer)
	whole.fewer[0] = 1
	for _, seen := range c.Seen {
		availability := t.availabilities[seen.Radar]
		for i := range t.pieces {
			both := t.pieces[i].cells & seen.Cells
			if both != 0 && both != t.pieces[i].cells {
				t.split(i, both)
			}
		}
		for i := range t.pieces {
			if p := &t.pieces[i]; p.cells&seen.Cells != 0 {
				p.add(seen.Radar, availability)
			}
		}
	}
}

// split has some of the cells of a piece be one of their own.
func (t *tally) split(i int, cells uint64) {
	other := t.more()
	p := &t.pieces[i]
	p.cells &^= cells
	other.cells, other.seenBy, other.radars = cells, p.seenBy, append(other.radars[:0], p.radars...)
	copy(other.fewer, p.fewer)
}

// tell counts cells.
func (t *tally) tell(c *network.Cells) {
	t.enter(c)
	row := &t.rows[c.Band][c.Row]
	row.inside += int32(bits.OnesCount64(c.All))
	row.underground += int32(bits.OnesCount64(c.Underground))
	t.part(c)
	for i := range t.pieces {
		p := &t.pieces[i]
		n := bits.OnesCount64(p.cells)
		t.count(&t.bands[c.Band], p, int64(n)*t.rowParts[c.Row])
		if p.seenBy >= t.minRadars {
			row.covered += int32(n)
			row.expected += float64(n) * p.expected()
		}
	}
}

// enter finds out where cells lie in zones.
func (t *tally) enter(c *network.Cells) {
	if c.Row == t.row && c.Col == t.col {
		return
	}
	t.row, t.col = c.Row, c.Col
	for i, zone := range t.Departments {
		runs, _ := zone.Row(c.Row)
		t.zones[i] = word(runs, c.Col)
	}
}

// word returns which of 64 cells from a column on lie in the runs of their row.
func word(runs []raster.Run, col int) (word uint64) {
	for _, run := range runs {
		from, to := max(int(run.Col0)-col, 0), min(int(run.Col1)-col, 64)
		if from < to {
			word |= ^uint64(0) >> (64 - (to - from)) << from
		}
	}
	return word
}

// count counts a piece of so many parts.
func (t *tally) count(b *bandTally, p *piece, parts int64) {
	b.byCount[p.seenBy] += parts
	switch p.seenBy {
	case t.minRadars:
		for _, radar := range p.radars {
			b.lost[radar] += parts
			for z, zone := range t.zones {
				b.zonesLost[z][radar] += int64(bits.OnesCount64(p.cells&zone)) * t.rowParts[t.row]
			}
		}
	case t.minRadars + 1:
		for i, one := range p.radars {
			for _, other := range p.radars[i+1:] {
				b.both[min(one, other)*len(b.lost)+max(one, other)] += parts
			}
		}
	}
}

// sum adds what another tally has counted.
func (t *tally) sum(other *tally) {
	add := func(to, more []int64) {
		for i, parts := range more {
			to[i] += parts
		}
	}
	for b := range t.bands {
		to, more := &t.bands[b], &other.bands[b]
		add(to.byCount, more.byCount)
		add(to.lost, more.lost)
		add(to.both, more.both)
		for z := range to.zonesLost {
			add(to.zonesLost[z], more.zonesLost[z])
		}
	}
}
