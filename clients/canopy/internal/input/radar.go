package input

import (
	"fmt"
	"slices"
	"strings"

	"github.com/canopyradar/canopy/clients/canopy/internal/quantity"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

func stateError(text string) error {
	return fmt.Errorf("%q is not a state: want in-service or out-of-service", text)
}

// RadarKeys are the keys of a radar on the command line, in the order of the
// help.
var RadarKeys = []string{
	"name", "lat", "lon", "mast", "range", "model", "state", "sector", "k",
	"min-range", "min-elevation", "max-elevation", "height-limit", "id",
}

// Radar reads a radar such as
// name=PEM,lat=-12.6131,lon=-69.2282,mast=15m,range=400km,model=an-tps-70.
func Radar(text string) (Placed[*canopyv1.Radar], error) {
	values, err := keyValues(text)
	if err != nil {
		return Placed[*canopyv1.Radar]{}, err
	}
	place := "--radar " + values["name"]
	b := radarBuilder{values: values}
	radar := b.build()
	if b.err != nil {
		return Placed[*canopyv1.Radar]{}, fmt.Errorf("%s: %w", place, b.err)
	}
	return Placed[*canopyv1.Radar]{Value: radar, Place: place}, nil
}

func keyValues(text string) (map[string]string, error) {
	values := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		key, value, found := strings.Cut(pair, "=")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch _, twice := values[key]; {
		case !found:
			return nil, fmt.Errorf("--radar %q: %q is not key=value: write name=PEM,lat=-12.6131,lon=-69.2282", text, pair)
		case !slices.Contains(RadarKeys, key):
			return nil, fmt.Errorf("--radar %q: unknown key %q: want one of %s", text, key, strings.Join(RadarKeys, ", "))
		case twice:
			return nil, fmt.Errorf("--radar %q: %s is given twice", text, key)
		case value == "":
			return nil, fmt.Errorf("--radar %q: %s has no value", text, key)
		}
		values[key] = value
	}
	for _, key := range []string{"name", "lat", "lon"} {
		if values[key] == "" {
			return nil, fmt.Errorf("--radar %q: no %s: write at least name=PEM,lat=-12.6131,lon=-69.2282", text, key)
		}
	}
	return values, nil
}

// radarBuilder reads values and keeps the first error.
type radarBuilder struct {
	values map[string]string
	err    error
}

func (b *radarBuilder) build() *canopyv1.Radar {
	limits := &canopyv1.RadarLimits{
		RangeKm:          b.optional("range", quantity.LengthKm),
		MinRangeKm:       b.optional("min-range", quantity.LengthKm),
		MinElevationDeg:  b.optional("min-elevation", quantity.AngleDeg),
		MaxElevationDeg:  b.optional("max-elevation", quantity.AngleDeg),
		HeightLimitAmslM: b.optional("height-limit", HeightAMSLM),
		Sector:           b.sector(),
	}
	return &canopyv1.Radar{
		RadarId: b.values["id"], Name: b.values["name"], ModelId: b.values["model"],
		Position:        b.position(),
		MastM:           b.optional("mast", quantity.LengthM),
		State:           b.state(),
		Limits:          OrNil(limits),
		EffectiveEarthK: b.optional("k", quantity.Number),
	}
}

func (b *radarBuilder) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *radarBuilder) optional(key string, parse func(what, text string) (float64, error)) *float64 {
	text, ok := b.values[key]
	if !ok {
		return nil
	}
	v, err := parse(key, text)
	b.keep(err)
	return &v
}

func (b *radarBuilder) position() *canopyv1.Position {
	position, err := quantity.Position(b.values["lat"] + "," + b.values["lon"])
	b.keep(err)
	return position
}

func (b *radarBuilder) state() canopyv1.RadarState {
	state, err := radarState(b.values["state"])
	b.keep(err)
	return state
}

func (b *radarBuilder) sector() *canopyv1.Sector {
	text, ok := b.values["sector"]
	if !ok {
		return nil
	}
	from, to, found := strings.Cut(text, "-")
	if !found {
		b.keep(fmt.Errorf("sector %q is not FROM-TO: write 30-120, clockwise from true north", text))
		return nil
	}
	sector := &canopyv1.Sector{}
	var err error
	sector.FromDeg, err = quantity.AngleDeg("sector", from)
	b.keep(err)
	sector.ToDeg, err = quantity.AngleDeg("sector", to)
	b.keep(err)
	return sector
}

// HeightAMSLM reads a height above mean sea level, whose reference may be
// left out, or a flight level.
func HeightAMSLM(what, text string) (float64, error) {
	altitude, err := quantity.Altitude(text)
	if err != nil {
		return quantity.LengthM(what, text)
	}
	switch level := altitude.GetLevel().(type) {
	case *canopyv1.Altitude_AmslM:
		return level.AmslM, nil
	case *canopyv1.Altitude_FlightLevel:
		return level.FlightLevel * quantity.MetresPerFlightLevel, nil
	}
	return 0, fmt.Errorf("%s %q is above ground: write 30480m-amsl", what, text)
}
