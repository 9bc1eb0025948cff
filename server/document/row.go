// Package document writes answers for other programs: JSON, CSV, GeoJSON and
// KML. CSV columns, GeoJSON properties and KML data have the same names.
package document

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"strconv"

	"google.golang.org/protobuf/proto"

	"github.com/canopyradar/canopy/server/geojson"
	"github.com/canopyradar/canopy/server/quantity"
)

// field is one named value: a string, a bool, a float64, an int, or a
// *float64 that is nil where there is none.
type field struct {
	name  string
	value any
}

// Row is one thing of an answer: a line of a CSV, a feature of a GeoJSON.
type Row struct {
	fields []field
	// kind and coordinates are the geometry, as in package geojson.
	kind        string
	coordinates any
	// looks are properties for programs that draw.
	looks map[string]any
}

// Rows are things of one sort.
type Rows struct {
	// header has the fields of a thing without values.
	header Row
	All    []Row
}

// CSV writes a header and one line a row.
func CSV(w io.Writer, rows Rows) error {
	out := csv.NewWriter(w)
	names := make([]string, len(rows.header.fields))
	for i, f := range rows.header.fields {
		names[i] = f.name
	}
	if err := out.Write(names); err != nil {
		return err
	}
	for _, row := range rows.All {
		if err := out.Write(row.texts()); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (r Row) texts() []string {
	texts := make([]string, len(r.fields))
	for i, f := range r.fields {
		texts[i] = f.text()
	}
	return texts
}

func (f field) text() string {
	switch v := f.value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return quantity.Plain(v)
	case *float64:
		if v != nil {
			return quantity.Plain(*v)
		}
	}
	return ""
}

func (r Row) feature() geojson.Feature {
	properties := map[string]any{}
	for _, f := range r.fields {
		properties[f.name] = f.value
	}
	maps.Copy(properties, r.looks)
	return geojson.New(r.kind, r.coordinates, properties)
}

// GeoJSON writes a FeatureCollection of rows of any sorts. What an answer
// holds beside its things goes into foreign members.
func GeoJSON(w io.Writer, foreign map[string]any, sorts ...Rows) error {
	c := geojson.Collection{Foreign: foreign, Features: []geojson.Feature{}}
	for _, rows := range sorts {
		for _, row := range rows.All {
			c.Features = append(c.Features, row.feature())
		}
	}
	return c.Write(w)
}

// message returns m for use as a foreign member.
func message(m proto.Message) json.RawMessage {
	text, err := Compact(m)
	if err != nil {
		return json.RawMessage("null")
	}
	return text
}
