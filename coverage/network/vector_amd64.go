package network

import (
	"golang.org/x/sys/cpu"

	"github.com/canopyradar/canopy/coverage/floor"
)

//go:generate go -C asm run . -out ../vector_amd64.s -stubs ../vector_amd64_stubs.go -pkg network

// Each function takes whole vectors, and leaves the rest to that for any
// processor.

func lower(dst, src []floor.AGL) {
	n := 0
	if cpu.X86.HasAVX2 {
		if n = len(src) &^ 15; n > 0 {
			lowerAVX2((*uint16)(&dst[:n][0]), (*uint16)(&src[0]), n)
		}
	}
	plainLower(dst[n:], src[n:])
}

func endsOfFloors(ends [][2]floor.AGL, floors []floor.AGL) {
	n := 0
	if cpu.X86.HasAVX2 {
		if n = len(floors) / cellsPerBlock; n > 0 {
			floorEndsAVX2((*uint16)(&ends[:n][0][0]), (*uint16)(&floors[0]), n)
		}
	}
	plainEndsOfFloors(ends[n:], floors[n*cellsPerBlock:])
}

func endsOfGround(ends [][2]float32, ground []float32) {
	n := 0
	if cpu.X86.HasAVX2 {
		if n = len(ground) / cellsPerBlock; n > 0 {
			groundEndsAVX2(&ends[:n][0][0], &ground[0], n)
		}
	}
	plainEndsOfGround(ends[n:], ground[n*cellsPerBlock:])
}

func upTo(floors []floor.AGL, highest int) uint64 {
	if cpu.X86.HasAVX2 && len(floors) == cellsPerBlock && highest >= 0 {
		return upToAVX2((*uint16)(&floors[0]), uint32(highest))
	}
	return plainUpTo(floors, highest)
}

func allows(floors []floor.AGL, ground []float32, heightM float64) uint64 {
	if cpu.X86.HasAVX2 && len(floors) == cellsPerBlock {
		return allowsAVX2((*uint16)(&floors[0]), &ground[:cellsPerBlock][0], heightM)
	}
	return plainAllows(floors, ground, heightM)
}

func widen(dst []float32, src []int16, void int32) (some bool) {
	n := 0
	if cpu.X86.HasAVX2 {
		if n = len(src) &^ 15; n > 0 {
			some = widenAVX2(&dst[:n][0], &src[0], n, void) != 0
		}
	}
	return plainWiden(dst[n:], src[n:], void) || some
}

func overRay(ground []float32, t *rayTest) (above, below uint64) {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		return overRayAVX2(&ground[:cellsPerBlock][0], &t.first)
	}
	return plainOverRay(ground, t)
}

func overBulge(ground []float32, t *bulgeTest) (above, below uint64) {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		return overBulgeAVX2(&ground[:cellsPerBlock][0], &t.first)
	}
	return plainOverBulge(ground, t)
}

func lowerRay(heights []float32, r *lowestRay) {
	n := 0
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		if n = len(heights) &^ 7; n > 0 {
			lowerRayAVX2(&heights[:n][0], &r.first, n)
		}
	}
	if n < len(heights) {
		rest := *r
		rest.first += float32(n)
		plainLowerRay(heights[n:], &rest)
	}
}

func horizonsOver(dst []floor.AGL, heights, ground []float32) {
	n := 0
	if cpu.X86.HasAVX2 {
		if n = len(heights) &^ 15; n > 0 {
			horizonsOverAVX2((*uint16)(&dst[:n][0]), &heights[0], &ground[:n][0], n)
		}
	}
	plainHorizonsOver(dst[n:], heights[n:], ground[n:])
}
