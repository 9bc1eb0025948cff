// Package notation reads what planners type on the command line and in the
// query of an address: radars, and the words for what a computation is to do.
//
// As in package quantity, whether values make sense is for the server to say.
package notation

import (
	"fmt"
	"slices"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

// RadarKeys are the keys of a radar on the command line, in the order of the
// help.
var RadarKeys = []string{
	"name", "lat", "lon", "mast", "range", "model", "state", "sector", "k",
	"min-range", "min-elevation", "max-elevation", "height-limit", "id",
}

// Radar reads a radar such as
// name=PEM,lat=-12.6131,lon=-69.2282,mast=15m,range=400km,model=an-tps-70.
func Radar(text string) (*canopyv1.Radar, error) {
	values, err := keyValues(text)
	if err != nil {
		return nil, fmt.Errorf("radar %q: %w", text, err)
	}
	b := radarBuilder{values: values}
	radar := b.build()
	if b.err != nil {
		return nil, fmt.Errorf("radar %s: %w", values["name"], b.err)
	}
	return radar, nil
}

func keyValues(text string) (map[string]string, error) {
	values := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		key, value, found := strings.Cut(pair, "=")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch _, twice := values[key]; {
		case !found:
			return nil, fmt.Errorf("%q is not key=value: write name=PEM,lat=-12.6131,lon=-69.2282", pair)
		case !slices.Contains(RadarKeys, key):
			return nil, fmt.Errorf("unknown key %q: want one of %s", key, strings.Join(RadarKeys, ", "))
		case twice:
			return nil, fmt.Errorf("%s is given twice", key)
		case value == "":
			return nil, fmt.Errorf("%s has no value", key)
		}
		values[key] = value
	}
	for _, key := range []string{"name", "lat", "lon"} {
		if values[key] == "" {
			return nil, fmt.Errorf("no %s: write at least name=PEM,lat=-12.6131,lon=-69.2282", key)
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
		Limits:          Limits(limits),
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
	state, err := State(b.values["state"])
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
