package command

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/input"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/notation"
	"github.com/canopyradar/canopy/server/quantity"
)

// networkFlags say which radars look, and how coverage is computed.
type networkFlags struct {
	// field of the request that holds the radars.
	field string
	// noneByItself: there are no radars where none are named, instead of those of
	// the default scenario.
	noneByItself bool

	scenario     string
	sites        parsed[[]input.Placed[*canopyv1.Radar]]
	radars       repeated[input.Placed[*canopyv1.Radar]]
	outOfService []string

	reach                  parsed[canopyv1.Reach]
	k                      parsed[float64]
	minRadars              int32
	strict                 bool
	rangeKm, minRangeKm    parsed[float64]
	minBeamDeg, maxBeamDeg parsed[float64]
	heightLimitAMSLM       parsed[float64]
	resolutionArcsec       parsed[*float64]
}

var radarHelp = "The radars are those of --scenario. --sites and --radar add to them, or stand alone without it:\n" + radarKeysHelp

var radarKeysHelp = "  --radar 'name=PEM,lat=-12.6131,lon=-69.2282,mast=15m,range=400km,model=an-tps-70'\n" +
	"Keys: " + strings.Join(notation.RadarKeys[:9], ", ") + ",\n  " + strings.Join(notation.RadarKeys[9:], ", ") + ". Quantities carry their unit."

func (a *App) addNetworkFlags(cmd *cobra.Command, n *networkFlags) {
	n.field = "network"
	cmd.Long = cmp.Or(cmd.Long, cmd.Short+".") + "\n\n" + radarHelp
	f := cmd.Flags()
	f.StringVar(&n.scenario, "scenario", "", "radars, airspace and altitudes of this `scenario` (canopy scenarios; tps70-2015 if none)")
	f.StringArrayVar(&n.outOfService, "out-of-service", nil, "take the radar of this `name` as out of service, repeatable")
	f.Int32Var(&n.minRadars, "min-radars", 0, "how many radars must see a place: a `number`, 2 for double coverage")
	a.addRadarFlags(cmd, n)
}

// addExistingFlags says which radars stand already: none by itself.
func (a *App) addExistingFlags(cmd *cobra.Command, n *networkFlags) {
	n.field, n.noneByItself = "existing", true
	f := cmd.Flags()
	f.StringVar(&n.scenario, "scenario", "", "radars of this `scenario` stand already (none if not set); its airspace and altitudes count")
	f.StringArrayVar(&n.outOfService, "out-of-service", nil, "take the standing radar of this `name` as out of service, repeatable")
	a.addRadarFlags(cmd, n)
}

func (a *App) addRadarFlags(cmd *cobra.Command, n *networkFlags) {
	n.sites = parsed[[]input.Placed[*canopyv1.Radar]]{kind: "file", parse: input.Sites}
	n.radars = repeated[input.Placed[*canopyv1.Radar]]{kind: "radar", parse: oneRadar}
	n.reach = parsed[canopyv1.Reach]{kind: "reach", parse: notation.Reach}
	n.k = parsed[float64]{kind: "number", parse: named("k", quantity.Number)}
	n.rangeKm = parsed[float64]{kind: "length", parse: named("range", quantity.LengthKm)}
	n.minRangeKm = parsed[float64]{kind: "length", parse: named("range", quantity.LengthKm)}
	n.minBeamDeg = parsed[float64]{kind: "angle", parse: named("elevation", quantity.AngleDeg)}
	n.maxBeamDeg = parsed[float64]{kind: "angle", parse: named("elevation", quantity.AngleDeg)}
	n.heightLimitAMSLM = parsed[float64]{kind: "height", parse: named("height limit", notation.HeightAMSLM)}
	n.resolutionArcsec = parsed[*float64]{kind: "spacing", parse: notation.Resolution}

	f := cmd.Flags()
	f.Var(&n.sites, "sites", "radars from a CSV or GeoJSON `file`: name, lat, lon and optional mast_m, range_km, model, state, …")
	f.Var(&n.radars, "radar", "a `radar` as key=value,…; repeatable, see above")
	f.Var(&n.reach, "reach", "what limits sight: disc (range alone), horizon (and smooth earth) or terrain (default)")
	f.Var(&n.k, "k", "effective earth `factor` (4/3 if not set); 1.42 is the median of Puerto Maldonado")
	f.BoolVar(&n.strict, "strict", false, "refuse to answer where terrain is missing in range")
	f.Var(&n.rangeKm, "range", "instrumented range of every radar: 444.48km, 240nmi")
	f.Var(&n.minRangeKm, "min-range", "smallest range of every radar")
	f.Var(&n.minBeamDeg, "min-elevation", "lowest beam elevation of every radar: 0.5deg")
	f.Var(&n.maxBeamDeg, "max-elevation", "highest beam elevation of every radar: 20deg")
	f.Var(&n.heightLimitAMSLM, "height-limit", "height limit of every radar: 30480m-amsl, FL1000")
	f.Var(&n.resolutionArcsec, "resolution", "distance between the posts of the computation: 3s, 15s, 30s, or auto (default)")
	a.addCacheFlags(cmd)
	a.addMemoryFlag(cmd)
	completeWith(cmd, "scenario", completeNames(a, scenarioNames))
	completeWith(cmd, "radar", completeRadar(a))
	complete(cmd, "reach", []string{"disc", "horizon", "terrain"})
	complete(cmd, "resolution", []string{"auto", "3s", "15s", "30s"})
}

