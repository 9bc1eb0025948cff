package gap

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/raster"
)

// tally sums up the cells of one component.
type tally struct {
	f             *Finder
	areaM2        float64
	causesM2      CauseAreas
	departmentsM2 []float64
	airstrips     []*airstrip.Airstrip
	floors        floors
}

// runsPerCheck is how often a tally looks whether it should stop.
const runsPerCheck = 64

func (f *Finder) tally(ctx context.Context, s *survey, c *raster.Component) (*tally, error) {
	t := &tally{f: f, departmentsM2: make([]float64, f.DepartmentCount)}
	for i, run := range c.Runs {
		if i%runsPerCheck == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		t.add(s, run)
	}
	return t, nil
}

func (t *tally) add(s *survey, run raster.Run) {
	first := int(run.Row)*s.network.Ground.Cols + int(run.Col0)
	cellM2 := s.rowM2[run.Row]
	for cell := first; cell < first+run.Len(); cell++ {
		t.causesM2[s.band.Cause(cell)] += cellM2
		t.floors.add(s.network.Floor(cell), s.network.Ground.ElevationM[cell], cellM2)
		if t.f.Departments != nil && t.f.Departments[cell] > 0 {
			t.departmentsM2[t.f.Departments[cell]-1] += cellM2
		}
	}
	t.areaM2 += float64(run.Len()) * cellM2
	at, _ := slices.BinarySearchFunc(s.strips, first, func(p placed, cell int) int { return cmp.Compare(p.cell, cell) })
	for ; at < len(s.strips) && s.strips[at].cell < first+run.Len(); at++ {
		t.airstrips = append(t.airstrips, s.strips[at].strip)
	}
}

// FloorStatistics sums up the network's floor over the cells of a gap, in
// metres; medians are by area and to the metre. NaN where no cell has a
// floor.
type FloorStatistics struct {
	LowestAMSLM, MedianAMSLM, HighestAMSLM float64
	LowestAGLM, MedianAGLM, HighestAGLM    float64
	// NeverSeenM2 is the area seen at no altitude.
	NeverSeenM2 float64
}

// floors gathers the floors of cells.
type floors struct {
	amsl, agl   distribution
	neverSeenM2 float64
}

func (f *floors) add(a floor.AGL, groundAMSLM float32, areaM2 float64) {
	if a == floor.Unseen {
		f.neverSeenM2 += areaM2
		return
	}
	f.amsl.add(float64(groundAMSLM)+a.M(), areaM2)
	f.agl.add(a.M(), areaM2)
}

func (f *floors) statistics() FloorStatistics {
	return FloorStatistics{
		LowestAMSLM: f.amsl.lowest(), MedianAMSLM: f.amsl.median(), HighestAMSLM: f.amsl.highest(),
		LowestAGLM: f.agl.lowest(), MedianAGLM: f.agl.median(), HighestAGLM: f.agl.highest(),
		NeverSeenM2: f.neverSeenM2,
	}
}

// distribution is a histogram of heights by metre, weighed by area. The zero
// value is empty.
type distribution struct {
	weights  []float64 // by metre above base
	base     int
	min, max float64
}

func (d *distribution) add(heightM, weight float64) {
	if d.weights == nil {
		d.min, d.max = heightM, heightM
	}
	d.min, d.max = math.Min(d.min, heightM), math.Max(d.max, heightM)
	metre := int(math.Round(heightM))
	d.reach(metre)
	d.weights[metre-d.base] += weight
}

// reach makes room for a metre, generously.
func (d *distribution) reach(metre int) {
	switch {
	case d.weights == nil:
		d.base = metre
		d.weights = make([]float64, 1, 64)
	case metre < d.base:
		room := max(d.base-metre, len(d.weights))
		d.weights = append(make([]float64, room, room+len(d.weights)), d.weights...)
		d.base -= room
	case metre >= d.base+len(d.weights):
		d.weights = append(d.weights, make([]float64, metre-d.base-len(d.weights)+1)...)
	}
}

func (d *distribution) lowest() float64  { return d.orNaN(d.min) }
func (d *distribution) highest() float64 { return d.orNaN(d.max) }

// median returns the height, to the metre, that half of the weight lies at or
// below.
func (d *distribution) median() float64 {
	total := 0.0
	for _, w := range d.weights {
		total += w
	}
	sum := 0.0
	for i, w := range d.weights {
		if sum += w; w > 0 && sum >= total/2 {
			return math.Min(math.Max(float64(d.base+i), d.min), d.max)
		}
	}
	return math.NaN()
}

func (d *distribution) orNaN(v float64) float64 {
	if d.weights == nil {
		return math.NaN()
	}
	return v
}
