package fault

import (
	"fmt"
	"maps"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

// Places map a field of a request, or the beginning of its path, to where the
// user wrote it: network.radars[0] to "sites.csv line 3".
type Places map[string]string

// flags are the places that do not change from call to call.
var flags = Places{
	"network.scenario_id":         "--scenario",
	"network.radars":              "--radar",
	"options.reach":               "--reach",
	"options.effective_earth_k":   "--k",
	"options.min_radars":          "--min-radars",
	"options.strict_terrain":      "--strict",
	"options.resolution_arcsec":   "--resolution",
	"options.limits.range_km":     "--range",
	"options.limits.min_range_km": "--min-range",
	"airspace":                    "--airspace",
	"airspace.airspace_id":        "--airspace",
	"altitudes":                   "--altitude",
	"airstrips.airstrips":         "--airstrips",
	"min_area_km2":                "--min-area",
	"tolerance_m":                 "--tolerance",
	"points":                      "--point",
	"radar_id":                    "--from",
	"point":                       "--to",
	"sample_count":                "--samples",
	"frequency_mhz":               "--frequency",
	"position":                    "--near",
	"count":                       "--count",
	"circle":                      "--within",
	"area":                        "--within",
	"airspace_id":                 "--within",

	"existing.scenario_id":                    "--scenario",
	"existing.radars":                         "--radar",
	"candidates":                              "--candidates",
	"search.within":                           "--within",
	"search.near_access_km":                   "--near-access",
	"search.thin_km":                          "--thin",
	"search.max_count":                        "--max",
	"search.model_id":                         "--model",
	"search.mast_m":                           "--mast",
	"search.airstrips.airstrips":              "--airstrips",
	"objective.altitudes":                     "--altitude",
	"objective.count_weights":                 "--count-weights",
	"objective.zones":                         "--zone",
	"objective.areas":                         "--expose",
	"objective.airstrips.max_agl_m":           "--airstrip-height",
	"objective.airstrips.weight_km2":          "--airstrip-weight",
	"objective.airstrips.airstrips.airstrips": "--airstrips",
	"constraints":                             "--count and --budget",
	"constraints.max_count":                   "--count",
	"constraints.budget_usd":                  "--budget",
	"constraints.min_spacing_km":              "--min-spacing",
	"constraints.models":                      "--max-of",
	"constraints.costs":                       "--cost",
	"effort.time_limit":                       "--time",
	"effort.gap_percent":                      "--gap",
	"max_airstrip_agl_m":                      "--airstrip-height",
	"zones":                                   "--zone",
	"availability":                            "--availability",
	"availabilities":                          "--availability",
}

// within are messages that stand around those whose fields have places: one flag
// sets the same field of several requests.
var within = []string{"gaps.", "candidates."}

// maxShown bounds the violations in one line.
const maxShown = 3

func violationsOf(s *status.Status) []*errdetails.BadRequest_FieldViolation {
	for _, detail := range s.Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			return bad.GetFieldViolations()
		}
	}
	return nil
}

func (p Places) explain(violations []*errdetails.BadRequest_FieldViolation) string {
	var parts []string
	for _, v := range violations[:min(len(violations), maxShown)] {
		parts = append(parts, p.violation(v))
	}
	text := strings.Join(parts, "; ")
	if more := len(violations) - maxShown; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

func (p Places) violation(v *errdetails.BadRequest_FieldViolation) string {
	if where := p.translate(v.GetField()); where != "" {
		return where + ": " + v.GetDescription()
	}
	return v.GetDescription()
}

// containers are parts of a path that tell the user nothing.
var containers = strings.NewReplacer("radar.", "", "position.", "", "limits.", "", "altitude.", "")

// translate replaces the longest beginning of a path that has a place.
func (p Places) translate(field string) string {
	for _, around := range within {
		field = strings.TrimPrefix(field, around)
	}
	all := maps.Clone(flags)
	maps.Copy(all, p)
	for prefix := field; prefix != ""; prefix = parent(prefix) {
		place, ok := all[prefix]
		if !ok {
			continue
		}
		rest := containers.Replace(strings.TrimPrefix(field[len(prefix):], "."))
		if rest == "" {
			return place
		}
		return place + ": " + rest
	}
	return field
}

// parent cuts the last name or index off a path.
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}
