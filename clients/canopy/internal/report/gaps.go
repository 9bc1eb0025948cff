package report

import (
	"fmt"
	"slices"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
	"github.com/canopyradar/canopy/server/words"
)

// Gaps writes the gaps of a network, at most top of each altitude.
func (p *Page) Gaps(r *canopyv1.FindGapsResponse, top int) {
	p.headline(r)
	p.bands(r.GetBands(), nil, top)
	p.warnings(r.GetWarnings())
	p.basis(r.GetProvenance())
}

// bands writes the gaps of each altitude, with what is suggested for them.
func (p *Page) bands(bands []*canopyv1.Band, suggested map[string]*canopyv1.GapSuggestion, top int) {
	p.blank()
	p.table(bandTable(bands))
	p.bracket(bands)
	for _, band := range bands {
		p.blank()
		p.band(band, suggested, top)
	}
	p.airstripCounts(bands)
}

func (p *Page) headline(r *canopyv1.FindGapsResponse) {
	name, _, _ := strings.Cut(r.GetProvenance().GetAirspace(), " (")
	title := "Gaps over " + name
	if id := r.GetProvenance().GetScenarioId(); id != "" {
		title += ", scenario " + id
	}
	p.title(title)
	var working, others []string
	for _, radar := range r.GetRadars() {
		if radar.GetState() == canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE {
			others = append(others, radar.GetName())
		} else {
			working = append(working, radar.GetName())
		}
	}
	p.names("in service", working)
	p.names("out of service", others)
}

func (p *Page) names(state string, names []string) {
	if len(names) == 0 {
		return
	}
	prefix := count(len(names), "radar", "radars") + " " + state + ": "
	p.line(prefix + fitting(names, p.Width-len(prefix)))
}

func bandTable(bands []*canopyv1.Band) *table {
	t := &table{columns: []column{
		{header: "ALTITUDE"},
		{header: "COVERED km²", right: true}, {header: "SHARE", right: true},
		{header: "UNCOVERED km²", right: true}, {header: "SHARE", right: true},
		{header: "GAPS", right: true},
	}}
	underground := slices.ContainsFunc(bands, hasUnderground)
	if underground {
		t.columns = append(t.columns, column{header: "IN GROUND km²", right: true})
	}
	for _, b := range bands {
		cells := []string{
			quantity.DescribeAltitude(b.GetAltitude()),
			area(b.GetCoveredAreaKm2()), percent(b.GetCoveredShare()),
			area(b.GetUncoveredAreaKm2()), percent(b.GetUncoveredShare()),
			words.Grouped(float64(b.GetGapCount()), 0),
		}
		if underground {
			cells = append(cells, area(b.GetUndergroundAreaKm2()))
		}
		t.add(cells...)
	}
	return t
}

func hasUnderground(b *canopyv1.Band) bool { return b.GetUndergroundAreaKm2() > 0 }

// bracket tells how far covered shares may be off, where anybody asked.
func (p *Page) bracket(bands []*canopyv1.Band) {
	var parts []string
	for _, b := range bands {
		if b.GetBracket() != nil {
			parts = append(parts, bracketText(b)+" at "+quantity.DescribeAltitude(b.GetAltitude()))
		}
	}
	if len(parts) > 0 {
		p.blank()
		p.paragraph("Bracket  ", "covered "+strings.Join(parts, ", ")+". The lower share is that over the maxima of the terrain around "+
			"each post, which are too strict, the higher one that over its means, which flatter; that of the terrain's own posts is likely to lie between")
	}
}

func bracketText(b *canopyv1.Band) string {
	low, high := percent(b.GetBracket().GetLowestCoveredShare()), percent(b.GetBracket().GetHighestCoveredShare())
	return percent(b.GetCoveredShare()) + " (" + strings.TrimSuffix(low, " %") + " to " + high + ")"
}

