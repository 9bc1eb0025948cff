package command

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/notation"
	"github.com/canopyradar/canopy/server/quantity"
)

// objectiveFlags say what a plan is to achieve.
type objectiveFlags struct {
	altitudes                repeated[*canopyv1.AltitudeWeight]
	countWeights             parsed[[]float64]
	zones                    repeated[zoneWeight]
	areas                    repeated[notation.Exposure]
	stripWeight, stripHeight parsed[float64]
}

// zoneWeight is a zone by its name or its file.
type zoneWeight struct {
	zone   string
	weight float64
}

func oneZoneWeight(text string) ([]zoneWeight, error) {
	named, err := notation.NamedValue(text, "vraem=5")
	if err != nil {
		return nil, err
	}
	weight, err := quantity.Number("weight", named.Value)
	return []zoneWeight{{named.Name, weight}}, err
}

func oneArea(text string) ([]notation.Exposure, error) {
	area, err := notation.AreaAt(text)
	return []notation.Exposure{area}, err
}

func (a *App) addObjectiveFlags(cmd *cobra.Command, o *objectiveFlags) {
	o.altitudes = repeated[*canopyv1.AltitudeWeight]{kind: "altitude", parse: notation.AltitudeWeights}
	o.countWeights = parsed[[]float64]{kind: "weights", parse: notation.CountWeights}
	o.zones = repeated[zoneWeight]{kind: "zone", parse: oneZoneWeight}
	o.areas = repeated[notation.Exposure]{kind: "area", parse: oneArea}
	o.stripWeight = parsed[float64]{kind: "area", parse: named("weight", quantity.AreaKm2)}
	o.stripHeight = parsed[float64]{kind: "height", parse: named("height", notation.HeightAGLM)}
	f := cmd.Flags()
	f.Var(&o.altitudes, "altitude", "altitudes to cover, with weights: 300m-agl=2,FL100; repeatable (the scenario's, with weight 1, if none)")
	f.Var(&o.countWeights, "count-weights", "what the first radar that sees a place is worth, the second, …: 1,0.5 for double coverage (1 if not set)")
	f.Var(&o.zones, "zone", "a `zone` counts so many times as much: vraem=5, or a GeoJSON file=5; repeatable")
	f.Var(&o.areas, "expose", "an `area` counts at an altitude of its own: vraem@150m-agl=2; repeatable")
	f.Var(&o.stripWeight, "airstrip-weight", "seeing over an airstrip counts as much as this area: 1000km2 (airstrips count if this or the height is set)")
	f.Var(&o.stripHeight, "airstrip-height", "at or below this height over the airstrip: 300m-agl")
	completeWith(cmd, "zone", completeNames(a, airspaceNames))
	completeWith(cmd, "expose", completeNames(a, airspaceNames))
}

func (o *objectiveFlags) objective(a *App, strips *stripFlags) (*canopyv1.PlanObjective, error) {
	objective := &canopyv1.PlanObjective{Altitudes: o.altitudes.values}
	for i, altitude := range o.altitudes.values {
		a.places[fmt.Sprintf("objective.altitudes[%d]", i)] = "--altitude " + quantity.FormatAltitude(altitude.GetAltitude())
	}
	if o.countWeights.value != nil {
		objective.CountWeights = *o.countWeights.value
	}
	for i, z := range o.zones.values {
		field := fmt.Sprintf("objective.zones[%d]", i)
		a.places[field] = "--zone " + z.zone
		zone, err := a.airspaceIn(z.zone, field+".zone", "--zone")
		if err != nil {
			return nil, err
		}
		objective.Zones = append(objective.Zones, &canopyv1.ZoneWeight{Zone: zone, Weight: z.weight})
	}
	for i, e := range o.areas.values {
		field := fmt.Sprintf("objective.areas[%d]", i)
		a.places[field] = "--expose " + e.Area
		area, err := a.airspaceIn(e.Area, field+".area", "--expose")
		if err != nil {
			return nil, err
		}
		objective.Areas = append(objective.Areas, &canopyv1.AreaExposure{Area: area, Altitude: e.Altitude, Weight: e.Weight})
	}
	if o.stripWeight.value != nil || o.stripHeight.value != nil {
		objective.Airstrips = &canopyv1.AirstripObjective{
			Airstrips: strips.selectionFor(a, "objective.airstrips.airstrips"),
			MaxAglM:   o.stripHeight.value, WeightKm2: o.stripWeight.value,
		}
	}
	return objective, nil
}

// planLimitFlags say what a plan must keep to.
type planLimitFlags struct {
	count   int32
	budget  parsed[float64]
	spacing parsed[float64]
	maxOf   repeated[*canopyv1.ModelLimit]
	costs   repeated[*canopyv1.ModelCost]
}

func (a *App) addPlanLimitFlags(cmd *cobra.Command, l *planLimitFlags) {
	l.budget = parsed[float64]{kind: "dollars", parse: named("budget", quantity.USD)}
	l.spacing = parsed[float64]{kind: "length", parse: named("spacing", quantity.LengthKm)}
	l.maxOf = repeated[*canopyv1.ModelLimit]{kind: "model", parse: oneModelLimit}
	l.costs = repeated[*canopyv1.ModelCost]{kind: "model", parse: oneModelCost}
	f := cmd.Flags()
	f.Int32Var(&l.count, "count", 0, "build at most so many radars: a `number`")
	f.Var(&l.budget, "budget", "what they may cost together in US dollars: 71M, 71,000,000")
	f.Var(&l.spacing, "min-spacing", "radars stand at least this far apart: 100km")
	f.Var(&l.maxOf, "max-of", "build at most so many of a `model`: modern-3d=4; repeatable")
	f.Var(&l.costs, "cost", "what one radar of a `model` costs in US dollars: an-tps-77=20M; repeatable (the default if not set: canopy models)")
	completeWith(cmd, "max-of", completeNames(a, modelNames))
	completeWith(cmd, "cost", completeNames(a, modelNames))
}

func oneModelLimit(text string) ([]*canopyv1.ModelLimit, error) {
	named, err := notation.NamedValue(text, "modern-3d=4")
	if err != nil {
		return nil, err
	}
	most, err := strconv.ParseInt(named.Value, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("%q: %q is not a whole number: write %s=4", text, named.Value, named.Name)
	}
	return []*canopyv1.ModelLimit{{ModelId: named.Name, MaxCount: int32(most)}}, nil
}

func oneModelCost(text string) ([]*canopyv1.ModelCost, error) {
	named, err := notation.NamedValue(text, "an-tps-77=20M")
	if err != nil {
		return nil, err
	}
	costUSD, err := quantity.USD("cost", named.Value)
	return []*canopyv1.ModelCost{{ModelId: named.Name, CostUsd: costUSD}}, err
}

func (l *planLimitFlags) constraints(a *App, set *pflag.FlagSet) *canopyv1.PlanConstraints {
	constraints := &canopyv1.PlanConstraints{
		BudgetUsd: l.budget.value, MinSpacingKm: l.spacing.value, Models: l.maxOf.values, Costs: l.costs.values,
	}
	if set.Changed("count") {
		constraints.MaxCount = &l.count
	}
	for i, m := range l.maxOf.values {
		a.places[fmt.Sprintf("constraints.models[%d]", i)] = "--max-of " + m.GetModelId()
	}
	for i, m := range l.costs.values {
		a.places[fmt.Sprintf("constraints.costs[%d]", i)] = "--cost " + m.GetModelId()
	}
	return constraints
}
