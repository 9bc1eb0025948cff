package floor_test

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

// andesLattice is 8° × 8° at 3″, from −73 to −65 and from −9 to −17.
var andesLattice = terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 107 * 1200, Row0: 99 * 1200, Cols: 9601, Rows: 9601}

// andesFile returns the path of made-up terrain in whole metres, and makes it
// if it is not there yet.
func andesFile(t *testing.T, path string, l terrain.Lattice, seed uint64) string {
	t.Helper()
	return cached(t, path, func(path string) {
		plain := filepath.Join(t.TempDir(), "plain.tif")
		f, err := os.Create(plain)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		row := andesRows(l, seed)
		whole := func(r int, dst []int16) error {
			z := make([]float32, l.Cols)
			row(r, z)
			for c := range dst {
				dst[c] = int16(z[c])
			}
			return nil
		}
		raster, err := geotiff.NewRaster(t.Context(), l, whole, geotiff.Options{Plain: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := raster.WriteTo(f); err != nil {
			t.Fatal(err)
		}
		run(t, "gdal_translate", "-q", "-a_nodata", "none", plain, path)
	})
}

// cached returns path, and has it made if there is no such file. What is made
// halfway gets no such name.
func cached(t *testing.T, path string, produce func(path string)) string {
	t.Helper()
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(filepath.Dir(path), "part-"+filepath.Base(path))
	produce(part)
	if err := os.Rename(part, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v: %s", args, err, out)
	}
}

// andes returns a chain of mountains in the south-west that falls, over a
// flank of ridges, to a plain in the north-east.
func andes(seed uint64) *terrain.Grid {
	g := terrain.NewGrid(andesLattice)
	row := andesRows(g.Lattice, seed)
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for r := w; r < g.Rows; r += workers {
				row(r, g.RowM(r))
			}
		})
	}
	wg.Wait()
	return g
}

// andesRows returns what makes the rows of that terrain.
func andesRows(l terrain.Lattice, seed uint64) func(r int, z []float32) {
	relief, ridges := newNoise(2*seed, 0.6), newNoise(2*seed+1, 0.8)
	return func(r int, z []float32) {
		rough, crest := make([]float32, l.Cols), make([]float32, l.Cols)
		relief.row(rough, r)
		ridges.row(crest, r)
		for c := range z {
			z[c] = andesM(l.Lon(c), l.Lat(r), float64(rough[c]), float64(crest[c]))
		}
	}
}

// andesM returns an elevation in whole metres from two noises of unit
// variance.
func andesM(lonDeg, latDeg, rough, crest float64) float32 {
	const kmPerLat, kmPerLon, flankKM = 110.6, 108.4, 30
	eastKM, northKM := (lonDeg+71.5)*kmPerLon, (latDeg+14)*kmPerLat
	// The chain runs to the south-east.
	fromAxisKM := (eastKM*4 + northKM*3) / 5
	high := 1 / (1 + math.Exp(fromAxisKM/flankKM))
	flank := 4 * high * (1 - high)
	z := 210 + 3100*high + (14+500*high)*rough + (10+600*high+420*flank)*(1-math.Abs(crest))
	return float32(math.Round(math.Max(0, math.Min(z, 6500))))
}

// noise is a sum of octaves, of which each is a cubic spline over random
// knots, twice as close as those of the one before. Its variance is 1.
type noise []octave

type octave struct {
	seed uint64
	// shift is log2 of the posts between knots.
	shift uint
	// weights are those of four knots, by post between the middle two.
	weights [][4]float32
	// size scales the numbers at the knots.
	size float32
}

// newNoise returns noise of which features that are half as wide are 2^roughness
// times less high, from 512 posts down to 2.
func newNoise(seed uint64, roughness float64) noise {
	const widest, narrowest = 9, 1
	var all noise
	sum := 0.0
	for shift := uint(widest); shift >= narrowest; shift-- {
		size := math.Exp2(roughness * float64(shift))
		sum += size * size
		all = append(all, octave{seed: mix(seed<<4 | uint64(shift)), shift: shift, weights: splines(1 << shift), size: float32(size)})
	}
	// Random numbers from −1 to 1 have 1/3, and splines keep 0.479 of it in
	// each direction.
	scale := float32(1 / math.Sqrt(sum/3*0.479*0.479))
	for i := range all {
		all[i].size *= scale
	}
	return all
}

// splines returns the weights of the uniform cubic B-spline.
func splines(posts int) [][4]float32 {
	weights := make([][4]float32, posts)
	for i := range weights {
		u := float64(i) / float64(posts)
		v := 1 - u
		weights[i] = [4]float32{float32(v * v * v / 6), float32((4 - 6*u*u + 3*u*u*u) / 6),
			float32((4 - 6*v*v + 3*v*v*v) / 6), float32(u * u * u / 6)}
	}
	return weights
}

// row fills z with row r.
func (n noise) row(z []float32, r int) {
	clear(z)
	for i := range n {
		n[i].add(z, r)
	}
}

func (o *octave) add(z []float32, r int) {
	mask := 1<<o.shift - 1
	down, knots := o.weights[r&mask], make([]float32, len(z)>>o.shift+4)
	for j := range knots {
		for i, w := range down {
			knots[j] += w * o.knot(r>>o.shift+i, j)
		}
	}
	for c := range z {
		w, k := &o.weights[c&mask], knots[c>>o.shift:][:4]
		z[c] += w[0]*k[0] + w[1]*k[1] + w[2]*k[2] + w[3]*k[3]
	}
}

// knot returns a random number that the place alone determines.
func (o *octave) knot(row, col int) float32 {
	return o.size * float32(int64(mix(o.seed+uint64(row)<<24+uint64(col)))) / (1 << 63)
}

// mix is a step of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
