package floor

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// ulp is by how much at most a rounding changes a float32, as a share of it.
const ulp = 1. / (1 << 24)

// trial is a random input of an inner loop, whose memory is fenced.
type trial struct {
	*testing.T
	*rand.Rand
}

// eachTrial runs a test on many inputs. What a kernel touches beyond its
// memory is told with the seed, as is what a test finds.
func eachTrial(t *testing.T, test func(trial)) {
	trials := uint64(300)
	if testing.Short() {
		trials = 60
	}
	for seed := range trials {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
			defer func() {
				if fault := recover(); fault != nil {
					t.Fatalf("%v\n%s", fault, debug.Stack())
				}
			}()
			test(trial{t, rand.New(rand.NewPCG(seed, 1))})
		})
	}
}

func (t trial) chance(share float64) bool { return t.Float64() < share }

// between draws a number.
func (t trial) between(low, high float64) float64 { return low + (high-low)*t.Float64() }

// scaled draws a number of any magnitude between two.
func (t trial) scaled(low, high float64) float64 { return low * math.Pow(high/low, t.Float64()) }

// floats returns fenced floats, for which fill is asked.
func (t trial) floats(n int, fill func(i int) float32) []float32 {
	f := fenced[float32](t, n, t.chance(0.5))
	for i := range f {
		f[i] = fill(i)
	}
	return f
}

// untouched is what memory holds that nothing should be written to.
func untouched(int) float32 { return -7777777 }

func same32(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) })
}

// TestReduced compares rows and columns of reduced heights: of few posts and of
// many, in both directions, with what is missing, from 10 km below the sea to
// 30 km above. A height is off by a few roundings of its own.
func TestReduced(t *testing.T) {
	eachQuickKernel(t, func(t *testing.T, k kernel) {
		eachTrial(t, func(t trial) {
			c, asRows := t.cut()
			r := reducer{float32(t.between(-400, 9000)), float32(1 / t.scaled(3e6, 9e7))}
			want := *c
			want.patch = slices.Clone(c.patch)
			if asRows {
				rows(&want, &r)
				k.rows(c, &r)
			} else {
				columns(&want, &r)
				k.columns(c, &r)
			}
			for i, z := range c.patch {
				if w := want.patch[i]; math.Abs(float64(z)-float64(w)) > 4*ulp*math.Abs(float64(w)) {
					t.Fatalf("%d × %d posts, rows %v, %d apart: %v at %d, want %v", c.rows, c.columns, asRows, c.pitch, z, i, w)
				}
			}
		})
	})
}

func (t trial) cut() (c *cut, asRows bool) {
	c = &cut{rows: 1 + t.IntN(70), columns: 1 + t.IntN(70)}
	asRows = t.chance(0.5)
	lines, length := c.rows, c.columns
	if !asRows {
		lines, length = c.columns, c.rows
		if t.chance(0.7) {
			c.columns, lines = blockSteps, blockSteps
		}
	}
	c.pitch = length + t.IntN(20)
	used := (lines-1)*c.pitch + length
	if t.chance(0.5) {
		c.to, c.pitch = (lines-1)*c.pitch, -c.pitch
	}
	c.patch = t.floats(used, untouched)
	c.panel = t.panel(c)
	return c, asRows
}

// panel draws one that ends with the last post of the cut.
func (t trial) panel(c *cut) *terrain.Panel {
	c.first = t.IntN(50)
	p := &terrain.Panel{Stride: c.columns + t.IntN(9), HasVoid: t.chance(0.7), Void: int16(t.IntN(5) - 2)}
	n := c.first + (c.rows-1)*p.Stride + c.columns
	if t.chance(0.5) {
		p.Int16 = fenced[int16](t, n, t.chance(0.5))
		for i := range p.Int16 {
			p.Int16[i] = int16(t.IntN(1<<16) - 1<<15)
			if t.chance(0.3) {
				p.Int16[i] = int16(t.IntN(5) - 2)
			}
		}
		return p
	}
	p.Float32 = t.floats(n, func(int) float32 {
		if t.chance(0.2) {
			return float32(math.NaN())
		}
		return float32(t.between(-10e3, 30e3))
	})
	return p
}

