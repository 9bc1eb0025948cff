package report

import (
	"fmt"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
	"github.com/canopyradar/canopy/server/words"
)

// Scenarios writes one scenario a line.
func (p *Page) Scenarios(all []*canopyv1.Scenario) {
	t := &table{columns: []column{
		{header: "SCENARIO"}, {header: "RADARS", right: true}, {header: "AIRSPACE"}, {header: "WHAT IT STANDS FOR", flexible: true},
	}}
	for _, s := range all {
		t.add(s.GetScenarioId(), fmt.Sprint(len(s.GetRadars())), s.GetAirspaceId(), s.GetSummary())
	}
	p.table(t)
}

// Scenario writes one scenario in full.
func (p *Page) Scenario(s *canopyv1.Scenario) {
	p.line(p.Style.bold(s.GetScenarioId() + ": " + s.GetName()))
	p.paragraph("", s.GetSummary())
	p.blank()
	p.line("airspace   " + s.GetAirspaceId())
	p.paragraph("altitudes  ", altitudes(s.GetAltitudes()))
	p.blank()
	t := &table{columns: []column{
		{header: "RADAR"}, {header: "NAME", flexible: true}, {header: "MODEL"}, {header: "WHERE"}, {header: "STATE"}, {header: "LIMITS", flexible: true},
	}}
	for _, r := range s.GetRadars() {
		t.add(r.GetRadarId(), r.GetName(), r.GetModelId(), words.Place(r.GetPosition()), words.State(r.GetState()), limits(r))
	}
	p.table(t)
	p.list("Sources", s.GetSources())
	p.list("Assumptions", s.GetAssumptions())
}

func altitudes(all []*canopyv1.Altitude) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, quantity.FormatAltitude(a))
	}
	return strings.Join(parts, ", ")
}

// limits names what is set of a radar, the most telling first.
func limits(r *canopyv1.Radar) string {
	l := r.GetLimits()
	if l == nil {
		l = &canopyv1.RadarLimits{}
	}
	var parts []string
	add := func(v *float64, format string) {
		if v != nil && *v != 0 {
			parts = append(parts, fmt.Sprintf(format, quantity.Plain(*v)))
		}
	}
	add(l.RangeKm, "%s km")
	add(r.MastM, "mast %s m")
	if s := l.GetSector(); s != nil {
		parts = append(parts, fmt.Sprintf("sector %s°–%s°", quantity.Plain(s.GetFromDeg()), quantity.Plain(s.GetToDeg())))
	}
	add(l.MinElevationDeg, "beam from %s°")
	add(l.MaxElevationDeg, "beam to %s°")
	add(l.HeightLimitAmslM, "up to %s m AMSL")
	add(l.MinRangeKm, "blind to %s km")
	return strings.Join(parts, ", ")
}

func (p *Page) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	p.blank()
	p.line(p.Style.bold(title))
	for _, item := range items {
		p.paragraph("- ", item)
	}
}

// Models writes one radar model a line.
func (p *Page) Models(all []*canopyv1.RadarModel) {
	t := &table{columns: []column{
		{header: "MODEL"}, {header: "NAME", flexible: true}, {header: "BAND", spare: true}, {header: "RANGE", right: true},
		{header: "BEAM", right: true}, {header: "HEIGHT LIMIT", right: true}, {header: "MAST", right: true, spare: true}, {header: "COST", right: true}, {header: "SEES"},
	}}
	for _, m := range all {
		l := m.GetLimits()
		t.add(m.GetModelId(), m.GetName(), m.GetBand(), quantity.Plain(l.GetRangeKm())+" km",
			fmt.Sprintf("%s°–%s°", quantity.Plain(l.GetMinElevationDeg()), quantity.Plain(l.GetMaxElevationDeg())),
			words.MetresOr(l.HeightLimitAmslM, "none"), quantity.Plain(m.GetMastM())+" m", costs(m), sees(m))
	}
	p.table(t)
	p.blank()
	p.paragraph("", "Sources and assumptions of each: canopy models -o json")
}

// costs is empty of a server that knows no costs.
func costs(m *canopyv1.RadarModel) string {
	if m.GetCostUsd() == 0 {
		return ""
	}
	return words.USD(m.GetCostUsd())
}

func sees(m *canopyv1.RadarModel) string {
	if m.GetCooperative() {
		return "transponders only"
	}
	return "all aircraft"
}

// Airspaces writes one airspace a line.
func (p *Page) Airspaces(all []*canopyv1.Airspace) {
	t := &table{columns: []column{
		{header: "AIRSPACE"}, {header: "NAME", flexible: true}, {header: "KIND"}, {header: "AREA km²", right: true},
	}}
	for _, a := range all {
		kind := strings.ToLower(strings.TrimPrefix(a.GetKind().String(), "AIRSPACE_KIND_"))
		t.add(a.GetAirspaceId(), a.GetName(), kind, area(a.GetAreaKm2()))
	}
	p.table(t)
}

// Airspace writes one airspace in full, without its outline.
func (p *Page) Airspace(a *canopyv1.Airspace) {
	p.line(p.Style.bold(a.GetAirspaceId() + ": " + a.GetName()))
	p.line("area     " + area(a.GetAreaKm2()) + " km²")
	p.line("box      " + box(a.GetBoundingBox()))
	p.paragraph("source   ", a.GetSource())
	p.paragraph("licence  ", a.GetLicence())
	p.list("Assumptions", a.GetAssumptions())
}

func box(b *canopyv1.BoundingBox) string {
	return fmt.Sprintf("west %s, south %s, east %s, north %s", quantity.Plain(b.GetWestDeg()), quantity.Plain(b.GetSouthDeg()),
		quantity.Plain(b.GetEastDeg()), quantity.Plain(b.GetNorthDeg()))
}
