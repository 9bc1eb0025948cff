// Package geojson reads and writes the part of RFC 7946 that planners send
// and get: features with a point, a line or polygons.
//
// Unlike orb/geojson it refuses positions of fewer than two numbers instead
// of taking what is missing as zero, and brings no database driver along.
package geojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Position is longitude and latitude in degrees.
type Position [2]float64

// Ring is a closed line.
type Ring []Position

// Polygon is an outer ring and the holes in it.
type Polygon []Ring

// UnmarshalJSON reads two numbers and passes over further ones, such as the
// height.
func (p *Position) UnmarshalJSON(data []byte) error {
	var numbers []*float64
	if err := json.Unmarshal(data, &numbers); err != nil {
		return errors.New("a position is not a list of numbers")
	}
	if len(numbers) < 2 || numbers[0] == nil || numbers[1] == nil {
		return errors.New("a position has fewer than two numbers")
	}
	p[0], p[1] = *numbers[0], *numbers[1]
	return nil
}

// Geometry is a shape: Coordinates are a Position for a Point, []Position for
// a LineString, a Polygon, or []Polygon for a MultiPolygon.
type Geometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

// UnmarshalJSON reads a Point, a Polygon or a MultiPolygon and refuses all
// else.
func (g *Geometry) UnmarshalJSON(data []byte) error {
	var raw struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	g.Type = raw.Type
	var err error
	switch raw.Type {
	case "Point":
		g.Coordinates, err = decode[Position](raw.Coordinates)
	case "Polygon":
		g.Coordinates, err = decode[Polygon](raw.Coordinates)
	case "MultiPolygon":
		g.Coordinates, err = decode[[]Polygon](raw.Coordinates)
	default:
		err = fmt.Errorf("its geometry is a %q: want a Point, a Polygon or a MultiPolygon", raw.Type)
	}
	return err
}

func decode[T any](data []byte) (coordinates T, err error) {
	if len(data) == 0 || string(data) == "null" {
		return coordinates, errors.New("its geometry has no coordinates")
	}
	err = json.Unmarshal(data, &coordinates)
	return coordinates, err
}

// Polygons returns the polygons of a geometry; none for a point or a line.
func (g *Geometry) Polygons() []Polygon {
	switch c := g.Coordinates.(type) {
	case Polygon:
		return []Polygon{c}
	case []Polygon:
		return c
	}
	return nil
}

// Feature is a shape with properties.
type Feature struct {
	Type       string         `json:"type"`
	ID         any            `json:"id,omitempty"`
	Geometry   *Geometry      `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

// New returns a feature.
func New(kind string, coordinates any, properties map[string]any) Feature {
	return Feature{
		Type:       "Feature",
		Geometry:   &Geometry{Type: kind, Coordinates: coordinates},
		Properties: properties,
	}
}

// Read returns the features of a FeatureCollection, of a Feature, or of a
// geometry on its own. Errors name the feature, counted from 1.
func Read(data []byte) ([]Feature, error) {
	var top struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(data, &top); err != nil {
		return nil, fmt.Errorf("is not GeoJSON: %w", err)
	}
	switch top.Type {
	case "FeatureCollection":
		return readAll(top.Features)
	case "Feature":
		return readAll([]json.RawMessage{data})
	case "":
		return nil, errors.New(`is not GeoJSON: it has no "type"`)
	}
	bare, err := json.Marshal(map[string]any{"type": "Feature", "geometry": json.RawMessage(data)})
	if err != nil {
		return nil, err
	}
	return readAll([]json.RawMessage{bare})
}

func readAll(raw []json.RawMessage) ([]Feature, error) {
	features := make([]Feature, len(raw))
	for i := range raw {
		if err := json.Unmarshal(raw[i], &features[i]); err != nil {
			return nil, fmt.Errorf("feature %d: %w", i+1, err)
		}
		if features[i].Geometry == nil {
			return nil, fmt.Errorf("feature %d: has no geometry", i+1)
		}
	}
	return features, nil
}

// Collection is what a file holds. Foreign members stand beside the features.
type Collection struct {
	Features []Feature
	Foreign  map[string]any
}

// Write writes a FeatureCollection with one feature a line.
func (c Collection) Write(w io.Writer) error {
	text, err := c.MarshalJSON()
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// MarshalJSON returns a FeatureCollection, its type first.
func (c Collection) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"type":"FeatureCollection"`)
	if len(c.Foreign) > 0 {
		foreign, err := json.Marshal(c.Foreign)
		if err != nil {
			return nil, err
		}
		b.WriteByte(',')
		b.Write(foreign[1 : len(foreign)-1])
	}
	b.WriteString(`,"features":[`)
	for i := range c.Features {
		feature, err := json.Marshal(c.Features[i])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(feature)
	}
	b.WriteString("\n]}")
	return b.Bytes(), nil
}
