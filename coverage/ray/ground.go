package ray

import (
	"context"
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/terrain"
)

// Cache keeps terrain that rays went over, for those that follow. It is safe for
// concurrent use.
type Cache struct {
	mu     sync.Mutex
	blocks *simplelru.LRU[key, *block]
}

// NewCache returns an empty cache of up to sizeB bytes, or a little more.
func NewCache(sizeB int64) *Cache {
	// It fails for sizes below 1 alone.
	blocks, _ := simplelru.NewLRU[key, *block](int(max(minBlocks, sizeB/blockB)), nil)
	return &Cache{blocks: blocks}
}

// minBlocks are those around a corner, which a ray may go to and fro between.
const minBlocks = 4

// key is which block of which terrain.
type key struct{ version, col, row int }

// Ground is the terrain of a model, of which a cache keeps blocks.
type Ground struct {
	cache   *Cache
	model   terrain.Model
	version int
	lattice terrain.Lattice
}

// Over returns the terrain of a model. A cache is for versions of one model, such as
// coarser ones, each of which has a number.
func (c *Cache) Over(m terrain.Model, version int) *Ground {
	return &Ground{cache: c, model: m, version: version, lattice: m.Lattice()}
}

// Elevations are terrain.Elevations, of a model of which blocks are kept.
func (g *Ground) Elevations(ctx context.Context, places []orb.Point) ([]float64, error) {
	out := make([]float64, len(places))
	at := newHand(ctx, g)
	for i, p := range places {
		out[i] = at.elevationM(g.lattice.Col(p.Lon()), g.lattice.Row(p.Lat()))
	}
	return out, at.err
}

// Blocks have 256 × 256 cells, and the posts around all of them. Tops are of 8 × 8
// cells, and of 8 × 8 of those.
const (
	blockCells   = 256
	blockPosts   = blockCells + 1
	topCells     = 8
	topsOfBlock  = blockCells / topCells
	peakCells    = topCells * topCells
	peaksOfBlock = blockCells / peakCells
	blockB       = 4 * (blockPosts*blockPosts + topsOfBlock*topsOfBlock + peaksOfBlock*peaksOfBlock)
)

// block is a square of terrain.
type block struct {
	// elevationsM are metres above mean sea level, NaN where missing, row by row
	// from the north-west.
	elevationsM []float32
	// topsM are the highest around the cells of a top, peaksM of the tops of a peak;
	// missing posts count as sea level.
	topsM  [topsOfBlock * topsOfBlock]float32
	peaksM [peaksOfBlock * peaksOfBlock]float32
}

// block returns the block of a column and a row of blocks.
func (g *Ground) block(ctx context.Context, col, row int) (*block, error) {
	at := key{g.version, col, row}
	g.cache.mu.Lock()
	b, ok := g.cache.blocks.Get(at)
	g.cache.mu.Unlock()
	if ok {
		return b, nil
	}
	read, err := g.model.Read(ctx, g.lattice.Sub(col*blockCells, row*blockCells, blockPosts, blockPosts))
	if err != nil {
		return nil, err
	}
	b = newBlock(read.ElevationM)
	g.cache.mu.Lock()
	defer g.cache.mu.Unlock()
	g.cache.blocks.Add(at, b)
	return b, nil
}

func newBlock(elevationsM []float32) *block {
	b := &block{elevationsM: elevationsM}
	for i := range b.peaksM {
		b.peaksM[i] = float32(math.Inf(-1))
	}
	for i := range b.topsM {
		row, col := i/topsOfBlock, i%topsOfBlock
		top := b.highestM(col*topCells, row*topCells, topCells+1, topCells+1)
		b.topsM[i] = top
		peak := &b.peaksM[row/topCells*peaksOfBlock+col/topCells]
		*peak = max(*peak, top)
	}
	return b
}

// highestM returns the highest of some posts, of which those that are missing are at
// sea level.
func (b *block) highestM(col, row, cols, rows int) float32 {
	top := float32(math.Inf(-1))
	for r := row; r < row+rows; r++ {
		for _, z := range b.elevationsM[r*blockPosts+col:][:cols] {
			if z != z {
				z = 0
			}
			top = max(top, z)
		}
	}
	return top
}

// hand holds the last blocks of ground that it looked at. It is for one goroutine.
type hand struct {
	ctx    context.Context
	ground *Ground
	held   [2][2]heldBlock // by whether row and column are odd
	cell   cell
	// err is the first failure, after which all is at sea level.
	err error
}

