// Package radar says what a radar is: a model (what a type of radar can do)
// at a place, with the limits in force there.
//
// It computes nothing. The limits are the ones that decide coverage: how far,
// between which elevation angles, up to which height and over which azimuths
// a radar sees. Heights are metres above mean sea level (AMSL) unless a name
// says otherwise; angles are degrees; azimuths run clockwise from true north.
package radar

import (
	"math"

	"github.com/paulmach/orb"
)

// NoHeightLimit is the height limit of a radar that has none: +Inf, so that
// comparing with it needs no special case. An encoding that has no infinity,
// such as JSON, leaves the field out instead.
var NoHeightLimit = math.Inf(1)

// Limits bound what one radar sees.
type Limits struct {
	// RangeM is the instrumented range: the longest slant range, in metres.
	RangeM float64
	// MinRangeM is the shortest slant range, in metres; 0 means none.
	MinRangeM float64
	// MinElevationDeg and MaxElevationDeg bound the beam, in degrees above
	// the horizontal at the antenna.
	MinElevationDeg, MaxElevationDeg float64
	// HeightLimitAMSLM is the greatest height seen, in metres above mean sea
	// level; NoHeightLimit means none.
	HeightLimitAMSLM float64
	// Sector bounds the azimuths; nil means all of them.
	Sector *Sector
}

// Frequency is where in its band a radar works.
type Frequency struct {
	MHz float64
	// Assumption says for people why this figure is taken.
	Assumption string
}

// Cost is what a radar costs to buy.
type Cost struct {
	// USD is in US dollars; positive.
	USD float64
	// Assumption says for people why this figure is taken.
	Assumption string
}

// Model is what a type of radar can do.
type Model struct {
	ID, Name string
	// Band is the frequency band, such as "S" or "L".
	Band string
	// Frequency is what Fresnel zones are computed for.
	Frequency   Frequency
	Description string
	// Cooperative marks a secondary surveillance radar: it sees only aircraft
	// with a working transponder.
	Cooperative bool
	// Limits hold for every radar of this model that does not override them.
	Limits
	// MastM is the usual height of the antenna above the ground, in metres.
	MastM float64
	// Cost is what plans count where nobody says better.
	Cost Cost
	// Sources say where the numbers come from, and Assumptions which of them
	// have no source and should be overridden by who knows better.
	Sources, Assumptions []string
}

// At returns a radar of this model at a position, in service, with the
// model's mast and limits.
func (m *Model) At(id, name string, position orb.Point) Radar {
	return Radar{
		ID:          id,
		Name:        name,
		ModelID:     m.ID,
		Position:    position,
		MastM:       m.MastM,
		InService:   true,
		Cooperative: m.Cooperative,
		Limits:      m.Limits,
	}
}

// Radar is a model at a place.
type Radar struct {
	ID, Name string
	// ModelID names the model that the limits started from; it may be empty.
	ModelID string
	// Position is WGS-84 longitude and latitude in degrees.
	Position orb.Point
	// MastM is the height of the antenna above the ground, in metres. The
	// height of the ground comes from the terrain.
	MastM float64
	// InService is false for a radar that is kept in the network but sees
	// nothing.
	InService bool
	// K is the effective earth factor at this radar; 0 means the request's.
	K float64
	// Cooperative marks a radar that sees only aircraft with a working
	// transponder.
	Cooperative bool
	// Limits are the model's, with this radar's overrides applied.
	Limits
}
