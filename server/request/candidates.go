package request

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/wire"
)

// What the contract promises for fields of a search that are not set.
const (
	defaultThinKM   = 25
	defaultMaxFound = 2000
)

// place is what candidates are to fit into.
type place struct {
	area orb.MultiPolygon
	// limits replace those of every radar; nil for none.
	limits *canopyv1.RadarLimits
	// costs are by model, where they are not the model's own.
	costs map[string]float64
}

// chosen are the candidates of a request.
type chosen struct {
	given  []planning.Candidate
	search *Search // nil for none
}

// usable counts those of the caller's that may be built.
func (c *chosen) usable() int {
	n := 0
	for i := range c.given {
		if !c.given[i].Forbidden {
			n++
		}
	}
	return n
}

func (c *chosen) fixed() []planning.Candidate {
	return slices.DeleteFunc(slices.Clone(c.given), func(g planning.Candidate) bool { return !g.Fixed })
}

// cheapestUSD is the least that one which may be built costs; +Inf for none.
func (c *chosen) cheapestUSD() float64 {
	least := math.Inf(1)
	if c.search != nil {
		least = c.search.costUSD
	}
	for i := range c.given {
		if g := &c.given[i]; !g.Forbidden {
			least = min(least, g.CostUSD)
		}
	}
	return least
}

// candidates refuses a selection of which none may be built.
func (d *draft) candidates(s *canopyv1.CandidateSelection, in *place) *chosen {
	out := &chosen{}
	ids := d.candidateIDs(s.GetCandidates())
	var built []string
	for i, g := range s.GetCandidates() {
		c := d.candidate(i, g, ids[i], in)
		if d.standing(ids[i]) != nil {
			built = append(built, ids[i])
			continue
		}
		out.given = append(out.given, c)
	}
	if len(built) > 0 {
		d.warn(warnCandidatesBuilt, nil, "%d candidates stand already, and are left out: %s", len(built), strings.Join(built, ", "))
	}
	if s.GetSearch() != nil {
		out.search = d.search("candidates.search", s.GetSearch(), in.area)
		override(&out.search.model.Limits, in.limits)
		out.search.costUSD = d.costUSD(out.search.model, in.costs)
	}
	switch {
	case out.search != nil:
	case len(out.given) == 0 && len(built) > 0:
		d.refuse("candidates.candidates", problem.ReasonFieldInvalid, "all %d stand already: give others, or have more found by candidates.search", len(built))
	case len(out.given) == 0:
		d.refuse("candidates", problem.ReasonFieldRequired, "no candidates: give some in candidates.candidates, or have them found by candidates.search")
	case out.usable() == 0:
		d.refuse("candidates.candidates", problem.ReasonFieldInvalid, "all %d are forbidden: allow some, or have more found by candidates.search", len(out.given))
	}
	return out
}

func candidatePath(i int) string { return fmt.Sprintf("candidates.candidates[%d]", i) }

func candidateRadarPath(i int) string { return candidatePath(i) + ".radar" }

