package planning

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/network"
)

// Criticality tells what is lost with each radar of a network, on the cells of the
// airspace as FindGaps has them.
func (p *Planner) Criticality(ctx context.Context, q CriticalityQuery) (*Criticality, error) {
	if len(q.Availabilities) != len(q.Radars) {
		return nil, fmt.Errorf("%d availabilities are given for %d radars: each radar has one", len(q.Availabilities), len(q.Radars))
	}
	gaps := coverage.GapQuery{Query: q.Query, Airspace: q.Airspace, Altitudes: q.Altitudes}
	for _, zone := range q.Zones {
		gaps.Departments = append(gaps.Departments, zone.Area)
	}
	var g *ground
	var tallies []*tally
	const sweeping = 0.95
	covered, err := p.Engine.EachCovered(reporting(ctx, 0, sweeping), gaps, func(c *coverage.Covered) func(*network.Cells) {
		if g == nil {
			g = newGround(c, &q)
		}
		tallies = append(tallies, g.newTally())
		return tallies[len(tallies)-1].tell
	})
	if err != nil {
		return nil, err
	}
	for _, other := range tallies[1:] {
		tallies[0].sum(other)
	}
	result := tallies[0].criticality()
	result.Basis, result.SpacingArcsec = covered.Basis, covered.SpacingArcsec
	for b := range result.Bands {
		result.Bands[b].Altitude = q.Altitudes[b]
	}
	if err := p.loseAirstrips(reporting(ctx, sweeping, 1), &q, covered, result); err != nil {
		return nil, err
	}
	return result, nil
}

// criticality turns parts into areas.
func (t *tally) criticality() *Criticality {
	c := &Criticality{}
	for b := range t.bands {
		c.Bands = append(c.Bands, t.band(b))
	}
	for radar, site := range t.Sites {
		if site.InService {
			c.Losses = append(c.Losses, t.loss(radar))
		}
	}
	slices.SortStableFunc(c.Losses, func(a, b Loss) int { return cmp.Compare(sum(b.LostM2), sum(a.LostM2)) })
	c.Pair = t.pair()
	return c
}

// band sums up rows as gaps do, so that the same cells have the same area to the
// last digit.
func (t *tally) band(b int) (out CriticalityBand) {
	uncoveredM2, undergroundM2 := 0.0, 0.0
	for r, m2 := range t.rowM2 {
		row := &t.rows[b][r]
		out.CoveredM2 += float64(row.covered) * m2
		out.ExpectedM2 += row.expected * m2
		undergroundM2 += float64(row.underground) * m2
		uncoveredM2 += float64(row.inside-row.covered-row.underground) * m2
	}
	out.AirspaceM2 = out.CoveredM2 + uncoveredM2 + undergroundM2
	most := 0
	for count, parts := range t.bands[b].byCount {
		if parts > 0 {
			most = count
		}
	}
	for _, parts := range t.bands[b].byCount[:most+1] {
		out.ByCountM2 = append(out.ByCountM2, t.areaM2(parts))
	}
	return out
}

func (t *tally) areaM2(parts int64) float64 { return float64(parts) * t.partM2 }

func (t *tally) loss(radar int) Loss {
	loss := Loss{Site: radar}
	for b := range t.bands {
		loss.LostM2 = append(loss.LostM2, t.areaM2(t.bands[b].lost[radar]))
		zones := make([]float64, len(t.Departments))
		for z := range zones {
			zones[z] = t.areaM2(t.bands[b].zonesLost[z][radar])
		}
		loss.ZonesLostM2 = append(loss.ZonesLostM2, zones)
	}
	return loss
}

// pair returns the two radars that back each other up over the largest area, the
// first of several.
func (t *tally) pair() *Pair {
	radars := len(t.availabilities)
	at, most := -1, 0.0
	for i := range radars * radars {
		areaM2 := 0.0
		for b := range t.bands {
			areaM2 += t.areaM2(t.bands[b].both[i])
		}
		if areaM2 > most {
			at, most = i, areaM2
		}
	}
	if at < 0 {
		return nil
	}
	pair := &Pair{Sites: [2]int{at / radars, at % radars}}
	for b := range t.bands {
		pair.AreasM2 = append(pair.AreasM2, t.areaM2(t.bands[b].both[at]))
	}
	return pair
}

func sum(areas []float64) (all float64) {
	for _, m2 := range areas {
		all += m2
	}
	return all
}

// loseAirstrips finds out over which airstrips too few radars are left. A radar
// sees one if its floor there is at most as high above ground as asked for.
func (p *Planner) loseAirstrips(ctx context.Context, q *CriticalityQuery, c *coverage.Covered, result *Criticality) error {
	strips := stripsInside(c, q.Airstrips.All)
	if len(strips) == 0 {
		return nil
	}
	assessed, err := p.Engine.AssessAirstrips(ctx, q.Query, strips)
	if err != nil {
		return err
	}
	for _, w := range assessed.Warnings {
		if !slices.ContainsFunc(result.Warnings, func(known coverage.Warning) bool { return known.ID == w.ID && known.Subject == w.Subject }) {
			result.Warnings = append(result.Warnings, w)
		}
	}
	losses := map[int]*Loss{}
	for i := range result.Losses {
		losses[result.Losses[i].Site] = &result.Losses[i]
	}
	for _, x := range assessed.Exposures {
		seenBy := x.SeenBy[:countUpTo(x.FloorsAMSLM, orSeaLevel(x.GroundAMSLM)+q.Airstrips.MaxAGLM)]
		if len(seenBy) >= q.MinRadars {
			result.AirstripsSeen++
		}
		if len(seenBy) == q.MinRadars {
			for _, site := range seenBy {
				losses[site].Airstrips = append(losses[site].Airstrips, x.Airstrip)
			}
		}
	}
	return nil
}

// countUpTo counts sorted floors up to a height.
func countUpTo(floorsAMSLM []float64, heightAMSLM float64) (n int) {
	for n < len(floorsAMSLM) && floorsAMSLM[n] <= heightAMSLM {
		n++
	}
	return n
}

func orSeaLevel(z float64) float64 {
	if math.IsNaN(z) {
		return 0
	}
	return z
}

// stripsInside returns the airstrips on cells of an airspace, by ID.
func stripsInside(c *coverage.Covered, all []*airstrip.Airstrip) (inside []*airstrip.Airstrip) {
	for _, a := range all {
		if hasCell(c, a.Position) {
			inside = append(inside, a)
		}
	}
	slices.SortStableFunc(inside, func(a, b *airstrip.Airstrip) int { return cmp.Compare(a.ID, b.ID) })
	return inside
}

// hasCell reports whether the cell of the airspace nearest to a place is inside, as
// gaps ask of airstrips.
func hasCell(c *coverage.Covered, at orb.Point) bool {
	l := c.Inside.Lattice
	col, row := int(math.Round(l.Col(at.Lon()))), int(math.Round(l.Row(at.Lat())))
	return col >= 0 && row >= 0 && col < l.Cols && row < l.Rows && c.Inside.Has(col, row)
}
