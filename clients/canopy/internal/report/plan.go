package report

import (
	"fmt"
	"slices"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
	"github.com/canopyradar/canopy/server/words"
)

// Plan writes which candidates to build, and how good that is. The request says
// what was asked; nil where that is not known.
func (p *Page) Plan(r *canopyv1.PlanNetworkResponse, asked *canopyv1.PlanNetworkRequest) {
	p.planHeadline(r)
	p.blank()
	if len(r.GetSteps()) > 0 {
		p.table(stepTable(r))
		p.blank()
	}
	p.stages(r)
	p.blank()
	p.quality(r, asked)
	p.curve(r)
	p.closes(r)
	p.robustness(r.GetCriticality(), names(r.GetRadars()))
	p.warnings(r.GetWarnings())
	p.basisInFull(r.GetProvenance())
}

func (p *Page) planHeadline(r *canopyv1.PlanNetworkResponse) {
	airspace, _, _ := strings.Cut(r.GetProvenance().GetAirspace(), " (")
	p.title(fmt.Sprintf("Plan for %s: %s for %s", airspace, count(len(r.GetSteps()), "radar", "radars"), words.USD(r.GetCostUsd())))
	// A search that is ended before its radars are resolved tells of none.
	existing := len(r.GetRadars()) - len(r.GetSteps())
	if existing < 0 {
		return
	}
	var standing, broken []string
	for _, radar := range r.GetRadars()[:existing] {
		if radar.GetState() == canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE {
			broken = append(broken, siteName(radar.GetName()))
		} else {
			standing = append(standing, siteName(radar.GetName()))
		}
	}
	if len(standing)+len(broken) == 0 {
		p.line("No radar stands yet")
	}
	p.names("standing in service", standing)
	p.names("standing out of service", broken)
}

func stepTable(r *canopyv1.PlanNetworkResponse) *table {
	t := &table{columns: []column{
		{header: "#", right: true}, {header: "SITE", flexible: true}, {header: "WHERE"}, {header: "MODEL", flexible: true},
		{header: "ADDS km²", right: true}, {header: "OF ALL", right: true}, {header: "COST SO FAR", right: true}, {header: "", flexible: true},
	}}
	for i, s := range r.GetSteps() {
		radar, fixed := s.GetCandidate().GetRadar(), ""
		if s.GetCandidate().GetFixed() {
			fixed = "fixed"
		}
		t.add(fmt.Sprint(i+1), siteName(radar.GetName()), words.Place(radar.GetPosition()), modelOf(radar, r.GetRadars()),
			area(s.GetAddedObjectiveKm2()), percent(share(s.GetAddedObjectiveKm2(), r.GetPossibleKm2())), words.USD(s.GetCostUsd()), fixed)
	}
	return t
}

// modelOf is the model that a radar entered the computation with.
func modelOf(radar *canopyv1.Radar, resolved []*canopyv1.ResolvedRadar) string {
	i := slices.IndexFunc(resolved, func(r *canopyv1.ResolvedRadar) bool { return r.GetRadarId() == radar.GetRadarId() })
	if i < 0 {
		return radar.GetModelId()
	}
	return resolved[i].GetModelId()
}

func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

// stages writes what is covered after each step, at as many altitudes as fit; at
// none if the search was ended before that was measured.
func (p *Page) stages(r *canopyv1.PlanNetworkResponse) {
	t := &table{columns: []column{{header: "COVERED WITH"}, {header: "OBJECTIVE", right: true}, {header: "AIRSTRIPS", right: true}}}
	fixed := len(t.columns)
	bands := r.GetExisting().GetBands()
	for _, b := range bands {
		t.columns = append(t.columns, column{header: quantity.DescribeAltitude(b.GetAltitude()), right: true})
	}
	add := func(name string, s *canopyv1.PlanStage) {
		cells := append([]string{name, percent(s.GetObjectiveShare()), strips(s, r)}, make([]string, len(bands))...)
		for i, band := range s.GetBands()[:min(len(bands), len(s.GetBands()))] {
			cells[fixed+i] = percent(band.GetCoveredShare())
		}
		t.add(cells...)
	}
	add("what stands", r.GetExisting())
	for i, s := range r.GetSteps() {
		add("up to "+fmt.Sprint(i+1), s.GetStage())
	}
	p.bandsTable(t, fixed)
}

// strips is empty where airstrips play no part.
func strips(s *canopyv1.PlanStage, r *canopyv1.PlanNetworkResponse) string {
	sees := func(s *canopyv1.PlanStep) bool { return s.GetStage().GetAirstripsSeen() > 0 }
	if r.GetExisting().GetAirstripsSeen() == 0 && !slices.ContainsFunc(r.GetSteps(), sees) {
		return ""
	}
	return fmt.Sprint(s.GetAirstripsSeen())
}

// quality says how good the plan is, and what it was chosen from.
func (p *Page) quality(r *canopyv1.PlanNetworkResponse, asked *canopyv1.PlanNetworkRequest) {
	p.paragraph("Objective   ", fmt.Sprintf("%s km², %s of what is possible if everything is seen (%s km²)",
		area(r.GetObjectiveKm2()), percent(share(r.GetObjectiveKm2(), r.GetPossibleKm2())), area(r.GetPossibleKm2())))
	p.paragraph("How good    ", fmt.Sprintf("%s: no plan of these candidates exceeds %s km²; %s",
		words.Within(r.GetGapPercent()), area(r.GetUpperBoundKm2()), endings[r.GetEnding()]))
	p.paragraph("Candidates  ", candidatesText(r.GetCandidates(), asked))
	p.paragraph("Counted     ", countedText(asked.GetObjective(), r))
}

