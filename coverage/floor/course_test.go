package floor

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// TestCourseOfWidestFans compares the cubics of fans with what the frame and the
// earth say of rays between the nodes, at the ends of stretches.
func TestCourseOfWidestFans(t *testing.T) {
	for _, latDeg := range []float64{-65, -12.6, 0, 37, 52} {
		for _, rangeM := range []float64{20e3, 130e3, 400e3} {
			t.Run(fmt.Sprintf("%v degrees, %v km", latDeg, rangeM/1e3), func(t *testing.T) {
				s := bareSurface(t, latDeg, rangeM)
				near := terrain.NewGrid(s.Sub(int(s.frame.col)-nearPosts-3, int(s.frame.row)-nearPosts-3, 2*nearPosts+8, 2*nearPosts+8))
				var off courseOff
				for _, q := range s.quadrants(&land{near: near})[:2] {
					for f := range q.fans {
						task := &task{s: s, q: q, bench: newBench(portable), first: f * (q.fanRays - 1)}
						task.begin()
						for i := 0; i < len(q.stretches); i += 5 {
							off.look(task, &q.stretches[i])
						}
					}
				}
				t.Logf("off by %.5f posts, sag by %.4f m, sigma by %.2g of it", off.posts, off.sagM, off.sigma)
				// A metre of the 9.4 km at 400 km, where meridians run together; a
				// tenth of that in the tropics.
				mostSagM := 1e-4 * rangeM * rangeM / (2 * 8.5e6)
				if off.posts > 0.01 || off.sagM > mostSagM || off.sigma > 5e-5 {
					t.Error("the fan is too wide for its cubics")
				}
			})
		}
	}
}

// bareSurface returns one at 15 arc-seconds that can plan its quadrants.
func bareSurface(t *testing.T, latDeg, rangeM float64) *Surface {
	t.Helper()
	site := sight.NewSite(radar.Radar{ID: "test", Position: orb.Point{-69.1, latDeg}, MastM: 15, InService: true,
		Limits: radar.Limits{RangeM: rangeM, MaxElevationDeg: 20, HeightLimitAMSLM: 30480}}, 200, 4./3)
	window, err := Window(&site, terrain.Lattice{PerDegLon: 240, PerDegLat: 240})
	if err != nil {
		t.Fatal(err)
	}
	s := &Surface{Site: &site, Lattice: window, Floor: make([]AGL, 1), frame: newFrame(site.Position, window)}
	s.rim = newRim(s.frame, rangeM)
	return s
}

// courseOff is by how much cubics were off at most: sigma as a share of it.
type courseOff struct{ posts, sagM, sigma float64 }

func (o *courseOff) look(task *task, st *stretch) {
	var c course
	st.lay(&c, task.q, &task.slopes, &task.radii)
	tau := st.tau(st.to)
	acrossOf, reachOf := task.q.family.rays(task.q.sign * st.to)
	cubicAt := func(f *fit, v float64) float64 {
		return at(&coefficients{at(&f[0], tau), at(&f[1], tau), at(&f[2], tau), at(&f[3], tau)}, v)
	}
	for v := -1.0; v <= 1; v += 1. / 16 {
		slope := task.q.slope(float64(task.first) + (v+1)/2*float64(task.q.fanRays-1))
		distanceM := reachOf.at(slope) * math.Hypot(1, slope)
		if distanceM > task.s.Site.RangeM {
			continue
		}
		a := task.s.Site.Effective(task.q.azimuthAt(slope)).RadiusM
		sigma, sag := a*math.Sin(distanceM/a), 2*a*math.Pow(math.Sin(distanceM/a/2), 2)
		exact := cubicAt(&c.sigma, v) * float64(task.cells.bow.at(float32(v)))
		o.posts = math.Max(o.posts, math.Abs(cubicAt(&c.x, v)-task.q.acrossOrigin-task.q.acrossSign*acrossOf.at(slope)))
		o.sagM = math.Max(o.sagM, math.Abs(cubicAt(&c.sag, v)-sag))
		o.sigma = math.Max(o.sigma, math.Abs(exact/sigma-1))
	}
}
