package floor

import (
	"slices"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Land is the terrain that a surface is computed over. Missing posts are taken
// as sea level.
type Land struct {
	// Ground is what lies below aircraft.
	Ground *terrain.View
	// Screen is what hides them, on posts of the same spacing; nil where it is
	// the ground.
	Screen *terrain.View
	// Near is finer terrain around the antenna, which holds the posts of
	// NearWindow; nil for none.
	Near *terrain.Grid
	// Within holds the posts whose floors are asked for, of the spacing of the
	// ground: those of others are of no meaning. Of no posts, it is for all.
	Within terrain.Lattice
}

// land is Land made ready for a sweep.
type land struct {
	ground, screen *terrain.View
	// near is the terrain around the antenna, without missing posts. Fine
	// says that its posts are closer than those of the surface.
	near *terrain.Grid
	fine bool
}

const (
	// nearSteps is how far finer terrain is looked at, in steps of the oracle.
	nearSteps = 64
	// leastTurn is the share of the distance by which a step still turns the view
	// enough to be parted, into blockSteps at most; from nearPosts on none is.
	leastTurn = 1. / nearPosts
	nearPosts = 16
)

// NearM returns the radius in metres up to which finer terrain around a radar
// is looked at, on posts of the spacing of l.
func NearM(site *sight.Site, l terrain.Lattice) float64 {
	return nearSteps * site.StepM(l)
}

// NearWindow returns the posts of the spacing of fine that a computation on
// posts of the spacing of l looks at around the radar.
func NearWindow(site *sight.Site, l, fine terrain.Lattice) terrain.Lattice {
	return fine.Cover(earth.BoundAround(site.Position, NearM(site, l)), 2)
}

// ready makes the terrain of a surface ready.
func (l Land) ready(s *Surface) *land {
	out := &land{ground: l.Ground, screen: l.Screen, near: l.Near, fine: l.Near != nil}
	if out.screen == nil {
		out.screen = out.ground
	}
	if out.near == nil {
		const margin = nearPosts + 3
		out.near = terrain.NewGrid(s.Sub(int(s.frame.col)-margin, int(s.frame.row)-margin, 2*margin+2, 2*margin+2))
		out.screen.CopyTo(out.near.ElevationM, out.near.Lattice)
	} else {
		out.near = &terrain.Grid{Lattice: l.Near.Lattice, ElevationM: slices.Clone(l.Near.ElevationM)}
	}
	out.near.FillMissing(0)
	return out
}

// steps returns how many steps of a quadrant are looked at near by.
func (l *land) steps(s *Surface, q *quadrant) int {
	if !l.fine {
		return nearPosts
	}
	reachM, k := NearM(s.Site, s.Lattice), 0
	for k < q.count && q.step(k).reachAt.at(0) <= reachM {
		k++
	}
	return k
}
