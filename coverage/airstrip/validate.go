package airstrip

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/paulmach/orb"
)

// FieldError is returned for a value that an airstrip must not have. Its
// message is one line.
type FieldError struct {
	// Index is the airstrip's place in the list, from 0, and ID its id.
	Index int
	ID    string
	// Field is the name of the field in every interface, such as "lat_deg".
	Field string
	// Value is the refused value as text.
	Value string
	// Want says what is allowed and, where that helps, what to do.
	Want string
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("airstrip %q (number %d): %s is %q: want %s", e.ID, e.Index+1, e.Field, e.Value, e.Want)
}

const (
	wantID        = "an id that no other airstrip of the list has"
	wantLatitude  = "-90 to 90 decimal degrees; check that latitude and longitude are not swapped"
	wantLongitude = "-180 to 180 decimal degrees, west negative"
	wantElevation = "-500 to 9000 m above mean sea level; check the unit, and leave it out if unknown"
	wantLength    = "0 to 10000 m; check the unit, and leave it out if unknown"
	wantStatus    = "unspecified, active, closed or destroyed"
	wantDate      = "a date such as 2024-05-31; leave it out if unknown"
)

// Validate returns a *FieldError for the first value out of bounds, with
// Index 0, and nil if there is none. Unknown elevations and lengths (NaN) and
// an empty AsOf are valid, an empty ID is not.
func (a *Airstrip) Validate() error {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	checks := []struct {
		ok                 bool
		field, value, want string
	}{
		{a.ID != "", "id", a.ID, wantID},
		{between(a.Position.Lat(), -90, 90), "lat_deg", number(a.Position.Lat()), wantLatitude},
		{between(a.Position.Lon(), -180, 180), "lon_deg", number(a.Position.Lon()), wantLongitude},
		{unknownOr(a.ElevationAMSLM, -500, 9000), "elevation_amsl_m", number(a.ElevationAMSLM), wantElevation},
		{unknownOr(a.LengthM, 0, 10000), "length_m", number(a.LengthM), wantLength},
		{a.Status >= StatusUnspecified && a.Status <= Destroyed, "status", a.Status.String(), wantStatus},
		{isDate(a.AsOf), "as_of", a.AsOf, wantDate},
	}
	for _, c := range checks {
		if !c.ok {
			return &FieldError{ID: a.ID, Field: c.field, Value: c.value, Want: c.want}
		}
	}
	return nil
}

// between is false for NaN.
func between(v, lo, hi float64) bool { return v >= lo && v <= hi }

func unknownOr(v, lo, hi float64) bool { return math.IsNaN(v) || between(v, lo, hi) }

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return s == "" || err == nil
}

func onEarth(p orb.Point) bool {
	return between(p.Lat(), -90, 90) && between(p.Lon(), -180, 180)
}
