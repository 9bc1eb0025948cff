package floor

import (
	"context"
	"math"
	"unsafe"

	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// NoAltitude is where nothing is seen at any altitude.
const NoAltitude = math.MinInt16

// Altitudes are a radar's floor above the posts in its range in whole metres
// above mean sea level, to the nearest.
type Altitudes struct {
	// Lattice is the box around the range.
	terrain.Lattice
	// AMSLM is row by row, NoAltitude where there is no floor.
	AMSLM []int16
	// PostsInRange and Missing are as a Surface's.
	PostsInRange int
	Missing      Missing
}

// ComputeAltitudes is Compute for who wants altitudes of a radar behind terrain,
// and no floors above ground: these would have to be looked at once more,
// together with the ground.
func ComputeAltitudes(ctx context.Context, site *sight.Site, l Land, workers int) (*Altitudes, error) {
	return new(Room).ComputeAltitudes(ctx, site, l, workers)
}

// ComputeAltitudes is the function of that name, but its altitudes are of meaning
// until the next surface only.
func (m *Room) ComputeAltitudes(ctx context.Context, site *sight.Site, l Land, workers int) (*Altitudes, error) {
	s := &Surface{Site: site, Reach: sight.Terrain, altitudes: true}
	if err := m.compute(ctx, s, l, workers); err != nil {
		return nil, err
	}
	amslM := unsafe.Slice((*int16)(unsafe.Pointer(&s.Floor[0])), len(s.Floor)) //nolint:gosec // these are their bits
	return &Altitudes{Lattice: s.Lattice, AMSLM: amslM, PostsInRange: s.PostsInRange, Missing: s.Missing}, nil
}

// noAltitude is the bits of NoAltitude.
const noAltitude AGL = 1 << 15

// altitudeBits returns the bits of an altitude of at most MaxInt16, and
// noAltitude for NaN and above that.
func altitudeBits(amslM float64) AGL {
	if amslM = math.RoundToEven(amslM); !(amslM <= math.MaxInt16) {
		return noAltitude
	}
	return AGL(int16(amslM))
}

// none is where the surface has no floor.
func (s *Surface) none() AGL {
	if s.altitudes {
		return noAltitude
	}
	return Unseen
}

// set makes an altitude the floor of a post, NaN for none.
func (s *Surface) set(i int, amslM, groundM float64) {
	if s.altitudes {
		s.Floor[i] = altitudeBits(amslM)
	} else {
		s.Floor[i] = AGLOf(amslM - groundM)
	}
}

// lowestAMSLM returns the floor of a post that has one.
func (s *Surface) lowestAMSLM(i int, groundM float64) float64 {
	if s.altitudes {
		return float64(int16(s.Floor[i]))
	}
	return groundM + s.Floor[i].M()
}

// AltitudesOver returns floors as altitudes. They are those of the posts of row,
// of the spacing of ground; missing posts are at sea level. scratch is room for
// as many posts. Where the ground is of files it is to be called within Guard.
func AltitudesOver(dst []int16, floors []AGL, ground *terrain.View, row terrain.Lattice, scratch []float32) {
	p := panelOf(ground, row)
	if p == nil {
		ground.CopyTo(scratch, row)
		p = &terrain.Panel{Lattice: row, Stride: row.Cols, Float32: scratch}
	}
	c := cutOf(p, row)
	kernels[0].altitudes(dst, floors, &c)
}

// altitudes is AltitudesOver for the row of a cut.
func altitudes(dst []int16, floors []AGL, c *cut) {
	for i, a := range floors {
		dst[i] = NoAltitude
		if a == Unseen {
			continue
		}
		// Rounded to 32 bits once, as quick kernels do it: which posts they leave to
		// this one is for their numbers to say.
		root := float64(float32(a) * (1. / AGLScale))
		if z := math.RoundToEven(float64(float32(float64(c.height(0, i)) + root*root))); z <= math.MaxInt16 {
			dst[i] = int16(z)
		}
	}
}
