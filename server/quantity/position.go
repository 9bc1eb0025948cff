package quantity

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Position reads LAT,LON in degrees.
func Position(text string) (*canopyv1.Position, error) {
	fields := strings.Split(text, ",")
	if len(fields) != 2 {
		return nil, fmt.Errorf("position %q is not LAT,LON: write -12.6131,-69.2282", text)
	}
	return position(text, fields)
}

// Circle reads LAT,LON,RADIUS.
func Circle(text string) (*canopyv1.Circle, error) {
	fields := strings.Split(text, ",")
	if len(fields) != 3 {
		return nil, fmt.Errorf("circle %q is not LAT,LON,RADIUS: write -12.6131,-69.2282,50km", text)
	}
	centre, err := position(text, fields[:2])
	if err != nil {
		return nil, err
	}
	radiusKm, err := LengthKm("radius", fields[2])
	if err != nil {
		return nil, err
	}
	return &canopyv1.Circle{Position: centre, RadiusKm: radiusKm}, nil
}

// Point reads LAT,LON,ALTITUDE.
func Point(text string) (*canopyv1.Point, error) {
	fields := strings.Split(text, ",")
	if len(fields) != 3 {
		return nil, fmt.Errorf("point %q is not LAT,LON,ALTITUDE: write -12.519,-73.829,3000m-amsl", text)
	}
	at, err := position(text, fields[:2])
	if err != nil {
		return nil, err
	}
	altitude, err := Altitude(fields[2])
	if err != nil {
		return nil, err
	}
	return &canopyv1.Point{Position: at, Altitude: altitude}, nil
}

// Box reads WEST,SOUTH,EAST,NORTH in degrees: a box that does not cross the
// antimeridian.
func Box(text string) (orb.Bound, error) {
	fields := strings.Split(text, ",")
	if len(fields) != 4 {
		return orb.Bound{}, fmt.Errorf("box %q is not WEST,SOUTH,EAST,NORTH: write -74,-13,-73,-12", text)
	}
	southWest, err := position(text, []string{fields[1], fields[0]})
	if err != nil {
		return orb.Bound{}, err
	}
	northEast, err := position(text, []string{fields[3], fields[2]})
	if err != nil {
		return orb.Bound{}, err
	}
	box := orb.Bound{
		Min: orb.Point{southWest.GetLonDeg(), southWest.GetLatDeg()}, Max: orb.Point{northEast.GetLonDeg(), northEast.GetLatDeg()},
	}
	if box.Min[0] >= box.Max[0] || box.Min[1] >= box.Max[1] {
		return orb.Bound{}, fmt.Errorf("box %q has nothing inside: write WEST,SOUTH,EAST,NORTH, such as -74,-13,-73,-12", text)
	}
	return box, nil
}

func position(text string, fields []string) (*canopyv1.Position, error) {
	latDeg, err := Number("latitude", fields[0])
	if err != nil {
		return nil, err
	}
	lonDeg, err := Number("longitude", fields[1])
	if err != nil {
		return nil, err
	}
	if err := CheckPosition(latDeg, lonDeg); err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	return &canopyv1.Position{LatDeg: latDeg, LonDeg: lonDeg}, nil
}

// CheckPosition refuses degrees that are not on the earth, and says so where
// they would be if latitude and longitude changed places.
func CheckPosition(latDeg, lonDeg float64) error {
	latWrong, lonWrong := math.Abs(latDeg) > 90, math.Abs(lonDeg) > 180
	switch {
	case latWrong && !lonWrong && math.Abs(lonDeg) <= 90 && math.Abs(latDeg) <= 180:
		return fmt.Errorf("latitude %s is beyond ±90: are latitude and longitude swapped?", Plain(latDeg))
	case latWrong && lonWrong:
		return fmt.Errorf("latitude %s and longitude %s are not degrees: convert them to WGS-84 (EPSG:4326)",
			Plain(latDeg), Plain(lonDeg))
	case latWrong:
		return fmt.Errorf("latitude %s is beyond ±90: write decimal degrees, south negative", Plain(latDeg))
	case lonWrong:
		return fmt.Errorf("longitude %s is beyond ±180: write decimal degrees, west negative", Plain(lonDeg))
	}
	return nil
}
