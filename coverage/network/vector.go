package network

import (
	"math"

	"github.com/canopyradar/canopy/coverage/floor"
)

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

// endsOfBlocks finds the lowest and the highest cell of each block of a run that
// begins at a column; quick does for one that begins a block.
func endsOfBlocks[T any](ends [][2]T, cells []T, col int, quick func(ends [][2]T, cells []T)) {
	head := min(cellsPerBlock-col%cellsPerBlock, len(cells))
	quick(ends[:1], cells[:head])
	quick(ends[1:], cells[head:])
}

// plainEndsOfFloors finds the lowest and the highest floor of each block.
func plainEndsOfFloors(ends [][2]floor.AGL, floors []floor.AGL) {
	for i := range ends {
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
	for i := range ends {
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

// plainAllows returns which of up to 64 floors are over their ground no higher than
// a height.
func plainAllows(floors []floor.AGL, ground []float32, heightM float64) (word uint64) {
	for i, f := range floors {
		word |= bit(f.M() <= heightM-float64(ground[i])) << (i & 63)
	}
	return word
}

// bit is 1 for true, without a branch.
func bit(is bool) (b uint64) {
	if is {
		b = 1
	}
	return b
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

// plainLowerRay lowers heights above mean sea level to those of a ray.
func plainLowerRay(heights []float32, r *lowestRay) {
	for i := range heights {
		x := r.first + float32(i)
		u := x * x
		d2 := max(nearestM*nearestM, r.from+u*(r.by+u*r.bend))
		curvature := r.across + min(r.meridian2M2/d2, 1)*r.more
		psi := sqrt(d2) * curvature
		psi2 := psi * psi
		climb := versine(psi2) + r.tan*psi*(1-psi2*(1./6-psi2*(1./120)))
		// A ray so steep is above all that there is.
		level := max(1-climb, steepest)
		heights[i] = min(heights[i], r.antennaM+(1+r.antennaM*curvature)*climb/(level*curvature))
	}
}

const steepest = 1e-3

// plainHorizonsOver turns heights above mean sea level into such above ground: Unseen
// where they are infinite, and nowhere else.
func plainHorizonsOver(dst []floor.AGL, heights, ground []float32) {
	for i, h := range heights {
		dst[i] = floor.Unseen
		if h < math.MaxFloat32 {
			dst[i] = floor.AGL(min(sqrt(max(0, h-ground[i]))*floor.AGLScale+0.5, float32(floor.Unseen-1)))
		}
	}
}

// sqrt is that of a float.
func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// steps are the cells of a block as a radar has them: the squares of their
// distances, in m², are from + u·(by + u·bend) with the square u of first + i.
type steps struct{ first, from, by, bend float32 }

// distanceM is that over ground to a cell.
func (s *steps) distanceM(cell int) float32 {
	x := s.first + float32(cell)
	u := x * x
	return sqrt(max(nearestM*nearestM, s.from+u*(s.by+u*s.bend)))
}

// rayTest compares ground·follow + heightM, from the antenna on, with a ray of
// the beam: of both, slackM is nothing.
type rayTest struct {
	steps
	follow, heightM, tan, slackM float32
	// near is the smallest earth there may be, and far the largest.
	near, far struct{ curvature, antennaM float32 }
}

// plainOverRay returns over which of 64 cells a height is surely above a ray, and
// over which it is surely below.
func plainOverRay(ground []float32, t *rayTest) (above, below uint64) {
	climb := func(psi float32) float32 {
		psi2 := psi * psi
		return versine(psi2) + t.tan*psi*(1-psi2*(1./6-psi2*(1./120)))
	}
	for i, z := range ground[:cellsPerBlock] {
		distanceM, h := t.distanceM(i), z*t.follow+t.heightM
		// The ray's height is that of its antenna·climb/(1 − climb).
		if c := climb(distanceM * t.near.curvature); (h-t.slackM)*(1-c) >= t.near.antennaM*c {
			above |= 1 << i
		}
		if c := climb(distanceM * t.far.curvature); (h+t.slackM)*(1-c) < t.far.antennaM*c {
			below |= 1 << i
		}
	}
	return above, below
}

// bulgeTest compares ground·follow + heightM with the horizon of a smooth earth
// at the height of the ground, or at surfaceM where that is lower, mastM below
// the antenna.
type bulgeTest struct {
	steps
	follow, heightM, surfaceM, mastM, slackM float32
	// near is the smallest earth there may be, and far the largest.
	near, far bulgeSide
}

// bulgeSide is an earth, of which the horizon from a height h is at an angle of
// √h·(dip + h·dipMore), but for so many radians.
type bulgeSide struct{ curvature, radians, dip, dipMore, radiusM float32 }

// plainOverBulge returns over which of 64 cells a height is surely above the
// horizon, and over which it is surely below.
func plainOverBulge(ground []float32, t *bulgeTest) (above, below uint64) {
	for i, z := range ground[:cellsPerBlock] {
		distanceM, surfaceM := t.distanceM(i), min(z, t.surfaceM)
		h, down := z*t.follow+t.heightM-surfaceM, t.mastM+(t.surfaceM-surfaceM)
		root := sqrt(down)
		beyond := max(0, distanceM*t.near.curvature+t.near.radians-root*(t.near.dip+down*t.near.dipMore))
		slackM := t.slackM
		if beyond == 0 {
			slackM = 0
		}
		if drop := versine(beyond * beyond); (h-slackM)*(1-drop) >= (t.near.radiusM+surfaceM)*drop {
			above |= 1 << i
		}
		beyond = max(0, distanceM*t.far.curvature-t.far.radians-root*(t.far.dip+down*t.far.dipMore))
		if drop := versine(beyond * beyond); (h+t.slackM)*(1-drop) < (t.far.radiusM+surfaceM)*drop {
			below |= 1 << i
		}
	}
	return above, below
}
