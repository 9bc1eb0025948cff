package catalog

import (
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"
)

// collection is an embedded file, a GeoJSON FeatureCollection whose features
// all have geometries of type G. The files are this project's own, so that no
// more of GeoJSON is read here than they hold; reading with orb/geojson would
// bring a database driver along.
type collection[G orb.Point | orb.MultiPolygon] struct {
	Features []struct {
		ID         string          `json:"id"`
		Properties json.RawMessage `json:"properties"`
		Geometry   struct {
			Type        string `json:"type"`
			Coordinates G      `json:"coordinates"`
		} `json:"geometry"`
	} `json:"features"`
}

func readCollection[G orb.Point | orb.MultiPolygon](name string) (*collection[G], error) {
	text, err := files.ReadFile("data/" + name)
	if err != nil {
		return nil, err
	}
	var c collection[G]
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &c, nil
}
