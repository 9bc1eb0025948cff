package input

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/geojson"
	"github.com/canopyradar/canopy/server/quantity"
)

// IsAirspaceFile reports whether a name means a file of the user's and not an
// airspace of the catalogue.
func IsAirspaceFile(name string) bool {
	if isGeoJSONName(name) {
		return true
	}
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}

// Airspace reads the polygons of a GeoJSON file as one area. places has the
// feature that each polygon came from.
func Airspace(path string) (area *canopyv1.Area, places []string, err error) {
	f, err := readFile(path)
	if err != nil {
		return nil, nil, err
	}
	return f.airspace()
}

func (f file) airspace() (area *canopyv1.Area, places []string, err error) {
	features, err := f.read()
	if err != nil {
		return nil, nil, err
	}
	area = &canopyv1.Area{Name: strings.TrimSuffix(f.name, filepath.Ext(f.name))}
	for i, feature := range features {
		polygons := feature.Geometry.Polygons()
		if len(polygons) == 0 {
			return nil, nil, fmt.Errorf("%s: its geometry is a %s: an airspace needs polygons", f.feature(i), feature.Geometry.Type)
		}
		for _, polygon := range polygons {
			p, err := toPolygon(polygon)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", f.feature(i), err)
			}
			area.Polygons = append(area.Polygons, p)
			places = append(places, f.feature(i))
		}
	}
	return area, places, nil
}

func toPolygon(polygon geojson.Polygon) (*canopyv1.Polygon, error) {
	p := &canopyv1.Polygon{}
	for _, ring := range polygon {
		r := &canopyv1.Ring{}
		for _, at := range ring {
			if err := quantity.CheckPosition(at[1], at[0]); err != nil {
				return nil, fmt.Errorf("%w (GeoJSON has longitude first)", err)
			}
			r.Positions = append(r.Positions, &canopyv1.Position{LatDeg: at[1], LonDeg: at[0]})
		}
		p.Rings = append(p.Rings, r)
	}
	return p, nil
}
