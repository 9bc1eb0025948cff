package network

import (
	"math"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
)

// adder adds one radar to a network.
type adder struct {
	n *Network
	s *floor.Surface
	// Between nearM and farM over ground, no ceiling lies below clearM.
	nearM, farM, clearM float64
}

// clearanceM is an altitude that ceilings seldom cut off.
const clearanceM = 15000

// deepestM is how far below sea level an altitude may lie.
const deepestM = 500

func newAdder(n *Network, s *floor.Surface) *adder {
	a := &adder{n: n, s: s, farM: math.Inf(1), clearM: math.Inf(1)}
	if s.Reach == sight.Disc {
		return a
	}
	a.clearM = math.Min(clearanceM, s.Site.HeightLimitAMSLM)
	// Over an earth, a ray rises more than over a plane, and a slant range
	// grows with height by less than in the worst case assumed here.
	up := math.Max(0, a.clearM-s.Site.AntennaAMSLM())
	rise := math.Max(up, math.Abs(s.Site.AntennaAMSLM())+deepestM)
	a.nearM = up / math.Tan(math.Min(s.Site.MaxElevationDeg, 89)*math.Pi/180)
	if s.Site.MaxElevationDeg <= 0 {
		a.nearM = math.Inf(1)
	}
	a.nearM = math.Max(a.nearM, s.Site.MinRangeM*1.01)
	stretch := 1 + 2*(a.clearM+math.Abs(s.Site.AntennaAMSLM()))/earth.SemiMajorAxisM
	a.farM = math.Sqrt(math.Max(0, s.Site.RangeM*s.Site.RangeM-rise*rise)) / stretch
	return a
}

// row adds row r of the surface, which is row to of the network; columns
// differ by dc.
func (a *adder) row(r, to, dc int) {
	first, last := a.s.Span(r)
	first, last = max(first, -dc), min(last, a.n.Ground.Cols-dc)
	for run := range a.n.Inside.RowRuns(to) {
		for c := max(first, int(run.Col0)-dc); c < min(last, int(run.Col1)-dc); c++ {
			a.cell(r, c, to*a.n.Ground.Cols+c+dc)
		}
	}
}

// cell adds post (r, c) of the surface to a cell of the network.
func (a *adder) cell(r, c, cell int) {
	lowest := a.s.Floor[r*a.s.Cols+c]
	if a.s.Site.InService {
		a.n.lower(cell, lowest)
	}
	ground := float64(a.n.Ground.ElevationM[cell])
	look := lookAt{a: a, r: r, c: c, groundM: ground, floorM: ground + lowest.M()}
	if a.s.Reach == sight.Disc && lowest != floor.Unseen {
		look.floorM = math.Inf(-1)
	}
	for i := range a.n.Bands {
		b := &a.n.Bands[i]
		cause := look.cause(a.n.HeightAMSLM(b, cell))
		switch {
		case !a.s.Site.InService:
			if cause == sight.None {
				b.cause[cell] = max(b.cause[cell], sight.OutOfService)
			}
		case cause == sight.None:
			b.seen[cell] = max(b.seen[cell], b.seen[cell]+1)
		default:
			b.cause[cell] = max(b.cause[cell], cause)
		}
	}
}

// lower inserts a floor among the smallest of a cell.
func (n *Network) lower(cell int, a floor.AGL) {
	for _, f := range n.floors {
		if a < f[cell] {
			f[cell], a = a, f[cell]
		}
	}
}

// lookAt is a radar's look at one cell. Its envelope is dear, and drawn only
// where the answer hangs on it.
type lookAt struct {
	a               *adder
	r, c            int
	groundM, floorM float64
	drawn           bool
	envelope        sight.Envelope
	distanceM       float64
}

func (l *lookAt) cause(heightM float64) sight.Cause {
	if heightM >= l.floorM && l.clear(heightM) {
		return sight.None
	}
	if !l.drawn {
		distance, azimuth := l.a.s.Polar(l.r, l.c)
		l.envelope = l.a.s.Site.Envelope(l.a.s.Reach, distance, azimuth, l.groundM)
		l.drawn = true
	}
	return l.envelope.Cause(l.floorM, heightM)
}

// clear reports whether surely no ceiling lies below a height.
func (l *lookAt) clear(heightM float64) bool {
	if heightM > l.a.clearM {
		return false
	}
	if l.distanceM == 0 {
		l.distanceM = l.a.s.DistanceM(l.r, l.c)
	}
	return l.distanceM >= l.a.nearM && l.distanceM <= l.a.farM
}