// standing returns the radar with an id that stands already, nil for none.
func (d *draft) standing(id string) *radar.Radar {
	i := slices.IndexFunc(d.query.Radars, func(r radar.Radar) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &d.query.Radars[i]
}

// candidateIDs are none of those of the radars that stand, but for candidates that
// are among these.
func (d *draft) candidateIDs(given []*canopyv1.Candidate) []string {
	names := make([]named, len(given))
	for i, g := range given {
		names[i] = named{id: g.GetRadar().GetRadarId(), name: g.GetRadar().GetName()}
		at := wire.ToPoint(g.GetRadar().GetPosition())
		if r := d.standing(names[i].id); r != nil && earth.DistanceM(r.Position, at) > planning.OnePlaceM {
			d.refuse(candidateRadarPath(i)+".radar_id", problem.ReasonDuplicate, "%q is that of a radar that stands already, elsewhere: give the candidate another", names[i].id)
		}
	}
	stands := func(id string) bool { return d.standing(id) != nil }
	ids, twice := identify(names, "candidate", stands)
	for _, t := range twice {
		d.refuse(candidateRadarPath(t.index)+".radar_id", problem.ReasonDuplicate,
			"%q is already that of candidates[%d]: give each candidate its own", names[t.index].id, t.first)
	}
	return ids
}

func (d *draft) candidate(i int, g *canopyv1.Candidate, id string, in *place) planning.Candidate {
	path := candidateRadarPath(i)
	r := d.radar(path, g.GetRadar(), id, catalog.DefaultCandidateModelID)
	r.InService = true
	override(&r.Limits, in.limits)
	d.checkRadar(path, &r, in.limits)
	d.checkOnTerrain(path+".position", r.Position)
	d.checkRadarsNear(in.area, []radar.Radar{r}, func(int) string { return path })
	if g.GetFixed() && g.GetForbidden() {
		d.refuse(candidatePath(i), problem.ReasonFieldInvalid, "fixed and forbidden at once: set one of them at most")
	}
	out := planning.Candidate{Radar: r, Fixed: g.GetFixed(), Forbidden: g.GetForbidden(), Reason: g.GetReason(), CostUSD: g.GetCostUsd()}
	if model, err := d.Catalogue.Model(r.ModelID); err == nil {
		d.assume(model.Name, model.Assumptions)
		if g.CostUsd == nil {
			out.CostUSD = d.costUSD(model, in.costs)
		}
	}
	return out
}

// costUSD says so where it is assumed.
func (d *draft) costUSD(model radar.Model, costs map[string]float64) float64 {
	if cost, ok := costs[model.ID]; ok {
		return cost
	}
	d.assume(model.Name, []string{model.Cost.Assumption})
	return model.Cost.USD
}

// checkOnTerrain refuses a place without ground, unless checkPlace does.
func (d *draft) checkOnTerrain(path string, p orb.Point) {
	if d.Extent.Contains(p) || exchanged(p, d.Extent) {
		return
	}
	d.refuse(path, problem.ReasonCandidateOutside, "%s lies outside of the terrain (latitude %.4g to %.4g, longitude %.4g to %.4g): move it, or load more terrain",
		placeText(p), d.Extent.Bottom(), d.Extent.Top(), d.Extent.Left(), d.Extent.Right())
}

// Search is a resolved CandidateSearch.
type Search struct {
	planning.CandidateQuery
	// model is what would stand at each place, for costUSD.
	model   radar.Model
	costUSD float64
}

// search looks in an area unless the caller says where.
func (d *draft) search(path string, s *canopyv1.CandidateSearch, area orb.MultiPolygon) *Search {
	out := &Search{model: d.model(path+".model_id", s.GetModelId(), catalog.DefaultCandidateModelID)}
	d.assume(out.model.Name, out.model.Assumptions)
	out.costUSD = out.model.Cost.USD
	out.CandidateQuery = planning.CandidateQuery{
		Within: area, WithoutAirstrips: s.GetWithoutAirstrips(), NearAccessM: s.GetNearAccessKm() * mPerKM,
		ThinM: defaultThinKM * mPerKM, MaxCount: defaultMaxFound,
	}
	if s.GetWithin() != nil {
		found := d.region(path+".within", s.GetWithin())
		out.Within = found.area
		// A request for candidates alone has no other airspace.
		d.background.Airspace = cmp.Or(d.background.Airspace, found.source)
	}
	if s.GetWithoutAirstrips() && s.GetNearAccessKm() == 0 {
		d.refuse(path+".near_access_km", problem.ReasonFieldRequired, "not set, though without_airstrips leaves nothing but high points: set it, such as 25")
	}
	d.at(path, func() { out.Airstrips = d.onTerrain(d.usable(s.GetAirstrips()), out.Within) })
	if s == nil {
		return out
	}
	if s.ThinKm != nil {
		out.ThinM = s.GetThinKm() * mPerKM
	}
	if s.MaxCount != nil {
		out.MaxCount = int(s.GetMaxCount())
	}
	if s.MastM != nil {
		out.model.MastM = s.GetMastM()
	}
	return out
}

// usable returns the airports of the built-in list that are in use, and those of
// the caller's airstrips that can be used, those with longer runways first.
func (d *draft) usable(s *canopyv1.AirstripSelection) []*airstrip.Airstrip {
	given := d.airstrips(s).All()
	builtin := d.Catalogue.Airstrips()
	unusable := func(a *airstrip.Airstrip) bool {
		own := true
		if !s.GetWithoutBuiltin() {
			_, isBuiltin := builtin.ByID(a.ID)
			own = !isBuiltin
		}
		if own {
			return a.Status == airstrip.Closed || a.Status == airstrip.Destroyed
		}
		return a.Status != airstrip.Active || !airports[a.Kind]
	}
	strips := slices.DeleteFunc(ByID(given), unusable)
	slices.SortStableFunc(strips, func(a, b *airstrip.Airstrip) int { return cmp.Compare(knownLengthM(b), knownLengthM(a)) })
	return strips
}

// onTerrain leaves out airstrips that have no ground, and warns of those in the
// area.
func (d *draft) onTerrain(strips []*airstrip.Airstrip, area orb.MultiPolygon) []*airstrip.Airstrip {
	var missing []string
	strips = slices.DeleteFunc(strips, func(a *airstrip.Airstrip) bool {
		off := !d.Extent.Contains(a.Position)
		if off && airspace.Contains(area, a.Position) {
			missing = append(missing, a.ID)
		}
		return off
	})
	if len(missing) > 0 {
		d.warn(warnCandidatesOutside, missing, "%d airstrips of the area lie outside of the terrain, and are no candidates: load more terrain to have them", len(missing))
	}
	return strips
}

// airports are the kinds of the built-in list that have access by air for what a
// radar needs.
var airports = map[string]bool{"large_airport": true, "medium_airport": true, "small_airport": true}

// knownLengthM is that of a runway, 0 where it is not known.
func knownLengthM(a *airstrip.Airstrip) float64 {
	if math.IsNaN(a.LengthM) {
		return 0
	}
	return a.LengthM
}

// Candidates makes candidates of the places that the search has found, beside
// radars that stand and other candidates.
func (s *Search) Candidates(found []planning.Found, radars []radar.Radar, others []planning.Candidate) []planning.Candidate {
	taken := map[string]bool{}
	for i := range radars {
		taken[radars[i].ID] = true
	}
	for i := range others {
		taken[others[i].ID] = true
	}
	names := make([]named, len(found))
	for i := range found {
		names[i] = named{name: found[i].Name}
	}
	ids, _ := identify(names, "candidate", func(id string) bool { return taken[id] })
	out := make([]planning.Candidate, len(found))
	for i := range found {
		out[i] = planning.Candidate{
			Radar: s.model.At(ids[i], found[i].Name, found[i].Position), CostUSD: s.costUSD, Reason: reasonOf(&found[i]),
		}
	}
	return out
}

// Most returns how many may be found, and one in the middle of where they may
// stand: for an estimate.
func (s *Search) Most() (one radar.Radar, n int) {
	n = s.MaxCount
	if s.NearAccessM <= 0 {
		n = min(n, len(s.Airstrips))
	}
	return s.model.At("candidate", "", s.Within.Bound().Center()), n
}

func reasonOf(f *planning.Found) string {
	at := fmt.Sprintf("airstrip %s (%s)", f.Airstrip.Name, f.Airstrip.ID)
	switch {
	case f.AwayM > 0:
		return fmt.Sprintf("high ground, %.0f m AMSL, %.1f km from %s", f.GroundAMSLM, f.AwayM/mPerKM, at)
	case math.IsNaN(f.Airstrip.LengthM):
		return at
	}
	return fmt.Sprintf("%s, runway %.0f m", at, f.Airstrip.LengthM)
}
