package notation

import (
	"fmt"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

// AltitudeWeights reads altitudes with what each counts, 1 if that is left out:
// 300m-agl=2,FL100.
func AltitudeWeights(text string) ([]*canopyv1.AltitudeWeight, error) {
	var all []*canopyv1.AltitudeWeight
	for part := range strings.SplitSeq(text, ",") {
		level, weight, found := strings.Cut(part, "=")
		altitude, err := quantity.Altitude(level)
		if err != nil {
			return nil, err
		}
		weighted := &canopyv1.AltitudeWeight{Altitude: altitude}
		if found {
			if weighted.Weight, err = weightOf(part, weight); err != nil {
				return nil, err
			}
		}
		all = append(all, weighted)
	}
	return all, nil
}

func weightOf(text, weight string) (*float64, error) {
	v, err := quantity.Number("weight", weight)
	if err != nil {
		return nil, fmt.Errorf("%q: weight %q is not a number: write a weight such as 2 after the =", text, weight)
	}
	return &v, nil
}

// CountWeights reads what the first radar that sees a place earns, the second,
// and so on: 1,0.5.
func CountWeights(text string) ([]float64, error) {
	var all []float64
	for part := range strings.SplitSeq(text, ",") {
		v, err := quantity.Number("weight", part)
		if err != nil {
			return nil, fmt.Errorf("%q: %w: write 1,0.5, where a second radar is worth half of the first", text, err)
		}
		all = append(all, v)
	}
	return all, nil
}

// Named is a name and what is said of it: vraem=5.
type Named struct {
	Name, Value string
}

// NamedValue parts a name from what is said of it, at the last =, as the names of
// files may have some. example is for the error.
func NamedValue(text, example string) (Named, error) {
	i := strings.LastIndex(text, "=")
	if i < 1 || i == len(text)-1 {
		return Named{}, fmt.Errorf("%q is not NAME=VALUE: write %s", text, example)
	}
	return Named{Name: strings.TrimSpace(text[:i]), Value: strings.TrimSpace(text[i+1:])}, nil
}

// Exposure is an area, by its name or its file, that counts at an altitude.
type Exposure struct {
	Area     string
	Altitude *canopyv1.Altitude
	// Weight is nil where none is given.
	Weight *float64
}

// AreaAt reads vraem@150m-agl=2.
func AreaAt(text string) (Exposure, error) {
	i := strings.LastIndex(text, "@")
	if i < 1 {
		return Exposure{}, fmt.Errorf("%q is not AREA@ALTITUDE: write vraem@150m-agl, or vraem@150m-agl=2 with a weight", text)
	}
	weighted, err := AltitudeWeights(text[i+1:])
	switch {
	case err != nil:
		return Exposure{}, fmt.Errorf("%q: %w", text, err)
	case len(weighted) > 1:
		return Exposure{}, fmt.Errorf("%q has several altitudes: give the area once for each", text)
	}
	return Exposure{Area: strings.TrimSpace(text[:i]), Altitude: weighted[0].GetAltitude(), Weight: weighted[0].Weight}, nil
}

// HeightAGLM reads a height above ground in metres, whose reference may be left
// out.
func HeightAGLM(what, text string) (float64, error) {
	altitude, err := quantity.Altitude(text)
	if err != nil {
		return quantity.LengthM(what, text)
	}
	if level, ok := altitude.GetLevel().(*canopyv1.Altitude_AglM); ok {
		return level.AglM, nil
	}
	return 0, fmt.Errorf("%s %q is not above ground: write 300m-agl", what, text)
}

// YesNo reads true or false, as spreadsheets and people write them; empty is no.
func YesNo(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "yes", "1":
		return true, nil
	case "", "false", "no", "0":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither true nor false", text)
}
