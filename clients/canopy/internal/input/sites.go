package input

import (
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/notation"
)

var siteColumns = schema{
	required("name"), latitude, longitude,
	optional("radar_id", "id"), optional("model_id", "model"), optional("mast_m", "mast"),
	optional("range_km", "range"), optional("min_range_km"),
	optional("min_elevation_deg"), optional("max_elevation_deg"),
	optional("height_limit_amsl_m", "height_limit_m"),
	optional("sector_from_deg"), optional("sector_to_deg"),
	optional("effective_earth_k", "k"), optional("state"),
}

// Sites reads radars.
func Sites(path string) ([]Placed[*canopyv1.Radar], error) {
	return readEach(path, siteColumns, radarOf)
}

func radarOf(r record) (*canopyv1.Radar, error) {
	position, err := r.position()
	if err != nil {
		return nil, err
	}
	if r.text("name") == "" {
		return nil, r.fail("name", "empty: every radar needs a name")
	}
	state, err := notation.State(r.text("state"))
	if err != nil {
		return nil, r.fail("state", "%v", err)
	}
	sector, err := sectorOf(r)
	if err != nil {
		return nil, err
	}
	limits := &canopyv1.RadarLimits{Sector: sector}
	radar := &canopyv1.Radar{
		RadarId: r.text("radar_id"), Name: r.text("name"), ModelId: r.text("model_id"),
		Position: position, State: state,
	}
	err = r.numbers(map[string]**float64{
		"mast_m": &radar.MastM, "effective_earth_k": &radar.EffectiveEarthK,
		"range_km": &limits.RangeKm, "min_range_km": &limits.MinRangeKm,
		"min_elevation_deg": &limits.MinElevationDeg, "max_elevation_deg": &limits.MaxElevationDeg,
		"height_limit_amsl_m": &limits.HeightLimitAmslM,
	})
	radar.Limits = notation.Limits(limits)
	return radar, err
}

func sectorOf(r record) (*canopyv1.Sector, error) {
	var fromDeg, toDeg *float64
	if err := r.numbers(map[string]**float64{"sector_from_deg": &fromDeg, "sector_to_deg": &toDeg}); err != nil {
		return nil, err
	}
	switch {
	case fromDeg == nil && toDeg == nil:
		return nil, nil
	case fromDeg == nil:
		return nil, r.fail("sector_from_deg", "empty, but sector_to_deg is set")
	case toDeg == nil:
		return nil, r.fail("sector_to_deg", "empty, but sector_from_deg is set")
	}
	return &canopyv1.Sector{FromDeg: *fromDeg, ToDeg: *toDeg}, nil
}
