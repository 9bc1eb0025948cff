package wire

import (
	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/altitude"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// ToPoint returns a position as longitude and latitude in degrees.
func ToPoint(p *canopyv1.Position) orb.Point {
	return orb.Point{p.GetLonDeg(), p.GetLatDeg()}
}

// Position is the inverse of ToPoint.
func Position(p orb.Point) *canopyv1.Position {
	return &canopyv1.Position{LatDeg: coordinate(p.Lat()), LonDeg: coordinate(p.Lon())}
}

// ToMultiPolygon returns an area as it stands, valid or not.
func ToMultiPolygon(a *canopyv1.Area) orb.MultiPolygon {
	return each(a.GetPolygons(), func(p *canopyv1.Polygon) orb.Polygon {
		return each(p.GetRings(), func(r *canopyv1.Ring) orb.Ring {
			return each(r.GetPositions(), ToPoint)
		})
	})
}

// Area is the inverse of ToMultiPolygon.
func Area(name string, area orb.MultiPolygon) *canopyv1.Area {
	return &canopyv1.Area{Name: name, Polygons: each(area, Polygon)}
}

// Polygon returns the rings of p as they stand.
func Polygon(p orb.Polygon) *canopyv1.Polygon {
	return &canopyv1.Polygon{Rings: each(p, func(r orb.Ring) *canopyv1.Ring {
		return &canopyv1.Ring{Positions: each(r, Position)}
	})}
}

// BoundingBox returns b, edge by edge.
func BoundingBox(b orb.Bound) *canopyv1.BoundingBox {
	return &canopyv1.BoundingBox{
		WestDeg: coordinate(b.Left()), SouthDeg: coordinate(b.Bottom()),
		EastDeg: coordinate(b.Right()), NorthDeg: coordinate(b.Top()),
	}
}

// ToBound is the inverse of BoundingBox.
func ToBound(b *canopyv1.BoundingBox) orb.Bound {
	return orb.Bound{Min: orb.Point{b.GetWestDeg(), b.GetSouthDeg()}, Max: orb.Point{b.GetEastDeg(), b.GetNorthDeg()}}
}

// ToAltitude returns an altitude with its reference. A level that is not set,
// which validation refuses, is 0 m above the ground.
func ToAltitude(a *canopyv1.Altitude) altitude.Altitude {
	switch level := a.GetLevel().(type) {
	case *canopyv1.Altitude_AmslM:
		return altitude.Altitude{Reference: altitude.AMSL, Value: level.AmslM}
	case *canopyv1.Altitude_FlightLevel:
		return altitude.Altitude{Reference: altitude.FlightLevel, Value: level.FlightLevel}
	default:
		return altitude.Altitude{Reference: altitude.AGL, Value: a.GetAglM()}
	}
}

// Altitude is the inverse of ToAltitude; it does not round what was asked
// for.
func Altitude(a altitude.Altitude) *canopyv1.Altitude {
	switch a.Reference {
	case altitude.AMSL:
		return &canopyv1.Altitude{Level: &canopyv1.Altitude_AmslM{AmslM: a.Value}}
	case altitude.FlightLevel:
		return &canopyv1.Altitude{Level: &canopyv1.Altitude_FlightLevel{FlightLevel: a.Value}}
	default:
		return &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: a.Value}}
	}
}
