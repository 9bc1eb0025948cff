package report

import (
	"fmt"
	"strconv"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
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

// area keeps a decimal where it matters.
func area(km2 float64) string {
	if km2 > 0 && km2 < 100 {
		return words.Grouped(km2, 1)
	}
	return words.Grouped(km2, 0)
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

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return words.Grouped(float64(n), 0) + " " + many
}

func more(n int) string { return fmt.Sprintf(" and %d more", n) }
