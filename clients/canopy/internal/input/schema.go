package input

import (
	"fmt"
	"slices"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

// column is one value of a record. Its first spelling is the contract's; the
// others are what people write.
type column struct {
	spellings []string
	required  bool
}

func (c column) name() string { return c.spellings[0] }

func optional(spellings ...string) column { return column{spellings: spellings} }
func required(spellings ...string) column { return column{spellings: spellings, required: true} }

// schema is what a file may hold.
type schema []column

var latitude, longitude = required("lat_deg", "lat", "latitude"), required("lon_deg", "lon", "lng", "long", "longitude")

// find returns the column that a header names.
func (s schema) find(header string) (column, bool) {
	header = strings.ToLower(strings.TrimSpace(header))
	i := slices.IndexFunc(s, func(c column) bool { return slices.Contains(c.spellings, header) })
	if i < 0 {
		return column{}, false
	}
	return s[i], true
}

// short returns the spelling for messages, the second where there is one:
// people write lat.
func (c column) short() string { return c.spellings[min(1, len(c.spellings)-1)] }

func (s schema) example() string {
	var names []string
	for _, c := range s {
		if c.required {
			names = append(names, c.short())
		}
	}
	return strings.Join(names, ",")
}

// record is a line of a CSV or a feature of a GeoJSON.
type record struct {
	// place is "sites.csv line 3"; part is "column" or "property".
	place, part string
	// values and spelled are by the column's name.
	values, spelled map[string]string
}

func (r record) text(name string) string { return strings.TrimSpace(r.values[name]) }

func (r record) fail(name, format string, args ...any) error {
	spelled := r.spelled[name]
	if spelled == "" {
		spelled = name
	}
	return fmt.Errorf("%s: %s %s: %s", r.place, r.part, spelled, fmt.Sprintf(format, args...))
}

// number returns nil where there is no value.
func (r record) number(name string) (*float64, error) {
	text := r.text(name)
	if text == "" {
		return nil, nil
	}
	v, err := quantity.Number("", text)
	if err != nil {
		return nil, r.fail(name, "%q is not a number", text)
	}
	return &v, nil
}

// numbers reads several columns into their targets.
func (r record) numbers(targets map[string]**float64) error {
	for _, name := range sortedKeys(targets) {
		v, err := r.number(name)
		if err != nil {
			return err
		}
		*targets[name] = v
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (r record) position() (*canopyv1.Position, error) {
	var latDeg, lonDeg *float64
	if err := r.numbers(map[string]**float64{"lat_deg": &latDeg, "lon_deg": &lonDeg}); err != nil {
		return nil, err
	}
	switch {
	case latDeg == nil:
		return nil, r.fail("lat_deg", "empty: want degrees, south negative")
	case lonDeg == nil:
		return nil, r.fail("lon_deg", "empty: want degrees, west negative")
	}
	if err := quantity.CheckPosition(*latDeg, *lonDeg); err != nil {
		return nil, fmt.Errorf("%s: %w", r.place, err)
	}
	return &canopyv1.Position{LatDeg: *latDeg, LonDeg: *lonDeg}, nil
}
