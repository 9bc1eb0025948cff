package planning

import (
	"math"
	"sync"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// A gap has at most samplesPerGap samples, and all gaps together have some
// maxSamples, if that leaves each of them fewestSamples.
const (
	samplesPerGap = 2000
	maxSamples    = 1_000_000
	fewestSamples = 50
)

// samples are points that stand for the cells of gaps.
type samples struct {
	targets []coverage.Target
	// m2 is the area that each point stands for, 0 over airstrips.
	m2   []float64
	gaps []sampled
	// closable are those points that one radar more would make covered ones; nil
	// for all.
	closable []uint64
	mu       sync.Mutex
}

// sampled is a gap. Its cells have points first ≤ p < strips, and then come those
// over its airstrips, up to last.
type sampled struct {
	first, strips, last int
	airstrips           []*airstrip.Airstrip
	best                Suggestion
}

func newSamples(altitudes []altitude.Altitude, r *coverage.GapResult) *samples {
	s := &samples{}
	rowM2, atMost := gap.CellAreasM2(r.Posts), samplesOfGap(r.Bands)
	for b := range r.Bands {
		for g := range r.Bands[b].Gaps {
			one := sampled{first: len(s.targets), best: Suggestion{Band: b, Gap: g}}
			from := &r.Bands[b].Gaps[g]
			s.addCells(from, altitudes[b], r.Posts, rowM2, atMost)
			one.strips, one.airstrips = len(s.targets), from.Airstrips
			for _, a := range from.Airstrips {
				s.add(coverage.Point{Position: post(r.Posts, a.Position), Altitude: altitudes[b]}, 0)
			}
			one.last = len(s.targets)
			s.gaps = append(s.gaps, one)
		}
	}
	return s
}

// samplesOfGap returns how many samples a gap has at most.
func samplesOfGap(bands []gap.Band) int {
	atMost := samplesPerGap
	for ; atMost > fewestSamples; atMost /= 2 {
		all := 0
		for b := range bands {
			for g := range bands[b].Gaps {
				all += min(atMost, cellsOf(&bands[b].Gaps[g]))
			}
		}
		if all <= maxSamples {
			break
		}
	}
	return atMost
}

func cellsOf(g *gap.Gap) (cells int) {
	for _, run := range g.Cells {
		cells += run.Len()
	}
	return cells
}

func (s *samples) add(p coverage.Point, m2 float64) {
	s.targets = append(s.targets, coverage.Target{Point: p})
	s.m2 = append(s.m2, m2)
}

// addCells adds samples of the cells of a gap, which share its area in proportion
// to theirs.
func (s *samples) addCells(g *gap.Gap, at altitude.Altitude, posts terrain.Lattice, rowM2 []float64, atMost int) {
	first, sum := len(s.targets), 0.0
	for cell := range sampleCells(g.Cells, atMost) {
		position := orb.Point{posts.Lon(int(cell.Col0)), posts.Lat(int(cell.Row))}
		s.add(coverage.Point{Position: position, Altitude: at}, rowM2[cell.Row])
		sum += rowM2[cell.Row]
	}
	for i := first; i < len(s.m2); i++ {
		s.m2[i] *= g.AreaM2 / sum
	}
}

// sampleCells yields every so many of the cells of runs, at most some, each as a
// run from its column on.
func sampleCells(runs []raster.Run, atMost int) func(yield func(raster.Run) bool) {
	cells := cellsOf(&gap.Gap{Cells: runs})
	step := max(1, float64(cells)/float64(atMost))
	return func(yield func(raster.Run) bool) {
		next, before := step/2, 0
		for _, run := range runs {
			for int(next) < before+run.Len() {
				cell := raster.Run{Row: run.Row, Col0: run.Col0 + int32(int(next)-before), Col1: run.Col1}
				if !yield(cell) {
					return
				}
				next += step
			}
			before += run.Len()
		}
	}
}

// post returns the post nearest to a place, whose cell it lies in.
func post(l terrain.Lattice, at orb.Point) orb.Point {
	return orb.Point{l.Lon(int(math.Round(l.Col(at.Lon())))), l.Lat(int(math.Round(l.Row(at.Lat()))))}
}

// judge has a candidate that sees some points be the best of those gaps that none
// before closes more of.
func (s *samples) judge(candidate int, seen []uint64) {
	for k := range s.closable {
		seen[k] &= s.closable[k]
	}
	sums := make([]float64, len(s.gaps))
	g := 0
	each(seen, func(point int) {
		for point >= s.gaps[g].last {
			g++
		}
		sums[g] += s.m2[point]
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.gaps {
		one := &s.gaps[i]
		if best := &one.best; sums[i] > best.ClosedM2 || sums[i] > 0 && sums[i] == best.ClosedM2 && candidate < best.Candidate {
			best.Candidate, best.ClosedM2 = candidate, sums[i]
			best.Airstrips = one.airstripsOf(seen)
		}
	}
}

// airstripsOf returns the airstrips of a gap over which a set has a point.
func (g *sampled) airstripsOf(seen []uint64) (strips []*airstrip.Airstrip) {
	for i, a := range g.airstrips {
		if point := g.strips + i; seen[point/64]>>(point%64)&1 == 1 {
			strips = append(strips, a)
		}
	}
	return strips
}
