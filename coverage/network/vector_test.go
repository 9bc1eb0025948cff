package network

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/canopyradar/canopy/coverage/floor"
)

// What is quick says the same as what is plain, at all lengths and wherever it
// begins, and touches nothing else.
func TestQuickLoopsAreThePlainOnes(t *testing.T) {
	const seed, size = 11, 300
	random := rand.New(rand.NewPCG(seed, 0))
	for draw := range draws(3000) {
		at := random.IntN(20)
		to := at + random.IntN(size-at+1)
		floors, more, heights, ground := make([]floor.AGL, size), make([]floor.AGL, size), make([]int16, size), make([]float32, size)
		for i := range floors {
			floors[i], more[i] = floor.AGL(random.IntN(1<<16)), floor.AGL(random.IntN(1<<16))
			heights[i], ground[i] = int16(random.IntN(1<<16)-1<<15), float32(random.NormFloat64()*2000)
		}
		floors[random.IntN(size)], floors[random.IntN(size)] = floor.Unseen, floor.Ground
		void := int32(heights[random.IntN(size)])

		lowest := slices.Clone(floors)
		plainLower(lowest[at:to], more[at:to])
		quick := slices.Clone(floors)
		if lower(quick[at:to], more[at:to]); !slices.Equal(quick, lowest) {
			t.Fatalf("seed %d, draw %d, %d to %d: the lower floors differ", seed, draw, at, to)
		}
		floorEnds, quickEnds := make([][2]floor.AGL, 8), make([][2]floor.AGL, 8)
		blocks := (to - at + cellsPerBlock - 1) / cellsPerBlock
		plainEndsOfFloors(floorEnds[:blocks], floors[at:to])
		if endsOfFloors(quickEnds[:blocks], floors[at:to]); !slices.Equal(quickEnds, floorEnds) {
			t.Fatalf("seed %d, draw %d, %d to %d: ends of floors %v, want %v", seed, draw, at, to, quickEnds, floorEnds)
		}
		groundEnds, quickGround := make([][2]float32, 8), make([][2]float32, 8)
		plainEndsOfGround(groundEnds[:blocks], ground[at:to])
		if endsOfGround(quickGround[:blocks], ground[at:to]); !slices.Equal(quickGround, groundEnds) {
			t.Fatalf("seed %d, draw %d, %d to %d: ends of the ground %v, want %v", seed, draw, at, to, quickGround, groundEnds)
		}
		block := floors[at : at+min(cellsPerBlock, to-at)]
		for _, highest := range []int{-1, 0, random.IntN(1 << 16), int(floor.Unseen) - 1} {
			if got, want := upTo(block, highest), plainUpTo(block, highest); got != want {
				t.Fatalf("seed %d, draw %d, %d floors: %b are up to %d, want %b", seed, draw, len(block), got, highest, want)
			}
		}
		heightM := more[at%size].M() + float64(ground[at%size])
		if got, want := allows(block, ground[at:at+len(block)], heightM), plainAllows(block, ground[at:], heightM); got != want {
			t.Fatalf("seed %d, draw %d, %d floors: %b are allowed up to %v m, want %b", seed, draw, len(block), got, heightM, want)
		}
		wide, quickWide := make([]float32, size), make([]float32, size)
		some := plainWiden(wide[at:to], heights[at:to], void)
		if got := widen(quickWide[at:to], heights[at:to], void); got != some || !slices.Equal(quickWide, wide) {
			t.Fatalf("seed %d, draw %d, %d to %d: wide heights differ, or voids: %v, want %v", seed, draw, at, to, got, some)
		}
		rays, quickRays := make([]float32, size), make([]float32, size)
		for i := range rays {
			rays[i] = float32(math.Inf(1))
		}
		copy(quickRays, rays)
		ray := lowestRay{steps: steps{float32(random.IntN(1000) - 500), float32(random.IntN(1e9)), 2e5, -1e-3}, meridian2M2: float32(random.IntN(1e9)),
			across: 1.17e-7, more: 8e-10, antennaM: float32(random.IntN(4000)), tan: float32(random.IntN(3)) / 10}
		plainLowerRay(rays[at:to], &ray)
		lowerRay(quickRays[at:to], &ray)
		for i := range rays {
			if math.Abs(float64(rays[i]-quickRays[i])) > 1e-6*float64(rays[i]) {
				t.Fatalf("seed %d, draw %d, %d to %d: ray at %d: %v m, want %v", seed, draw, at, to, i, quickRays[i], rays[i])
			}
		}
		rays[random.IntN(size)], rays[random.IntN(size)] = float32(math.Inf(1)), 1e5
		plainHorizonsOver(lowest[at:to], rays[at:to], ground[at:to])
		if horizonsOver(quick[at:to], rays[at:to], ground[at:to]); !slices.Equal(quick[at:to], lowest[at:to]) {
			t.Fatalf("seed %d, draw %d, %d to %d: horizons differ", seed, draw, at, to)
		}
	}
}
