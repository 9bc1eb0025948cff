package quantity

import (
	"fmt"
	"strings"
)

// Tenths of a millimetre in one of each unit, so that all are whole numbers and 3000 ft is
// 914.4 m to the last bit. A foot is international, a nautical mile is 1852 m,
// a mile is statute.
var tenthMillimetresPer = map[string]float64{
	"m": 1e4, "km": 1e7, "ft": 3048, "nmi": 1852e4, "nm": 1852e4, "mi": 16093440,
}

// LengthM reads a length in metres: 15m, 400km, 1000ft, 216nmi, 250mi. what
// names it in the error.
func LengthM(what, text string) (float64, error) {
	number, unit := split(text)
	v, err := Number(what, number)
	if err != nil {
		return 0, fmt.Errorf("%s %q is not a length: write 15m, 400km, 1000ft or 216nmi", what, text)
	}
	if unit == "" {
		return 0, fmt.Errorf("%s %q has no unit: write %sm, %[3]skm, %[3]sft or %[3]snmi", what, text, number)
	}
	factor, ok := tenthMillimetresPer[unit]
	if !ok {
		return 0, fmt.Errorf("%s %q has unit %q: want m, km, ft, nmi or mi", what, text, unit)
	}
	return v * factor / 1e4, nil
}

// LengthKm is LengthM in km. A length given in km comes back to the last bit.
func LengthKm(what, text string) (float64, error) {
	if number, unit := split(text); unit == "km" {
		if v, err := Number(what, number); err == nil {
			return v, nil
		}
	}
	m, err := LengthM(what, text)
	return m / 1000, err
}

// AreaKm2 reads an area in km²: 25km2, 500000m2.
func AreaKm2(what, text string) (float64, error) {
	number, unit := split(text)
	v, err := Number(what, number)
	if err != nil {
		return 0, fmt.Errorf("%s %q is not an area: write 25km2", what, text)
	}
	switch strings.Replace(unit, "²", "2", 1) {
	case "km2":
		return v, nil
	case "m2":
		return v / 1e6, nil
	case "":
		return 0, fmt.Errorf("%s %q has no unit: write %skm2", what, text, number)
	}
	return 0, fmt.Errorf("%s %q has unit %q: want km2 or m2", what, text, unit)
}
