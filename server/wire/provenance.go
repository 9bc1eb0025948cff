package wire

import (
	"github.com/canopyradar/canopy/coverage"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/terrain"
)

// Warnings returns warnings in their order.
func Warnings(warnings []coverage.Warning) []*canopyv1.Warning {
	return each(warnings, func(w coverage.Warning) *canopyv1.Warning {
		return &canopyv1.Warning{WarningId: w.ID, Message: w.Message, Subject: w.Subject}
	})
}

// Terrain returns what an elevation model is.
func Terrain(info terrain.Info) *canopyv1.Terrain {
	return &canopyv1.Terrain{
		Name:          info.Name,
		Identity:      info.Identity,
		SpacingArcsec: plain(info.SpacingArcsec),
		Demonstration: info.Demonstration,
		Source:        info.Source,
		Licence:       info.Licence,
	}
}

// Elevation returns the ground at a place, in metres above mean sea level;
// NaN where it is not known.
func Elevation(elevationAMSLM float64) *canopyv1.Elevation {
	return &canopyv1.Elevation{ElevationAmslM: known(elevationAMSLM, metres)}
}

// EarthFactor returns k as an answer shows it.
func EarthFactor(k float64) float64 { return plain(k) }

// SpacingArcsec returns a post spacing as an answer shows it.
func SpacingArcsec(arcsec float64) float64 { return plain(arcsec) }
