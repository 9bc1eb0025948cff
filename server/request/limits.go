package request

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/canopyradar/canopy/coverage/radar"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// override replaces the limits that over sets.
func override(l *radar.Limits, over *canopyv1.RadarLimits) {
	if over == nil {
		return
	}
	set(&l.RangeM, over.RangeKm, mPerKM)
	set(&l.MinRangeM, over.MinRangeKm, mPerKM)
	set(&l.MinElevationDeg, over.MinElevationDeg, 1)
	set(&l.MaxElevationDeg, over.MaxElevationDeg, 1)
	set(&l.HeightLimitAMSLM, over.HeightLimitAmslM, 1)
	if s := over.GetSector(); s != nil {
		l.Sector = &radar.Sector{FromDeg: s.GetFromDeg(), ToDeg: s.GetToDeg()}
	}
}

func set(to *float64, from *float64, unit float64) {
	if from != nil {
		*to = *from * unit
	}
}

// wireField is where a field of a domain radar stands in a message, and the
// unit that the domain has it in.
type wireField struct{ path, unit string }

var wireFields = map[string]wireField{
	"lat_deg":             {"position.lat_deg", "degrees"},
	"lon_deg":             {"position.lon_deg", "degrees"},
	"mast_m":              {"mast_m", "m"},
	"range_m":             {"limits.range_km", "m"},
	"min_range_m":         {"limits.min_range_km", "m"},
	"min_elevation_deg":   {"limits.min_elevation_deg", "degrees"},
	"max_elevation_deg":   {"limits.max_elevation_deg", "degrees"},
	"height_limit_amsl_m": {"limits.height_limit_amsl_m", "m"},
	"k":                   {"effective_earth_k", ""},
	"sector.from_deg":     {"limits.sector.from_deg", "degrees"},
	"sector.to_deg":       {"limits.sector.to_deg", "degrees"},
}

func fieldPath(field string) string {
	if f, ok := wireFields[field]; ok {
		return f.path
	}
	return field
}

func fieldText(e *radar.FieldError) string {
	value := strings.TrimSpace(e.Value + " " + wireFields[e.Field].unit)
	return fmt.Sprintf("%s is not allowed here: want %s", value, e.Want)
}

// overrides reports whether limits set the field that the domain calls field.
func overrides(limits *canopyv1.RadarLimits, field string) bool {
	path, inLimits := strings.CutPrefix(fieldPath(field), "limits.")
	if limits == nil || !inLimits {
		return false
	}
	name, _, _ := strings.Cut(path, ".")
	m := limits.ProtoReflect()
	f := m.Descriptor().Fields().ByName(protoreflect.Name(name))
	return f != nil && m.Has(f)
}

// setFields names the limits that are set, in the order of the contract.
func setFields(limits *canopyv1.RadarLimits) []string {
	if limits == nil {
		return nil
	}
	var names []string
	m := limits.ProtoReflect()
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		if f := fields.Get(i); m.Has(f) {
			names = append(names, string(f.Name()))
		}
	}
	return names
}
