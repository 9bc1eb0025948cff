//go:build !amd64

package network

import "github.com/canopyradar/canopy/coverage/floor"

func lower(dst, src []floor.AGL)                               { plainLower(dst, src) }
func endsOfFloors(ends [][2]floor.AGL, floors []floor.AGL)     { plainEndsOfFloors(ends, floors) }
func endsOfGround(ends [][2]float32, ground []float32)         { plainEndsOfGround(ends, ground) }
func upTo(floors []floor.AGL, highest int) uint64              { return plainUpTo(floors, highest) }
func widen(dst []float32, src []int16, void int32) (some bool) { return plainWiden(dst, src, void) }

func allows(floors []floor.AGL, ground []float32, heightM float64) uint64 {
	return plainAllows(floors, ground, heightM)
}

func overRay(ground []float32, t *rayTest) (above, below uint64) { return plainOverRay(ground, t) }

func overBulge(ground []float32, t *bulgeTest) (above, below uint64) {
	return plainOverBulge(ground, t)
}

func lowerRay(heights []float32, r *lowestRay) { plainLowerRay(heights, r) }

func horizonsOver(dst []floor.AGL, heights, ground []float32) {
	plainHorizonsOver(dst, heights, ground)
}
