package web

import (
	"context"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/notation"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/quantity"
)

// network are the radars of a query, and how coverage is computed.
type network struct {
	scenario     string
	radars       []*canopyv1.Radar
	outOfService []string
	options      canopyv1.CoverageOptions
	limits       canopyv1.RadarLimits
	minRadars    int32
}

func (n *network) parameters() []parameter {
	o, l := &n.options, &n.limits
	return []parameter{
		{name: "scenario", about: "Radars, airspace and altitudes of this scenario; tps70-2015 if there are no radars either.", example: "four-modern", set: text(&n.scenario)},
		{name: "radar", many: true, set: each(&n.radars, notation.Radar), example: "name=PEM,lat=-12.6131,lon=-69.2282,mast=15m,range=400km",
			about: "A radar as key=value,…: name, lat and lon, and what departs from its model. Radars add to those of the scenario, or stand alone without it."},
		{name: "out-of-service", about: "Take the radar of this name as out of service.", example: "Pucallpa", many: true, set: each(&n.outOfService, verbatim)},
		{name: "reach", about: "What limits sight: disc, horizon or terrain (default).", example: "terrain", set: one(&o.Reach, notation.Reach)},
		{name: "k", about: "Effective earth factor; 4/3 if not given.", example: "1.42", set: quantityOf(&o.EffectiveEarthK, "k", quantity.Number)},
		{name: "min-radars", about: "How many radars must see a place; 1 if not given.", example: "2", set: n.setMinRadars},
		{name: "strict", about: "Refuse to answer where terrain is missing in range.", example: "true", set: flag(&o.StrictTerrain)},
		{name: "range", about: "Instrumented range of every radar.", example: "444.48km", set: quantityOf(&l.RangeKm, "range", quantity.LengthKm)},
		{name: "min-range", about: "Smallest range of every radar.", example: "1km", set: quantityOf(&l.MinRangeKm, "range", quantity.LengthKm)},
		{name: "min-elevation", about: "Lowest beam elevation of every radar.", example: "0.5deg", set: quantityOf(&l.MinElevationDeg, "elevation", quantity.AngleDeg)},
		{name: "max-elevation", about: "Highest beam elevation of every radar.", example: "20deg", set: quantityOf(&l.MaxElevationDeg, "elevation", quantity.AngleDeg)},
		{name: "height-limit", about: "Height limit of every radar.", example: "30480m-amsl", set: quantityOf(&l.HeightLimitAmslM, "height limit", notation.HeightAMSLM)},
		{name: "resolution", about: "Distance between the posts of the computation, or auto (default).", example: "15s", set: one(&o.ResolutionArcsec, notation.Resolution)},
	}
}

func verbatim(text string) (string, error) { return text, nil }

func (n *network) setMinRadars(text string) (err error) {
	n.minRadars, err = whole(text)
	n.options.MinRadars = &n.minRadars
	return err
}

func (n *network) coverageOptions() *canopyv1.CoverageOptions {
	n.options.Limits = notation.Limits(&n.limits)
	return &n.options
}

// selection returns the radars as canopy does: those of a scenario are fetched
// only where something is added to them or changed.
func (n *network) selection(ctx context.Context, catalog canopyv1.CatalogServiceClient) (*canopyv1.NetworkSelection, error) {
	selection := &canopyv1.NetworkSelection{ScenarioId: n.scenario}
	if len(n.radars) == 0 && len(n.outOfService) == 0 {
		return selection, nil
	}
	if n.scenario != "" || len(n.radars) == 0 {
		scenario, err := getScenario(ctx, catalog, n.scenario)
		if err != nil {
			return nil, err
		}
		selection.Radars = scenario.GetRadars()
	}
	selection.Radars = append(selection.Radars, n.radars...)
	if err := notation.TakeOut(selection.Radars, n.outOfService); err != nil {
		return nil, problem.Field("out-of-service", problem.ReasonRadarUnknown, "%s", err)
	}
	return selection, nil
}

// getScenario returns a scenario, the default one for no name.
func getScenario(ctx context.Context, catalog canopyv1.CatalogServiceClient, name string) (*canopyv1.Scenario, error) {
	if name != "" {
		answer, err := catalog.GetScenario(ctx, &canopyv1.GetScenarioRequest{ScenarioId: name})
		return answer.GetScenario(), err
	}
	answer, err := catalog.ListScenarios(ctx, &canopyv1.ListScenariosRequest{})
	if err != nil {
		return nil, err
	}
	return answer.GetScenarios()[0], nil
}
