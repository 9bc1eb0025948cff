package input

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/canopyradar/canopy/server/geojson"
	"github.com/canopyradar/canopy/server/quantity"
)

// features reads the points of a GeoJSON. Their properties have the names of
// a CSV's columns, and the position is the geometry's.
func (f file) features(s schema) ([]record, error) {
	features, err := f.read()
	if err != nil {
		return nil, err
	}
	records := make([]record, len(features))
	for i, feature := range features {
		at, ok := feature.Geometry.Coordinates.(geojson.Position)
		if !ok {
			return nil, fmt.Errorf("%s: its geometry is a %s: want a Point", f.feature(i), feature.Geometry.Type)
		}
		records[i] = f.record(i, s, at, feature.Properties)
	}
	return records, nil
}

func (f file) read() ([]geojson.Feature, error) {
	features, err := geojson.Read(f.data)
	if err != nil {
		return nil, fmt.Errorf("%s %w", f.name, err)
	}
	if len(features) == 0 {
		return nil, fmt.Errorf("%s has no features", f.name)
	}
	return features, nil
}

// feature is the place of a feature, counted from 1 as in a list.
func (f file) feature(i int) string { return fmt.Sprintf("%s feature %d", f.name, i+1) }

func (f file) record(i int, s schema, at geojson.Position, properties map[string]any) record {
	r := record{
		place: f.feature(i), part: "property",
		values: map[string]string{}, spelled: map[string]string{},
	}
	for _, spelled := range sortedKeys(properties) {
		if c, ok := s.find(spelled); ok {
			r.values[c.name()], r.spelled[c.name()] = propertyText(properties[spelled]), strings.TrimSpace(spelled)
		}
	}
	r.values["lon_deg"], r.values["lat_deg"] = quantity.Plain(at[0]), quantity.Plain(at[1])
	return r
}

func propertyText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return quantity.Plain(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return fmt.Sprint(value)
}
