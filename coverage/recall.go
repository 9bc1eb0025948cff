package coverage

import (
	"slices"

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
	// rowM2 is the area of a cell of each row, cellsM2 that of the airspace's, and
	// exactM2 that of its outline.
	rowM2            []float64
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
	a.land = &land{relief: n.Relief, rowM2: gap.CellAreasM2(a.Inside.Lattice), cellsM2: gap.AreaM2(a.Inside), exactM2: airspace.AreaM2(a.outline)}
	sizeB := n.Relief.SizeB() + 8*int64(a.Inside.Rows)
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

// recallFloors looks for the floors of a network.
func (s *stage) recallFloors(a *area, radars []seer) floors {
	var keys []surfaces.Key
	for _, r := range radars {
		if r.inService {
			keys = append(keys, r.key)
		}
	}
	key := surfaces.FloorsKey(a.landKey, a.MinRadars, keys)
	if kept, ok := s.Surfaces.Recall(key).(floors); ok {
		return kept
	}
	return floors{key: &key, whole: &gap.Whole{}}
}

// seer is a radar of a look.
type seer struct {
	seen
	// spans are those of the rows of the airspace that it may see, from row on.
	row   int
	spans []network.Columns
}

// seen is what a radar sees: that of two is equal if they see the same.
type seen struct {
	key       surfaces.Key
	inService bool
}

// seers are the radars of layers, in any order.
func (s *stage) seers(a *area, layers []network.Layer) (seers []seer) {
	for _, l := range layers {
		question, _ := s.question(a.Reach, l.Site, l.Lattice)
		row, spans := l.Spans(a.Inside.Lattice)
		seers = append(seers, seer{seen{question.Key(), l.Site.InService}, row, spans})
	}
	return seers
}

// latest is the latest look at a land, at some altitudes.
type latest struct {
	radars []seer
	bands  []network.Band
	lowest *network.Lowest
	counts *gap.Counts
}

func (l *latest) sizeB() int64 {
	sum := l.lowest.SizeB() + l.counts.SizeB()
	for _, b := range l.bands {
		sum += b.SizeB()
	}
	for _, r := range l.radars {
		sum += 8 * int64(len(r.spans))
	}
	return sum
}

// earlier returns a look at which other radars see some of the cells, and what was
// counted of it, nil for none.
func (s *stage) earlier(a *area, radars []seer) (*network.Earlier, *gap.Counts) {
	kept, ok := s.Surfaces.Recall(s.lookKey(a)).(*latest)
	if !ok || a.Relief == nil {
		return nil, nil
	}
	e := &network.Earlier{Bands: kept.bands, Lowest: kept.lowest, Changed: make([]network.Columns, a.Inside.Rows)}
	times := map[seen]int{}
	for _, r := range radars {
		times[r.seen]++
	}
	for _, r := range kept.radars {
		times[r.seen]--
	}
	for _, r := range slices.Concat(radars, kept.radars) {
		for i, span := range r.spans {
			if times[r.seen] != 0 {
				e.Changed[r.row+i] = e.Changed[r.row+i].Join(span)
			}
		}
	}
	return e, kept.counts
}

func (s *stage) lookKey(a *area) surfaces.Key {
	screen := ""
	if s.screen != nil {
		screen = s.screen.Info().Identity
	}
	return surfaces.LookKey(a.landKey, a.Reach, a.MinRadars, a.Altitudes, screen)
}

// known is what is known of a network when a look begins.
type known struct {
	floors
	radars []seer
	// earlier is what was counted of Network.Earlier.
	earlier *gap.Counts
}

// keep keeps what a look and counting have found.
func (s *stage) keep(a *area, n *network.Network, k known, counts *gap.Counts) {
	if k.key == nil {
		return
	}
	if k.lowest == nil {
		k.lowest = n.Lowest
		s.Surfaces.Keep(*k.key, k.floors, k.sizeB())
	}
	now := &latest{k.radars, n.Bands, n.Lowest, counts}
	s.Surfaces.Keep(s.lookKey(a), now, now.sizeB())
}
