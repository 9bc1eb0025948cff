package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
)

// curve writes what number and money buy.
func (p *Page) curve(r *canopyv1.PlanNetworkResponse) {
	if len(r.GetCurve()) < 2 {
		return
	}
	p.blank()
	p.title("What number and money buy")
	t := &table{columns: []column{
		{header: "RADARS", right: true}, {header: "COST", right: true}, {header: "OBJECTIVE km²", right: true},
		{header: "OF ALL", right: true}, {header: "AT MOST km²", right: true}, {header: "", flexible: true},
	}}
	for _, point := range r.GetCurve() {
		of := share(point.GetObjectiveKm2(), r.GetPossibleKm2())
		t.add(fmt.Sprint(point.GetRadarCount()), words.USD(point.GetCostUsd()), area(point.GetObjectiveKm2()),
			percent(of), area(point.GetUpperBoundKm2()), bar(of))
	}
	p.table(t)
}

// barWidth is that of all, in columns.
const barWidth = 30

var eighths = []string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}

// bar draws a share.
func bar(share float64) string {
	n := int(math.Round(min(max(share, 0), 1) * barWidth * 8))
	return strings.Repeat("█", n/8) + eighths[n%8]
}

// topClosed is how many gaps are told of a step, and mostOf what share of a gap is
// most of it.
const (
	topClosed = 3
	mostOf    = 0.5
)

// closes writes what each step closes most, and which gaps it closes mostly.
func (p *Page) closes(r *canopyv1.PlanNetworkResponse) {
	gaps := map[string]*canopyv1.PlannedGap{}
	for _, g := range r.GetGaps() {
		gaps[g.GetGapId()] = g
	}
	t := &table{columns: []column{
		{header: "#", right: true}, {header: "SITE", flexible: true}, {header: "CLOSES km²", right: true}, {header: "OF IT", right: true},
		{header: "GAP"}, {header: "OVER", flexible: true},
	}}
	for i, s := range r.GetSteps() {
		number, site := fmt.Sprint(i+1), siteName(s.GetCandidate().GetRadar().GetName())
		for _, c := range telling(s.GetCloses()) {
			t.add(number, site, area(c.GetAreaKm2()), percent(c.GetShare()), c.GetGapId(), over(gaps[c.GetGapId()]))
			number, site = "", ""
		}
	}
	if len(t.rows) == 0 {
		return
	}
	p.blank()
	p.title("Gaps without the plan, and what closes them: the largest part, and what is closed by half or more")
	p.table(t)
}

// telling are the largest part that is closed of a gap, and the gaps that are
// closed mostly.
func telling(closes []*canopyv1.ClosedGap) []*canopyv1.ClosedGap {
	sorted := slices.Clone(closes)
	slices.SortStableFunc(sorted, func(a, b *canopyv1.ClosedGap) int { return cmp.Compare(b.GetAreaKm2(), a.GetAreaKm2()) })
	var kept []*canopyv1.ClosedGap
	for i, c := range sorted {
		if len(kept) < topClosed && (i == 0 || c.GetShare() >= mostOf) {
			kept = append(kept, c)
		}
	}
	return kept
}

// over is where a gap lies.
func over(g *canopyv1.PlannedGap) string {
	var departments []string
	for _, d := range g.GetDepartments() {
		departments = append(departments, d.GetName())
	}
	if len(departments) == 0 {
		return words.Place(g.GetPointInside())
	}
	const width = 30
	return fitting(departments, width)
}

// phases are for people who wait.
var phases = map[canopyv1.PlanPhase]string{
	canopyv1.PlanPhase_PLAN_PHASE_WAITING:    "waiting for its turn",
	canopyv1.PlanPhase_PLAN_PHASE_CANDIDATES: "looking for candidates",
	canopyv1.PlanPhase_PLAN_PHASE_SCREENING:  "screening",
	canopyv1.PlanPhase_PLAN_PHASE_SWEEPING:   "sweeping",
	canopyv1.PlanPhase_PLAN_PHASE_SEARCHING:  "searching",
	canopyv1.PlanPhase_PLAN_PHASE_MEASURING:  "measuring",
	canopyv1.PlanPhase_PLAN_PHASE_DONE:       "done",
}

// PlanDoing says in a few words how far a plan is.
func PlanDoing(m *canopyv1.PlanNetworkMetadata) string {
	text := phases[m.GetPhase()]
	if phase := m.GetPhase(); phase == canopyv1.PlanPhase_PLAN_PHASE_SCREENING || phase == canopyv1.PlanPhase_PLAN_PHASE_SWEEPING {
		text += fmt.Sprintf(" %d of %d", m.GetCandidatesSwept(), m.GetCandidateCount())
	}
	if m.ObjectiveKm2 == nil {
		return text
	}
	text += ": " + area(m.GetObjectiveKm2()) + " km²"
	if bound := m.GetUpperBoundKm2(); bound > 0 {
		text += ", " + words.Within(100*(bound-m.GetObjectiveKm2())/bound)
	}
	return text
}
