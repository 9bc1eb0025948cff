package request

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/radar"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/wire"
)

// nearDeg is how far outside of its airspace, in degrees, a radar may stand
// before its coordinates are suspected: about the longest range, 1000 km.
const nearDeg = 10

// region is an area that a request names or draws.
type region struct {
	// name is for people, and source says where the area comes from as well.
	name, source string
	area         orb.MultiPolygon // nil after a violation
}

// airspace returns the area that a request selects, or else the scenario's;
// nil after a violation.
func (d *draft) airspace(s *canopyv1.AirspaceSelection) orb.MultiPolygon {
	if s == nil {
		s = &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: d.scenario.AirspaceID}}
	}
	found := d.region("airspace", s)
	d.background.Airspace = found.source
	return found.area
}

func (d *draft) region(path string, s *canopyv1.AirspaceSelection) region {
	if area := s.GetArea(); area != nil {
		return d.area(path+".area", area)
	}
	return d.namedArea(path+".airspace_id", s.GetAirspaceId())
}

func (d *draft) namedArea(path, id string) region {
	a, err := d.Catalogue.Airspace(id)
	if err != nil {
		d.refuse(path, problem.ReasonAirspaceUnknown, "%s", err)
		return region{}
	}
	d.assume(a.Name, a.Assumptions)
	return region{name: a.Name, source: fmt.Sprintf("%s (%s)", a.Name, a.Source), area: a.Area}
}

// mostPositions bounds the positions of all areas of a request.
const mostPositions = 100_000

func (d *draft) area(path string, a *canopyv1.Area) region {
	for _, polygon := range a.GetPolygons() {
		for _, ring := range polygon.GetRings() {
			d.positions += len(ring.GetPositions())
		}
	}
	if d.positions > mostPositions {
		d.tooLarge = &coverage.LimitError{What: "positions of areas", Have: d.positions, Allowed: mostPositions, Remedy: "simplify their borders, or ask for fewer areas"}
		return region{}
	}
	area := wire.ToMultiPolygon(a)
	if err := airspace.Validate(area); err != nil {
		d.badGeometry(path, err)
		return region{}
	}
	if airspace.LooksSwapped(area, d.Extent) {
		d.refuse(path, problem.ReasonCoordinatesExchanged, "%s", d.exchangedText("the area"))
		return region{}
	}
	name := cmp.Or(a.GetName(), "an area of the request")
	return region{name: name, source: name, area: area}
}

// badGeometry names the ring at fault as far as there is one.
func (d *draft) badGeometry(path string, err error) {
	var bad *airspace.GeometryError
	if !errors.As(err, &bad) || bad.Polygon < 0 {
		d.refuse(path, problem.ReasonGeometryInvalid, "%s", err)
		return
	}
	path += fmt.Sprintf(".polygons[%d]", bad.Polygon)
	if bad.Ring < 0 {
		d.refuse(path, problem.ReasonGeometryInvalid, "%s: %s", bad.Reason, bad.Remedy)
		return
	}
	d.refuse(fmt.Sprintf("%s.rings[%d]", path, bad.Ring), problem.ReasonGeometryInvalid,
		"at %s: %s: %s", placeText(bad.At), bad.Reason, bad.Remedy)
}

// Airspace resolves the airspace of a request that has no radars: where none is
// given, that of the default scenario.
func (r *Resolver) Airspace(s *canopyv1.AirspaceSelection) (orb.MultiPolygon, error) {
	d, err := r.draft(nil, nil)
	if err != nil {
		return nil, err
	}
	return d.airspace(s), d.err()
}

// mostCells bounds the elevations of one answer: 2 MB of them.
const mostCells = 500_000

// Box resolves the box of a request for elevations; whole where none is given.
func Box(q *canopyv1.GetElevationGridRequest, whole orb.Bound) (orb.Bound, error) {
	if cells := int(q.GetColumns()) * int(q.GetRows()); cells > mostCells {
		return whole, problem.Field("columns", problem.ReasonFieldInvalid, "%d × %d are %d cells: want at most %d", q.GetColumns(), q.GetRows(), cells, mostCells)
	}
	b := q.GetBoundingBox()
	if b == nil {
		return whole, nil
	}
	// Written so that NaN is refused.
	switch {
	case !(b.GetWestDeg() >= -180 && b.GetWestDeg() < b.GetEastDeg() && b.GetEastDeg() <= 180):
		return whole, problem.Field("bounding_box", problem.ReasonFieldInvalid, "west_deg %g to east_deg %g: want -180 ≤ west < east ≤ 180", b.GetWestDeg(), b.GetEastDeg())
	case !(b.GetSouthDeg() >= -90 && b.GetSouthDeg() < b.GetNorthDeg() && b.GetNorthDeg() <= 90):
		return whole, problem.Field("bounding_box", problem.ReasonFieldInvalid, "south_deg %g to north_deg %g: want -90 ≤ south < north ≤ 90", b.GetSouthDeg(), b.GetNorthDeg())
	}
	return wire.ToBound(b), nil
}

// Area resolves the region of a request: an area of the caller's, or else one
// of the catalogue.
func (r *Resolver) Area(area *canopyv1.Area, airspaceID string) (orb.MultiPolygon, error) {
	d := &draft{Resolver: r}
	if area != nil {
		return d.area("area", area).area, d.err()
	}
	return d.namedArea("airspace_id", airspaceID).area, d.err()
}

// checkPlace refuses a position whose coordinates look exchanged.
func (d *draft) checkPlace(p orb.Point, path func() string) {
	if exchanged(p, d.Extent) {
		d.refuse(path(), problem.ReasonCoordinatesExchanged, "%s", d.exchangedText(placeText(p)))
	}
}

// checkRadarsNear refuses a radar that is far from the airspace, and would be
// near with its coordinates exchanged: a terrain that spans the earth tells
// nothing.
func (d *draft) checkRadarsNear(area orb.MultiPolygon, radars []radar.Radar, paths func(i int) string) {
	if len(area) == 0 {
		return
	}
	near := area.Bound().Pad(nearDeg)
	for i, r := range radars {
		if exchanged(r.Position, near) && !exchanged(r.Position, d.Extent) {
			d.refuse(paths(i)+".position", problem.ReasonCoordinatesExchanged,
				"latitude and longitude look exchanged: %s is far from the airspace, and near it the other way round", placeText(r.Position))
		}
	}
}

func exchanged(p orb.Point, extent orb.Bound) bool {
	return !extent.Contains(p) && extent.Contains(orb.Point{p.Lat(), p.Lon()})
}

func placeText(p orb.Point) string {
	return fmt.Sprintf("lat_deg %g, lon_deg %g", p.Lat(), p.Lon())
}

func (d *draft) exchangedText(what string) string {
	return fmt.Sprintf("latitude and longitude look exchanged: %s lies outside of the terrain (latitude %.4g to %.4g, longitude %.4g to %.4g), and inside the other way round",
		what, d.Extent.Bottom(), d.Extent.Top(), d.Extent.Left(), d.Extent.Right())
}
