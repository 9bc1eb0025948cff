package report

import (
	"fmt"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

// Criticality writes what is lost when radars fail.
func (p *Page) Criticality(r *canopyv1.AssessCriticalityResponse) {
	c, radars := r.GetCriticality(), names(r.GetRadars())
	airspace, _, _ := strings.Cut(r.GetProvenance().GetAirspace(), " (")
	p.title("What is lost over " + airspace + " when one radar fails, in km², and of what is covered")
	p.blank()
	p.losses(c, radars)
	p.zoneLosses(c, radars)
	p.blank()
	p.table(expectedTable(c))
	p.pair(c, radars)
	p.warnings(r.GetWarnings())
	p.basis(r.GetProvenance())
}

// names are the names of radars, by radar_id.
func names(radars []*canopyv1.ResolvedRadar) map[string]string {
	all := map[string]string{}
	for _, r := range radars {
		all[r.GetRadarId()] = siteName(r.GetName())
	}
	return all
}

// losses writes a line a radar, with as many altitudes as fit.
func (p *Page) losses(c *canopyv1.Criticality, radars map[string]string) {
	t := &table{columns: []column{{header: "WITHOUT", flexible: true}, {header: "AIRSTRIPS LOST", right: true}}}
	fixed := len(t.columns)
	for _, b := range c.GetBands() {
		t.columns = append(t.columns, column{header: quantity.DescribeAltitude(b.GetAltitude()), right: true})
	}
	for _, loss := range c.GetRadars() {
		cells := []string{radars[loss.GetRadarId()], fmt.Sprint(len(loss.GetAirstripIds()))}
		for _, b := range loss.GetBands() {
			cells = append(cells, lossText(b.GetLostAreaKm2(), b.GetLostShare()))
		}
		t.add(cells...)
	}
	p.bandsTable(t, fixed)
}

func lossText(km2, share float64) string {
	if km2 == 0 {
		return "nothing"
	}
	return area(km2) + "  " + roughly(share)
}

// zoneLosses writes what is lost in zones, if anything is.
func (p *Page) zoneLosses(c *canopyv1.Criticality, radars map[string]string) {
	for z, zone := range c.GetZones() {
		var parts []string
		for _, loss := range c.GetRadars() {
			for b, band := range loss.GetBands() {
				if km2 := band.GetZonesLostKm2()[z]; km2 > 0 {
					parts = append(parts, fmt.Sprintf("without %s %s km² at %s", radars[loss.GetRadarId()], area(km2), quantity.DescribeAltitude(c.GetBands()[b].GetAltitude())))
				}
			}
		}
		if len(parts) == 0 {
			parts = []string{"nothing is lost"}
		}
		p.blank()
		p.paragraph("Zone "+zone+"  ", strings.Join(parts, "; "))
	}
}

// expectedTable tells what all radars cover, and what is covered on average.
func expectedTable(c *canopyv1.Criticality) *table {
	t := &table{columns: []column{
		{header: "ALTITUDE"}, {header: "COVERED km²", right: true}, {header: "SHARE", right: true},
		{header: "ON AVERAGE km²", right: true}, {header: "SHARE", right: true},
		{header: "BY ONE km²", right: true}, {header: "BY MORE km²", right: true},
	}}
	for _, b := range c.GetBands() {
		byOne, byMore := 0.0, 0.0
		for n, km2 := range b.GetAreaByCountKm2() {
			switch {
			case n == 1:
				byOne = km2
			case n > 1:
				byMore += km2
			}
		}
		t.add(quantity.DescribeAltitude(b.GetAltitude()), area(b.GetCoveredAreaKm2()), percent(b.GetCoveredShare()),
			area(b.GetExpectedCoveredAreaKm2()), percent(b.GetExpectedCoveredShare()), area(byOne), area(byMore))
	}
	return t
}

func (p *Page) pair(c *canopyv1.Criticality, radars map[string]string) {
	p.blank()
	p.paragraph("On average  ", fmt.Sprintf("with radars that each work %s of the time, independently of each other, unless the request says otherwise of one", roughly(c.GetAvailability())))
	p.paragraph("Backup      ", pairText(c, radars))
}

func pairText(c *canopyv1.Criticality, radars map[string]string) string {
	if c.GetPair() == nil {
		return "no two radars back each other up"
	}
	var both, areas []string
	for _, id := range c.GetPair().GetRadarIds() {
		both = append(both, radars[id])
	}
	for i, km2 := range c.GetPair().GetAreasKm2() {
		if km2 == 0 {
			continue
		}
		areas = append(areas, fmt.Sprintf("%s km² at %s", area(km2), quantity.DescribeAltitude(c.GetBands()[i].GetAltitude())))
	}
	return fmt.Sprintf("%s back each other up most, over %s, which are covered with either and lost with both", strings.Join(both, " and "), strings.Join(areas, ", "))
}

// robustness says in a few lines how robust a plan's network is.
func (p *Page) robustness(c *canopyv1.Criticality, radars map[string]string) {
	if c == nil {
		return
	}
	p.blank()
	p.title("When radars fail")
	if len(c.GetRadars()) > 0 {
		first := c.GetRadars()[0]
		var parts []string
		for i, b := range first.GetBands() {
			parts = append(parts, fmt.Sprintf("%s km² at %s", area(b.GetLostAreaKm2()), quantity.DescribeAltitude(c.GetBands()[i].GetAltitude())))
		}
		p.paragraph("Most is lost  ", fmt.Sprintf("without %s: %s", radars[first.GetRadarId()], strings.Join(parts, ", ")))
	}
	p.paragraph("Backup        ", pairText(c, radars))
	var parts []string
	for _, b := range c.GetBands() {
		parts = append(parts, fmt.Sprintf("%s instead of %s at %s", percent(b.GetExpectedCoveredShare()), percent(b.GetCoveredShare()), quantity.DescribeAltitude(b.GetAltitude())))
	}
	p.paragraph("On average    ", fmt.Sprintf("%s, if each radar works %s of the time", strings.Join(parts, ", "), roughly(c.GetAvailability())))
}
