package report

import (
	"fmt"
	"strconv"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// causeWords say why a place is not seen.
var causeWords = map[canopyv1.GapCause]string{
	canopyv1.GapCause_GAP_CAUSE_OUT_OF_RANGE:   "out of range",
	canopyv1.GapCause_GAP_CAUSE_OUTSIDE_SECTOR: "outside the sector",
	canopyv1.GapCause_GAP_CAUSE_BELOW_HORIZON:  "below the horizon",
	canopyv1.GapCause_GAP_CAUSE_ABOVE_BEAM:     "above the beam",
	canopyv1.GapCause_GAP_CAUSE_TERRAIN:        "terrain",
	canopyv1.GapCause_GAP_CAUSE_OUT_OF_SERVICE: "radar out of service",
}

// StatusWord names the status of an airstrip as input files do.
func StatusWord(s canopyv1.AirstripStatus) string {
	if s == canopyv1.AirstripStatus_AIRSTRIP_STATUS_UNSPECIFIED {
		return ""
	}
	return strings.ToLower(strings.TrimPrefix(s.String(), "AIRSTRIP_STATUS_"))
}

// grouped writes a number with commas between thousands.
func grouped(v float64, decimals int) string {
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

// area keeps a decimal where it matters.
func area(km2 float64) string {
	if km2 > 0 && km2 < 100 {
		return grouped(km2, 1)
	}
	return grouped(km2, 0)
}

// percent never rounds something to nothing, nor nearly all to all.
func percent(share float64) string {
	switch {
	case share > 0 && share < 0.0005:
		return "<0.1 %"
	case share < 1 && share >= 0.9995:
		return ">99.9 %"
	}
	return strconv.FormatFloat(100*share, 'f', 1, 64) + " %"
}

// roughly is percent without decimals.
func roughly(share float64) string {
	switch {
	case share > 0 && share < 0.005:
		return "<1 %"
	case share < 1 && share >= 0.995:
		return ">99 %"
	}
	return strconv.FormatFloat(100*share, 'f', 0, 64) + " %"
}

func metres(v float64) string { return grouped(v, 0) + " m" }

// metresOr writes a height, or other where there is none.
func metresOr(v *float64, other string) string {
	if v == nil {
		return other
	}
	return metres(*v)
}

func kilometres(v float64) string { return grouped(v, 1) + " km" }

func place(p *canopyv1.Position) string {
	return fmt.Sprintf("%.4f,%.4f", p.GetLatDeg(), p.GetLonDeg())
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(float64(n), 0) + " " + many
}

func more(n int) string { return fmt.Sprintf(" and %d more", n) }
