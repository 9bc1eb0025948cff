package wire

import (
	"github.com/canopyradar/canopy/coverage/catalog"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Scenario returns a starting point in full.
func Scenario(s catalog.Scenario) *canopyv1.Scenario {
	return &canopyv1.Scenario{
		ScenarioId:  s.ID,
		Name:        s.Name,
		Summary:     s.Summary,
		Radars:      each(s.Radars, Radar),
		AirspaceId:  s.AirspaceID,
		Altitudes:   each(s.Altitudes, Altitude),
		Sources:     s.Sources,
		Assumptions: s.Assumptions,
	}
}

// Airspace returns an airspace of areaM2 m² without its outline.
func Airspace(a *catalog.Airspace, areaM2 float64) *canopyv1.Airspace {
	return &canopyv1.Airspace{
		AirspaceId:  a.ID,
		Name:        a.Name,
		Kind:        airspaceKind(a.Kind),
		AreaKm2:     areaKM2(areaM2),
		BoundingBox: BoundingBox(a.Area.Bound()),
		Source:      a.Source,
		Licence:     a.Licence,
		Assumptions: a.Assumptions,
	}
}

func airspaceKind(k catalog.Kind) canopyv1.AirspaceKind {
	switch k {
	case catalog.Country:
		return canopyv1.AirspaceKind_AIRSPACE_KIND_COUNTRY
	case catalog.Department:
		return canopyv1.AirspaceKind_AIRSPACE_KIND_DEPARTMENT
	case catalog.Zone:
		return canopyv1.AirspaceKind_AIRSPACE_KIND_ZONE
	default:
		return canopyv1.AirspaceKind_AIRSPACE_KIND_UNSPECIFIED
	}
}
