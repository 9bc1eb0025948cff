package quantity

import (
	"fmt"
	"math"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// MetresPerFlightLevel is one hundred international feet.
const MetresPerFlightLevel = 30.48

// Altitude reads a height with its reference: 300m-agl, 3000ft-amsl, FL100.
func Altitude(text string) (*canopyv1.Altitude, error) {
	lower := strings.ToLower(strings.TrimSpace(text))
	if level, ok := strings.CutPrefix(lower, "fl"); ok {
		return flightLevel(text, level)
	}
	height, reference, found := cutReference(lower)
	if !found {
		return nil, missingReference(text)
	}
	m, err := LengthM("altitude", height)
	if err != nil {
		return nil, fmt.Errorf("altitude %q cannot be read: write 300m-%s or 1000ft-%[2]s", text, reference)
	}
	if reference == "agl" {
		return &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: m}}, nil
	}
	return &canopyv1.Altitude{Level: &canopyv1.Altitude_AmslM{AmslM: m}}, nil
}

func flightLevel(text, level string) (*canopyv1.Altitude, error) {
	v, err := Number("flight level", level)
	if err != nil {
		return nil, fmt.Errorf("altitude %q is not a flight level: write FL100", text)
	}
	return &canopyv1.Altitude{Level: &canopyv1.Altitude_FlightLevel{FlightLevel: v}}, nil
}

func cutReference(text string) (height, reference string, found bool) {
	for _, reference := range []string{"agl", "amsl"} {
		if height, ok := strings.CutSuffix(text, reference); ok {
			return strings.TrimRight(height, "- "), reference, true
		}
	}
	return "", "", false
}

func missingReference(text string) error {
	number, unit := split(text)
	v, err := Number("altitude", number)
	switch {
	case err != nil:
		return fmt.Errorf("altitude %q is not an altitude: write 300m-agl, 3000ft-amsl or FL100", text)
	case unit == "":
		return fmt.Errorf("altitude %q has no unit: write %sm-agl, %[2]sm-amsl or FL%03.0f",
			text, number, math.Abs(v)/MetresPerFlightLevel)
	}
	return fmt.Errorf("altitude %q has no reference: write %s-agl (above ground) or %[2]s-amsl (above sea level)",
		text, number+unit)
}

// Altitudes reads altitudes with commas between them.
func Altitudes(text string) ([]*canopyv1.Altitude, error) {
	var altitudes []*canopyv1.Altitude
	for part := range strings.SplitSeq(text, ",") {
		a, err := Altitude(part)
		if err != nil {
			return nil, err
		}
		altitudes = append(altitudes, a)
	}
	return altitudes, nil
}

// FormatAltitude writes an altitude as Altitude reads it.
func FormatAltitude(a *canopyv1.Altitude) string {
	switch level := a.GetLevel().(type) {
	case *canopyv1.Altitude_AglM:
		return Plain(level.AglM) + "m-agl"
	case *canopyv1.Altitude_AmslM:
		return Plain(level.AmslM) + "m-amsl"
	case *canopyv1.Altitude_FlightLevel:
		return flightLevelName(level.FlightLevel)
	}
	return ""
}

// DescribeAltitude writes an altitude as people do: 300 m AGL.
func DescribeAltitude(a *canopyv1.Altitude) string {
	switch level := a.GetLevel().(type) {
	case *canopyv1.Altitude_AglM:
		return Plain(level.AglM) + " m AGL"
	case *canopyv1.Altitude_AmslM:
		return Plain(level.AmslM) + " m AMSL"
	case *canopyv1.Altitude_FlightLevel:
		return flightLevelName(level.FlightLevel)
	}
	return ""
}

func flightLevelName(level float64) string {
	name := Plain(level)
	if level >= 0 && level < 100 {
		whole, _, _ := strings.Cut(name, ".")
		name = strings.Repeat("0", 3-len(whole)) + name
	}
	return "FL" + name
}
