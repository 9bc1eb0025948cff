package gap_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
)

// Masks that try boundaries: mountains, and noise in which cells meet at
// corners all over.
var masks = map[string]func(seed uint64) *raster.Mask{
	"ragged": func(seed uint64) *raster.Mask { return rastertest.Ragged(160, 120, seed) },
	"dense":  func(seed uint64) *raster.Mask { return rastertest.Noise(60, 50, 0.62, seed) },
	"sparse": func(seed uint64) *raster.Mask { return rastertest.Noise(60, 50, 0.35, seed) },
}

// Tolerances in metres: none, a post, two posts (the default), and so many
// that little is left but the area that a ring must keep.
var tolerances = []float64{0, 463, 926, 5000, 1e6}

func TestBoundaries(t *testing.T) {
	seeds := 2
	if testing.Short() { // as the race detector is run
		seeds = 1
	}
	for name, mask := range masks {
		for _, toleranceM := range tolerances {
			t.Run(fmt.Sprintf("%s, %.0f m", name, toleranceM), func(t *testing.T) {
				for seed := range uint64(seeds) {
					high := mask(seed)
					f := &gap.Finder{Network: plateaus(t, raster.All(high.Lattice), high), ToleranceM: toleranceM}
					band := find(t, f)
					checkValid(t, band)
					checkPointInside(t, band)
					checkBound(t, band, toleranceM)
					checkArea(t, band, toleranceM)
				}
			})
		}
	}
}

// checkValid: each boundary is a valid polygon wound as RFC 7946 wants it, and
// all of a band together are a valid area, so that none overlaps another.
func checkValid(t *testing.T, b gap.Band) {
	t.Helper()
	var all orb.MultiPolygon
	for _, g := range b.Gaps {
		all = append(all, g.Boundary)
		if err := airspace.Validate(orb.MultiPolygon{g.Boundary}); err != nil {
			t.Errorf("the gap at %v: %v", g.PointInside, err)
		}
		for i, ring := range g.Boundary {
			if want := map[bool]orb.Orientation{true: orb.CCW, false: orb.CW}[i == 0]; ring.Orientation() != want {
				t.Errorf("the gap at %v: ring %d is wound the wrong way", g.PointInside, i)
			}
		}
	}
	if err := airspace.Validate(all); err != nil {
		t.Errorf("all gaps together: %v", err)
	}
}

// checkPointInside: the point lies in the boundary as it is given.
func checkPointInside(t *testing.T, b gap.Band) {
	t.Helper()
	for _, g := range b.Gaps {
		if !airspace.Contains(orb.MultiPolygon{g.Boundary}, g.PointInside) || !g.Bound.Contains(g.PointInside) {
			t.Errorf("%v lies outside of the gap of %.1f km², %v", g.PointInside, g.AreaM2/1e6, g.Boundary)
		}
	}
}

func checkBound(t *testing.T, b gap.Band, toleranceM float64) {
	t.Helper()
	for _, g := range b.Gaps {
		if g.Bound.Union(g.Boundary.Bound()) != g.Bound || toleranceM == 0 && g.Bound != g.Boundary.Bound() {
			t.Errorf("box %v, that of the boundary is %v", g.Bound, g.Boundary.Bound())
		}
	}
}

// checkArea: without a tolerance the boundary has the area of the cells. With
// one, each ring keeps its own, in cells, to a tenth.
func checkArea(t *testing.T, b gap.Band, toleranceM float64) {
	t.Helper()
	for _, g := range b.Gaps {
		allowed := measurement(g.Boundary)
		for _, ring := range g.Boundary {
			if toleranceM > 0 {
				// A tenth of what was is a ninth of what is left, and a cell's
				// area changes by 1 % over the rows of a mask.
				allowed += 1.01 / 9 * math.Abs(earth.RingAreaM2(ring))
			}
		}
		if got := earth.PolygonAreaM2(g.Boundary); math.Abs(got-g.AreaM2) > allowed {
			t.Errorf("the boundary holds %.1f m², its cells %.1f: more than %.1f m² apart", got, g.AreaM2, allowed)
		}
	}
}

// measurement returns by how much the area that earth gives a boundary may be
// off the one that it stands for, in m². Edges along a parallel are measured
// as geodesics, which bow L³·tan(latitude)/12R away from an edge of length L;
// corners are rounded to 5e-8°, 6 mm, along the whole length.
func measurement(p orb.Polygon) float64 {
	sum := 0.0
	for _, ring := range p {
		for i := 1; i < len(ring); i++ {
			length := earth.DistanceM(ring[i-1], ring[i])
			bow := length * length * length * math.Tan(math.Abs(ring[i].Lat())*math.Pi/180) / (12 * earth.SemiMinorAxisM)
			sum += 1.01*bow + 0.006*length
		}
	}
	return sum
}