// TestHighest: the highest post is one of them, to the last bit.
func TestHighest(t *testing.T) {
	eachQuickKernel(t, func(t *testing.T, k kernel) {
		eachTrial(t, func(t trial) {
			pitch, lines := lanes*(1+t.IntN(20)), 1+t.IntN(blockSteps+1)
			patch := t.floats(pitch*lines, func(int) float32 { return float32(t.between(-1e4, 1e4)) })
			got, want := t.floats(pitch, untouched), make([]float32, pitch)
			k.highest(got, patch, pitch, lines)
			highest(want, patch, pitch, lines)
			if !same32(got, want) {
				t.Fatalf("%d rows of %d: %v, want %v", lines, pitch, got, want)
			}
		})
	})
}

func TestTurn(t *testing.T) {
	eachQuickKernel(t, func(t *testing.T, k kernel) {
		eachTrial(t, func(t trial) {
			n := 1 + t.IntN(60)
			stride, pitch := blockSteps+t.IntN(30), n+t.IntN(30)
			src := fenced[AGL](t, (blockSteps-1)*pitch+n, t.chance(0.5))
			for i := range src {
				src[i] = AGL(t.IntN(1 << 16))
			}
			got := fenced[AGL](t, (n-1)*stride+blockSteps, t.chance(0.5))
			want := make([]AGL, len(got))
			k.turn(got, stride, src, pitch, n)
			turn(want, stride, src, pitch, n)
			if !slices.Equal(got, want) {
				t.Fatalf("%d rows: %v, want %v", n, got, want)
			}
		})
	})
}

// fan is a block of random terrain under random rays.
type fan struct {
	block
	// heightsM and acrossM are the largest height, and the largest difference
	// between neighbours.
	heightsM, stepM float64
}

// fan draws a block as the sweep lays them: rays at most 1.1 posts apart,
// advancing by up to 1.4 posts a step, over patches with margins.
func (t trial) fan() *fan {
	f := &fan{}
	b := &f.block
	b.steps, b.rays = 1+t.IntN(blockSteps), lanes*(1+t.IntN(maxRays/lanes))
	b.vStep = 2 / float32(b.rays-1)
	b.slackM = float32(t.scaled(0.05, 30))
	columns := t.lines(b)
	b.pitch = (columns + lanes - 1) / lanes * lanes
	f.stepM = []float64{0, 1, 100, 9000}[t.IntN(4)]
	antennaM := t.between(-f.stepM, 3000)
	b.patch = t.floats((b.steps+1)*b.pitch+padding, func(int) float32 { return float32(t.between(0, f.stepM) - antennaM) })
	f.heightsM = max(f.stepM-antennaM, antennaM)
	if t.chance(0.5) {
		// Smooth ground meets few rays, and one after the other.
		for i := 1; i < len(b.patch); i++ {
			b.patch[i] = 0.9*b.patch[i-1] + 0.1*b.patch[i]
		}
	}
	b.highest = t.floats(b.pitch+padding, func(int) float32 { return float32(f.heightsM) })
	highest(b.highest, b.patch, b.pitch, b.steps+1)
	b.tans = t.floats((blockSteps+1)*maxRays, untouched)
	t.aim(b)
	return f
}

// lines lays the lines of a block, and returns how many columns they need.
func (t trial) lines(b *block) (columns int) {
	apart, drift := t.between(0.001, 1.1), t.between(-1.4, 1.4)
	if t.chance(0.2) {
		// On columns of posts, or along them; not on one and over two more, of
		// which rounding would choose.
		apart, drift = max(math.Round(4*apart), 1)/4, math.Round(drift)
	}
	half := apart * float64(b.rays-1) / 2
	bulge, skew := t.between(-0.04, 0.04)*half, t.between(-0.02, 0.02)*half
	left := patchMargin + 0.07*half + max(0, -drift*float64(b.steps))
	if t.chance(0.2) {
		left = math.Ceil(left)
	}
	a := t.scaled(3e6, 9e7)
	s := t.scaled(100, 8e5)
	ds := s * t.scaled(0.001, 1)
	for i := range b.steps + 1 {
		sigma, sag := a*math.Sin(s/a), 2*a*math.Pow(math.Sin(s/2/a), 2)
		b.lines[i] = line{
			x:     [4]float32{float32(left + half + drift*float64(i)), float32(half), float32(bulge), float32(skew)},
			sigma: [4]float32{float32(sigma), float32(0.02 * sigma), float32(0.03 * sigma), float32(-0.01 * sigma)},
			sag:   [4]float32{float32(sag), float32(0.03 * sag), float32(0.05 * sag), float32(0.02 * sag)},
		}
		s += ds
	}
	return int(left+2.07*half+max(0, drift*float64(b.steps))) + patchMargin + 2
}

