package network

import "github.com/canopyradar/canopy/coverage/floor"

// Here are the inner loops, for any processor. They say what is computed;
// others may be quicker.

// plainLower keeps the smaller of each pair of floors in dst.
func plainLower(dst, src []floor.AGL) {
	dst = dst[:len(src)]
	for i, a := range src {
		dst[i] = min(dst[i], a)
	}
}

// part keeps the smaller of each pair of floors in dst, and the larger one in
// rest.
func part(dst, src, rest []floor.AGL) {
	dst, rest = dst[:len(src)], rest[:len(src)]
	for i, a := range src {
		dst[i], rest[i] = min(dst[i], a), max(dst[i], a)
	}
}

// plainEndsOfFloors finds the lowest and the highest floor of each block.
func plainEndsOfFloors(ends [][2]floor.AGL, floors []floor.AGL) {
	for i := range blocksOf(len(floors)) {
		low, high := floor.Unseen, floor.Ground
		for _, a := range floors[i*cellsPerBlock : min((i+1)*cellsPerBlock, len(floors))] {
			if a < low {
				low = a
			}
			if a > high {
				high = a
			}
		}
		ends[i] = [2]floor.AGL{low, high}
	}
}

// plainEndsOfGround finds the lowest and the highest ground of each block.
func plainEndsOfGround(ends [][2]float32, ground []float32) {
	for i := range blocksOf(len(ground)) {
		low, high := ground[i*cellsPerBlock], ground[i*cellsPerBlock]
		for _, z := range ground[i*cellsPerBlock : min((i+1)*cellsPerBlock, len(ground))] {
			if z < low {
				low = z
			}
			if z > high {
				high = z
			}
		}
		ends[i] = [2]float32{low, high}
	}
}

// plainUpTo returns which of up to 64 floors are no higher than highest, −1 for
// none.
func plainUpTo(floors []floor.AGL, highest int) (word uint64) {
	// Differences are negative where the floor is no higher.
	limit := int64(highest) + 1
	for i, f := range floors {
		word |= uint64(int64(f)-limit) >> 63 << (i & 63)
	}
	return word
}

// plainWiden writes heights of 16 bits as floats, 0 where they are void, and reports
// whether any was.
func plainWiden(dst []float32, src []int16, void int32) (some bool) {
	dst = dst[:len(src)]
	for i, z := range src {
		if int32(z) == void {
			z, some = 0, true
		}
		dst[i] = float32(z)
	}
	return some
}

// plainOver returns over which of up to 64 cells a height is at least that of a
// curve, and over which it is less: the height is ground·follow + height.
func plainOver(ground []float32, follow, height float32, c curve) (above, below uint64) {
	first, step, bend := float32(c.first), float32(c.step), float32(c.bend)
	for i, z := range ground {
		x := float32(i)
		switch h, limit := z*follow+height, first+x*(step+x*bend); {
		case h >= limit:
			above |= 1 << i
		case h < limit:
			below |= 1 << i
		}
	}
	return above, below
}
