package floor

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// quickKernels are those that processors may have beside the portable one.
var quickKernels = []string{"AVX-512", "AVX2"}

// eachQuickKernel runs a test for each of them that this processor has, or that can
// be emulated.
func eachQuickKernel(t *testing.T, test func(t *testing.T, k kernel)) {
	for _, name := range quickKernels {
		t.Run(name, func(t *testing.T) {
			for _, k := range processorKernels() {
				if k.name == name {
					test(t, k)
					return
				}
			}
			k, ok := emulated(t, name)
			if !ok {
				t.Skip("this processor has no ", name)
			}
			test(t, k)
		})
	}
}

// eachKernel runs a test for them and for the portable one.
func eachKernel(t *testing.T, test func(t *testing.T, k kernel)) {
	eachQuickKernel(t, test)
	t.Run(portable.name, func(t *testing.T) { test(t, portable) })
}

// noise is random ground around a radar, of which no post has to do with the
// next.
type noise struct {
	name                          string
	lat, rangeM                   float64
	perDeg, nearPerDeg            float64
	spreadM, mastM                float64
	whole, holed, higher, offPost bool
}

var noises = []noise{
	{name: "15 arc-seconds", lat: -12, rangeM: 30e3, perDeg: 240, spreadM: 300},
	{name: "on a post, whole metres", lat: -12, rangeM: 30e3, perDeg: 240, spreadM: 300, whole: true},
	{name: "with voids", lat: -12, rangeM: 30e3, perDeg: 240, spreadM: 300, holed: true, offPost: true},
	{name: "whole metres with voids", lat: -12, rangeM: 30e3, perDeg: 240, spreadM: 300, whole: true, holed: true, offPost: true},
	{name: "hidden by a canopy", lat: -12, rangeM: 30e3, perDeg: 240, spreadM: 300, whole: true, higher: true, offPost: true},
	{name: "hardly any", lat: 5, rangeM: 30e3, perDeg: 240, spreadM: 2, offPost: true},
	{name: "cliffs of 8 km", lat: 5, rangeM: 30e3, perDeg: 240, spreadM: 8000, offPost: true},
	{name: "3 arc-seconds", lat: 37, rangeM: 8e3, perDeg: 1200, spreadM: 100, offPost: true},
	{name: "as far as can be", lat: 45, rangeM: 1000e3, perDeg: 12, spreadM: 300, offPost: true},
	// Rays advance by more than a column a row there.
	{name: "at 65 degrees", lat: 65, rangeM: 80e3, perDeg: 120, spreadM: 300, offPost: true},
	{name: "at 75 degrees south", lat: -75, rangeM: 50e3, perDeg: 120, spreadM: 300, offPost: true},
	// Rays are far apart over these posts.
	{name: "near by 10 times finer", lat: -12, rangeM: 30e3, perDeg: 120, nearPerDeg: 1200, spreadM: 300, offPost: true},
	{name: "near by 30 times finer", lat: -12, rangeM: 65e3, perDeg: 60, nearPerDeg: 1800, spreadM: 300, mastM: 2000, offPost: true},
	{name: "a kilometre", lat: -12, rangeM: 1e3, perDeg: 240, spreadM: 300, offPost: true},
}

// TestKernelsAgree compares whole surfaces by each kernel with those by the
// portable one. They round differently in the last digits of 24 bits, which a
// ray may throw far: what is left of that must be a step of AGL up or down, or
// rarely two, and on the rim of what is seen a post may fall on either side.
func TestKernelsAgree(t *testing.T) {
	for seed, n := range noises {
		t.Run(n.name, func(t *testing.T) {
			site, land := n.lay(uint64(seed))
			want := computeBy(t, portable, site, land)
			eachQuickKernel(t, func(t *testing.T, k kernel) {
				got, most, changed := computeBy(t, k, site, land), 0, 0
				for i, a := range got.Floor {
					b := want.Floor[i]
					switch {
					case (a == Unseen) != (b == Unseen):
						changed++
					case a != b:
						most = max(most, int(a)-int(b), int(b)-int(a))
					}
				}
				t.Logf("seed %d: up to %d steps, %d posts changed sides", seed, most, changed)
				if most > 2 || changed > 2 {
					t.Errorf("floors differ by up to %d steps; %d of %d posts changed sides", most, changed, got.PostsInRange)
				}
			})
		})
	}
}

// TestPassingOverChangesNothing: rays that terrain may screen are found by a
// test that is quick and careful. Without it surfaces are the same to the last
// bit.
func TestPassingOverChangesNothing(t *testing.T) {
	for seed, n := range noises {
		t.Run(n.name, func(t *testing.T) {
			if testing.Short() && n.nearPerDeg > 0 {
				t.Skip("many rays over many lines")
			}
			site, land := n.lay(uint64(seed))
			for _, k := range kernels {
				want := computeBy(t, k, site, land)
				k.met = func(*block) uint64 { return math.MaxUint64 }
				got := computeBy(t, k, site, land)
				for i, a := range got.Floor {
					if a != want.Floor[i] {
						t.Fatalf("%s, seed %d: post %d has a floor of %v m, and of %v m when no ray is passed over", k.name, seed, i, want.Floor[i].M(), a.M())
					}
				}
			}
		})
	}
}

func (n *noise) lay(seed uint64) (*sight.Site, Land) {
	random := rand.New(rand.NewPCG(seed, 0))
	at := orb.Point{-70, n.lat}
	if n.offPost {
		at[0] += random.Float64() / n.perDeg
		at[1] += random.Float64() / n.perDeg
	}
	site := siteAt(at, n.rangeM)
	site.GroundAMSLM, site.MastM = n.spreadM, n.mastM+15
	l := terrain.Lattice{PerDegLon: n.perDeg, PerDegLat: n.perDeg}
	window, err := Window(site, l)
	if err != nil {
		panic(err)
	}
	land := Land{Ground: n.view(random, window)}
	if n.higher {
		land.Screen = n.view(random, window)
	}
	if n.nearPerDeg > 0 {
		window = NearWindow(site, l, terrain.Lattice{PerDegLon: n.nearPerDeg, PerDegLat: n.nearPerDeg})
		land.Near = terrain.NewGrid(window)
		n.view(random, window).CopyTo(land.Near.ElevationM, window)
	}
	return site, land
}

// view draws the posts of a window, as a view of one panel.
func (n *noise) view(random *rand.Rand, window terrain.Lattice) *terrain.View {
	const void = -32768
	p := terrain.Panel{Lattice: window, Stride: window.Cols + 3, HasVoid: n.holed, Void: void}
	for range window.Rows * p.Stride {
		z := n.spreadM * random.Float64()
		missing := n.holed && random.IntN(10) == 0
		switch {
		case n.whole && missing:
			p.Int16 = append(p.Int16, void)
		case n.whole:
			p.Int16 = append(p.Int16, int16(z))
		case missing:
			p.Float32 = append(p.Float32, float32(math.NaN()))
		default:
			p.Float32 = append(p.Float32, float32(z))
		}
	}
	return terrain.NewView(window, []terrain.Panel{p})
}

// computeBy computes a surface by a kernel of the caller's choice. Tests that
// use it must not run in parallel.
func computeBy(t *testing.T, k kernel, site *sight.Site, land Land) *Surface {
	t.Helper()
	defer only(k)()
	s, err := Compute(context.Background(), site, sight.Terrain, land, 2)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", k.name, err))
	}
	return s
}

// only makes a kernel the only one until the function that it returns is called.
func only(k kernel) (restore func()) {
	all := kernels
	kernels = []kernel{k}
	return func() { kernels = all }
}
