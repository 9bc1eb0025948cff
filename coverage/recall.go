package coverage

import (
	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// Requests for gaps have much in common: another altitude has all but that, and
// another radar has the airspace. The cache of surfaces keeps what they have.

// mask returns the cells of an area.
func (s *stage) mask(area orb.MultiPolygon, l terrain.Lattice) *raster.Mask {
	if s.Surfaces == nil {
		return airspace.Rasterise(area, l)
	}
	key := surfaces.MaskKey(area, l)
	mask, ok := s.Surfaces.Recall(key).(*raster.Mask)
	if !ok {
		mask = airspace.Rasterise(area, l)
		s.Surfaces.Keep(key, mask, mask.SizeB())
	}
	return mask
}

// land is what is known of an airspace without any radar.
type land struct {
	relief *network.Relief
	// ground is nil where it is better viewed anew.
	ground *terrain.View
	// cellsM2 is the area of the cells, exactM2 that of the outline.
	cellsM2, exactM2 float64
}

// recallLand looks for what is known of an airspace. Nothing is where the
// terrain does not tell one content from another.
func (s *stage) recallLand(a *area) {
	identity := s.posts.Info().Identity
	if a.keeps = s.Surfaces != nil && identity != ""; !a.keeps {
		return
	}
	a.landKey = surfaces.LandKey(identity, surfaces.MaskKey(a.outline, a.Inside.Lattice))
	a.land, _ = s.Surfaces.Recall(a.landKey).(*land)
	if a.land != nil {
		a.Relief = a.land.relief
	}
}

// keepLand keeps what a look has told of an airspace.
func (s *stage) keepLand(a *area, n *network.Network) {
	if a.land != nil {
		return
	}
	a.Relief = n.Relief
	a.land = &land{relief: n.Relief, cellsM2: gap.AreaM2(a.Inside), exactM2: airspace.AreaM2(a.outline)}
	sizeB := n.Relief.SizeB()
	if !a.Ground.InPlace() {
		a.land.ground = a.Ground
		sizeB += groundB * int64(a.Ground.Posts())
	}
	if a.keeps {
		s.Surfaces.Keep(a.landKey, a.land, sizeB)
	}
}

// floors are those of a network over an airspace.
type floors struct {
	// key is nil where they are not kept, and so is the rest.
	key *surfaces.Key
	// lowest is nil while it is not known.
	lowest *network.Lowest
	whole  *gap.Whole
}

func (f *floors) sizeB() int64 { return f.lowest.SizeB() + f.whole.SizeB() }

// recallFloors looks for the floors of a network over an airspace that is not
// cut.
func (s *stage) recallFloors(a *area, layers []network.Layer) floors {
	if !a.keeps || a.parts > 1 {
		return floors{}
	}
	var keys []surfaces.Key
	for _, l := range layers {
		if l.Site.InService {
			question, _ := s.question(a.Reach, l.Site, l.Lattice)
			keys = append(keys, question.Key())
		}
	}
	key := surfaces.FloorsKey(a.landKey, a.MinRadars, keys)
	if kept, ok := s.Surfaces.Recall(key).(floors); ok {
		return kept
	}
	return floors{key: &key, whole: &gap.Whole{}}
}

// keepFloors keeps those that a look and counting have found.
func (s *stage) keepFloors(f floors, n *network.Network) {
	if f.key != nil && f.lowest == nil {
		f.lowest = n.Lowest
		s.Surfaces.Keep(*f.key, f, f.sizeB())
	}
}
