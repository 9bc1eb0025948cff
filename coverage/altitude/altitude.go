// Package altitude gives heights their reference.
package altitude

import (
	"fmt"
	"strconv"
)

// Reference is what a height is measured from.
type Reference int

const (
	// AGL is above the ground below.
	AGL Reference = iota
	// AMSL is above mean sea level.
	AMSL
	// FlightLevel is hundreds of feet in the standard atmosphere. It is taken
	// as a height above mean sea level on a day of standard pressure and
	// temperature, 1013.25 hPa and 15 °C. On others an aircraft that keeps the
	// level flies higher or lower, by about 9 m per hPa and 4 % per 10 °C.
	FlightLevel
)

// metresPerFlightLevel is one hundred international feet.
const metresPerFlightLevel = 30.48

// Altitude is a height with its reference.
type Altitude struct {
	Reference Reference
	// Value is in metres, or in flight levels for FlightLevel.
	Value float64
}

// AMSLM returns the altitude in metres above mean sea level over ground of
// the given height in metres above mean sea level.
func (a Altitude) AMSLM(groundAMSLM float64) float64 {
	switch a.Reference {
	case AGL:
		return groundAMSLM + a.Value
	case FlightLevel:
		return a.Value * metresPerFlightLevel
	default:
		return a.Value
	}
}

// String returns the altitude as the CLI takes it: 300m-agl, 3048m-amsl,
// FL100.
func (a Altitude) String() string {
	value := strconv.FormatFloat(a.Value, 'f', -1, 64)
	switch a.Reference {
	case AGL:
		return value + "m-agl"
	case FlightLevel:
		return fmt.Sprintf("FL%03s", value)
	default:
		return value + "m-amsl"
	}
}