func (p *Page) band(b *canopyv1.Band, suggested map[string]*canopyv1.GapSuggestion, top int) {
	name := quantity.DescribeAltitude(b.GetAltitude())
	if b.GetGapCount() == 0 {
		p.line(p.Style.bold(name + ": no gaps"))
		return
	}
	shown := b.GetGaps()[:min(top, len(b.GetGaps()))]
	title := name + ": " + count(int(b.GetGapCount()), "gap", "gaps")
	switch {
	case len(shown) == 1 && b.GetGapCount() > 1:
		title += ", the largest"
	case len(shown) > 1 && len(shown) < int(b.GetGapCount()):
		title += fmt.Sprintf(", the %d largest", len(shown))
	}
	p.line(p.Style.bold(title))
	for i, g := range shown {
		p.gap(i+1, g)
		if s := suggested[g.GetGapId()]; s != nil {
			p.paragraph(gapIndent+"best site  ", suggestionText(s))
		}
	}
	if small := b.GetSmallGaps(); small.GetGapCount() > 0 {
		p.line(fmt.Sprintf("     too small to list: %d, %s km² together", small.GetGapCount(), area(small.GetAreaKm2())))
	}
}

// gapIndent is where what is said of a gap begins.
const gapIndent = "     "

func (p *Page) gap(number int, g *canopyv1.Gap) {
	head := fmt.Sprintf("%3d  %s km²  %s  ", number, area(g.GetAreaKm2()), percent(g.GetShare()))
	around := "around " + words.Place(g.GetPointInside())
	if where := fitting(departments(g), p.Width-len(head)-len(around)-2); where != "" {
		around = where + "  " + around
	}
	p.line(head + around)
	p.paragraph(gapIndent+"why        ", causes(g.GetCauses()))
	p.paragraph(gapIndent+"seen from  ", floorText(g.GetFloor()))
	if names := airstripNames(g); len(names) > 0 {
		prefix := fmt.Sprintf("%sairstrips  %d: ", gapIndent, len(names))
		p.line(prefix + fitting(names, p.Width-len(prefix)))
	}
}

func departments(g *canopyv1.Gap) []string {
	var names []string
	for _, d := range g.GetDepartments() {
		names = append(names, d.GetName())
	}
	return names
}

func airstripNames(g *canopyv1.Gap) []string {
	var names []string
	for _, a := range g.GetAirstrips() {
		names = append(names, sortOfStrip.Replace(a.GetName()))
	}
	return names
}

// sortOfStrip takes out of names what all have in common.
var sortOfStrip = strings.NewReplacer(" International Airport", "", " Airport", "", " Airstrip", "", " Airfield", "")

func causes(shares []*canopyv1.CauseShare) string {
	var parts []string
	for _, c := range shares {
		parts = append(parts, causeWords[c.GetCause()]+" "+roughly(c.GetShare()))
	}
	return strings.Join(parts, ", ")
}

// floorText says how low the network sees in a gap.
func floorText(f *canopyv1.FloorStatistics) string {
	if f.LowestAglM == nil {
		return "no altitude"
	}
	text := fmt.Sprintf("%s AGL at the lowest, %s at the median", words.Metres(f.GetLowestAglM()), words.MetresOr(f.MedianAglM, "none"))
	if f.GetNeverSeenShare() > 0 {
		text += fmt.Sprintf("; no altitude in %s of it", roughly(f.GetNeverSeenShare()))
	}
	return text
}

func (p *Page) airstripCounts(bands []*canopyv1.Band) {
	var parts []string
	for _, b := range bands {
		total := b.GetAirstripsSeen() + b.GetAirstripsUnseen()
		if total > 0 {
			parts = append(parts, fmt.Sprintf("%s of %d at %s", stripsSeen(b), total, quantity.DescribeAltitude(b.GetAltitude())))
		}
	}
	if len(parts) > 0 {
		p.blank()
		p.paragraph("Airstrips  ", "seen above "+strings.Join(parts, ", "))
	}
}

func stripsSeen(b *canopyv1.Band) string {
	seen := fmt.Sprint(b.GetAirstripsSeen())
	if bracket := b.GetBracket(); bracket != nil {
		seen += fmt.Sprintf(" (%d to %d)", bracket.GetFewestAirstripsSeen(), bracket.GetMostAirstripsSeen())
	}
	return seen
}
