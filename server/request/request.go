// Package request fills in what requests leave out, from the catalogue and
// from the defaults that the contract names, and refuses what cannot be
// computed. What it returns is what package coverage takes.
//
// Requests have passed validation: every single value is in its bounds. Left
// to find are names that nobody knows, values that contradict each other,
// geometry that is none, and coordinates in the wrong order.
package request

import (
	"fmt"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/wire"
)

// What the contract promises for fields that are not set.
const (
	DefaultEarthFactor = 4.0 / 3
	DefaultMinRadars   = 1
	DefaultSampleCount = 500
	defaultMinAreaKM2  = 25
)

const (
	m2PerKM2 = 1e6
	mPerKM   = 1e3
)

// Resolver resolves requests.
type Resolver struct {
	// Catalogue knows the names.
	Catalogue *catalog.Catalogue
	// Extent is the box, in degrees, that the terrain spans. A place outside
	// of it that lies inside with latitude and longitude exchanged is taken
	// for a mistake.
	Extent orb.Bound
}

// Background is what an answer says beside the result: where the parts of its
// question came from, and what a reader must know of them.
type Background struct {
	// ScenarioID is the scenario that the request names or takes its radars
	// from; empty if neither.
	ScenarioID string
	// Airspace is its name and source; empty if there is none.
	Airspace string
	// Assumptions are those of scenario, radar models and airspace.
	Assumptions []string
	// Warnings are those that need no computation.
	Warnings []coverage.Warning
}

// Gaps is a resolved FindGapsRequest.
type Gaps struct {
	coverage.GapQuery
	// Departments are those of the query, with their names.
	Departments []*catalog.Airspace
	Background
}

// FindGaps resolves a request for gaps. Like all methods of Resolver it
// returns a *problem.Invalid for a request that cannot be computed.
func (r *Resolver) FindGaps(q *canopyv1.FindGapsRequest) (*Gaps, error) {
	d, out := r.gaps(q)
	return out, d.err()
}

// gaps returns no gaps for a scenario that nobody knows.
func (r *Resolver) gaps(q *canopyv1.FindGapsRequest) (*draft, *Gaps) {
	d, err := r.draft(q.GetNetwork(), q.GetOptions())
	if err != nil {
		return d, nil
	}
	area := d.airspace(q.GetAirspace())
	d.checkRadarsNear(area, d.query.Radars, d.radarPath)
	out := &Gaps{Departments: r.Catalogue.Departments()}
	out.GapQuery = coverage.GapQuery{
		Query:       d.query,
		Airspace:    area,
		Altitudes:   d.altitudes(q.GetAltitudes()),
		Departments: areasOf(out.Departments),
		Airstrips:   ByID(d.airstrips(q.GetAirstrips()).All()),
		MinAreaM2:   defaultMinAreaKM2 * m2PerKM2,
		ToleranceM:  -1,
		Bracket:     q.GetBracket(),
	}
	if q.MinAreaKm2 != nil {
		out.MinAreaM2 = q.GetMinAreaKm2() * m2PerKM2
	}
	if q.ToleranceM != nil {
		out.ToleranceM = q.GetToleranceM()
	}
	out.Background = d.background
	return d, out
}

func areasOf(airspaces []*catalog.Airspace) []orb.MultiPolygon {
	areas := make([]orb.MultiPolygon, len(airspaces))
	for i, a := range airspaces {
		areas[i] = a.Area
	}
	return areas
}

// Points is a resolved CheckPointsRequest.
type Points struct {
	coverage.PointQuery
	Background
}

// CheckPoints resolves a request about points.
func (r *Resolver) CheckPoints(q *canopyv1.CheckPointsRequest) (*Points, error) {
	d, err := r.draft(q.GetNetwork(), q.GetOptions())
	if err != nil {
		return nil, err
	}
	out := &Points{PointQuery: coverage.PointQuery{Query: d.query, WithoutLooks: q.GetWithoutSights()}, Background: d.background}
	for i, p := range q.GetPoints() {
		d.checkPlace(wire.ToPoint(p.GetPosition()), func() string { return fmt.Sprintf("points[%d].position", i) })
		out.Points = append(out.Points, wire.ToPlace(p))
	}
	return out, d.err()
}

// Profile is a resolved GetProfileRequest; its query holds one radar.
type Profile struct {
	coverage.ProfileQuery
	Background
}

// GetProfile resolves a request for a ray.
func (r *Resolver) GetProfile(q *canopyv1.GetProfileRequest) (*Profile, error) {
	d, err := r.draft(q.GetNetwork(), q.GetOptions())
	if err != nil {
		return nil, err
	}
	d.keepOneRadar(q.GetRadarId())
	d.checkPlace(wire.ToPoint(q.GetPoint().GetPosition()), func() string { return "point.position" })
	if err := d.err(); err != nil {
		return nil, err
	}
	out := &Profile{ProfileQuery: coverage.ProfileQuery{
		Query: d.query, To: wire.ToPlace(q.GetPoint()), Count: DefaultSampleCount, FrequencyMHz: q.GetFrequencyMhz(),
	}}
	if q.SampleCount != nil {
		out.Count = int(q.GetSampleCount())
	}
	if q.FrequencyMhz == nil {
		model, err := r.Catalogue.Model(d.query.Radars[0].ModelID)
		if err != nil {
			return nil, err
		}
		out.FrequencyMHz = model.Frequency.MHz
		d.assume(model.Name, []string{model.Frequency.Assumption})
	}
	out.Background = d.background
	return out, nil
}

// Exposures is a resolved AssessAirstripsRequest.
type Exposures struct {
	Query coverage.Query
	// Airstrips are by ID.
	Airstrips []*airstrip.Airstrip
	Background
}

// AssessAirstrips resolves a request for the exposure of airstrips.
func (r *Resolver) AssessAirstrips(q *canopyv1.AssessAirstripsRequest) (*Exposures, error) {
	d, err := r.draft(q.GetNetwork(), q.GetOptions())
	if err != nil {
		return nil, err
	}
	index := d.airstrips(q.GetAirstrips())
	var area orb.MultiPolygon
	if q.GetAirspace() != nil {
		area = d.airspace(q.GetAirspace())
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	strips := ByID(index.All())
	if q.GetAirspace() != nil {
		strips = index.InArea(area, nil)
	}
	return &Exposures{Query: d.query, Airstrips: strips, Background: d.background}, nil
}

// Floor is a resolved ExportFloorRequest.
type Floor struct {
	Query coverage.Query
	Background
}

// ExportFloor resolves a request for a floor.
func (r *Resolver) ExportFloor(q *canopyv1.ExportFloorRequest) (*Floor, error) {
	d, err := r.draft(q.GetNetwork(), q.GetOptions())
	if err != nil {
		return nil, err
	}
	return &Floor{Query: d.query, Background: d.background}, d.err()
}

// altitudes refuses one that comes twice, as gaps are named by altitude.
func (d *draft) altitudes(given []*canopyv1.Altitude) []altitude.Altitude {
	if len(given) == 0 {
		return d.scenario.Altitudes
	}
	first := map[altitude.Altitude]int{}
	var all []altitude.Altitude
	for i, g := range given {
		a := wire.ToAltitude(g)
		if j, twice := first[a]; twice {
			d.refuse(fmt.Sprintf("altitudes[%d]", i), problem.ReasonDuplicate, "%s is already altitudes[%d]: leave one out", a, j)
			continue
		}
		first[a] = i
		all = append(all, a)
	}
	return all
}
