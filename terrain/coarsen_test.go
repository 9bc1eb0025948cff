package terrain_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
)

// uneven is a model of cols × rows posts, of which one in ten is missing, that
// begins in the middle of blocks; with fractions, so that sums are rounded.
func uneven(cols, rows int, seed uint64) inMemory {
	rng := rand.New(rand.NewPCG(seed, 0))
	g := terrain.NewGrid(terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 120013, Row0: 96017, Cols: cols, Rows: rows})
	for i := range g.ElevationM {
		if rng.IntN(10) > 0 {
			g.ElevationM[i] = float32(rng.Float64()*6000 - 100)
		}
	}
	return inMemory{g}
}

func read(t testing.TB, m terrain.Model, l terrain.Lattice) *terrain.Grid {
	t.Helper()
	g, err := m.Read(context.Background(), l)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// naive sums a block up post by post.
func naive(m inMemory, col, row, factor int, a terrain.Aggregate) float32 {
	sum, top, n := 0.0, math.Inf(-1), 0
	for r := row * factor; r < (row+1)*factor; r++ {
		for c := col * factor; c < (col+1)*factor; c++ {
			at := m.Sub(c-m.Col0, r-m.Row0, 1, 1).Intersect(m.Grid.Lattice)
			if at.Posts() == 0 {
				continue
			}
			if z := float64(m.RowM(r - m.Row0)[c-m.Col0]); z == z {
				sum, top, n = sum+z, max(top, z), n+1
			}
		}
	}
	switch {
	case n == 0:
		return nan
	case a == terrain.Maximum:
		return float32(top)
	}
	return float32(sum / float64(n))
}

func TestCoarsenAgainstSumsOfEachBlock(t *testing.T) {
	for _, factor := range []int{2, 3, 5, 10, 64} {
		for _, a := range []terrain.Aggregate{terrain.Mean, terrain.Maximum} {
			t.Run(fmt.Sprintf("%d-%s", factor, a), func(t *testing.T) {
				source := uneven(157, 101, 5)
				for i := range 60 { // blocks of 2 and 3 posts that know nothing
					clear(source.RowM(i)[20:32])
					for c := 20; c < 32; c++ {
						source.RowM(i)[c] = nan
					}
				}
				m := terrain.Coarsen(source, factor, a)
				g := read(t, m, m.Lattice())
				for r := range g.Rows {
					for c, got := range g.RowM(r) {
						if want := naive(source, g.Col0+c, g.Row0+r, factor, a); !same(got, want) {
							t.Fatalf("post (%d, %d) is %v, want %v", c, r, got, want)
						}
					}
				}
			})
		}
	}
}

func TestCoarsenedPostsStandInTheirBlocks(t *testing.T) {
	for _, test := range lattices {
		t.Run(test.name, func(t *testing.T) {
			const factor, tolerance = 5, 1e-9 // degrees
			c := test.all.Coarsen(factor)
			first := test.all.Sub(c.Col0*factor-test.all.Col0, c.Row0*factor-test.all.Row0, factor, factor).Bound()
			if middle := first.Center(); math.Abs(c.Lon(0)-middle.Lon()) > tolerance || math.Abs(c.Lat(0)-middle.Lat()) > tolerance {
				t.Errorf("the first post is at %v, %v; its block's middle at %v", c.Lon(0), c.Lat(0), middle)
			}
			if b, all := c.Bound().Pad(factor/test.all.PerDegLat), test.all.Bound(); !b.Contains(all.Min) || !b.Contains(all.Max) {
				t.Errorf("blocks span %v, the model %v", b, all)
			}
		})
	}
	if empty := (terrain.Lattice{PerDegLon: 4, PerDegLat: 4}).Coarsen(2); empty.Posts() != 0 {
		t.Errorf("a lattice without posts has %d", empty.Posts())
	}
}

func TestCoarsenedWindowsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		factor := rapid.IntRange(2, 12).Draw(t, "factor")
		m := terrain.Coarsen(uneven(90, 70, rapid.Uint64().Draw(t, "seed")), factor,
			rapid.SampledFrom([]terrain.Aggregate{terrain.Mean, terrain.Maximum}).Draw(t, "aggregate"))
		all, err := m.Read(context.Background(), m.Lattice().Sub(-3, -3, 60, 50))
		if err != nil {
			t.Fatal(err)
		}
		w, err := m.Read(context.Background(), all.Sub(rapid.IntRange(-9, 40).Draw(t, "col"), rapid.IntRange(-9, 40).Draw(t, "row"),
			rapid.IntRange(0, 40).Draw(t, "cols"), rapid.IntRange(0, 40).Draw(t, "rows")))
		if err != nil {
			t.Fatal(err)
		}
		part := w.Intersect(all.Lattice)
		for r := part.Row0; r < part.Row0+part.Rows; r++ {
			for c := part.Col0; c < part.Col0+part.Cols; c++ {
				if got, want := w.RowM(r - w.Row0)[c-w.Col0], all.RowM(r - all.Row0)[c-all.Col0]; !same(got, want) {
					t.Fatalf("post (%d, %d) is %v, and %v in a larger window", c, r, got, want)
				}
			}
		}
	})
}

