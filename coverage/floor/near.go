package floor

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// nearSteps is how far the near field reaches, in steps of the oracle.
const nearSteps = 64

// nearField is the ground around the antenna. There a step of one post turns
// the view by many degrees, and bilinear terrain is not straight between
// posts, so rays and posts are looked at one by one, as the oracle does.
type nearField struct {
	s        *Surface
	observer *sight.Observer
	// reachM is its radius over ground.
	reachM float64
}

// NearM returns the radius in metres of the near field around a radar, on
// posts of the spacing of l.
func NearM(site *sight.Site, l terrain.Lattice) float64 {
	return nearSteps * site.StepM(l)
}

// NearWindow returns the posts of the spacing of fine that the near field
// covers on posts of the spacing of l.
func NearWindow(site *sight.Site, l, fine terrain.Lattice) terrain.Lattice {
	return fine.Cover(earth.BoundAround(site.Position, NearM(site, l)), 2)
}

func newNearField(s *Surface, land *terrain.Grid) *nearField {
	return &nearField{s: s, observer: sight.NewObserver(s.Site, s.Reach, land), reachM: NearM(s.Site, s.Lattice)}
}

// screen returns the tangent of the screening angle that the near field
// gives a ray, but at least that of the lowest beam.
func (n *nearField) screen(azimuthDeg float64) float64 {
	tan, _ := n.observer.Screening(azimuthDeg, n.reachM)
	return math.Max(tan, math.Tan(n.s.Site.MinElevationDeg*math.Pi/180))
}

// fill gives the posts in the near field their floors.
func (n *nearField) fill() {
	s := n.s
	for r := range s.Rows {
		if math.Abs(float64(r)-s.frame.row) > nearSteps {
			continue
		}
		for c := range s.Cols {
			if math.Abs(float64(c)-s.frame.col) <= nearSteps && n.holds(s.frame.distance(r, c)) {
				look := n.observer.Look(orb.Point{s.Lon(c), s.Lat(r)})
				s.Floor[r*s.Cols+c] = AGLOf(look.FloorAMSLM - look.GroundAMSLM)
			}
		}
	}
}

func (n *nearField) holds(distanceM float64) bool { return distanceM < n.reachM }
