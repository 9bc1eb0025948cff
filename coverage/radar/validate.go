package radar

import (
	"fmt"
	"math"
	"strconv"
)

// FieldError is returned for a value that a radar must not have. Its message
// is one line.
type FieldError struct {
	// Field is the name of the field in every interface, such as "mast_m".
	Field string
	// Value is the refused value as text.
	Value string
	// Want says what is allowed and, where that helps, what to do.
	Want string
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("%s is %s: want %s", e.Field, e.Value, e.Want)
}

// interval is what one field may hold: Min to Max, both included.
type interval struct {
	field    string
	min, max float64
	want     string
}

// The table of all limits on single values. Every want names the bounds.
var (
	latitude = interval{"lat_deg", -90, 90,
		"-90 to 90 decimal degrees, south negative; check that latitude and longitude are not swapped"}
	longitude = interval{"lon_deg", -180, 180,
		"-180 to 180 decimal degrees, west negative"}
	mast = interval{"mast_m", 0, 1000,
		"0 to 1000 m; it is the antenna's height above the ground, not above sea level"}
	instrumentedRange = interval{"range_m", 1, 1e6,
		"1 m to 1000 km; check the unit"}
	minRange = interval{"min_range_m", 0, 1e6,
		"0 m (none) or more, and less than the range"}
	minElevation = interval{"min_elevation_deg", -10, 90,
		"-10 to 90 degrees, and less than max_elevation_deg"}
	maxElevation = interval{"max_elevation_deg", -10, 90,
		"-10 to 90 degrees, and more than min_elevation_deg"}
	heightLimit = interval{"height_limit_amsl_m", math.SmallestNonzeroFloat64, math.Inf(1),
		"more than 0 m above mean sea level; leave it out for no limit"}
	earthFactor = interval{"k", 0.5, 10,
		"0.5 to 10; leave it out to use the request's (4/3 in a standard atmosphere)"}
	sectorFrom = interval{"sector.from_deg", 0, 360,
		"0 to 360 degrees clockwise from true north"}
	sectorTo = interval{"sector.to_deg", 0, 360,
		"0 to 360 degrees clockwise from true north, and not equal to sector.from_deg; use 0 and 360 for all round"}
)

// holds is false for NaN.
func (i interval) holds(v float64) bool { return v >= i.min && v <= i.max }

func (i interval) refuse(v float64) *FieldError {
	return &FieldError{Field: i.field, Value: strconv.FormatFloat(v, 'g', -1, 64), Want: i.want}
}

// Validate returns nil, or the first of Violations, a *FieldError.
func (r Radar) Validate() error {
	if v := r.Violations(); len(v) > 0 {
		return v[0]
	}
	return nil
}

// Violations returns an error for each field of r that holds a value out of
// bounds, in the order of the table above; none for a valid radar. K = 0 and
// a nil sector mean "not set" and are valid.
func (r Radar) Violations() []*FieldError {
	var c checker
	c.check(latitude, r.Position.Lat())
	c.check(longitude, r.Position.Lon())
	c.check(mast, r.MastM)
	c.limits(r.Limits)
	if r.K != 0 {
		c.check(earthFactor, r.K)
	}
	return c.violations
}

type checker struct{ violations []*FieldError }

// check reports whether v is allowed, and notes it if not.
func (c *checker) check(i interval, v float64) bool {
	return c.require(i, v, i.holds(v))
}

func (c *checker) require(i interval, v float64, ok bool) bool {
	if !ok {
		c.violations = append(c.violations, i.refuse(v))
	}
	return ok
}

// limits checks the values one by one, and their order only where each is
// allowed, so that one mistake gives one error.
func (c *checker) limits(l Limits) {
	rangeOK := c.check(instrumentedRange, l.RangeM)
	if c.check(minRange, l.MinRangeM) && rangeOK {
		c.require(minRange, l.MinRangeM, l.MinRangeM < l.RangeM)
	}
	minOK := c.check(minElevation, l.MinElevationDeg)
	if c.check(maxElevation, l.MaxElevationDeg) && minOK {
		c.require(maxElevation, l.MaxElevationDeg, l.MinElevationDeg < l.MaxElevationDeg)
	}
	c.check(heightLimit, l.HeightLimitAMSLM)
	if l.Sector != nil {
		c.sector(*l.Sector)
	}
}

func (c *checker) sector(s Sector) {
	fromOK := c.check(sectorFrom, s.FromDeg)
	if c.check(sectorTo, s.ToDeg) && fromOK {
		c.require(sectorTo, s.ToDeg, s.FromDeg != s.ToDeg)
	}
}
