package wire

import (
	"github.com/canopyradar/canopy/coverage"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Warnings returns warnings in their order.
func Warnings(warnings []coverage.Warning) []*canopyv1.Warning {
	return each(warnings, func(w coverage.Warning) *canopyv1.Warning {
		return &canopyv1.Warning{WarningId: w.ID, Message: w.Message, Subject: w.Subject}
	})
}

// EarthFactor returns k as an answer shows it.
func EarthFactor(k float64) float64 { return plain(k) }

// SpacingArcsec returns a post spacing as an answer shows it.
func SpacingArcsec(arcsec float64) float64 { return plain(arcsec) }
