package request

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/wire"
)

// draft is a request that is being resolved. It collects violations, so that
// a caller learns of all of them at once.
type draft struct {
	*Resolver
	// network is the path of the network in the request.
	network    string
	scenario   catalog.Scenario
	query      coverage.Query
	background Background
	violations []problem.Violation
	// positions counts those of the areas that the request draws, and tooLarge is
	// the error where these are too many.
	positions int
	tooLarge  error
}

// draft resolves the part that all calls have in common. Its only error is a
// scenario that nobody knows, without which there is nothing to go on with.
func (r *Resolver) draft(n *canopyv1.NetworkSelection, o *canopyv1.CoverageOptions) (*draft, error) {
	d, err := r.begin("network", n.GetScenarioId(), o)
	if err != nil {
		return d, err
	}
	d.stand(n, o.GetLimits())
	d.minRadars(o)
	d.assumeModels(d.query.Radars, o.GetLimits())
	d.warnOfCooperative(d.query.Radars)
	d.warnOfTooFew()
	return d, nil
}

// begin returns a draft without radars.
func (r *Resolver) begin(network, scenarioID string, o *canopyv1.CoverageOptions) (*draft, error) {
	d := &draft{Resolver: r, network: network}
	id := cmp.Or(scenarioID, catalog.DefaultScenarioID)
	var err error
	if d.scenario, err = r.Catalogue.Scenario(id); err != nil {
		d.refuse(network+".scenario_id", problem.ReasonScenarioUnknown, "%s", err)
		err = d.err()
		return d, err
	}
	d.query = coverage.Query{Reach: reach(o.GetReach()), K: DefaultEarthFactor, MinRadars: DefaultMinRadars, ResolutionArcsec: o.GetResolutionArcsec(), StrictTerrain: o.GetStrictTerrain()}
	if o.GetEffectiveEarthK() != 0 {
		d.query.K = o.GetEffectiveEarthK()
	}
	return d, nil
}

// stand puts up the radars that a request selects.
func (d *draft) stand(n *canopyv1.NetworkSelection, limits *canopyv1.RadarLimits) {
	if n.GetScenarioId() != "" || len(n.GetRadars()) == 0 {
		d.background.ScenarioID = d.scenario.ID
	}
	d.query.Radars = d.radars(n.GetRadars(), limits)
}

// at has the paths of what work refuses begin with a path.
func (d *draft) at(path string, work func()) {
	from := len(d.violations)
	work()
	nest(path, d.violations[from:])
}

func nest(path string, violations []problem.Violation) {
	for i := range violations {
		violations[i].Field = path + "." + violations[i].Field
	}
}

func (d *draft) refuse(path, reason, format string, args ...any) {
	d.violations = append(d.violations, problem.Field(path, reason, format, args...).Violations...)
}

func (d *draft) err() error {
	if d.tooLarge != nil {
		return d.tooLarge
	}
	if len(d.violations) == 0 {
		return nil
	}
	return &problem.Invalid{Violations: d.violations}
}

func reach(r canopyv1.Reach) sight.Reach {
	switch r {
	case canopyv1.Reach_REACH_DISC:
		return sight.Disc
	case canopyv1.Reach_REACH_HORIZON:
		return sight.Horizon
	default:
		return sight.Terrain
	}
}

// radars returns the caller's radars, or else the scenario's, with the limits
// in force.
func (d *draft) radars(given []*canopyv1.Radar, limits *canopyv1.RadarLimits) []radar.Radar {
	if len(given) == 0 {
		d.background.Assumptions = slices.Clone(d.scenario.Assumptions)
		radars := slices.Clone(d.scenario.Radars)
		for i := range radars {
			override(&radars[i].Limits, limits)
			d.checkRadar(d.radarPath(i), &radars[i], limits)
		}
		return radars
	}
	ids := d.radarIDs(given)
	radars := make([]radar.Radar, len(given))
	for i, g := range given {
		radars[i] = d.radar(d.radarPath(i), g, ids[i], catalog.DefaultModelID)
		override(&radars[i].Limits, limits)
		d.checkRadar(d.radarPath(i), &radars[i], limits)
	}
	return radars
}

func (d *draft) radarIDs(given []*canopyv1.Radar) []string {
	names := make([]named, len(given))
	for i, g := range given {
		names[i] = named{id: g.GetRadarId(), name: g.GetName()}
	}
	ids, twice := identify(names, "radar", nil)
	for _, t := range twice {
		d.refuse(d.radarPath(t.index)+".radar_id", problem.ReasonDuplicate,
			"%q is already that of radars[%d]: give each radar its own", given[t.index].GetRadarId(), t.first)
	}
	return ids
}

func (d *draft) radarPath(i int) string { return d.network + ".radars[" + strconv.Itoa(i) + "]" }

// model returns the model with an id, and that of fallback where there is none.
func (d *draft) model(path, id, fallback string) radar.Model {
	model, err := d.Catalogue.Model(cmp.Or(id, fallback))
	if err != nil {
		d.refuse(path, problem.ReasonRadarModelUnknown, "%s", err)
		model, _ = d.Catalogue.Model(fallback)
	}
	return model
}

// radar returns the model that g names, or else that of modelID, at its place.
func (d *draft) radar(path string, g *canopyv1.Radar, id, modelID string) radar.Radar {
	model := d.model(path+".model_id", g.GetModelId(), modelID)
	r := model.At(id, cmp.Or(g.GetName(), id), wire.ToPoint(g.GetPosition()))
	if g.MastM != nil {
		r.MastM = g.GetMastM()
	}
	r.InService = g.GetState() != canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE
	r.K = g.GetEffectiveEarthK()
	override(&r.Limits, g.GetLimits())
	d.checkPlace(r.Position, func() string { return path + ".position" })
	return r
}

// checkRadar refuses limits that contradict each other.
func (d *draft) checkRadar(path string, r *radar.Radar, limits *canopyv1.RadarLimits) {
	for _, v := range r.Violations() {
		at := path
		if overrides(limits, v.Field) {
			at = "options"
		}
		d.refuse(at+"."+fieldPath(v.Field), problem.ReasonFieldInvalid, "%s", fieldText(v))
	}
}

func (d *draft) minRadars(o *canopyv1.CoverageOptions) {
	if o == nil || o.MinRadars == nil {
		return
	}
	d.query.MinRadars = int(o.GetMinRadars())
	if have := len(d.query.Radars); d.query.MinRadars > have {
		d.refuse("options.min_radars", problem.ReasonFieldInvalid,
			"%d, but the network has %d: ask for at most as many, or add radars", d.query.MinRadars, have)
	}
}

// keepOneRadar leaves the radar with an id in the query; none is needed if
// there is only one.
func (d *draft) keepOneRadar(id string) {
	radars := d.query.Radars
	d.query.MinRadars = 1
	if id == "" && len(radars) == 1 {
		return
	}
	i := slices.IndexFunc(radars, func(r radar.Radar) bool { return r.ID == id })
	if i >= 0 {
		d.query.Radars = radars[i : i+1]
		return
	}
	if id == "" {
		d.refuse("radar_id", problem.ReasonFieldRequired, "empty, but the network has %d radars: want one of %s", len(radars), d.radarNames())
		return
	}
	d.refuse("radar_id", problem.ReasonRadarUnknown, "unknown radar %q: want one of %s", id, d.radarNames())
}

// radarNames are the ids of the network, for people.
func (d *draft) radarNames() string {
	known := make([]string, len(d.query.Radars))
	for i, r := range d.query.Radars {
		known[i] = r.ID
	}
	return strings.Join(known, ", ")
}
