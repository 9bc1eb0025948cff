package report

import (
	"fmt"
	"strings"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
)

// siteName is the name of a radar without what those of airports have in common.
func siteName(name string) string { return sortOfStrip.Replace(name) }

// Candidates writes places where radars could stand.
func (p *Page) Candidates(r *canopyv1.FindCandidatesResponse) {
	t := &table{columns: []column{
		{header: "NAME", flexible: true}, {header: "WHERE"}, {header: "MODEL", flexible: true},
		{header: "COST", right: true}, {header: "WHY", flexible: true},
	}}
	for _, c := range r.GetCandidates() {
		radar, costs := c.GetRadar(), ""
		if c.CostUsd != nil {
			costs = words.USD(c.GetCostUsd())
		}
		t.add(siteName(radar.GetName()), words.Place(radar.GetPosition()), radar.GetModelId(), costs, siteName(c.GetReason()))
	}
	p.table(t)
	p.blank()
	p.line(count(len(r.GetCandidates()), "candidate", "candidates"))
	p.warnings(r.GetWarnings())
	p.basis(r.GetProvenance())
}

// Operations writes the plans that a server is at, or keeps, one a line.
func (p *Page) Operations(all []*longrunningpb.Operation) {
	if len(all) == 0 {
		p.line("The server keeps no plans")
		return
	}
	t := &table{columns: []column{
		{header: "NAME"}, {header: "STATE", flexible: true}, {header: "DONE", right: true},
		{header: "OBJECTIVE km²", right: true}, {header: "AT MOST km²", right: true, spare: true}, {header: "ASKED FOR"},
	}}
	for _, o := range all {
		name := strings.TrimPrefix(o.GetName(), "operations/")
		m := &canopyv1.PlanNetworkMetadata{}
		if err := o.GetMetadata().UnmarshalTo(m); err != nil {
			t.add(name, "not known to this version", "", "", "", "")
			continue
		}
		t.add(name, operationState(o, m), roughly(m.GetShare()), areaOr(m.ObjectiveKm2), areaOr(m.UpperBoundKm2),
			m.GetCreateTime().AsTime().UTC().Format(time.DateTime))
	}
	p.table(t)
	p.blank()
	p.line(count(len(all), "plan", "plans") + ", times in UTC")
}

// operationState is the phase of a plan under way, and else how it ended.
func operationState(o *longrunningpb.Operation, m *canopyv1.PlanNetworkMetadata) string {
	plan := &canopyv1.PlanNetworkResponse{}
	switch {
	case !o.GetDone():
		return phases[m.GetPhase()]
	case o.GetError() != nil:
		return "failed: " + o.GetError().GetMessage()
	case o.GetResponse().UnmarshalTo(plan) != nil:
		return "done"
	}
	return endingWords[plan.GetEnding()]
}

var endingWords = map[canopyv1.PlanEnding]string{
	canopyv1.PlanEnding_PLAN_ENDING_PROVEN:         "proven",
	canopyv1.PlanEnding_PLAN_ENDING_EXHAUSTED:      "exhausted",
	canopyv1.PlanEnding_PLAN_ENDING_TIME_LIMIT:     "out of time",
	canopyv1.PlanEnding_PLAN_ENDING_CANCELLED:      "cancelled",
	canopyv1.PlanEnding_PLAN_ENDING_SERVER_STOPPED: "server stopped",
}

func areaOr(km2 *float64) string {
	if km2 == nil {
		return ""
	}
	return area(*km2)
}

// Suggestions writes gaps as Gaps does, and of each the candidate that would
// close most of it.
func (p *Page) Suggestions(r *canopyv1.SuggestSitesResponse, warnings []*canopyv1.Warning, top int) {
	suggested := map[string]*canopyv1.GapSuggestion{}
	for _, s := range r.GetSuggestions() {
		suggested[s.GetGapId()] = s
	}
	p.headline(r.GetGaps())
	p.bands(r.GetGaps().GetBands(), suggested, top)
	p.blank()
	p.paragraph("Suggested   ", fmt.Sprintf("each time the one of %s that would close most of the gap, alone", count(int(r.GetCandidateCount()), "candidate", "candidates")))
	p.warnings(warnings)
	p.basis(r.GetGaps().GetProvenance())
}

func suggestionText(s *canopyv1.GapSuggestion) string {
	radar := s.GetCandidate().GetRadar()
	text := fmt.Sprintf("%s (%s, %s) would close %s km², %s of it", siteName(radar.GetName()), radar.GetModelId(), words.Place(radar.GetPosition()),
		area(s.GetClosedAreaKm2()), roughly(s.GetClosedShare()))
	if n := len(s.GetAirstripIds()); n > 0 {
		text += fmt.Sprintf(", and see over %s in it", count(n, "airstrip", "airstrips"))
	}
	return text
}
