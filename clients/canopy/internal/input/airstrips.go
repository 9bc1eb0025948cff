package input

import (
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

var airstripColumns = schema{
	required("name"), latitude, longitude,
	optional("airstrip_id", "id"),
	optional("elevation_amsl_m", "elevation_m", "elevation"),
	optional("length_m", "length"),
	optional("status"), optional("kind", "type"), optional("municipality"),
	optional("as_of", "date"), optional("source"),
}

// Airstrips reads the user's own airstrips.
func Airstrips(path string) ([]Placed[*canopyv1.Airstrip], error) {
	return readEach(path, airstripColumns, airstripOf)
}

// readEach reads a file and turns each record into a T.
func readEach[T any](path string, s schema, convert func(record) (T, error)) ([]Placed[T], error) {
	f, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return convertEach(f, s, convert)
}

func convertEach[T any](f file, s schema, convert func(record) (T, error)) ([]Placed[T], error) {
	records, err := f.records(s)
	if err != nil {
		return nil, err
	}
	all := make([]Placed[T], len(records))
	for i, r := range records {
		v, err := convert(r)
		if err != nil {
			return nil, err
		}
		all[i] = Placed[T]{Value: v, Place: r.place}
	}
	return all, nil
}

func airstripOf(r record) (*canopyv1.Airstrip, error) {
	position, err := r.position()
	if err != nil {
		return nil, err
	}
	if r.text("name") == "" {
		return nil, r.fail("name", "empty: every airstrip needs a name")
	}
	status, err := airstripStatus(r)
	if err != nil {
		return nil, err
	}
	a := &canopyv1.Airstrip{
		AirstripId: r.text("airstrip_id"), Name: r.text("name"), Position: position,
		Status: status, Kind: r.text("kind"), Municipality: r.text("municipality"),
		AsOf: r.text("as_of"), Source: r.text("source"),
	}
	return a, r.numbers(map[string]**float64{"elevation_amsl_m": &a.ElevationAmslM, "length_m": &a.LengthM})
}

func airstripStatus(r record) (canopyv1.AirstripStatus, error) {
	switch strings.ToLower(r.text("status")) {
	case "", "unknown":
		return canopyv1.AirstripStatus_AIRSTRIP_STATUS_UNSPECIFIED, nil
	case "active":
		return canopyv1.AirstripStatus_AIRSTRIP_STATUS_ACTIVE, nil
	case "closed":
		return canopyv1.AirstripStatus_AIRSTRIP_STATUS_CLOSED, nil
	case "destroyed":
		return canopyv1.AirstripStatus_AIRSTRIP_STATUS_DESTROYED, nil
	}
	return 0, r.fail("status", "%q is not a status: want active, closed or destroyed", r.text("status"))
}
