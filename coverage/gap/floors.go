package gap

import (
	"math"
	"sync"
	"unsafe"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/terrain"
)

// FloorStatistics sums up the network's floor over the cells of a gap, in
// metres, to the metre; medians are by area. NaN where no cell has a floor.
type FloorStatistics struct {
	LowestAMSLM, MedianAMSLM, HighestAMSLM float64
	LowestAGLM, MedianAGLM, HighestAGLM    float64
	// NeverSeenM2 is the area seen at no altitude.
	NeverSeenM2 float64
}

// floors counts floors by metre, weighed by area. Those of more than
// math.MaxInt16 metres count as of that.
type floors struct {
	amsl, agl distribution
	neverSeen int64
}

// metresAGL are all floors above ground in metres: altitudes over the sea.
var metresAGL = sync.OnceValue(func() *[floor.Unseen]int16 {
	var metres [floor.Unseen]int16
	var floors [floor.Unseen]floor.AGL
	for i := range floors {
		floors[i] = floor.AGL(i)
	}
	row := terrain.Lattice{PerDegLon: 1, PerDegLat: 1, Cols: len(floors), Rows: 1}
	floor.AltitudesOver(metres[:], floors[:], terrain.NewView(row, []terrain.Panel{{Lattice: row}}), row, make([]float32, len(floors)))
	for i := range metres {
		metres[i] = atMost(metres[i])
	}
	return &metres
})

// add counts the floors of cells of equal area.
func (f *floors) add(above []floor.AGL, amsl []int16, parts int64) {
	amsl, agl := amsl[:len(above)], metresAGL()
	for i, a := range above {
		if a == floor.Unseen {
			f.neverSeen += parts
			continue
		}
		f.amsl.add(atMost(amsl[i]), parts)
		f.agl.add(agl[a], parts)
	}
}

// atMost takes what is too high for an altitude as the highest there is.
func atMost(altitude int16) int16 {
	if altitude == floor.NoAltitude {
		return math.MaxInt16
	}
	return altitude
}

// sum adds g as many times.
func (f *floors) sum(g *floors, times int64) {
	f.agl.sum(&g.agl, times)
	f.amsl.sum(&g.amsl, times)
	f.neverSeen += times * g.neverSeen
}

// sizeB is how many bytes they take.
func (f *floors) sizeB() int64 {
	sum := int64(unsafe.Sizeof(*f))
	for i := range f.amsl {
		for _, p := range []*page{f.amsl[i], f.agl[i]} {
			if p != nil {
				sum += int64(unsafe.Sizeof(*p))
			}
		}
	}
	return sum
}

func (f *floors) statistics(partM2 float64) (s FloorStatistics) {
	s.LowestAMSLM, s.MedianAMSLM, s.HighestAMSLM = f.amsl.quantiles()
	s.LowestAGLM, s.MedianAGLM, s.HighestAGLM = f.agl.quantiles()
	s.NeverSeenM2 = float64(f.neverSeen) * partM2
	return s
}

// distribution is a histogram of heights by metre, in pages, as heights lie close
// together but for a few. The zero value is empty.
type distribution [1 << (16 - pageBits)]*page

const pageBits = 8

// page holds the weights of neighbouring metres.
type page [1 << pageBits]int64

// place returns the page of a metre and its place there, lower ones first.
func place(metre int16) (number, at int) {
	n := int(metre) - math.MinInt16
	return n >> pageBits, n & (1<<pageBits - 1)
}

func (d *distribution) add(metre int16, weight int64) {
	number, at := place(metre)
	p := d[number]
	if p == nil {
		p = new(page)
		d[number] = p
	}
	p[at] += weight
}

// sum adds e as many times.
func (d *distribution) sum(e *distribution, times int64) {
	for number, p := range e {
		if p == nil {
			continue
		}
		if d[number] == nil {
			d[number] = new(page)
		}
		q := d[number]
		for at := range p {
			q[at] += times * p[at]
		}
	}
}

// weights yields those above 0, the lowest metre first.
func (d *distribution) weights(yield func(metre int, weight int64) bool) {
	for number, p := range d {
		if p == nil {
			continue
		}
		for at, weight := range p {
			if weight > 0 && !yield(number<<pageBits+at+math.MinInt16, weight) {
				return
			}
		}
	}
}

// quantiles returns the lowest height, the one that half of the weight lies at
// or below, and the highest, in metres; NaN where there is none.
func (d *distribution) quantiles() (lowest, median, highest float64) {
	total, sum := int64(0), int64(0)
	for _, w := range d.weights {
		total += w
	}
	lowest, median, highest = math.NaN(), math.NaN(), math.NaN()
	for metre, w := range d.weights {
		if highest = float64(metre); sum == 0 {
			lowest = highest
		}
		if sum < (total+1)/2 && sum+w >= (total+1)/2 {
			median = highest
		}
		sum += w
	}
	return lowest, median, highest
}
