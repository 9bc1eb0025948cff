package network

import (
	"math"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
)

// band is an altitude as floors are compared with it. A floor allows a radar to
// see a cell where it is, in metres above ground, no more than the altitude is;
// with a disc's reach wherever there is one.
type band struct {
	altitude.Altitude
	// level says that one floor decides over all grounds: highest is the
	// highest that does, −1 for none.
	level   bool
	highest int
	// groundless bands are never underground.
	groundless bool
	// baseM is the altitude over ground at sea level, and follow 1 if it follows
	// the ground, else 0.
	baseM  float64
	follow int
}

func newBand(a altitude.Altitude, reach sight.Reach) band {
	b := band{Altitude: a, highest: -1, baseM: a.AMSLM(0)}
	if a.Reference == altitude.AGL {
		b.follow = 1
	}
	switch {
	case reach == sight.Disc:
		b.level, b.groundless, b.highest = true, true, int(floor.Unseen)-1
	case a.Reference == altitude.AGL:
		b.level, b.groundless = true, a.Value >= 0
		if a.Value >= 0 {
			b.highest = highestUpTo(a.Value)
		}
	}
	return b
}

// highestUpTo returns the highest floor of no more than a height in metres.
func highestUpTo(heightM float64) int {
	f := floor.AGLOf(math.Min(heightM, floor.HighestM))
	if f.M() > heightM {
		f--
	}
	return int(f)
}

// allowsAny and allowsAll tell of all cells with floors from low to high over
// ground from groundLow to groundHigh: whether some may, and whether all must
// be allowed.
func (a *band) allowsAny(low floor.AGL, groundLow float64) bool {
	if a.level {
		return int(low) <= a.highest
	}
	return low.M() <= a.baseM-groundLow
}

func (a *band) allowsAll(high floor.AGL, groundHigh float64) bool {
	if a.level {
		return int(high) <= a.highest
	}
	return high.M() <= a.baseM-groundHigh
}

// ends returns the least and the largest altitude over ground between two
// heights, above mean sea level.
func (a *band) ends(groundLow, groundHigh float64) (low, high float64) {
	return a.AMSLM(groundLow), a.AMSLM(groundHigh)
}

// over returns over which of up to 64 cells the altitude is higher than a limit.
func (a *band) over(ground []float32, limitM float64) (word uint64) {
	for i, z := range ground {
		word |= bit(a.AMSLM(float64(z)) > limitM) << (i & 63)
	}
	return word
}

// under returns those of up to 64 neighbouring cells whose ground is higher
// than the altitude.
func (a *band) under(ground []float32) (word uint64) {
	follow := float64(a.follow)
	for i, z := range ground {
		z := float64(z)
		word |= bit(a.baseM+follow*z < z) << (i & 63)
	}
	return word
}
