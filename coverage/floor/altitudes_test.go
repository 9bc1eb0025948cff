package floor

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/canopyradar/canopy/terrain"
)

// Altitudes are the ground and the floor above it, on every processor the same.
func TestAltitudes(t *testing.T) {
	const seed, n = 7, 300_003
	random := rand.New(rand.NewPCG(seed, 0))
	l := terrain.Lattice{PerDegLon: 1, PerDegLat: 1, Cols: n, Rows: 1}
	floors, small, large := make([]AGL, n), make([]int16, n), make([]float32, n)
	for i := range n {
		floors[i] = AGL(random.IntN(1 << 16))
		small[i] = int16(random.IntN(9000) - 400)
		large[i] = float32(random.Float64()*9000 - 400)
	}
	floors[3], floors[5], floors[n-1], small[7], large[9] = Unseen, Ground, Unseen, -32768, float32(math.NaN())
	panels := map[string]*terrain.Panel{
		"16 bits": {Lattice: l, Stride: n, Int16: small, Void: -32768, HasVoid: true},
		"32 bits": {Lattice: l, Stride: n, Float32: large},
	}
	eachKernel(t, func(t *testing.T, k kernel) {
		for name, p := range panels {
			c, got := cut{panel: p, rows: 1, columns: n}, make([]int16, n)
			k.altitudes(got, floors, &c)
			// They hang on nothing but their own posts.
			some := make([]int16, n)
			for from := 0; from < n; {
				part := cut{panel: p, first: from, rows: 1, columns: min(1+random.IntN(40), n-from)}
				k.altitudes(some[from:from+part.columns], floors[from:from+part.columns], &part)
				from += part.columns
			}
			if !slices.Equal(some, got) {
				t.Fatalf("%s, seed %d: other altitudes where some are made at a time", name, seed)
			}
			for i, a := range floors {
				z := float64(c.height(0, i)) + a.M()
				if want := math.Round(z); (got[i] == NoAltitude) != !(want <= math.MaxInt16) && math.Abs(want-math.MaxInt16) > 1 {
					t.Fatalf("%s, seed %d, %d: %d, want %v", name, seed, i, got[i], z)
				} else if got[i] != NoAltitude && math.Abs(float64(got[i])-z) > 0.51 {
					t.Fatalf("%s, seed %d, %d: %d, want %v", name, seed, i, got[i], z)
				}
			}
		}
	})
}
