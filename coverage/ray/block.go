package ray

import "math"

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
