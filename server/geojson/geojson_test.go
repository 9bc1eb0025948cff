package geojson_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/server/geojson"
)

const square = `{"type":"Polygon","coordinates":[[[-74,-13],[-73,-13],[-73,-12],[-74,-12],[-74,-13]]]}`

func TestRead(t *testing.T) {
	tests := []struct {
		name, text     string
		features, area int
	}{
		{"a geometry on its own", square, 1, 1},
		{"a feature", `{"type":"Feature","properties":null,"geometry":` + square + `}`, 1, 1},
		{"a collection", `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":` + square + `},` +
			`{"type":"Feature","geometry":{"type":"Point","coordinates":[-69,-12,200]}}]}`, 2, 1},
		{"an empty collection", `{"type":"FeatureCollection","features":[]}`, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			features, err := geojson.Read([]byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			polygons := 0
			for _, f := range features {
				polygons += len(f.Geometry.Polygons())
			}
			if len(features) != tt.features || polygons != tt.area {
				t.Errorf("got %d features and %d polygons", len(features), polygons)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	in := func(geometry string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":` + square + `},{"type":"Feature","geometry":` + geometry + `}]}`
	}
	tests := []struct{ name, text, want string }{
		{"no JSON", "name,lat", "is not GeoJSON"},
		{"no type", `{"rings":[]}`, `it has no "type"`},
		{"a list", `[1]`, "is not GeoJSON"},
		{"a line", in(`{"type":"LineString","coordinates":[]}`), `feature 2: its geometry is a "LineString"`},
		{"no geometry", in(`null`), "feature 2: has no geometry"},
		{"no coordinates", in(`{"type":"Polygon"}`), "feature 2: its geometry has no coordinates"},
		{"one number", in(`{"type":"Point","coordinates":[1]}`), "feature 2: a position has fewer than two numbers"},
		{"null for a number", in(`{"type":"Point","coordinates":[null,1]}`), "feature 2: a position has fewer"},
		{"text for a number", in(`{"type":"Point","coordinates":["a",1]}`), "feature 2: a position is not a list of numbers"},
		{"nested too little", in(`{"type":"Polygon","coordinates":[[1,2]]}`), "feature 2: a position is not a list"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := geojson.Read([]byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestCollectionComesBack(t *testing.T) {
	text, err := json.Marshal(geojson.Collection{
		Features: []geojson.Feature{
			geojson.New("Point", geojson.Position{-69.2, -12.6}, map[string]any{"name": "PEM"}),
			geojson.New("Polygon", geojson.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, nil),
		},
		Foreign: map[string]any{"warnings": []string{"coarse"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	features, err := geojson.Read(text)
	if err != nil || len(features) != 2 || features[0].Properties["name"] != "PEM" {
		t.Errorf("got %v, %v from %s", features, err, text)
	}
	if !strings.Contains(string(text), `"warnings":["coarse"]`) {
		t.Errorf("foreign member lost: %s", text)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(square))
	f.Add([]byte(`{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[null]}`))
	f.Fuzz(func(_ *testing.T, data []byte) {
		features, err := geojson.Read(data)
		if err != nil {
			return
		}
		for _, feature := range features {
			feature.Geometry.Polygons()
		}
	})
}
