// Package words puts values into words for people: units after numbers, states
// as input files spell them, and why a radar does not see a point.
package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Status names the status of an airstrip as input files do.
func Status(s canopyv1.AirstripStatus) string {
	if s == canopyv1.AirstripStatus_AIRSTRIP_STATUS_UNSPECIFIED {
		return ""
	}
	return strings.ToLower(strings.TrimPrefix(s.String(), "AIRSTRIP_STATUS_"))
}

// Grouped writes a number with commas between thousands.
func Grouped(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}

// Metres writes a height in whole metres.
func Metres(v float64) string { return Grouped(v, 0) + " m" }

// MetresOr writes a height, or other where there is none.
func MetresOr(v *float64, other string) string {
	if v == nil {
		return other
	}
	return Metres(*v)
}

// Kilometres writes a distance to 100 m.
func Kilometres(v float64) string { return Grouped(v, 1) + " km" }

// USD writes an amount of US dollars, from a million on in millions.
func USD(v float64) string {
	if v < 1e6 {
		return "US$" + Grouped(v, 0)
	}
	millions := Grouped(v/1e6, 2)
	return "US$" + strings.TrimSuffix(strings.TrimRight(millions, "0"), ".") + "M"
}

// Within says how near a plan provably is to the best, rounded up to a hundredth
// of a percent.
func Within(gapPercent float64) string {
	const rounding = 1e-6
	switch {
	case gapPercent < rounding:
		return "the best possible"
	case gapPercent >= 100:
		return "not known to be near the best possible"
	}
	return "within " + strconv.FormatFloat(math.Ceil(gapPercent*100-rounding)/100, 'f', -1, 64) + " % of the best possible"
}

// Place writes latitude and longitude to about 10 m.
func Place(p *canopyv1.Position) string {
	return fmt.Sprintf("%.4f,%.4f", p.GetLatDeg(), p.GetLonDeg())
}

// State names the state of a radar as input files do.
func State(s canopyv1.RadarState) string {
	if s == canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE {
		return "out-of-service"
	}
	return "in-service"
}