func oneRadar(text string) ([]input.Placed[*canopyv1.Radar], error) {
	radar, err := notation.Radar(text)
	if err != nil {
		return nil, fmt.Errorf("--%w", err)
	}
	return []input.Placed[*canopyv1.Radar]{{Value: radar, Place: "--radar " + radar.GetName()}}, nil
}

// completeRadar completes the model in a radar that is being typed.
func completeRadar(a *App) completion {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		head, _, found := cutLast(typed, "model=")
		if !found {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		names, directive := completeNames(a, modelNames)(cmd, args, typed)
		for i := range names {
			names[i] = head + "model=" + names[i]
		}
		return names, directive | cobra.ShellCompDirectiveNoSpace
	}
}

func cutLast(text, mark string) (before, after string, found bool) {
	i := strings.LastIndex(text, mark)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(mark):], true
}

func (n *networkFlags) options() *canopyv1.CoverageOptions {
	o := &canopyv1.CoverageOptions{EffectiveEarthK: n.k.value, StrictTerrain: n.strict}
	if n.reach.value != nil {
		o.Reach = *n.reach.value
	}
	if n.resolutionArcsec.value != nil {
		o.ResolutionArcsec = *n.resolutionArcsec.value
	}
	if n.minRadars != 0 {
		o.MinRadars = &n.minRadars
	}
	limits := &canopyv1.RadarLimits{
		RangeKm: n.rangeKm.value, MinRangeKm: n.minRangeKm.value, HeightLimitAmslM: n.heightLimitAMSLM.value,
		MinElevationDeg: n.minBeamDeg.value, MaxElevationDeg: n.maxBeamDeg.value,
	}
	o.Limits = notation.Limits(limits)
	return o
}

// selection returns the radars of the request. Those of a scenario are fetched
// only where something is to be changed in them.
func (n *networkFlags) selection(ctx context.Context, a *App, s *link.Session) (*canopyv1.NetworkSelection, error) {
	own := n.own()
	selection := &canopyv1.NetworkSelection{ScenarioId: n.scenario}
	if len(own) == 0 && len(n.outOfService) == 0 {
		return selection, nil
	}
	all := own
	if n.scenario != "" || len(own) == 0 && !n.noneByItself {
		scenario, err := getScenario(ctx, s, n.scenario)
		if err != nil {
			return nil, err
		}
		all = append(placed(scenario), own...)
	}
	for i, radar := range all {
		selection.Radars = append(selection.Radars, radar.Value)
		a.places[fmt.Sprintf("%s.radars[%d]", n.field, i)] = radar.Place
	}
	return selection, n.takeOut(selection.GetRadars())
}

func (n *networkFlags) own() []input.Placed[*canopyv1.Radar] {
	var own []input.Placed[*canopyv1.Radar]
	if n.sites.value != nil {
		own = append(own, *n.sites.value...)
	}
	return append(own, n.radars.values...)
}

// getScenario returns a scenario, the default one for no name.
func getScenario(ctx context.Context, s *link.Session, name string) (*canopyv1.Scenario, error) {
	if name != "" {
		answer, err := s.Catalog.GetScenario(ctx, &canopyv1.GetScenarioRequest{ScenarioId: name})
		return answer.GetScenario(), err
	}
	answer, err := s.Catalog.ListScenarios(ctx, &canopyv1.ListScenariosRequest{})
	if err != nil {
		return nil, err
	}
	if len(answer.GetScenarios()) == 0 {
		return nil, fault.Badf("the server has no scenarios: give --sites or --radar")
	}
	return answer.GetScenarios()[0], nil
}

func placed(scenario *canopyv1.Scenario) []input.Placed[*canopyv1.Radar] {
	var all []input.Placed[*canopyv1.Radar]
	for _, radar := range scenario.GetRadars() {
		place := "scenario " + scenario.GetScenarioId() + ", radar " + radar.GetRadarId()
		all = append(all, input.Placed[*canopyv1.Radar]{Value: radar, Place: place})
	}
	return all
}

// takeOut marks radars as out of service.
func (n *networkFlags) takeOut(radars []*canopyv1.Radar) error {
	if len(radars) == 0 {
		return fault.Badf("--out-of-service %q: no radar stands: name those that do with --scenario, --sites or --radar", n.outOfService[0])
	}
	if err := notation.TakeOut(radars, n.outOfService); err != nil {
		return fault.Badf("--out-of-service %w", err)
	}
	return nil
}
