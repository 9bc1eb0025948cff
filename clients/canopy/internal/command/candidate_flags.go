package command

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/input"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

// searchFlags say where Canopy looks for candidates.
type searchFlags struct {
	nearAccess, thin, mast parsed[float64]
	model                  string
	most                   int32
	withoutAirports        bool
	// mostFlag is the name of the flag for most.
	mostFlag string
}

func (a *App) addSearchFlags(cmd *cobra.Command, s *searchFlags, mostFlag string) {
	s.nearAccess = parsed[float64]{kind: "length", parse: named("distance", quantity.LengthKm)}
	s.thin = parsed[float64]{kind: "length", parse: named("distance", quantity.LengthKm)}
	s.mast = parsed[float64]{kind: "length", parse: named("mast", quantity.LengthM)}
	s.mostFlag = mostFlag
	f := cmd.Flags()
	f.Var(&s.nearAccess, "near-access", "also the highest points of the terrain within this distance of an airport: 25km")
	f.Var(&s.thin, "thin", "no two that are found stand nearer together than this (25km if not set)")
	f.BoolVar(&s.withoutAirports, "without-airports", false, "high points alone, not the airports themselves")
	f.StringVar(&s.model, "model", "", "radar `model` at places that are found (canopy models; modern-3d if not set)")
	f.Var(&s.mast, "mast", "antenna height above ground at places that are found: 30m (the model's if not set)")
	f.Int32Var(&s.most, mostFlag, 0, "find at most so many: a `number` (2000 if not set)")
	completeWith(cmd, "model", completeNames(a, modelNames))
}

// set returns the name of a flag that is set and changes what is found, without
// by itself asking for more to be found.
func (s *searchFlags) set() string {
	switch {
	case s.thin.value != nil:
		return "--thin"
	case s.withoutAirports:
		return "--without-airports"
	case s.model != "":
		return "--model"
	case s.mast.value != nil:
		return "--mast"
	case s.most != 0:
		return "--" + s.mostFlag
	}
	return ""
}

func (s *searchFlags) search(a *App, strips *stripFlags) *canopyv1.CandidateSearch {
	search := &canopyv1.CandidateSearch{
		Airstrips: strips.selectionFor(a, "search.airstrips"), WithoutAirstrips: s.withoutAirports,
		NearAccessKm: s.nearAccess.value, ThinKm: s.thin.value, ModelId: s.model, MastM: s.mast.value,
	}
	if s.most != 0 {
		search.MaxCount = &s.most
	}
	a.places["search.max_count"] = "--" + s.mostFlag
	return search
}

// candidateFlags say where radars could stand.
type candidateFlags struct {
	searchFlags
	file             parsed[[]input.Placed[*canopyv1.Candidate]]
	find             bool
	fixed, forbidden []string
}

func (a *App) addCandidateFlags(cmd *cobra.Command, c *candidateFlags) {
	c.file = parsed[[]input.Placed[*canopyv1.Candidate]]{kind: "file", parse: input.Candidates}
	f := cmd.Flags()
	f.Var(&c.file, "candidates", "places for radars from a CSV or GeoJSON `file`: name, lat, lon and optional model, mast_m, cost_usd, fixed, forbidden, reason, …")
	f.BoolVar(&c.find, "find", false, "look for candidates beside those of --candidates; without these, it is done unasked")
	a.addSearchFlags(cmd, &c.searchFlags, "max-candidates")
}

// given tells whether any of the flags is.
func (c *candidateFlags) given() bool {
	return c.file.value != nil || c.find || c.nearAccess.value != nil || c.set() != ""
}

func (c *candidateFlags) searches() bool {
	return c.file.value == nil || c.find || c.nearAccess.value != nil
}

func (c *candidateFlags) check() error {
	if flag := c.set(); flag != "" && !c.searches() {
		return fault.Badf("%s does nothing with --candidates alone: add --find to look for more", flag)
	}
	return nil
}

// selection returns the candidates of the request. Those that Canopy finds are
// fetched only where something is to be said of them. within is where they are
// looked for.
func (c *candidateFlags) selection(ctx context.Context, a *App, s *link.Session, strips *stripFlags, within *canopyv1.AirspaceSelection) (*canopyv1.CandidateSelection, error) {
	selection := &canopyv1.CandidateSelection{}
	if c.file.value != nil {
		for i, candidate := range *c.file.value {
			selection.Candidates = append(selection.Candidates, candidate.Value)
			a.places[fmt.Sprintf("candidates[%d]", i)] = candidate.Place
		}
	}
	if c.searches() {
		selection.Search = c.search(a, strips)
	}
	if len(c.fixed)+len(c.forbidden) == 0 {
		return selection, nil
	}
	if selection.GetSearch() != nil {
		selection.Search.Within = within
		a.places["search.within.airspace_id"] = "--airspace"
		found, err := s.Siting.FindCandidates(ctx, &canopyv1.FindCandidatesRequest{Search: selection.GetSearch()})
		if err != nil {
			return nil, err
		}
		selection.Candidates, selection.Search = append(selection.GetCandidates(), found.GetCandidates()...), nil
	}
	return selection, c.mark(selection.GetCandidates())
}

// mark has every plan build some candidates, and none build others.
func (c *candidateFlags) mark(candidates []*canopyv1.Candidate) error {
	for _, name := range c.fixed {
		candidate, err := namedCandidate(candidates, name)
		if err != nil {
			return fault.Badf("--fixed %w", err)
		}
		candidate.Fixed = true
	}
	for _, name := range c.forbidden {
		candidate, err := namedCandidate(candidates, name)
		if err != nil {
			return fault.Badf("--forbid %w", err)
		}
		candidate.Forbidden = true
	}
	return nil
}

// mostNames is how many names an error lists.
const mostNames = 5

// namedCandidate finds a candidate by its id or its name, or else by how its name
// begins, in any case.
func namedCandidate(candidates []*canopyv1.Candidate, name string) (*canopyv1.Candidate, error) {
	is := func(r *canopyv1.Radar) bool {
		return strings.EqualFold(name, r.GetName()) || strings.EqualFold(name, r.GetRadarId())
	}
	begins := func(r *canopyv1.Radar) bool {
		return strings.HasPrefix(strings.ToLower(r.GetName()), strings.ToLower(name)+" ")
	}
	for _, matches := range []func(*canopyv1.Radar) bool{is, begins} {
		var found []string
		var last *canopyv1.Candidate
		for _, c := range candidates {
			if matches(c.GetRadar()) {
				found, last = append(found, cmp.Or(c.GetRadar().GetRadarId(), c.GetRadar().GetName())), c
			}
		}
		if len(found) > 1 {
			return nil, fmt.Errorf("%q could be any of %s: give the radar_id", name, few(found))
		}
		if last != nil {
			return last, nil
		}
	}
	var known []string
	for _, c := range candidates {
		known = append(known, c.GetRadar().GetName())
	}
	return nil, fmt.Errorf("%q: no such candidate: there are %s (canopy candidates lists those that are found)", name, few(known))
}

// few joins the first of many names.
func few(names []string) string {
	if len(names) > mostNames {
		names = append(slices.Clone(names[:mostNames]), fmt.Sprintf("%d more", len(names)-mostNames))
	}
	return strings.Join(names, ", ")
}
