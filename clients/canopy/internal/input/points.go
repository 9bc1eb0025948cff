package input

import (
	"fmt"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

var pointColumns = schema{
	latitude, longitude,
	optional("altitude"), optional("altitude_agl_m"), optional("altitude_amsl_m"), optional("flight_level"),
}

// Points reads places with altitudes: a column altitude with units
// (3000m-amsl), or one of altitude_agl_m, altitude_amsl_m and flight_level.
func Points(path string) ([]Placed[*canopyv1.Point], error) {
	return readEach(path, pointColumns, pointOf)
}

func pointOf(r record) (*canopyv1.Point, error) {
	position, err := r.position()
	if err != nil {
		return nil, err
	}
	altitude, err := altitudeOf(r)
	if err != nil {
		return nil, err
	}
	return &canopyv1.Point{Position: position, Altitude: altitude}, nil
}

func altitudeOf(r record) (*canopyv1.Altitude, error) {
	if text := r.text("altitude"); text != "" {
		a, err := quantity.Altitude(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %s %s: %w", r.place, r.part, r.spelled["altitude"], err)
		}
		return a, nil
	}
	var aglM, amslM, level *float64
	err := r.numbers(map[string]**float64{"altitude_agl_m": &aglM, "altitude_amsl_m": &amslM, "flight_level": &level})
	switch {
	case err != nil:
		return nil, err
	case aglM != nil:
		return &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: *aglM}}, nil
	case amslM != nil:
		return &canopyv1.Altitude{Level: &canopyv1.Altitude_AmslM{AmslM: *amslM}}, nil
	case level != nil:
		return &canopyv1.Altitude{Level: &canopyv1.Altitude_FlightLevel{FlightLevel: *level}}, nil
	}
	return nil, r.fail("altitude", "missing: write 3000m-amsl, 300m-agl or FL100")
}
