package network

import (
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
)

// The horizon of a cell is the lowest of the rays at the lower end of the beams of
// the radars in service that have it in range: their floor if no terrain stood in
// the way. If none of them sees a cell, terrain keeps them from it above the horizon,
// and below it the smooth earth does. So one comparison tells the cause at any
// altitude, where tiles are plain.

// hasHorizons reports whether horizons are of use: one radar that sees a cell makes
// it no less open where there must be two, but is none of its causes.
func (s *Scene) hasHorizons() bool { return s.MinRadars == 1 && s.Reach != sight.Disc }

// fillHorizons fills in the horizons of a row, whose tiles are known.
func (w *looker) fillHorizons(r *row) {
	for i, run := range r.runs {
		horizons, west, east := w.n.Lowest.horizons[r.first+i], max(int(run.Col0), r.from), min(int(run.Col1), r.to)
		if e := w.n.Earlier; e != nil {
			was := e.Lowest.horizons[r.first+i]
			if west >= east {
				copy(horizons, was)
				continue
			}
			copy(horizons[:west-int(run.Col0)], was)
			copy(horizons[east-int(run.Col0):], was[east-int(run.Col0):])
		}
		rays := w.rays[:east-west]
		copy(rays, w.noRays)
		for _, v := range r.working {
			w.lowerRays(rays, west, v)
		}
		horizonsOver(horizons[west-int(run.Col0):][:len(rays)], rays, r.groundFrom(west))
	}
}

// lowerRays lowers rays, from a column on, to those of a radar.
func (w *looker) lowerRays(rays []float32, west int, v *view) {
	from, to := max(west, v.first), min(west+len(rays), v.last)
	for from < to {
		end := min(to, from&^(cellsPerBlock-1)+cellsPerBlock)
		if t := &w.tiles[from/cellsPerBlock]; t.outlooks[v.index].bands[0].underToM <= t.rayM {
			ray := v.limits.lowestRay(v.arcOfRow(), from)
			lowerRay(rays[from-west:end-west], &ray)
		}
		from = end
	}
}

// lowestRay is that of a radar over the cells of a row from one on.
type lowestRay struct {
	steps
	// meridian2M2 is the square of the distance of the cell on its meridian, where
	// the earth curves by more than across it.
	meridian2M2, across, more float32
	antennaM, tan             float32
}

func (l *limits) lowestRay(a *arc, col int) lowestRay {
	return lowestRay{steps: a.steps(col), meridian2M2: float32(max(a.a, 0)), across: float32(l.across), more: float32(l.along - l.across),
		antennaM: float32(l.antennaM), tan: float32(l.minTan)}
}

// rayOff is by which share of its rise above the antenna the lowest ray in range may
// be off here, if it does not look down.
func (l *limits) rayOff() float64 {
	psi := l.site.RangeM * l.along
	climb := versine(psi*psi) + l.minTan*psi
	return (l.turn*(l.along/l.across-1) + 2*rounding) / max(tinyM, 1-climb)
}

// overHorizon returns over which cells of a block in a plain tile a band is surely
// above the horizon, over which it is surely below or there is none, and over which
// there is one.
func (b *block) overHorizon(band int) (above, below, inRange uint64) {
	return b.allows(&b.tile.verdicts[band].lower, b.horizons, 0), ^b.allows(&b.tile.verdicts[band].upper, b.horizons, 0), upTo(b.horizons, int(floor.Unseen)-1)
}

// certain returns the cells for which horizons tell the causes, as ceilings have no
// say in it, out of those that a band is above and below the horizon of.
func (b *block) certain(a *band, above, below, inRange uint64) uint64 {
	var met, doubt uint64 // met by radars whose ceilings are higher
	_, high := a.ends(b.groundLow, b.groundHigh)
	b.enter()
	for _, v := range b.row.working {
		if v.met == 0 {
			continue
		}
		o := b.outlook(v)
		switch sure := o.of(a); {
		case sure.free:
			met |= v.met
		case sure.under && high <= min(o.beamM, v.Site.HeightLimitAMSLM):
			// If it is beyond the range, others are of more weight.
		default:
			c := b.ceiling(v, a)
			met, doubt = met|c.free, doubt|v.met&^c.free
		}
	}
	return (above | below&(met|^inRange)) &^ doubt
}

// around returns bands so much lower and higher that they are of use where horizons
// are off by so much, and as whole numbers besides: the highest stands for all that
// are higher, over ground from groundLow on.
func (a *band) around(offM, groundLow float64) (lower, upper band) {
	lower, upper = *a, *a
	lower.baseM, upper.baseM = min(a.baseM-offM, floor.HighestM+groundLow)-slackM, a.baseM+offM+slackM
	if lower.highest = -1; a.Value >= offM {
		lower.highest = highestUpTo(a.Value-offM) - 1
	}
	upper.highest = highestUpTo(max(0, a.Value+offM)) + 1
	return lower, upper
}
