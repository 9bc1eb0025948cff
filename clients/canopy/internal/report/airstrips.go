package report

import (
	"fmt"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
)

// Airstrips writes airstrips, one a line.
func (p *Page) Airstrips(all []*canopyv1.Airstrip) {
	t := &table{columns: airstripColumns()}
	for _, a := range all {
		t.add(airstripCells(a)...)
	}
	p.table(t)
	p.blank()
	p.line(count(len(all), "airstrip", "airstrips"))
}

// Hits writes airstrips and how far they are.
func (p *Page) Hits(hits []*canopyv1.AirstripHit, withDistance bool) {
	t := &table{columns: airstripColumns()}
	if withDistance {
		t.columns = append([]column{{header: "DISTANCE", right: true}}, t.columns...)
	}
	for _, h := range hits {
		cells := airstripCells(h.GetAirstrip())
		if withDistance {
			cells = append([]string{words.Kilometres(h.GetDistanceKm())}, cells...)
		}
		t.add(cells...)
	}
	p.table(t)
	p.blank()
	p.line(count(len(hits), "airstrip", "airstrips"))
}

func airstripColumns() []column {
	return []column{
		{header: "ID"}, {header: "NAME", flexible: true}, {header: "WHERE"},
		{header: "ELEVATION", right: true}, {header: "LENGTH", right: true}, {header: "STATUS"}, {header: "KIND", flexible: true, spare: true},
	}
}

func airstripCells(a *canopyv1.Airstrip) []string {
	elevation := words.MetresOr(a.ElevationAmslM, "")
	if a.GetElevationDoubtful() {
		elevation = "?" + elevation
	}
	return []string{
		a.GetAirstripId(), a.GetName(), words.Place(a.GetPosition()),
		elevation, words.MetresOr(a.LengthM, ""), words.Status(a.GetStatus()), a.GetKind(),
	}
}

// Exposures writes the floor above airstrips and who sees them.
func (p *Page) Exposures(r *canopyv1.AssessAirstripsResponse) {
	t := &table{columns: []column{
		{header: "ID"}, {header: "NAME", flexible: true}, {header: "GROUND", right: true},
		{header: "SEEN FROM AGL", right: true}, {header: "AMSL", right: true},
		{header: "BY", flexible: true}, {header: "NEAREST RADAR", flexible: true},
	}}
	seen := 0
	for _, e := range r.GetExposures() {
		if e.FloorAmslM != nil {
			seen++
		}
		t.add(e.GetAirstrip().GetAirstripId(), e.GetAirstrip().GetName(), words.MetresOr(e.GroundAmslM, "unknown"),
			words.MetresOr(e.FloorAglM, "never"), words.MetresOr(e.FloorAmslM, "never"),
			strings.Join(e.GetSeenBy(), ", "), nearest(e))
	}
	p.table(t)
	p.blank()
	p.line(fmt.Sprintf("%s, %d of them seen at some altitude", count(len(r.GetExposures()), "airstrip", "airstrips"), seen))
	p.warnings(r.GetWarnings())
	p.basis(r.GetProvenance())
}

func nearest(e *canopyv1.AirstripExposure) string {
	if e.GetNearestRadarId() == "" {
		return "none in service"
	}
	return words.Kilometres(e.GetNearestRadarKm()) + " " + e.GetNearestRadarId()
}