// aim gives rays tangents of terrain on their way, and a few extreme ones.
func (t trial) aim(b *block) {
	lowest, raised := float32(sight.BeamTan(-10)), t.chance(0.3)
	for i := range b.rays {
		x, sigma, sag := b.lines[t.IntN(b.steps+1)].at(b.v(i))
		b.tans[i] = (b.patch[int(x)] - sag) / sigma
		switch share := t.Float64(); {
		case share < 0.02:
			b.tans[i] = float32(sight.BeamTan(89))
		case share < 0.04:
			b.tans[i] = lowest
		case raised && i/lanes%3 > 0:
			b.tans[i] += float32(t.Float64()) * 0.1
		}
	}
}

// offTan is by how much a tangent may be off: heights and sags are rounded a few
// times, and places across, which count as they change the height. A parabola
// has up to four times the errors of the three tangents that it goes through.
func (f *fan) offTan() float64 {
	sag, sigma, x := 0.0, math.Inf(1), 0.0
	for i := range f.steps + 1 {
		l := &f.lines[i]
		sag, sigma = max(sag, 1.1*float64(l.sag[0])), min(sigma, 0.9*float64(l.sigma[0]))
		x = max(x, 1.1*float64(l.x[0]+l.x[1]))
	}
	heightM := 6*ulp*(f.heightsM+sag) + 4*ulp*x*f.stepM
	return 4 * (heightM/sigma + 6*ulp*(f.heightsM+sag)/sigma)
}

// TestFollow compares tangents after every step, of the rays of some lanes.
func TestFollow(t *testing.T) {
	eachQuickKernel(t, func(t *testing.T, k kernel) {
		raised := 0
		eachTrial(t, func(t trial) {
			f := t.fan()
			if f.sparse() {
				t.Fatal("rays are too far apart")
			}
			mask := t.Uint64() | t.Uint64()
			want := f.block
			want.tans = slices.Clone(f.tans)
			follow(&want, mask)
			k.follow(&f.block, mask)
			off := f.offTan()
			for i, tan := range f.tans {
				row, ray := i/maxRays, i%maxRays
				w := want.tans[i]
				looked := row > 0 && row <= f.steps && ray < f.rays && mask>>(ray/lanes)&1 != 0
				if looked && w > f.tans[ray] {
					raised++
				}
				if allowed := off + 4*ulp*math.Abs(float64(w)); looked && math.Abs(float64(tan)-float64(w)) <= allowed {
					continue
				}
				if tan != w {
					t.Fatalf("ray %d of %d at step %d: tangent %v, want %v within %v (looked at %v)", ray, f.rays, row, tan, w, off, looked)
				}
			}
		})
		if raised == 0 {
			t.Error("no ray met terrain")
		}
	})
}

// TestMet: lanes that are passed over have no ray that terrain raises. They are
// passed over where all rays are higher than all terrain.
func TestMet(t *testing.T) {
	passed := 0
	eachKernel(t, func(t *testing.T, k kernel) {
		eachTrial(t, func(t trial) {
			f := t.fan()
			// As much as a ray sinks.
			s0, s1 := float64(f.lines[0].sigma[0]), float64(f.lines[f.steps].sigma[0])
			f.slackM = float32(0.05 + (s1-s0)*(s1-s0)/8/3e6)
			mask := k.met(&f.block)
			before := slices.Clone(f.tans[:f.rays])
			follow(&f.block, math.MaxUint64)
			after, off := f.tans[f.steps*maxRays:], f.offTan()
			for i, tan := range before {
				if mask>>(i/lanes)&1 != 0 {
					continue
				}
				passed++
				if float64(after[i]-tan) > off {
					t.Fatalf("ray %d of %d was passed over, and rises from %v to %v", i, f.rays, tan, after[i])
				}
			}
			for i := range f.rays {
				f.tans[i] = float32(sight.BeamTan(89))
			}
			if mask := k.met(&f.block); s0 > 1e4 && mask != 0 {
				t.Fatalf("rays of 89 degrees meet terrain: lanes %b of %d", mask, f.rays/lanes)
			}
		})
	})
	if passed == 0 {
		t.Error("no ray was passed over")
	}
}
