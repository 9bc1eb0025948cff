package ray

import (
	"context"
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
