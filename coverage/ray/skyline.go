package ray

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// skyline is the largest elevation angle so far. It works with angles that are about
// right, and finds out exactly those alone that may be the largest.
type skyline struct {
	e earth.Effective
	// tan is about that of the largest angle.
	tan float64
	// candidates are where it may be reached.
	candidates [8]candidate
	count      int
	// exactTan and crest are those of former candidates.
	exactTan float64
	crest    sight.Crest
}

type candidate struct {
	place
	elevationAMSLM float64
}

func newSkyline(e earth.Effective) skyline {
	return skyline{e: e, tan: math.Inf(-1), exactTan: math.Inf(-1)}
}

// see takes in the terrain at a place on a lattice.
func (k *skyline) see(at place, elevationAMSLM float64, l *terrain.Lattice) {
	t := k.tanAbout(at.distanceM, elevationAMSLM)
	hair := hairTan(t)
	switch {
	case !(t >= k.tan-hair):
		return
	case t > k.tan+hair:
		k.count = 0
	case k.count == len(k.candidates):
		k.decide(l)
	}
	k.candidates[k.count] = candidate{at, elevationAMSLM}
	k.count++
	k.tan = max(k.tan, t)
}

// decide finds the largest angle among the candidates, which lie on a lattice, and
// those before them; the nearest where several share it.
func (k *skyline) decide(l *terrain.Lattice) {
	for _, c := range k.candidates[:k.count] {
		t := k.e.TanElevation(c.distanceM, c.elevationAMSLM)
		if t > k.exactTan || t == k.exactTan && c.distanceM < k.crest.DistanceM {
			k.exactTan = t
			k.crest = sight.Crest{
				Position:  orb.Point{l.Lon(0) + c.col/l.PerDegLon, l.Lat(0) - c.row/l.PerDegLat},
				DistanceM: c.distanceM, ElevationAMSLM: c.elevationAMSLM,
			}
		}
	}
	k.count = 0
}

// hairTan is more than what two of tanAbout are off, and hairM more than rounding makes
// of a height.
const hairM = 1e-6

func hairTan(tan float64) float64 { return 1e-10 * (1 + math.Abs(tan)) }

// mostPsi is the arc at the centre of the earth up to which series are as exact as
// hairTan asks for.
const mostPsi = 0.2

// tanAbout is Effective.TanElevation for less, by the series of sine and tangent.
func (k *skyline) tanAbout(distanceM, heightAMSLM float64) float64 {
	psi := distanceM / k.e.RadiusM
	if psi > mostPsi {
		return k.e.TanElevation(distanceM, heightAMSLM)
	}
	psi2 := psi * psi
	tanHalf := psi * (1./2 + psi2*(1./24+psi2*(1./240+psi2*(17./40320+psi2*(31./725760)))))
	return (heightAMSLM-k.e.AntennaAMSLM)/((k.e.RadiusM+heightAMSLM)*sine(psi, psi2)) - tanHalf
}

func sine(psi, psi2 float64) float64 {
	return psi * (1 - psi2*(1./6-psi2*(1./120-psi2*(1./5040-psi2*(1./362880)))))
}

// hiddenTan is below all candidates.
func (k *skyline) hiddenTan() float64 { return k.tan - 2*hairTan(k.tan) }

// highestTan bounds the tangent of the elevation angles of terrain that is nowhere
// higher than topM between two distances. Below the antenna, a smooth earth of that
// height rises in view up to its horizon.
func (k *skyline) highestTan(fromM, toM, topM float64) float64 {
	if topM < k.e.AntennaAMSLM {
		radiusM := k.e.RadiusM + topM
		dip := math.Sqrt((radiusM+k.e.RadiusM+k.e.AntennaAMSLM)*(k.e.AntennaAMSLM-topM)) / radiusM
		switch {
		case toM <= k.e.RadiusM*dip*(1-dip*dip/3):
			return k.tanAbout(toM, topM)
		case fromM < k.e.RadiusM*dip:
			return -dip
		}
	}
	if fromM == 0 {
		return math.Inf(1)
	}
	return k.tanAbout(fromM, topM)
}

// line is a height by share: constant + linear·share.
type line struct{ constant, linear float64 }

func (l line) atM(share float64) float64 { return l.constant + l.linear*share }

// hiddenBelow returns a line between two distances below which terrain is not higher in
// view than what was seen. The ray is bent: where its slope is below 1 and the arc small
// it lies less than L²/a below its chord of length L.
func (k *skyline) hiddenBelow(fromM, toM float64) line {
	tan := k.hiddenTan()
	if !(math.Abs(tan) <= 1 && toM <= mostPsi*k.e.RadiusM) {
		return line{math.Inf(-1), 0}
	}
	bendM := (toM - fromM) * (toM - fromM) / k.e.RadiusM
	start, end := k.rayM(tan, fromM), k.rayM(tan, toM)
	return line{start - bendM - hairM, end - start}
}

// rayM is Effective.RayHeightM for less, of slopes and distances as hiddenBelow has
// them.
func (k *skyline) rayM(tan, distanceM float64) float64 {
	psi := distanceM / k.e.RadiusM
	psi2 := psi * psi
	climb := psi2*(1./2-psi2*(1./24-psi2*(1./720-psi2*(1./40320)))) + tan*sine(psi, psi2)
	return k.e.AntennaAMSLM + (k.e.RadiusM+k.e.AntennaAMSLM)*climb/(1-climb)
}
