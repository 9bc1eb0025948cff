// Package copernicus fetches the public Copernicus elevation models, as the
// registry of open data on AWS lays them out, from there or from a copy: a
// list of all tiles, and a GeoTIFF for each square of one degree with land in
// it. It writes files and knows nothing of what they are made into.
package copernicus

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
)

// Collection is one of the models.
type Collection struct {
	// Name is what it is called on the command line.
	Name string
	// Address is that of the public copy.
	Address string
	// PerDeg counts the posts in a degree, in both directions.
	PerDeg int
	// Origin and Licence are what has to be said wherever it is used.
	Origin, Licence string
	// steps is the spacing as tile names have it, in tenths of arc-seconds.
	steps string
	// withheld is where the public copy leaves out land.
	withheld orb.Bound
}

// collections are those that are public.
var collections = []Collection{
	{
		Name: "copernicus-90", Address: "https://copernicus-dem-90m.s3.amazonaws.com/", PerDeg: 1200, steps: "30",
		Origin: "Copernicus DEM GLO-90", Licence: licence("90"),
	},
	{
		Name: "copernicus-30", Address: "https://copernicus-dem-30m.s3.amazonaws.com/", PerDeg: 3600, steps: "10",
		Origin: "Copernicus DEM GLO-30", Licence: licence("30"),
		// A box around Armenia and Azerbaijan, and so some sea and neighbours.
		withheld: orb.Bound{Min: orb.Point{43, 38}, Max: orb.Point{51, 42}},
	},
}

// licence is the notice that the licence of the Copernicus DEM asks for.
func licence(resolution string) string {
	return "produced using Copernicus WorldDEM-" + resolution + " © DLR e.V. 2010–2014 and © Airbus Defence and Space GmbH " +
		"2014–2018 provided under COPERNICUS by the European Union and ESA; all rights reserved"
}

// Names are those of the collections.
func Names() []string {
	var names []string
	for _, c := range collections {
		names = append(names, c.Name)
	}
	return names
}

// Named returns a collection, or an error that lists those there are.
func Named(name string) (Collection, error) {
	for _, c := range collections {
		if c.Name == name {
			return c, nil
		}
	}
	return Collection{}, fmt.Errorf("%q is not an elevation model that can be fetched: want %s or %s", name, collections[0].Name, collections[1].Name)
}

// TileName returns the name of a square's tile, without an ending.
func (c Collection) TileName(s squares.Square) string {
	ns, ew := "N", "E"
	if s.LatDeg < 0 {
		ns = "S"
	}
	if s.LonDeg < 0 {
		ew = "W"
	}
	return fmt.Sprintf("Copernicus_DSM_COG_%s_%s%02d_00_%s%03d_00_DEM", c.steps, ns, max(s.LatDeg, -s.LatDeg), ew, max(s.LonDeg, -s.LonDeg))
}

var tileName = regexp.MustCompile(`^Copernicus_DSM_COG_(\d\d)_([NS])(\d\d)_00_([EW])(\d{3})_00_DEM$`)

// square returns the square that a tile's name means.
func (c Collection) square(name string) (squares.Square, error) {
	parts := tileName.FindStringSubmatch(name)
	if parts == nil {
		return squares.Square{}, fmt.Errorf("%.60q is not the name of a tile such as %s", name, c.TileName(squares.Square{LonDeg: -70, LatDeg: -13}))
	}
	if parts[1] != c.steps {
		return squares.Square{}, fmt.Errorf("%s is not a tile of %s: is that what the address has?", name, c.Name)
	}
	return squares.Square{LonDeg: degrees(parts[5], parts[4] == "W"), LatDeg: degrees(parts[3], parts[2] == "S")}, nil
}

// degrees reads digits, which the pattern has checked.
func degrees(digits string, negative bool) int {
	n, _ := strconv.Atoi(digits)
	if negative {
		return -n
	}
	return n
}

// farthestDeg is the latitude, north and south, beyond which tiles have fewer
// columns.
const farthestDeg = 50

// CheckArea refuses squares that cannot be in one store: beyond 50° tiles have
// fewer columns. It refuses those beyond the antimeridian as well.
func CheckArea(wanted []squares.Square) error {
	for _, s := range wanted {
		switch {
		case s.LatDeg >= farthestDeg || s.LatDeg < -farthestDeg:
			return fault.Badf("the area with its margin reaches the square %s: beyond 50° of latitude Copernicus tiles have fewer columns,"+
				" and one store cannot mix them: keep to 50°S–50°N, or give a smaller --margin", s)
		case s.LonDeg < -180 || s.LonDeg >= 180:
			return fault.Badf("the area with its margin reaches beyond the 180th meridian: give a smaller --margin")
		}
	}
	return nil
}
