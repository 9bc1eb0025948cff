package document

import (
	"math"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/geojson"
)

// perDegree rounds outlines to about a centimetre.
const perDegree = 1e7

func position(p *canopyv1.Position) geojson.Position {
	return geojson.Position{
		math.Round(p.GetLonDeg()*perDegree) / perDegree,
		math.Round(p.GetLatDeg()*perDegree) / perDegree,
	}
}

func polygon(p *canopyv1.Polygon) geojson.Polygon {
	rings := geojson.Polygon{}
	for _, r := range p.GetRings() {
		ring := geojson.Ring{}
		for _, at := range r.GetPositions() {
			ring = append(ring, position(at))
		}
		rings = append(rings, ring)
	}
	return rings
}

// pointRow returns a row at a place. Its first fields are the place.
func pointRow(at *canopyv1.Position, fields ...field) Row {
	return Row{
		fields: append(fields, field{"lat_deg", at.GetLatDeg()}, field{"lon_deg", at.GetLonDeg()}),
		kind:   "Point", coordinates: position(at),
	}
}

func (r Row) and(fields ...field) Row {
	r.fields = append(r.fields, fields...)
	return r
}

// AirspaceRows are the outline of an airspace.
func AirspaceRows(a *canopyv1.Airspace) Rows {
	polygons := []geojson.Polygon{}
	for _, p := range a.GetArea().GetPolygons() {
		polygons = append(polygons, polygon(p))
	}
	return Rows{All: []Row{{
		fields: []field{
			{"airspace_id", a.GetAirspaceId()}, {"name", a.GetName()}, {"area_km2", a.GetAreaKm2()},
			{"source", a.GetSource()}, {"licence", a.GetLicence()},
		},
		kind: "MultiPolygon", coordinates: polygons,
	}}}
}
