package network

import (
	"math"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
)

// tile is the blocks of a task in 64 columns. What is sure of all of it need not
// be asked of its blocks.
type tile struct {
	// west and east are the first column of its blocks and the one after the last,
	// and groundLow and groundHigh bound their ground: all the wrong way round
	// where there is none.
	west, east            int
	groundLow, groundHigh float64
	// plain says that under all ceilings horizons tell the causes: there are no
	// radars out of service, blind zones, sectors and beams that look down.
	plain bool
	// rayM is a height that the lowest ray of some radar in service is nowhere
	// above, above mean sea level.
	rayM float64
	// outlooks are by eye, verdicts by band.
	outlooks []outlook
	verdicts []verdict
}

func (t *tile) empty() {
	t.west, t.east, t.groundLow, t.groundHigh = math.MaxInt, 0, math.Inf(1), math.Inf(-1)
}

// add adds a block of columns west ≤ c < east, and the ends of its ground.
func (t *tile) add(west, east int, ground [2]float32) {
	t.west, t.east = min(t.west, west), max(t.east, east)
	t.groundLow, t.groundHigh = min(t.groundLow, float64(ground[0])), max(t.groundHigh, float64(ground[1]))
}

// verdict is what is sure of a tile at the altitude of a band.
type verdict struct {
	// free says that no ceiling of a radar in service lies below it.
	free bool
	// lower and upper are bands that are surely below and above it for horizons.
	lower, upper band
	// cause is that of all open cells; None where it is not one.
	cause sight.Cause
}

// glance is an eye's look at the rows of a task.
type glance struct {
	*eye
	// some row is in range from column west to column east, and all rows from
	// column innerWest to innerEast.
	west, east, innerWest, innerEast int
	// arc is that of a row from which no cell of its column is farther than
	// apartM.
	arc    arc
	apartM float64
}

// glanceAt looks at rows from ≤ r < to of the network.
func (e *eye) glanceAt(from, to int) glance {
	g := glance{eye: e, west: math.MaxInt, east: math.MinInt, innerWest: math.MinInt, innerEast: math.MaxInt}
	for r := from; r < to; r++ {
		first, last := e.span(r)
		if first < last {
			g.west, g.east = min(g.west, first), max(g.east, last)
		}
		g.innerWest, g.innerEast = max(g.innerWest, first), min(g.innerEast, last)
	}
	if g.west < g.east {
		first, last := max(from+e.down, 0), min(to+e.down, e.Rows)
		g.arc = e.arcOf((first + last) / 2)
		// A degree of latitude is longest at a pole.
		longestM := earth.SemiMajorAxisM * earth.SemiMajorAxisM / earth.SemiMinorAxisM * math.Pi / 180
		g.apartM = longestM/e.PerDegLat*float64(last-first+1)/2 + slackM
	}
	return g
}

// over returns the outlook over a ring in columns first ≤ c < last, and fills in
// its distances.
func (g *glance) over(r ring, first, last int) outlook {
	r.leastM = max(nearestM, math.Sqrt(g.arc.least2M2(first, last))-g.apartM)
	r.mostM = math.Sqrt(g.arc.most2M2(first, last)) + g.apartM
	return g.limits.outlook(&r)
}

// enterTiles finds out what is sure of the tiles of rows from ≤ r < to.
func (w *looker) enterTiles(from, to int) {
	for i := range w.eyes {
		w.glances[i] = w.eyes[i].glanceAt(from, to)
	}
	for i := range w.tiles {
		if t := &w.tiles[i]; t.west < t.east {
			w.enterTile(t)
		}
	}
}

func (w *looker) enterTile(t *tile) {
	for b := range w.tallies {
		w.tallies[b] = tally{verdict: verdict{free: true}}
	}
	t.plain, t.rayM = w.n.Lowest.horizons != nil, math.Inf(1)
	antennaM, rayOff := math.Inf(1), 0.0
	r := ring{groundLow: t.groundLow, groundHigh: t.groundHigh,
		lowM: min(w.level[0], t.groundLow+w.above[0]), highM: max(w.level[1], t.groundHigh+w.above[1])}
	for i := range w.glances {
		g := &w.glances[i]
		first, last := max(t.west, g.west), min(t.east, g.east)
		if first >= last {
			continue
		}
		o := &t.outlooks[i]
		*o = g.over(r, first, last)
		whole := o.inside && g.innerWest <= t.west && t.east <= g.innerEast
		plain := g.Site.InService && o.inside && !o.bulge
		antennaM, rayOff = min(antennaM, g.limits.antennaM), max(rayOff, g.limits.rayOff())
		if t.plain = t.plain && plain; whole && plain {
			t.rayM = min(t.rayM, o.bands[0].overFromM)
		}
		for b := range w.bands {
			w.tallies[b].add(o.of(&w.bands[b]), g.Site.InService, whole)
		}
	}
	for b := range w.tallies {
		v := &t.verdicts[b]
		*v = w.tallies[b].close(w.n.MinRadars)
		_, high := w.bands[b].ends(t.groundLow, t.groundHigh)
		v.lower, v.upper = w.bands[b].around(finestM+rayOff*max(0, high-antennaM), t.groundLow)
	}
}

// sure is what surely holds for a band all over a ring: that it is below all
// ceilings of a radar, above its horizon, or below it.
type sure struct{ free, over, under bool }

func (o *outlook) of(a *band) sure {
	b := &o.bands[a.follow]
	return sure{a.baseM >= b.freeFromM && a.baseM <= b.freeToM, a.baseM >= b.overFromM, a.baseM < b.underToM}
}

// tally sums up what the radars have of a tile at the altitude of a band.
type tally struct {
	verdict
	// blocked and below count the radars that are surely kept from seeing it by
	// terrain or the horizon, if anything keeps them; doubt says that there are
	// others, and broken that some are out of service.
	blocked, below int
	doubt, broken  bool
}

// add adds a radar, and whether it has the whole tile in its sector and range.
func (t *tally) add(s sure, inService, whole bool) {
	t.free = t.free && (s.free || !inService)
	switch {
	case !inService || !whole || !s.free:
		t.doubt = true
	case s.over:
		t.blocked++
	case s.under:
		t.below++
	default:
		t.doubt = true
	}
	t.broken = t.broken || !inService
}

// close returns the verdict. Where cells are open, less than minRadars see them.
func (t *tally) close(minRadars int) verdict {
	switch {
	case t.broken:
	case t.blocked >= minRadars:
		t.cause = sight.TerrainBlocked
	case t.doubt || t.blocked > 0:
	case t.below >= minRadars:
		t.cause = sight.BelowHorizon
	case t.below == 0:
		t.cause = sight.OutOfRange
	}
	return t.verdict
}
