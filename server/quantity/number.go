// Package quantity reads and writes numbers with their units, as people type
// them: 300m-agl, FL100, 216nmi, -12.6131,-69.2282.
//
// A bare number is refused wherever more than one unit is in use. Whether a
// value makes sense (a latitude of 95, a mast below the ground) is for the
// server to say; only numbers that are not finite are refused here.
package quantity

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Number reads a finite decimal number. what names it in the error.
func Number(what, text string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%s %q is not a number", what, text)
	}
	return v, nil
}

// AngleDeg reads an angle in degrees: 20, 20deg or 20°.
func AngleDeg(what, text string) (float64, error) {
	number := strings.TrimSpace(text)
	for _, unit := range []string{"deg", "°"} {
		number = strings.TrimSuffix(number, unit)
	}
	v, err := Number(what, number)
	if err != nil {
		return 0, fmt.Errorf("%s %q is not an angle in degrees: write 20deg", what, text)
	}
	return v, nil
}

// FrequencyMHz reads a frequency in MHz: 3000MHz, 3GHz.
func FrequencyMHz(what, text string) (float64, error) {
	number, unit := split(text)
	v, err := Number(what, number)
	if err != nil {
		return 0, fmt.Errorf("%s %q is not a frequency: write 3000MHz or 3GHz", what, text)
	}
	switch unit {
	case "mhz":
		return v, nil
	case "ghz":
		return v * 1000, nil
	case "":
		return 0, fmt.Errorf("%s %q has no unit: write %sMHz or %[3]sGHz", what, text, number)
	}
	return 0, fmt.Errorf("%s %q has unit %q: want MHz or GHz", what, text, unit)
}

// Arcsec reads an angle in arc-seconds: 3s, 15arcsec or 15″.
func Arcsec(what, text string) (float64, error) {
	number, unit := split(text)
	v, err := Number(what, number)
	if err != nil {
		return 0, fmt.Errorf("%s %q is not a number of arc-seconds: write 3s or 15s", what, text)
	}
	switch unit {
	case "s", "arcsec", "″":
		return v, nil
	case "":
		return 0, fmt.Errorf("%s %q has no unit: write %ss", what, text, number)
	}
	return 0, fmt.Errorf("%s %q has unit %q: want s, for arc-seconds", what, text, unit)
}

// split parts a quantity into its number and its unit in lower case.
func split(text string) (number, unit string) {
	text = strings.ToLower(strings.TrimSpace(text))
	end := len(text)
	for end > 0 && !isNumeric(text[end-1]) {
		end--
	}
	// The digit of km2 and m2 belongs to the unit.
	if end == len(text) && strings.HasSuffix(text, "m2") {
		return strings.TrimSpace(strings.TrimRight(text[:end-2], "k")), unitOfArea(text)
	}
	return strings.TrimSpace(text[:end]), strings.TrimSpace(text[end:])
}

func unitOfArea(text string) string {
	if strings.HasSuffix(text, "km2") {
		return "km2"
	}
	return "m2"
}

func isNumeric(c byte) bool { return c >= '0' && c <= '9' || c == '.' }

// Plain writes a number without an exponent and without needless digits.
func Plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
