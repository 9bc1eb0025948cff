package floor

import "math"

// AGL is a floor above ground level in 16 bits: the height is the square of a
// 320th of it in metres. So it is the finer the lower, by 3 cm at 100 m, 10 cm
// at 1000 m, 0.3 m at 10 km and 0.6 m at most; it compares as heights do; and
// floors of several radars above one post compare without their ground.
type AGL uint16

const (
	// Ground is the floor where even the ground is seen.
	Ground AGL = 0
	// Unseen is no floor: nothing is seen at any altitude, or only above all
	// that this type holds.
	Unseen AGL = math.MaxUint16
	// AGLScale is how much of an AGL a root of a metre is.
	AGLScale = 320
)

// HighestM is the highest floor there is, in metres above ground.
const HighestM = float64(Unseen-1) * float64(Unseen-1) / (AGLScale * AGLScale)

// AGLOf returns the floor nearest to a height in metres above ground; Ground
// below that, and Unseen for NaN and above HighestM.
func AGLOf(heightM float64) AGL {
	switch {
	case heightM <= 0:
		return Ground
	case heightM <= HighestM:
		return AGL(math.Sqrt(heightM)*AGLScale + 0.5)
	}
	return Unseen
}

// M returns the height in metres above ground, NaN for Unseen.
func (a AGL) M() float64 {
	if a == Unseen {
		return math.NaN()
	}
	root := float64(a) / AGLScale
	return root * root
}
