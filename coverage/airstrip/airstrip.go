// Package airstrip finds airstrips: the nearest to a place, those within a
// distance of it, and those in an area.
//
// An Index is built once from a list and never changes, so that any number
// of goroutines may ask it at the same time. To change the list, build
// another index and publish it, for instance through an atomic.Pointer.
//
// # How the nearest are found
//
// The index is an R-tree over longitude and latitude. A search keeps a queue
// of boxes and airstrips ordered by distance and opens the first box until
// enough airstrips came out. That order is the true one, on the WGS-84
// ellipsoid, if a box is never taken for farther than anything in it. Planar
// distance in degrees breaks this rule (a degree of longitude is 111 km at
// the equator and nothing at a pole, and 179.9° E is next to 179.9° W), so
// boxes are measured by a bound of their own, derived at origin.atLeastM.
package airstrip

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// Status says whether aircraft can use an airstrip.
type Status int

// The zero value means that nobody said.
const (
	StatusUnspecified Status = iota
	Active
	Closed
	Destroyed
)

var statusNames = []string{"unspecified", "active", "closed", "destroyed"}

// String returns the status in lower case, as every interface spells it.
func (s Status) String() string {
	if s < 0 || int(s) >= len(statusNames) {
		return fmt.Sprintf("Status(%d)", int(s))
	}
	return statusNames[s]
}

// ParseStatus is the inverse of String; an empty text is StatusUnspecified.
// It returns a *FieldError for any other text.
func ParseStatus(text string) (Status, error) {
	if text == "" {
		return StatusUnspecified, nil
	}
	if i := slices.Index(statusNames, text); i >= 0 {
		return Status(i), nil
	}
	return StatusUnspecified, &FieldError{Field: "status", Value: text, Want: wantStatus}
}

// Airstrip is a runway or a strip where small aircraft land.
type Airstrip struct {
	// ID is unique in an index.
	ID, Name string
	// Position is WGS-84 longitude and latitude in degrees.
	Position orb.Point
	// ElevationAMSLM is the published elevation in metres above mean sea
	// level, and LengthM the length of the longest runway in metres; NaN
	// where unknown.
	ElevationAMSLM, LengthM float64
	Status                  Status
	// Kind is the source's word for what this is, such as "small_airport" or
	// "heliport"; it may be empty.
	Kind string
	// Municipality and Region say where it lies; they may be empty.
	Municipality, Region string
	// AsOf is the date of this information, as 2006-01-02; empty if unknown.
	AsOf   string
	Source string
	// ElevationDoubtful warns that ElevationAMSLM is known to disagree with
	// the terrain, and Note says how.
	ElevationDoubtful bool
	Note              string
}

// Places are where airstrips lie.
func Places(strips []*Airstrip) []orb.Point {
	places := make([]orb.Point, len(strips))
	for i, a := range strips {
		places[i] = a.Position
	}
	return places
}