// kept is a model that keeps a coarser version by a factor of 4.
type kept struct{ inMemory }

func (k kept) Overview(factor int, _ terrain.Aggregate) (terrain.Model, bool) {
	return k.inMemory, factor == 4
}

func TestCoarsenTakesWhatIsKept(t *testing.T) {
	m := kept{rough(5, 3)}
	if got := terrain.Coarsen(m, 4, terrain.Mean); got != terrain.Model(m.inMemory) {
		t.Errorf("with the version kept: %v", got)
	}
	if got := terrain.Coarsen(m, 2, terrain.Mean); got.Info().Identity != "memory:1/2-mean" {
		t.Errorf("without: %v", got.Info())
	}
	if got := terrain.Coarsen(m, 1, terrain.Mean); got != terrain.Model(m) {
		t.Errorf("by 1: %v", got)
	}
	if got := terrain.CoarsenedInfo(m.Info(), 3, terrain.Maximum); got.Identity != "memory:1/3-maximum" || got.SpacingArcsec != 3*3600 {
		t.Errorf("described as %+v", got)
	}
}

func TestCoarsenFails(t *testing.T) {
	m := terrain.Coarsen(rough(9, 7), 2, terrain.Mean)
	var spacing *terrain.SpacingError
	if _, err := m.Read(t.Context(), square(9)); !errors.As(err, &spacing) {
		t.Errorf("other posts: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, l := range []terrain.Lattice{m.Lattice(), m.Lattice().Sub(99, 99, 3, 3)} {
		if _, err := m.Read(ctx, l); !errors.Is(err, context.Canceled) {
			t.Errorf("with the context done: %v", err)
		}
	}
}

// TestCoarsenMatchesGDAL compares with gdalwarp, which sums up what lies in a
// pixel as well.
func TestCoarsenMatchesGDAL(t *testing.T) {
	source := uneven(301, 203, 9)
	path := filepath.Join(t.TempDir(), "fine.tif")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(geotiff.Write(f, source.Grid, geotiff.Options{}), f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, factor := range []int{2, 5, 10} {
		for a, method := range map[terrain.Aggregate]string{terrain.Mean: "average", terrain.Maximum: "max"} {
			t.Run(fmt.Sprintf("%d-%s", factor, a), func(t *testing.T) {
				m := terrain.Coarsen(source, factor, a)
				l := m.Lattice()
				out := filepath.Join(t.TempDir(), "coarse.tif")
				west, north := l.Lon(0)-0.5/l.PerDegLon, l.Lat(0)+0.5/l.PerDegLat
				gdaltest.Run(t, "gdalwarp", "-q", "-r", method, "-et", "0", "-ot", "Float32", "-wt", "Float32",
					"-te", deg(west), deg(north-float64(l.Rows)/l.PerDegLat), deg(west+float64(l.Cols)/l.PerDegLon), deg(north),
					"-ts", fmt.Sprint(l.Cols), fmt.Sprint(l.Rows), path, out)
				got := read(t, m, l).ElevationM
				for i, want := range gdaltest.Posts(t, out, geotiff.NoDataM) {
					// Posts on the edge of the source weigh less there.
					if c, r := i%l.Cols, i/l.Cols; c == 0 || r == 0 || c == l.Cols-1 || r == l.Rows-1 {
						continue
					}
					// GDAL weighs posts by their share of the pixel, which is 1
					// to within a rounding of coordinates: 1e-6 of 6000 m.
					const tolerance = 0.01
					if !same(got[i], want) && !(math.Abs(float64(got[i]-want)) <= tolerance) {
						t.Fatalf("post (%d, %d) is %v, GDAL says %v", i%l.Cols, i/l.Cols, got[i], want)
					}
				}
			})
		}
	}
}

func deg(v float64) string { return fmt.Sprintf("%.17g", v) }

func BenchmarkCoarsen_2400x2400(b *testing.B) {
	source := uneven(2400, 2400, 1)
	for _, a := range []terrain.Aggregate{terrain.Mean, terrain.Maximum} {
		b.Run(a.String()+"-5", func(b *testing.B) {
			m := terrain.Coarsen(source, 5, a)
			b.ReportAllocs()
			b.SetBytes(int64(source.Posts()) * 4)
			for b.Loop() {
				read(b, m, m.Lattice())
			}
		})
	}
	b.Run("naive-mean-5", func(b *testing.B) {
		l := source.Coarsen(5)
		b.SetBytes(int64(source.Posts()) * 4)
		for b.Loop() {
			for i := range l.Posts() {
				naive(source, l.Col0+i%l.Cols, l.Row0+i/l.Cols, 5, terrain.Mean)
			}
		}
	})
}
