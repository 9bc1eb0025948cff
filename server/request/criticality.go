package request

import (
	"fmt"

	"github.com/canopyradar/canopy/coverage/planning"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
)

// Criticality is a resolved AssessCriticalityRequest.
type Criticality struct {
	planning.CriticalityQuery
	// Availability is that of radars that have none of their own.
	Availability float64
	Background
}

// AssessCriticality resolves a request about radars that fail.
func (r *Resolver) AssessCriticality(q *canopyv1.AssessCriticalityRequest) (*Criticality, error) {
	d, err := r.draft(q.GetNetwork(), q.GetOptions())
	if err != nil {
		return nil, err
	}
	area := d.airspace(q.GetAirspace())
	d.checkRadarsNear(area, d.query.Radars, d.radarPath)
	out := &Criticality{Availability: or(q.Availability, planning.PlannedAvailability)}
	out.CriticalityQuery = planning.CriticalityQuery{
		Query: d.query, Airspace: area, Altitudes: d.altitudes(q.GetAltitudes()),
		Airstrips: planning.Airstrips{
			All: ByID(d.airstrips(q.GetAirstrips()).All()), MaxAGLM: or(q.MaxAirstripAglM, defaultStripAGLM),
		},
	}
	for i, z := range q.GetZones() {
		zone := d.region(fmt.Sprintf("zones[%d]", i), z)
		out.Zones = append(out.Zones, planning.Zone{Name: zone.name, Area: zone.area})
	}
	if q.Availability == nil {
		d.assume("Request", []string{fmt.Sprintf("each radar works for %g of the time: assumed.", planning.PlannedAvailability)})
	}
	out.Availabilities = d.availabilities(q.GetAvailabilities(), out.Availability)
	out.Background = d.background
	return out, d.err()
}

// availabilities are by radar of the query.
func (d *draft) availabilities(given []*canopyv1.RadarAvailability, otherwise float64) []float64 {
	out := make([]float64, len(d.query.Radars))
	index := map[string]int{}
	for i, r := range d.query.Radars {
		out[i], index[r.ID] = otherwise, i
	}
	first := map[string]int{}
	for i, g := range given {
		path := fmt.Sprintf("availabilities[%d].radar_id", i)
		at, known := index[g.GetRadarId()]
		j, twice := first[g.GetRadarId()]
		switch {
		case !known:
			d.refuse(path, problem.ReasonRadarUnknown, "unknown radar %q: want one of %s", g.GetRadarId(), d.radarNames())
		case twice:
			d.refuse(path, problem.ReasonDuplicate, "%q is already that of availabilities[%d]: leave one out", g.GetRadarId(), j)
		default:
			out[at], first[g.GetRadarId()] = g.GetAvailability(), i
		}
	}
	return out
}