var endings = map[canopyv1.PlanEnding]string{
	canopyv1.PlanEnding_PLAN_ENDING_PROVEN:         "that is proven, and as near as was asked for",
	canopyv1.PlanEnding_PLAN_ENDING_EXHAUSTED:      "the search gave up proving more",
	canopyv1.PlanEnding_PLAN_ENDING_TIME_LIMIT:     "the time for the search was over",
	canopyv1.PlanEnding_PLAN_ENDING_CANCELLED:      "the search was cancelled: this is the best plan until then",
	canopyv1.PlanEnding_PLAN_ENDING_SERVER_STOPPED: "the server was stopped: this is the best plan until then",
}

func candidatesText(c *canopyv1.PlanCandidates, asked *canopyv1.PlanNetworkRequest) string {
	text := fmt.Sprintf("%s searched of %s", words.Grouped(float64(c.GetSearchedCount()), 0), words.Grouped(float64(c.GetCandidateCount()), 0))
	own, search := len(asked.GetCandidates().GetCandidates()), asked.GetCandidates().GetSearch()
	switch {
	case search != nil && own > 0:
		text += fmt.Sprintf(": %d of the request, and %s", own, searchText(search))
	case search != nil:
		text += ": " + searchText(search)
	}
	if n := c.GetExcludedCount(); n > 0 {
		text += fmt.Sprintf("; %d forbidden, or too near to a radar that stands or is fixed", n)
	}
	if n := c.GetScreenedOutCount(); n > 0 {
		text += fmt.Sprintf("; %d ruled out on terrain with posts every %s", n, arcsec(c.GetScreeningSpacingArcsec()))
	}
	return text
}

func searchText(s *canopyv1.CandidateSearch) string {
	own := " of the built-in list"
	if len(s.GetAirstrips().GetAirstrips()) > 0 {
		own = " of the built-in list and of the request"
	}
	if s.GetAirstrips().GetWithoutBuiltin() {
		own = " of the request"
	}
	airports := "airports in use" + own
	switch {
	case s.NearAccessKm == nil:
		return airports
	case s.GetWithoutAirstrips():
		return fmt.Sprintf("high points within %s km of %s", quantity.Plain(s.GetNearAccessKm()), airports)
	}
	return fmt.Sprintf("%s, and high points within %s km of them", airports, quantity.Plain(s.GetNearAccessKm()))
}

// countedText says what the objective is made of.
func countedText(o *canopyv1.PlanObjective, r *canopyv1.PlanNetworkResponse) string {
	weights := map[string]float64{}
	for _, a := range o.GetAltitudes() {
		if a.Weight != nil {
			weights[quantity.FormatAltitude(a.GetAltitude())] = a.GetWeight()
		}
	}
	var altitudes []string
	for _, band := range r.GetExisting().GetBands() {
		text := quantity.DescribeAltitude(band.GetAltitude())
		if w, weighted := weights[quantity.FormatAltitude(band.GetAltitude())]; weighted {
			text += " × " + quantity.Plain(w)
		}
		altitudes = append(altitudes, text)
	}
	if len(altitudes) == 0 { // a plan that was not measured tells none
		altitudes = []string{"the altitudes that were asked for"}
	}
	parts := []string{"km² of airspace at " + strings.Join(altitudes, ", ")}
	for _, z := range o.GetZones() {
		parts = append(parts, fmt.Sprintf("%s × %s", airspaceName(z.GetZone()), quantity.Plain(z.GetWeight())))
	}
	for _, e := range o.GetAreas() {
		text := fmt.Sprintf("%s at %s", airspaceName(e.GetArea()), quantity.DescribeAltitude(e.GetAltitude()))
		if e.Weight != nil {
			text += " × " + quantity.Plain(e.GetWeight())
		}
		parts = append(parts, text)
	}
	if weights := o.GetCountWeights(); len(weights) > 0 {
		var all []string
		for _, w := range weights {
			all = append(all, quantity.Plain(w))
		}
		parts = append(parts, "radars that see a place, one after the other, "+strings.Join(all, ", "))
	}
	if o.GetAirstrips() != nil {
		parts = append(parts, "airstrips, "+stripObjective(o.GetAirstrips()))
	}
	return strings.Join(parts, "; ")
}

// What the contract takes where a request does not say.
const (
	defaultStripHeightM   = 300.0
	defaultStripWeightKM2 = 1000.0
)

func stripObjective(s *canopyv1.AirstripObjective) string {
	heightM, weightKM2 := defaultStripHeightM, defaultStripWeightKM2
	if s.MaxAglM != nil {
		heightM = s.GetMaxAglM()
	}
	if s.WeightKm2 != nil {
		weightKM2 = s.GetWeightKm2()
	}
	return fmt.Sprintf("%s km² each if seen at or below %s", area(weightKM2), words.Metres(heightM))
}

func airspaceName(s *canopyv1.AirspaceSelection) string {
	if s.GetArea() != nil {
		return s.GetArea().GetName()
	}
	return s.GetAirspaceId()
}
