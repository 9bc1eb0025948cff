package airstrip

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
)

// Hit is an airstrip that a search found, and its distance from where the
// search started, in metres along the geodesic. The airstrip belongs to the
// index and must not be changed.
type Hit struct {
	Airstrip  *Airstrip
	DistanceM float64
}

// Nearest returns the n airstrips nearest to p (longitude and latitude in
// degrees), nearest first, equally distant ones by id. It returns fewer if
// the index holds fewer, and none if n < 1 or p is not on the earth.
//
// Only airstrips for which keep is true count; a nil keep keeps all.
func (x *Index) Nearest(p orb.Point, n int, keep func(*Airstrip) bool) []Hit {
	if n < 1 {
		return nil
	}
	var hits []Hit
	x.outward(p, keep, func(h Hit) bool {
		// Those as far as the n-th stay in the race until ids decide.
		if len(hits) >= n && h.DistanceM > hits[n-1].DistanceM {
			return false
		}
		hits = append(hits, h)
		return true
	})
	return byDistance(hits)[:min(n, len(hits))]
}

// Within returns the airstrips at most radiusM metres from p (longitude and
// latitude in degrees), nearest first, equally distant ones by id. It returns
// none if radiusM is negative or NaN or p is not on the earth.
//
// Only airstrips for which keep is true count; a nil keep keeps all.
func (x *Index) Within(p orb.Point, radiusM float64, keep func(*Airstrip) bool) []Hit {
	var hits []Hit
	x.outward(p, keep, func(h Hit) bool {
		if !(h.DistanceM <= radiusM) {
			return false
		}
		hits = append(hits, h)
		return true
	})
	return byDistance(hits)
}

// outward yields the kept airstrips in the order of their distance from p
// until yield returns false.
func (x *Index) outward(p orb.Point, keep func(*Airstrip) bool, yield func(Hit) bool) {
	if !onEarth(p) {
		return
	}
	from := newOrigin(p)
	distanceM := func(lo, hi [2]float64, i int, item bool) float64 {
		if item {
			return earth.DistanceM(p, x.strips[i].Position)
		}
		return from.atLeastM(lo, hi)
	}
	x.tree.Nearby(distanceM, func(_, _ [2]float64, i int, distanceM float64) bool {
		a := &x.strips[i]
		if keep != nil && !keep(a) {
			return true
		}
		return yield(Hit{Airstrip: a, DistanceM: distanceM})
	})
}

func byDistance(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.DistanceM, b.DistanceM), cmp.Compare(a.Airstrip.ID, b.Airstrip.ID))
	})
	return hits
}
