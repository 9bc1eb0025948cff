package floor

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// TestShed compares floors with what the same formulas give with more digits:
// far out and near by, under low, high and hardly any limits, around the rim,
// among rays that see and rays that hardly do.
func TestShed(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		compared, unseen := 0, 0
		eachTrial(t, func(t trial) {
			c := t.cells()
			k.shed(c)
			for i, floor := range c.floors {
				got := c.rank(floor)
				low, high := c.within(i)
				if got < low || got > high {
					t.Fatalf("cell %d of %d: %d, want %d to %d", i, len(c.floors), got, low, high)
				}
				if compared++; got == Unseen {
					unseen++
				}
			}
		})
		if unseen < compared/20 || unseen > compared-compared/20 {
			t.Errorf("%d of %d floors are unseen: too few to compare, or too many", unseen, compared)
		}
	})
}

// cells draws those between the rays of a fan, and a radar.
func (t trial) cells() *cells {
	b := &block{steps: 1, rays: lanes * (1 + t.IntN(maxRays/lanes))}
	b.vStep = 2 / float32(b.rays-1)
	t.lines(b)
	l := &b.lines[1]
	if l.x[1] < 1 {
		l.x = [4]float32{l.x[0], 1}
	}
	site := siteAt(orb.Point{-70, -12}, float64(l.sigma[0])*t.between(0.5, 2))
	if t.chance(0.5) {
		// On the rim.
		site.RangeM = float64(l.sigma[0]) * t.between(0.99, 1.01)
	}
	site.GroundAMSLM = t.between(-100, 4000)
	if t.chance(0.5) {
		site.MaxElevationDeg, site.HeightLimitAMSLM = t.between(-1, 2), t.scaled(1000, 30e3)
	}
	a := t.scaled(3e6, 9e7)
	c := &cells{line: l}
	c.altitudes = t.chance(0.3)
	c.limits = newLimits(site, a, c.altitudes)
	c.between(b.rays)
	steep := t.scaled(1e-4, 10)
	// From smooth to rough.
	rough := t.scaled(1e-5, 1)
	tan := float32(t.between(-1, 1) * steep)
	c.tans = t.floats(b.rays+tansPadding, func(int) float32 { return tan + float32(t.between(-1, 1)*steep*rough) })
	from, to := math.Ceil(float64(l.x[0]-l.x[1]+l.x[2]-l.x[3])), math.Ceil(float64(l.x[0]+l.x[1]+l.x[2]+l.x[3]))
	n := max(int(to-from), 1)
	c.ground = t.floats(n+lanes-1, func(int) float32 {
		return float32(t.between(-1, 1)*3000 - site.GroundAMSLM)
	})
	c.floors = fenced[AGL](t, n, t.chance(0.5))
	c.before = float32(t.IntN(20) * t.IntN(2))
	c.invert(from - float64(c.before) - float64(l.x[0]))
	c.steepest = infinite
	if low := min(slices.Min(c.tans), 0)*largest(&l.sigma) - largest(&l.sag); low > -20e3 {
		// No ground is above the rays.
		c.steepest = slices.Max(c.tans)
		for i := range c.ground {
			c.ground[i] = low
		}
	}
	c.limit()
	return c
}

// within returns the lowest and the highest floor that a cell may have: heights
// are off by a few roundings of the sums that they are, and a code by one.
func (c *cells) within(i int) (low, high AGL) {
	x := &c.line.x
	u := float64(c.firstU) + (float64(c.before)+float64(i))/float64(x[1])
	v := u + u*u*(float64(c.inverse[0])+u*float64(c.inverse[1]))
	ray := math.Max(math.Min((v+1)*float64(c.halfRays), float64(c.lastRay)), 0)
	k := int(ray)
	between := float64(c.tans[k+1]) - float64(c.tans[k])
	tan := float64(c.tans[k]) + between*(ray-float64(k))
	exact := func(p *[4]float32) float64 {
		return float64(p[0]) + v*(float64(p[1])+v*(float64(p[2])+v*float64(p[3])))
	}
	sigma, sag, ground := exact(&c.line.sigma), exact(&c.line.sag), float64(c.ground[i])
	// Rays are found as far off as their number has digits.
	offTan := 8*ulp*math.Abs(tan) + 8*ulp*(math.Abs(between)+math.Abs(float64(c.tans[k])))*float64(c.lastRay+2)
	offM := offTan*sigma + 8*ulp*(math.Abs(tan)*sigma+math.Abs(sag)+math.Abs(ground))
	z := math.Max(tan*sigma+sag, ground)
	at := func(z float64) AGL {
		z = math.Max(z, ground)
		if z > math.Min(float64(c.topM), float64(c.topTan)*sigma+sag) || sigma > float64(c.rimSigma) && c.farther(z, sigma, sag) {
			return Unseen
		}
		if c.altitudes {
			w := z * float64(c.inverseRadius)
			return c.rank(altitudeBits(float64(c.antennaAMSLM) + z*float64(c.stretch)*(1+w*(1+w))))
		}
		w := (z + ground) * float64(c.inverseRadius)
		return AGLOf((z - ground) * float64(c.stretch) * (1 + w*(1+w)))
	}
	low, high = Unseen, Ground
	for _, z := range []float64{z - offM, z, z + offM} {
		low, high = min(low, at(z)), max(high, at(z))
	}
	if low > 0 {
		low--
	}
	if high < Unseen {
		high++
	}
	return low, high
}

// rank turns a floor into a number that grows with its height, Unseen for none.
func (c *cells) rank(floor AGL) AGL {
	switch {
	case !c.altitudes:
		return floor
	case floor == noAltitude:
		return Unseen
	}
	return floor - noAltitude
}

// farther is far with more digits.
func (l *limits) farther(z, sigma, sag float64) bool {
	w := z * float64(l.inverseRadius)
	over, stretch := 1+w*(1+w), float64(l.stretch)
	up := z * stretch * over
	return up*up+(sigma*sigma+sag*sag)*stretch*stretch*over > float64(l.rangeM2) &&
		(up > -sag*stretch || sigma*stretch > float64(l.rangeM))
}

// TestShedNarrow gives the only cell between the rays of a fan its floor. What
// vectors hold beside it lies far off all rays, and must not be looked for.
func TestShedNarrow(t *testing.T) {
	eachKernel(t, func(t *testing.T, k kernel) {
		eachTrial(t, func(t trial) {
			c := t.cells()
			half := float32(t.scaled(0.01, 1))
			c.line.x = [4]float32{c.line.x[0], half, half * float32(t.between(-0.05, 0.05)), half * float32(t.between(-0.02, 0.02))}
			c.floors, c.before = c.floors[:1], 0
			c.invert(float64(half) * t.between(-0.9, 0.9))
			low, high := c.within(0)
			k.shed(c)
			if got := c.rank(c.floors[0]); got < low || got > high {
				t.Fatalf("%d, want %d to %d", got, low, high)
			}
		})
	})
}