func newHand(ctx context.Context, g *Ground) hand {
	return hand{ctx: ctx, ground: g, cell: cell{west: math.NaN()}}
}

type heldBlock struct {
	col, row int
	*block
}

var seaBlock = newBlock(make([]float32, blockPosts*blockPosts))

func (h *hand) block(col, row int) *block {
	held := &h.held[row&1][col&1]
	if held.block != nil && held.col == col && held.row == row {
		return held.block
	}
	b, err := h.ground.block(h.ctx, col, row)
	if err != nil {
		if h.err == nil {
			h.err = err
		}
		return seaBlock
	}
	*held = heldBlock{col, row, b}
	return b
}

// cell is that of the last elevation: its posts, and the elevations there.
type cell struct{ west, north, nw, ne, sw, se float64 }

// elevationM is Grid.AtPost of all the ground.
func (h *hand) elevationM(col, row float64) float64 {
	u, v := col-h.cell.west, row-h.cell.north
	if !(u > 0 && u < 1 && v > 0 && v < 1) {
		return h.elevationBeyondM(col, row)
	}
	north := h.cell.nw + (h.cell.ne-h.cell.nw)*u
	south := h.cell.sw + (h.cell.se-h.cell.sw)*u
	return north + (south-north)*v
}

// elevationBeyondM is elevationM beyond the cell, or on its edge.
func (h *hand) elevationBeyondM(col, row float64) float64 {
	l := &h.ground.lattice
	if !(col >= 0 && row >= 0 && col <= float64(l.Cols-1) && row <= float64(l.Rows-1)) {
		return math.NaN()
	}
	west, north := int(col), int(row)
	b := h.block(west/blockCells, north/blockCells)
	i := north%blockCells*blockPosts + west%blockCells
	z := b.elevationsM[i:][:blockPosts+2]
	h.cell = cell{float64(west), float64(north), float64(z[0]), float64(z[1]), float64(z[blockPosts]), float64(z[blockPosts+1])}
	u, v := col-h.cell.west, row-h.cell.north
	m := between(h.cell.nw, h.cell.ne, u)
	if v > 0 {
		m = between(m, between(h.cell.sw, h.cell.se, u), v)
	}
	return m
}

// between returns what is a share of the way from one elevation to another; what is
// not on the way may be missing.
func between(from, to, share float64) float64 {
	if share == 0 {
		return from
	}
	return from + (to-from)*share
}

// topM returns how high the ground is at most in the cells between two columns and
// two rows of posts, which may lie beyond it, in metres above mean sea level.
func (h *hand) topM(west, north, east, south float64) float64 {
	l := &h.ground.lattice
	if !(east-west < mostAside && south-north < mostAside) {
		return math.Inf(1)
	}
	c0, r0 := int(math.Floor(west)), int(math.Floor(north))
	c1, r1 := int(math.Floor(east)), int(math.Floor(south))
	top := float32(math.Inf(-1))
	if c0 < 0 || r0 < 0 || c1 >= l.Cols-1 || r1 >= l.Rows-1 {
		top = 0
		c0, r0, c1, r1 = max(c0, 0), max(r0, 0), min(c1, l.Cols-1), min(r1, l.Rows-1)
		if c0 > c1 || r0 > r1 {
			return 0
		}
	}
	switch aside := max(c1-c0, r1-r0); {
	case aside < postsAside && c0/blockCells == c1/blockCells && r0/blockCells == r1/blockCells:
		top = max(top, h.block(c0/blockCells, r0/blockCells).highestM(c0%blockCells, r0%blockCells, c1-c0+2, r1-r0+2))
	case aside < topsAside:
		for r := r0 / topCells; r <= r1/topCells; r++ {
			for c := c0 / topCells; c <= c1/topCells; c++ {
				b := h.block(c/topsOfBlock, r/topsOfBlock)
				top = max(top, b.topsM[r%topsOfBlock*topsOfBlock+c%topsOfBlock])
			}
		}
	default:
		for r := r0 / peakCells; r <= r1/peakCells; r++ {
			for c := c0 / peakCells; c <= c1/peakCells; c++ {
				b := h.block(c/peaksOfBlock, r/peaksOfBlock)
				top = max(top, b.peaksM[r%peaksOfBlock*peaksOfBlock+c%peaksOfBlock])
			}
		}
	}
	return float64(top)
}

// Of boxes that have fewer cells than postsAside aside posts are looked through, with
// fewer than topsAside tops, of larger ones peaks; nothing is known of those with
// mostAside.
const (
	postsAside = 3
	topsAside  = 2 * topCells
	mostAside  = blockCells
)
