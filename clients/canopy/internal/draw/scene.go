package draw

import (
	"math"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// sample is a place on a ray; NaN stands for what is missing.
type sample struct {
	km, rayM, terrainM, floorM, fresnelM float64
}

func (s sample) hasTerrain() bool { return !math.IsNaN(s.terrainM) }

// scene is what a picture of a ray shows.
type scene struct {
	samples []sample
	// km and metres are what the axes show.
	km, metres span
}

// newScene leaves out samples without a place or without a height of the ray.
func newScene(r *canopyv1.GetProfileResponse) scene {
	s := scene{}
	for _, from := range r.GetSamples() {
		if finite(from.GetDistanceKm()) && finite(from.GetRayAmslM()) {
			s.samples = append(s.samples, newSample(from))
		}
	}
	s.km, s.metres = s.kmShown(), s.metresShown()
	return s
}

func newSample(s *canopyv1.ProfileSample) sample {
	out := sample{
		km: s.GetDistanceKm(), rayM: s.GetRayAmslM(), fresnelM: s.GetFresnelRadiusM(),
		terrainM: finiteOr(s.TerrainAmslM), floorM: finiteOr(s.FloorAmslM),
	}
	if !finite(out.fresnelM) {
		out.fresnelM = 0
	}
	return out
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// finiteOr makes NaN of whatever cannot be drawn.
func finiteOr(v *float64) float64 {
	if v == nil || !finite(*v) {
		return math.NaN()
	}
	return *v
}

// kmShown is 1 km for a point at the radar.
func (s scene) kmShown() span {
	if len(s.samples) == 0 || s.last().km <= 0 {
		return span{0, 1}
	}
	return span{0, s.last().km}
}

func (s scene) last() sample { return s.samples[len(s.samples)-1] }

// leastSpanM keeps flat ground flat.
const leastSpanM = 40

// metresShown holds terrain, ray and zone, with room above for labels. The
// floor over the point is shown where that does not flatten all else.
func (s scene) metresShown() span {
	if len(s.samples) == 0 {
		return span{0, leastSpanM}
	}
	all := span{math.Inf(1), math.Inf(-1)}
	for _, at := range s.samples {
		all.include(at.rayM - at.fresnelM)
		all.include(at.rayM + at.fresnelM)
		if at.hasTerrain() {
			all.include(at.terrainM)
		}
	}
	if floorM := s.last().floorM; floorM <= all.high+all.length()/2 {
		all.include(floorM)
	}
	all.include(all.low + leastSpanM)
	return withRoom(all)
}

// withRoom begins at sea level if that is near.
func withRoom(tight span) span {
	wide := span{tight.low - 0.08*tight.length(), tight.high + 0.16*tight.length()}
	if tight.low >= 0 && tight.low < tight.length()/3 {
		wide.low = 0
	}
	return wide
}

// blockedAt returns the first sample after the antenna at which the ray is
// below ground, and the number of samples where it never is.
func (s scene) blockedAt() int {
	for i := 1; i < len(s.samples); i++ {
		if s.samples[i].hasTerrain() && s.samples[i].rayM < s.samples[i].terrainM {
			return i
		}
	}
	return len(s.samples)
}

// runs returns the first and the last sample of each run that has something.
func (s scene) runs(has func(sample) bool) [][2]int {
	var runs [][2]int
	for i, at := range s.samples {
		switch last := len(runs) - 1; {
		case !has(at):
		case last >= 0 && runs[last][1] == i-1:
			runs[last][1] = i
		default:
			runs = append(runs, [2]int{i, i})
		}
	}
	return runs
}

// unknown are the distances between which no terrain is known, in km. A ray
// between a sample that is known and one that is not counts as unknown.
func (s scene) unknown() []span {
	var all []span
	if len(s.samples) == 0 {
		return nil
	}
	from := s.samples[0].km
	for _, run := range s.runs(sample.hasTerrain) {
		if to := s.samples[run[0]].km; to > from {
			all = append(all, span{from, to})
		}
		from = s.samples[run[1]].km
	}
	if to := s.last().km; to > from {
		all = append(all, span{from, to})
	}
	return all
}

// rayAt is the height of the ray at a distance, linear between samples.
func (s scene) rayAt(km float64) float64 {
	for i := 1; i < len(s.samples); i++ {
		a, b := s.samples[i-1], s.samples[i]
		if km <= b.km && b.km > a.km {
			return a.rayM + (b.rayM-a.rayM)*(km-a.km)/(b.km-a.km)
		}
	}
	return s.last().rayM
}
