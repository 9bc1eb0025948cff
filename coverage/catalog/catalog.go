// Package catalog holds what Canopy knows from the start: radar models,
// scenarios, airspaces and airstrips, each with its sources and with what is
// assumed about it.
//
// The data files are embedded; DATA.md says where they come from, and the
// scripts beside them make them again. Nothing of the catalogue changes at
// run time: what its methods return must not be modified.
package catalog

import (
	"embed"
	"slices"
	"sync"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/radar"
)

// What a request that names none gets.
const (
	DefaultModelID    = "an-tps-70"
	DefaultScenarioID = "tps70-2015"
	// DefaultCandidateModelID is the model of radars that are yet to be built.
	DefaultCandidateModelID = "modern-3d"
)

// DefaultCostUSD is what one radar costs in US dollars where nobody knows
// better: an assumption, as that of each model says.
const DefaultCostUSD = 17.75e6

//go:embed data/*.geojson
var files embed.FS

// Scenario is a named, sourced starting point.
type Scenario struct {
	ID, Name, Summary string
	Radars            []radar.Radar
	// AirspaceID names the airspace that should be covered.
	AirspaceID string
	Altitudes  []altitude.Altitude
	// Sources say where this comes from, and Assumptions what has no source.
	Sources, Assumptions []string
}

// Catalogue is an immutable set of models, scenarios, airspaces and
// airstrips. It is safe for concurrent use. What it has in embedded files is
// read when it is first asked for; it panics if they are damaged, which the
// tests of this package rule out.
type Catalogue struct {
	models    []radar.Model
	scenarios []Scenario
	airspaces func() []*Airspace
	airstrips func() *airstrip.Index
}

var builtin = &Catalogue{
	models: models, scenarios: scenarios,
	airspaces: sync.OnceValue(sound(readAirspaces)),
	airstrips: sync.OnceValue(sound(readAirstrips)),
}

// Default returns the built-in catalogue.
func Default() *Catalogue { return builtin }

// sound returns read without its error, on which it panics.
func sound[T any](read func() (T, error)) func() T {
	return func() T {
		v, err := read()
		if err != nil {
			panic(err)
		}
		return v
	}
}

// Models returns the radar models by id.
func (c *Catalogue) Models() []radar.Model { return slices.Clone(c.models) }

// Scenarios returns the scenarios, the default one first.
func (c *Catalogue) Scenarios() []Scenario { return slices.Clone(c.scenarios) }

// Airspaces returns the airspaces by id.
func (c *Catalogue) Airspaces() []*Airspace { return slices.Clone(c.airspaces()) }

// Departments returns the first-level divisions of Peru by id: the 24
// departments and the constitutional province of Callao.
func (c *Catalogue) Departments() []*Airspace {
	return slices.DeleteFunc(c.Airspaces(), func(a *Airspace) bool { return a.Kind != Department })
}

// Airstrips returns the built-in list of airstrips.
func (c *Catalogue) Airstrips() *airstrip.Index { return c.airstrips() }
