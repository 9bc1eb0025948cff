package planning

import (
	"math"
	"math/bits"

	"github.com/canopyradar/canopy/coverage/siting"
)

// score counts by how many radars each element of a demand is seen.
type score struct {
	*demand
	countWeights []float64
	seenBy       []uint8
	objectiveKM2 float64
}

// newScore counts those that stand already.
func newScore(d *demand, p *siting.Problem) *score {
	s := &score{demand: d, countWeights: p.CountWeights, seenBy: append([]uint8(nil), p.Already...)}
	for e, n := range s.seenBy {
		for _, weight := range p.CountWeights[:min(int(n), len(p.CountWeights))] {
			s.objectiveKM2 += d.weightsKM2[e] * weight
		}
	}
	return s
}

// build adds a radar. It returns what that adds to the objective, and which
// elements enough radars see from now on.
func (s *score) build(sees siting.Set, enoughRadars int) (addedKM2 float64, enough []int32) {
	for word, set := range sees {
		for ; set != 0; set &= set - 1 {
			e := word*64 + bits.TrailingZeros64(set)
			n := int(s.seenBy[e])
			if n < len(s.countWeights) {
				addedKM2 += s.weightsKM2[e] * s.countWeights[n]
			}
			if n+1 == enoughRadars {
				enough = append(enough, int32(e))
			}
			count(&s.seenBy[e])
		}
	}
	s.objectiveKM2 += addedKM2
	return addedKM2, enough
}

// count adds a radar to a count, which no objective asks for above 255.
func count(n *uint8) {
	if *n < math.MaxUint8 {
		*n++
	}
}

// strips counts the airstrips that enough radars see.
func (s *score) strips(enoughRadars int) (seen int) {
	for _, n := range s.seenBy[s.demand.strips:] {
		if int(n) >= enoughRadars {
			seen++
		}
	}
	return seen
}

// possibleKM2 is what it is worth to see everything as often as that counts.
func (d *demand) possibleKM2(countWeights []float64) (sumKM2 float64) {
	each := 0.0
	for _, weight := range countWeights {
		each += weight
	}
	for _, weight := range d.weightsKM2 {
		sumKM2 += weight * each
	}
	return sumKM2
}
